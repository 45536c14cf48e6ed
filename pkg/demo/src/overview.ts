/** What the library tells about listings -> what the page shows of it. */
import { escapeText, rules } from 'element-pairing';
import type {
  ClusterName,
  Report,
  Severity as LibrarySeverity,
  Subject,
  Topology,
  VolumePairEnd,
} from 'element-pairing';
import type {
  ClusterPairEnd,
  ClusterPairView,
  ClusterView,
  FindingView,
  GroupView,
  Marked,
  Overview,
  ReportView,
  RuleView,
  Severity,
  VolumeEnd,
  VolumePairView,
} from './protocol';

const LISTINGS = ['GetClusterInfo', 'GetLimits', 'ListClusterPairs'] as const;
const VOLUMES = ['ListVolumes', 'ListActiveVolumes', 'ListActivePairedVolumes'] as const;

export function reportOf(report: Report): { report: ReportView; findings: FindingView[] } {
  const catalogue = new Map(rules().map((rule) => [rule.code, rule]));
  const broken = new Map<string, { index: number; view: RuleView }>();
  const counts = { error: 0, warning: 0, advice: 0 } satisfies Record<LibrarySeverity, number>;
  const findings = report.findings.map(({ rule: code, severity, text }) => {
    counts[severity]++;
    let rule = broken.get(code);
    if (!rule) {
      const { statement, effect, effectMeaning, source, help } = catalogue.get(code)!;
      const name = effect.error ?? effect.state;
      const view: RuleView = {
        code,
        severity,
        statement,
        kind: effect.kind,
        effect: `${effectMeaning}${name ? `: ${name}` : ''}`,
        source,
        help,
        count: 0,
      };
      rule = { index: broken.size, view };
      broken.set(code, rule);
    }
    rule.view.count++;
    return { rule: rule.index, text };
  });

  const wants = new Map<string, Set<string>>();
  for (const { rule, want } of report.unchecked) {
    const codes = wants.get(want.text) ?? new Set();
    wants.set(want.text, codes.add(catalogue.get(rule)!.statement));
  }
  return {
    report: {
      verdict: report.verdict,
      counts,
      rules: [...broken.values()].map(({ view }) => view),
      unchecked: [...wants].map(([want, codes]) => ({ want, rules: [...codes] })),
      findings: [],
    },
    findings,
  };
}

export function overviewOf(audit: Report, topology: Topology) {
  const { report, findings } = reportOf(audit);
  const marks = marksOf(audit);
  const clusterAt = (index: number | undefined) => (index === undefined ? undefined : topology.clusters[index]);
  /** The ends in the order of the names of their clusters, and the same for both kinds of pair. */
  const inOrder = <End extends { cluster?: number }>([one, two]: readonly [End, End]) => {
    const [a, b] = [clusterAt(one.cluster)?.text, clusterAt(two.cluster)?.text];
    const flipped =
      a !== undefined && b !== undefined && (a === b ? one.cluster! > two.cluster! : a > b);
    return { flipped, ends: (flipped ? [two, one] : [one, two]) as [End, End] };
  };
  const identities = topology.clusters.map(identity);
  const marksAt = ({ cluster }: { cluster?: number }, part: string) =>
    cluster === undefined ? undefined : marks.get(`${identities[cluster]}${part}`);

  const clusters = topology.clusters.map((cluster, index): ClusterView => {
    const seen: readonly string[] = cluster.listings;
    const volumes = VOLUMES.find((method) => seen.includes(method));
    const pairs = topology.clusterPairs.filter(({ ends }) =>
      ends.some((end) => end.listed && end.cluster === index),
    );
    return {
      ...marked(marksAt({ cluster: index }, '')),
      label: cluster.text,
      name: shown(cluster.name),
      uniqueID: shown(cluster.uniqueID),
      mvip: shown(cluster.mvip),
      given: cluster.given,
      seen: [...LISTINGS.filter((method) => seen.includes(method)), ...(volumes ? [volumes] : [])],
      unseen: [...LISTINGS.filter((method) => !seen.includes(method)), ...(volumes ? [] : ['ListVolumes'])],
      pairs: seen.includes('ListClusterPairs')
        ? `${pairs.length}${cluster.clusterPairsCountMax === undefined ? '' : ` of ${cluster.clusterPairsCountMax}`}`
        : '',
      handle: cluster.given ? (cluster.uniqueID ?? cluster.name ?? cluster.mvip ?? null) : null,
    };
  });

  const clusterPairs = topology.clusterPairs.map(({ clusterPairUUID, ends: given, pending }): ClusterPairView => {
    const { ends } = inOrder(given);
    const found = new Marks();
    if (clusterPairUUID !== undefined) found.join(marks.get(clusterPairUUID));
    for (const end of ends) found.join(marksAt(end, ` ${end.clusterPairID}`));
    const view = (end: (typeof ends)[number]): ClusterPairEnd => ({
      cluster: end.cluster ?? null,
      listed: end.listed ?? null,
      clusterPairID: end.clusterPairID ?? null,
      status: shown(end.status),
      latency: end.latency ?? null,
    });
    return { ...marked(found), ends: [view(ends[0]), view(ends[1])], pending };
  });

  const groups: GroupView[] = [];
  const groupOf = new Map<string, number>();
  const volumePairs = topology.volumePairs.map((pair): VolumePairView => {
    const { ends, flipped } = inOrder(pair.ends);
    const found = new Marks();
    found.join(marks.get(pair.volumePairUUID));
    for (const end of ends) found.join(marksAt(end, ` volume ${end.volumeID}`));
    const view = (end: VolumePairEnd): VolumeEnd => ({
      cluster: clusterAt(end.cluster)?.text ?? '',
      volume: volume(end),
      access: shown(end.access),
      size: end.totalSize === undefined ? '' : size(end.totalSize),
      listed: end.listed ?? null,
    });
    const row = {
      ...marked(found),
      ends: [view(ends[0]), view(ends[1])] as [VolumeEnd, VolumeEnd],
      source: pair.source === undefined ? null : flipped ? ((1 - pair.source) as 0 | 1) : pair.source,
      mode: both(ends, 'mode'),
      state: both(ends, 'state'),
    };
    const same: Omit<GroupView, 'count' | 'volumes'> = {
      mark: row.mark,
      rules: row.rules,
      clusterPair: pair.clusterPair ?? null,
      source: row.source,
      listed: [row.ends[0].listed, row.ends[1].listed],
      mode: row.mode,
      state: row.state,
    };
    const id = JSON.stringify(same);
    let group = groupOf.get(id);
    if (group === undefined) {
      group = groups.length;
      groupOf.set(id, group);
      groups.push({ ...same, count: 0, volumes: [row.ends[0].volume, row.ends[1].volume] });
    }
    groups[group]!.count++;
    return { ...row, group };
  });

  const overview: Overview = { clusters, clusterPairs, groups, volumePairs: volumePairs.length, report };
  return { overview, findings, volumePairs };
}

