// What every consumer does with the package. The harness puts the crate's vectors in. (`run` is the
// same and prints the line.)
import {
  auditTopology,
  decodePairingKey,
  ElementPairingError,
  openPairingKey,
  PairingKeyError,
  planGoal,
  runPlan,
} from 'element-pairing';
import * as js from 'element-pairing/js';
import * as key from 'element-pairing/key';

const input: { cluster: string; volume: string; invalid: string; listings: string[] } = INPUT;

const hex = (bytes: Uint8Array) => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/** What a call throws; the classes of `.` know the errors of every entry. */
function thrown(call: () => unknown) {
  try {
    return { returned: call() };
  } catch (error) {
    if (error instanceof PairingKeyError) return { pairingKeyError: error.code, offset: error.offset };
    if (error instanceof ElementPairingError) return { elementPairingError: error.code };
    throw error;
  }
}

function codec(decode: typeof decodePairingKey, openKey: typeof openPairingKey) {
  const handle = openKey(input.cluster);
  const password = hex(handle.revealPassword());
  handle.dispose();
  return {
    cluster: decode(input.cluster),
    removed: decode(input.volume).removed.map(({ code, offset, count }) => ({ code, offset, count })),
    invalid: thrown(() => decode(input.invalid)),
    password,
    disposed: thrown(() => handle.revealPassword()),
  };
}

function rules(audit: typeof auditTopology) {
  const { verdict, findings } = audit(input.listings);
  return { verdict, findings: findings.map(finding => finding.rule) };
}

function states(plan: typeof planGoal, begin: typeof runPlan) {
  const planned = plan(input.listings, { goal: 'unpair_clusters', clusters: ['site-a', 'site-b'] });
  if (planned.kind === 'no_plan') return { states: [planned.code] };
  const run = begin(planned);
  run.next();
  run.lost();
  const { states } = run;
  run.dispose();
  return { states };
}

/** An entry that fails keeps no other from answering. */
function answer(entry: () => object) {
  try {
    return entry();
  } catch (error) {
    if (error instanceof ElementPairingError) return { failed: `${error.code}: ${error.message} ${error.help}` };
    return { failed: error instanceof Error ? error.stack : String(error) };
  }
}

/** The line that the harness looks for. */
export function use(): string {
  const answers = {
    main: answer(() => ({ ...codec(decodePairingKey, openPairingKey), ...rules(auditTopology), ...states(planGoal, runPlan) })),
    key: answer(() => codec(key.decodePairingKey, key.openPairingKey)),
    js: answer(() => ({
      ...codec(js.decodePairingKey, js.openPairingKey),
      ...rules(js.auditTopology),
      ...states(js.planGoal, js.runPlan),
    })),
  };
  return `answers: ${JSON.stringify(answers)}`;
}
