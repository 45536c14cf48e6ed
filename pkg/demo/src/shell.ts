/** A plan as a shell script that carries it out with curl. */
import type { ClusterName, Plan, PlanStep } from 'element-pairing';

const HEAD = `#!/bin/sh
# Carries out a plan of STEPS. It is as old as the listings that it was made of: where something has
# changed since, plan again instead.
# It needs curl and jq, user and password of the clusters in ~/.netrc, and their certificates in
# cluster.pem. It stops at the first error, and where what is waited for does not come; then ask the
# clusters for their listings anew, and plan again.
set -eu

# ask URL: sends the request that comes in, and shows the result.
ask() {
    answer=$(curl --silent --show-error --fail --globoff --netrc --cacert cluster.pem --data @- "$1") || exit
    printf '%s\\n' "$answer" |
        jq --compact-output 'if has("result") then .result else error(.error.name // "an error without a name") end'
}

# wait_for TIMES SECONDS UNTIL FILTER URL: repeats the request that comes in until all states that the
# filter finds are among those that are waited for. Answers by which things move on do not count.
wait_for() {
    request=$(cat)
    left=$1
    while :; do
        result=$(printf '%s' "$request" | ask "$5") || exit
        state=$(printf '%s\\n' "$result" | jq --raw-output --argjson until "$3" "[$4 // \\"\\"]"' |
            if . == [] then "" else . - $until | unique |
                if . == [] then "done" elif all(startswith("Resuming")) then "moving" else join(", ") end
            end') || exit
        case $state in
            done) return ;;
            moving) ;;
            *) left=$((left - 1)) ;;
        esac
        if [ "$left" -le 0 ]; then
            printf 'What was waited for did not come: %s\\n' "\${state:-no state is told}" >&2
            exit 1
        fi
        sleep "$2"
    done
}
`;

/** Where the answer to a question has what is waited for. */
const LOOK = {
  status: (id: string) => `.clusterPairs[] | select(.clusterPairID == ${id}) | .status`,
  state: () => '.volumes[].volumePairs[]?.remoteReplication.state',
};

/** Whoever has no MVIP gets no script: it would not know where to send a request. */
export const withoutAddress = ({ steps }: Plan) => steps.find(({ cluster }) => !cluster.mvip)?.cluster;

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
  const send = `printf '%s' ${body} |`;
  const url = quoted(`https://${host(cluster.mvip!)}/json-rpc/12.5`);
  if (!wait) return isNeeded ? `step${step}=$(${send} ask ${url})` : `${send} ask ${url} > /dev/null`;
  const id = filled ? `'${filled}'` : String(wait.clusterPairID);
  const found = LOOK[wait.member as keyof typeof LOOK](id);
  const until = quoted(JSON.stringify(wait.until));
  return `${send} wait_for ${wait.times} ${wait.everyMs / 1000} ${until} '${found}' ${url}`;
}

/** As it stands in a URL. */
const host = (mvip: string) => (/:.*:/.test(mvip) ? `[${mvip}]` : mvip);

/** One word to a shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
