/** A plan as a shell script that carries it out with curl. */
import type { ClusterName, Plan, PlanStep } from 'element-pairing';

const HEAD = `#!/bin/sh
# Carries out a plan of STEPS. It is as old as the listings that it was made of: where something has
# changed since, plan again instead.
# It needs curl and jq, user and password of the clusters in ~/.netrc, and their certificates in
# cluster.pem. It stops at the first error of a call; then ask the clusters for their listings anew, and
# plan again. A question is repeated until the answer is as it should be.
set -eu

# ask MVIP: sends the request that comes in, and shows the result.
ask() {
    answer=$(curl --silent --show-error --fail --netrc --cacert cluster.pem --data @- "https://$1/json-rpc/12.5") || exit
    printf '%s\\n' "$answer" |
        jq --compact-output 'if has("result") then .result else error(.error.name // "an error without a name") end'
}
`;

/** Where the answer to a question has what is waited for. */
const LOOK = {
  status: (id: string) => `.clusterPairs[] | select(.clusterPairID == ${id}) | .status`,
  state: () => '.volumes[].volumePairs[].remoteReplication.state',
};

export function scriptOf(plan: Plan, nameOf: (cluster: ClusterName) => string): string {
  const needed = new Set(plan.steps.flatMap(({ fill }) => fill?.step ?? []));
  const count = plan.steps.length === 1 ? '1 step' : `${plan.steps.length} steps`;
  const steps = plan.steps.map((step) => {
    const lines = [
      `# ${step.step}. ${step.why}`,
      ...(step.fill ? [`# With ${step.fill.text}.`] : []),
      ...(step.wait ? [`# Until ${step.wait.text}.`] : []),
      ...step.marks.map(({ effect, text }) => `# ${effect.kind === 'loss' ? 'LOSS' : 'Note'}: ${text}.`),
      `printf '%s\\n' ${quoted(`${step.step}. ${step.method} to ${nameOf(step.cluster)}: ${step.subject.text}`)}`,
      command(step, needed.has(step.step)),
    ];
    return lines.join('\n');
  });
  return (
    [HEAD.replace('STEPS', count), ...steps, "printf 'All is done.\\n'"].join('\n\n').replace('\n\n\n', '\n\n') +
    '\n'
  );
}

function command({ step, cluster, request, fill, wait }: PlanStep, isNeeded: boolean): string {
  const filled = fill && `"$(printf '%s' "$step${fill.step}" | jq --raw-output .${fill.result})"`;
  const blank = `"${fill?.member}":"`;
  const at = fill && !wait ? request.indexOf(`${blank}"`) + blank.length : request.length;
  const body = [request.slice(0, at), request.slice(at)]
    .map((part) => part && quoted(part))
    .join(at < request.length ? filled : '');
  const ask = `printf '%s' ${body} | ask ${quoted(cluster.mvip ?? 'MVIP')}`;
  if (!wait) return isNeeded ? `step${step}=$(${ask})` : `${ask} > /dev/null`;
  const id = filled ? `'${filled}'` : String(wait.clusterPairID);
  const found = LOOK[wait.member as keyof typeof LOOK](id);
  const until = `[${found}] | length > 0 and all(IN(${wait.until.map((word) => JSON.stringify(word)).join(', ')}))`;
  return `until ${ask} | jq --exit-status '${until}' > /dev/null; do sleep ${wait.everyMs / 1000}; done`;
}

/** One word to a shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
