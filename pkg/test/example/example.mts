// What a console does with the package. It is compiled, not run.
import {
  type Call,
  type Finding,
  type Goal,
  type PairingKey,
  type RunRecord,
  ElementPairingError,
  PairingKeyError,
  auditTopology,
  checkCall,
  cleanPairingKey,
  decodePairingKey,
  encodePairingKey,
  escapeText,
  openPairingKey,
  pairingKeyMembers,
  pairingKeyMethods,
  planGoal,
  readResponse,
  rules,
  runPlan,
  topologyOf,
  writeRequest,
} from 'element-pairing';
import * as key from 'element-pairing/key';
import * as js from 'element-pairing/js';

function title(key: PairingKey): string {
  switch (key.kind) {
    case 'cluster':
      return `${escapeText(key.name)}, pair ${key.clusterPairID.toFixed()}`;
    case 'volume':
      return `${escapeText(key.volumeName)}, volume ${key.volumeID.toFixed()}`;
  }
}

try {
  using handle = openPairingKey(new Uint8Array(3));
  console.log(title(handle.key), title(js.decodePairingKey('')), title(key.decodePairingKey('')));
  const password: Uint8Array<ArrayBuffer> = handle.revealPassword();
  password.fill(0);

  const body: Uint8Array<ArrayBuffer> = writeRequest('CompleteClusterPairing', { clusterPairingKey: handle }, 1);
  const response = await fetch('https://192.0.2.10/json-rpc/12.5', { method: 'POST', body });
  const answer = readResponse('CompleteClusterPairing', await response.text());
  if (answer.error) console.log(answer.error.name === 'xMVIPNotPaired', answer.error.message);
  else console.log(answer.result.clusterPairID.toFixed(), answer.id);

  const started = readResponse('StartVolumePairing', '');
  started.result?.volumePairingKey[Symbol.dispose]();
  const pairs = readResponse('ListClusterPairs', '').result?.clusterPairs ?? [];
  console.log(pairs.map(({ clusterPairID, status, json }) => [clusterPairID, status === 'Connected', json.length]));
} catch (error) {
  if (error instanceof PairingKeyError) {
    const { code, offset, member, help, excerpt } = error;
    console.log(code === 'cut_short', offset?.toFixed(), member === 'mvip', help, excerpt?.column);
  } else if (error instanceof ElementPairingError) {
    const { code, listing, line } = error;
    console.log(code === 'wasm_blocked', listing, line);
  }
}

const call: Call = { method: 'ModifyVolume', params: { volumeID: 24, access: 'replicationTarget' } };
const report = checkCall(new Set(['', new Uint8Array(3)]), 'site-a', call);
checkCall([], 'site-a', { method: 'ListClusterPairs' });
const first: Finding | undefined = auditTopology(['']).findings[0];
if (first?.subject.kind === 'volume_pair') console.log(first.subject.remoteVolumeID, report.verdict === 'clear');
for (const { source, ends } of topologyOf(['']).volumePairs) console.log(source === undefined ? '' : ends[source].volumeID);
console.log(rules()[0]?.effect.kind === 'refused', pairingKeyMembers()[0]?.meaning, pairingKeyMethods('cluster').madeBy);
const digits = encodePairingKey({ kind: 'volume', volumeID: 1, volumeName: '', volumePairUUID: '', mvip: '', zone: 'x' });
console.log(cleanPairingKey(digits).removed[0]?.code === 'white_space');
writeRequest('ListVolumes');
writeRequest('ListVolumes', { volumeIDs: [1], isPaired: true }, 'a');

async function reach(goal: Goal, record: RunRecord | null = null): Promise<RunRecord | undefined> {
  const planned = planGoal(['', new Uint8Array(3)], goal, record);
  if (planned.kind === 'no_plan') {
    if (planned.code === 'unknown_cluster') console.log(planned.cluster);
    else console.log(planned.report.verdict, planned.help);
    return undefined;
  }
  for (const { marks, loses, wait, fill, method } of planned.steps) {
    console.log(loses, marks[0]?.rule === 'target_overwritten', wait?.until[0], fill?.step, method === 'ModifyVolume');
  }
  using run = runPlan(planned);
  try {
    await run.drive(
      ({ cluster, body }, signal) => fetch(`https://${cluster.mvip}/json-rpc/12.5`, { method: 'POST', body, signal }),
      { signal: AbortSignal.timeout(60_000), onStep: ({ step }, state) => console.log(step, state === 'done') },
    );
  } catch (error) {
    if (!(error instanceof ElementPairingError)) throw error;
    console.log(error.code === 'lost', error.step, error.path, run.stopped?.code === 'timed_out', run.states[0] === 'unknown');
  }
  for (let call; (call = run.next()); ) {
    const body: Uint8Array<ArrayBuffer> = call.body;
    if (body.length > call.delayMs) run.answer(new Uint8Array(3));
    else run.lost();
  }
  return run.record;
}

console.log(await reach({ goal: 'undo', record: (await reach({ goal: 'repair', pending: [{ cluster: 'a', clusterPairID: 3 }] })) ?? [] }));
console.log((await reach({ goal: 'pair_clusters', clusters: ['site-a', 'site-b'] }))?.[0]?.state === 'refused');
// @ts-expect-error: a goal of two clusters
reach({ goal: 'unpair_clusters', clusters: ['site-a'] });
// @ts-expect-error: no such goal
reach({ goal: 'reverse', clusters: ['site-a', 'site-b'] });
// @ts-expect-error: a member that is missing
reach({ goal: 'set_mode', clusters: ['site-a', 'site-b'], volumes: 'all' });

// @ts-expect-error: a member is missing, whatever else there is
encodePairingKey({ kind: 'volume', volumeID: 1, volumeName: '', volumePairUUID: '', zone: 'x' });
// @ts-expect-error: a parameter is missing
writeRequest('RemoveVolumePair');
// @ts-expect-error: a parameter of another method
writeRequest('RemoveVolumePair', { volumeID: 1, limit: 3 });
// @ts-expect-error: no call that is checked
checkCall([''], 'site-a', { method: 'GetLimits' });
// @ts-expect-error: a volume pairing key has no name
const name = (key: PairingKey) => key.name;
// @ts-expect-error: parsed listings have lost large numbers
auditTopology([{}]);
// @ts-expect-error: it is frozen
report.verdict = 'clear';
// @ts-expect-error: there is no such rule
const rule: Finding['rule'] = 'no_rule';
