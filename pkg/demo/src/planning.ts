/** What the library tells about a plan -> what the page shows of it. */
import { escapeText, rules } from 'element-pairing';
import type { ClusterName, NoPlan, Plan, PlanStep, StepState, Topology } from 'element-pairing';
import { identity, reportOf, shown, volume } from './overview';
import type { Choices, PlanView, StepView } from './protocol';
import { withoutAddress } from './shell';

/** What a goal calls a cluster by. */
export const handle = ({ uniqueID, name, mvip }: ClusterName) => uniqueID ?? name ?? mvip ?? '';

/** What goals about these two clusters can be about. */
export function choicesOf(topology: Topology, [first, second]: [string, string]): Choices {
  const given = topology.clusters.map((cluster) => (cluster.given ? handle(cluster) : undefined));
  const at = ({ cluster }: { cluster?: number }) => (cluster === undefined ? undefined : given[cluster]);
  const unpaired = (name: string) =>
    topology.clusters[given.indexOf(name)]?.unpaired
      ?.filter(({ status }) => status === undefined || status === 'active')
      .map((one) => ({ value: one.volumeID, text: volume(one) })) ?? null;
  const paired = topology.volumePairs.flatMap(({ ends: [one, two] }) => {
    const [here, there] = at(one) === first ? [one, two] : [two, one];
    if (here.volumeID === undefined || at(here) !== first || at(there) !== second) return [];
    return [{ value: here.volumeID, text: `${volume(here)} – ${volume(there)}` }];
  });
  const name = (end: { cluster?: number }) => topology.clusters[end.cluster!]!.text;
  const pending = [
    ...topology.clusterPairs.flatMap(({ pending, ends }) =>
      (pending ? ends : []).flatMap((end) => {
        const [cluster, clusterPairID] = [at(end), end.clusterPairID];
        if (cluster === undefined || clusterPairID === undefined) return [];
        return [{ value: { cluster, clusterPairID }, text: `cluster pair ${clusterPairID} of ${name(end)}` }];
      }),
    ),
    ...topology.volumePairs.flatMap(({ pending, ends: [end] }) => {
      const [cluster, volumeID] = [at(end), end.volumeID];
      if (!pending || cluster === undefined || volumeID === undefined) return [];
      return [{ value: { cluster, volumeID }, text: `volume ${volume(end)} of ${name(end)}` }];
    }),
  ];
  pending.sort((a, b) => a.text.localeCompare(b.text, 'en', { numeric: true }));
  return { paired, unpaired: [unpaired(first), unpaired(second)], pending };
}

export function planView(plan: Plan | NoPlan, nameOf: (cluster: ClusterName) => string): PlanView {
  const loss = rules().find(({ effect }) => effect.kind === 'loss')!.effectMeaning;
  if (plan.kind === 'plan') {
    const { report, findings } = reportOf(plan.report);
    const losing = plan.steps.filter(({ loses }) => loses).length;
    const lacking = withoutAddress(plan);
    return {
      steps: plan.steps.length,
      losing,
      loss,
      ...(lacking && { withoutAddress: nameOf(lacking) }),
      report: { ...report, findings },
    };
  }
  const { code, help } = plan;
  if (plan.code === 'unknown_cluster') {
    return { steps: null, losing: 0, loss, problem: { code, message: plan.text, help } };
  }
  const { report, findings } = reportOf(plan.report);
  return { steps: null, losing: 0, loss, help, report: { ...report, findings } };
}

/** Names the clusters of steps as the topology does. */
export function clusterTexts(topology: Topology) {
  const texts = new Map(topology.clusters.map((cluster) => [identity(cluster), cluster.text]));
  return (cluster: ClusterName) => texts.get(identity(cluster)) ?? escapeText(handle(cluster));
}

export function stepView(
  { step, cluster, method, subject, fill, wait, why, loses, marks, ...sent }: PlanStep,
  nameOf: (cluster: ClusterName) => string,
  state: StepState | undefined,
): StepView {
  // JSON's own escapes do not change what it says.
  const request = sent.request.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const blank = fill ? `"${fill.member}":""` : '';
  const at = request.indexOf(blank);
  return {
    step,
    cluster: nameOf(cluster),
    mvip: shown(cluster.mvip),
    method,
    about: subject.text,
    why,
    loses,
    marks: marks.map(({ rule, severity, effect, text }) => ({
      rule,
      severity,
      loses: effect.kind === 'loss',
      text,
    })),
    wait: wait?.text ?? '',
    fill: fill?.text ?? '',
    request,
    blank: blank && at >= 0 ? at + blank.length - 2 : null,
    state: state ?? null,
  };
}
