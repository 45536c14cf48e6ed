// What a console does with the package. It is compiled, not run.
import {
  type Call,
  type Finding,
  type PairingKey,
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
  readResponse,
  rules,
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
const digits = encodePairingKey({ kind: 'volume', volumeID: 1, volumeName: '', volumePairUUID: '', mvip: '' });
console.log(cleanPairingKey(digits).removed[0]?.code === 'white_space');
writeRequest('ListVolumes');
writeRequest('ListVolumes', { volumeIDs: [1], isPaired: true }, 'a');

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