/** What was found about one thing. */
class Marks {
  mark: Severity | null = null;
  readonly rules = new Set<string>();

  add(severity: Severity, rule: string) {
    // The report has errors first.
    this.mark ??= severity;
    this.rules.add(rule);
  }

  join(other: Marks | undefined) {
    if (!other?.mark) return;
    const order: Severity[] = ['error', 'warning', 'advice'];
    if (!this.mark || order.indexOf(other.mark) < order.indexOf(this.mark)) this.mark = other.mark;
    other.rules.forEach((rule) => this.rules.add(rule));
  }
}

const marked = (found: Marks | undefined): Marked => ({
  mark: found?.mark ?? null,
  rules: [...(found?.rules ?? [])],
});

function marksOf({ findings }: Report): Map<string, Marks> {
  const marks = new Map<string, Marks>();
  for (const { subject, severity, rule } of findings) {
    const id = place(subject);
    const found = marks.get(id) ?? new Marks();
    marks.set(id, found);
    found.add(severity, rule);
  }
  return marks;
}

function place(subject: Subject): string {
  switch (subject.kind) {
    case 'cluster':
      return identity(subject.cluster);
    case 'cluster_pair':
      return subject.clusterPairUUID ?? `${identity(subject.cluster)} ${subject.clusterPairID}`;
    case 'volume':
      return `${identity(subject.cluster)} volume ${subject.volumeID}`;
    case 'volume_pair':
      return subject.volumePairUUID ?? `${identity(subject.cluster)} volume ${subject.volumeID}`;
  }
}

export const identity = ({ name, uniqueID, mvip }: ClusterName) => JSON.stringify([name, uniqueID, mvip]);

/** Most names, of which there are thousands: nothing in them is to be escaped. */
const PLAIN = /^[\w .:-]*$/;

export function shown(text = ''): string {
  return PLAIN.test(text) ? text : escapeText(text);
}

export function volume({ volumeID, name }: { volumeID?: number; name?: string }) {
  if (volumeID === undefined) return '';
  return name === undefined ? `${volumeID}` : `${volumeID} (${shown(name)})`;
}

/** What both ends say, in the order of the ends, once if they say the same. */
function both(ends: readonly VolumePairEnd[], member: 'mode' | 'state') {
  const said = ends.map((end) => shown(end[member])).filter((text) => text !== '');
  return [...new Set(said)].join(' / ');
}

const NUMBER = new Intl.NumberFormat('en');

function size(bytes: number) {
  const gib = bytes / 2 ** 30;
  return Number.isInteger(gib * 100) ? `${NUMBER.format(gib)} GiB` : `${NUMBER.format(bytes)} bytes`;
}
