// Whatever is passed, the answer is an answer, a coded error or a TypeError.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { entries, listings, outcome, sampleKey } from './repository.mjs';

const all = await entries(['index', 'key', 'js']);
const full = Object.entries(all).filter(([, entry]) => entry.auditTopology);
const bytes = new TextEncoder().encode(sampleKey);

const wrong = [
  undefined, null, 3, 3n, true, Symbol('x'), {}, [], () => '', new Uint16Array(4), new DataView(new ArrayBuffer(4)),
  new ArrayBuffer(4), new String('7b'), { length: 3, [Symbol.toStringTag]: 'Uint8Array' },
];

test('wrong types are TypeErrors', () => {
  for (const { decodePairingKey, openPairingKey, cleanPairingKey, encodePairingKey } of Object.values(all)) {
    for (const value of wrong) {
      for (const run of [decodePairingKey, openPairingKey, cleanPairingKey]) assert.throws(() => run(value), TypeError);
      assert.throws(() => encodePairingKey(value), TypeError);
    }
    assert.throws(() => encodePairingKey({ kind: 'other' }), TypeError);
    assert.throws(() => encodePairingKey({ kind: 'volume', volumeID: 1.5 }), TypeError);
    assert.throws(() => encodePairingKey({ kind: 'volume', volumeID: NaN }), TypeError);
    assert.throws(() => encodePairingKey({ kind: 'volume', volumeName: Symbol('x') }), TypeError);
    assert.throws(() => encodePairingKey({ kind: 'volume', volumeID: 2 ** 53 }), { code: 'unsafe_integer' });
    assert.throws(() => encodePairingKey({ kind: 'volume', volumeID: 1 }), { code: 'missing_member', member: 'mvip' });
    assert.throws(() => encodePairingKey({ kind: 'volume', volumeID: '1', mvip: '::1', volumeName: '', volumePairUUID: '' }), {
      code: 'wrong_type',
      member: 'volumeID',
    });
  }
  for (const [, entry] of full) {
    for (const value of [...wrong.filter((value) => !Array.isArray(value) && !(value instanceof String)), 'text', new Uint8Array(3), [3], [null]]) {
      assert.throws(() => entry.auditTopology(value), TypeError);
      assert.throws(() => entry.topologyOf(value), TypeError);
      assert.throws(() => entry.checkCall(value, 'a', { method: 'ListClusterPairs' }), TypeError);
    }
    const texts = listings('healthy');
    for (const call of [undefined, null, {}, { method: 'Nope' }, { method: 3 }, { method: 'RemoveVolumePair', params: 3 }]) {
      assert.throws(() => entry.checkCall(texts, 'site-a', call), TypeError);
    }
    assert.throws(() => entry.checkCall(texts, 'site-a', { method: 'GetLimits' }), TypeError);
    assert.throws(() => entry.checkCall(texts, 3, { method: 'ListClusterPairs' }), TypeError);
    assert.throws(() => entry.writeRequest('toString'), TypeError);
    assert.throws(() => entry.writeRequest('RemoveVolumePair', { volumeID: 1 }, {}), TypeError);
    assert.throws(() => entry.writeRequest('RemoveVolumePair', { volumeID: 1 }, 1.5), TypeError);
    assert.throws(() => entry.writeRequest('ModifyVolumePair', { volumeId: 1 }), {
      name: 'TypeError',
      message: 'ModifyVolumePair has the parameters pausedManual, volumeID, mode and no other',
    });
    assert.throws(() => entry.writeRequest('GetLimits', { volumeID: 1 }), { name: 'TypeError', message: 'GetLimits has no parameters' });
    assert.throws(() => entry.writeRequest('RemoveVolumePair', { volumeID: 1n }), TypeError);
    assert.throws(() => entry.writeRequest('ListVolumes', { volumeIDs: [1.5] }), TypeError);
    assert.throws(() => entry.readResponse('Nope', '{}'), TypeError);
    assert.throws(() => entry.readResponse('GetLimits', {}), TypeError);
    assert.throws(() => entry.escapeText(3), TypeError);
    const goal = { goal: 'repair', pending: [] };
    for (const value of [undefined, null, 3, 3n, true, Symbol('x'), 'text', () => '', { toJSON: () => undefined }]) {
      assert.throws(() => entry.planGoal(texts, value), TypeError);
      if (value !== undefined && value !== null) assert.throws(() => entry.planGoal(texts, goal, value), TypeError);
      assert.throws(() => entry.runPlan(value), TypeError);
    }
    assert.throws(() => entry.planGoal('text', goal), TypeError);
    assert.throws(() => entry.planGoal(texts, { goal: 'pause', clusters: ['a', 'b'], volumes: [3n] }), TypeError);
    for (const value of [new String('x'), new Uint8Array(3), new Map(), []]) {
      assert.throws(() => entry.planGoal(texts, value), { code: 'wrong_goal' });
    }
    const { runPlan, planGoal } = entry;
    const run = runPlan(planGoal(texts, { goal: 'unpair_clusters', clusters: ['site-a', 'site-b'] }));
    run.next();
    for (const value of wrong) assert.throws(() => run.answer(value), TypeError);
    assert.equal(run.stopped, undefined);
    assert.throws(() => entry.pairingKeyMethods('other'), TypeError);
  }
});

test('bytes of every make are read', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const resizable = new Uint8Array(new ArrayBuffer(bytes.length, { maxByteLength: 2 * bytes.length }));
  resizable.set(bytes);
  const foreign = vm.runInNewContext(`Uint8Array.from([${bytes}])`);
  assert(!(foreign instanceof Uint8Array));
  const inside = new Uint8Array(bytes.length + 20);
  inside.set(bytes, 7);
  const forms = [Buffer.from(bytes), shared, resizable, foreign, inside.subarray(7, 7 + bytes.length)];
  for (const { decodePairingKey } of Object.values(all)) {
    const expected = decodePairingKey(sampleKey);
    for (const form of forms) assert.deepEqual(decodePairingKey(form), expected);
  }
});

test('detached and shrunken buffers are errors', () => {
  for (const { decodePairingKey } of Object.values(all)) {
    const detached = bytes.slice();
    structuredClone(detached, { transfer: [detached.buffer] });
    const buffer = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length });
    const shrunken = new Uint8Array(buffer, 0, bytes.length);
    buffer.resize(3);
    for (const gone of [detached, shrunken]) {
      const { error } = outcome(() => decodePairingKey(gone));
      assert(error.name === 'TypeError' || error.code === 'empty', error.message);
    }
    assert.equal(decodePairingKey(sampleKey).kind, 'cluster');
  }
});

test('a class that tells a wrong length reaches no memory but its own', () => {
  class Short extends Uint8Array {
    get length() {
      return 3;
    }
  }
  class Long extends Uint8Array {
    get length() {
      return super.length + 1000;
    }
  }
  const short = new Short(60000);
  const long = new Long(bytes);
  for (const { decodePairingKey } of Object.values(all)) {
    assert.throws(() => decodePairingKey(short), RangeError);
    assert.throws(() => decodePairingKey(long), { code: 'text_after_end' });
    assert.equal(decodePairingKey(sampleKey).kind, 'cluster');
  }
  for (const [, { auditTopology, decodePairingKey }] of full) {
    class Calling extends Uint8Array {
      get length() {
        return decodePairingKey(sampleKey) && super.length;
      }
    }
    const [one, other] = listings('healthy');
    assert.throws(() => auditTopology([one, short, other]), RangeError);
    assert.equal(auditTopology([new Calling(Buffer.from(one)), other]).verdict, 'clear');
  }
});

test('lone surrogates are no digits', () => {
  for (const { decodePairingKey } of Object.values(all)) {
    assert.throws(() => decodePairingKey(`äx\ud800${sampleKey}`.slice(1)), { code: 'not_a_digit', offset: 0 });
    assert.throws(() => decodePairingKey(`7b\ud800\ud800\u{1f600}`), { code: 'not_a_digit', offset: 2 });
  }
  for (const [, { escapeText, auditTopology }] of full) {
    assert.equal(escapeText('a\ud800'), 'a\ufffd');
    assert.throws(() => auditTopology(['{"id":"\ud800"}']), { code: 'no_listing', listing: 0, offset: 0 });
  }
});

test('long texts are refused', () => {
  for (const { decodePairingKey, MAX_TEXT_LENGTH } of Object.values(all)) {
    assert.equal(MAX_TEXT_LENGTH, 65536);
    for (const long of ['7'.repeat(1e7), 'ä'.repeat(40000), new Uint8Array(1e7)]) {
      assert.throws(() => decodePairingKey(long), { code: 'too_long' });
    }
    assert.throws(() => decodePairingKey('z'.repeat(MAX_TEXT_LENGTH)), { code: 'not_a_digit', offset: 0 });
  }
});

test('listings and responses that are too long are refused before they are copied', () => {
  for (const [, { auditTopology, readResponse, MAX_JSON_LENGTH }] of full) {
    const long = new Uint8Array(MAX_JSON_LENGTH + 1);
    assert.throws(() => auditTopology(Array(64).fill(long)), { code: 'wasm_failed' });
    assert.equal(auditTopology(listings('healthy')).verdict, 'clear');
    assert.throws(() => auditTopology([new Uint8Array(2 * MAX_JSON_LENGTH)]), { code: 'too_long', listing: 0, offset: MAX_JSON_LENGTH });
    assert.throws(() => readResponse('GetLimits', ' '.repeat(2 * MAX_JSON_LENGTH)), { code: 'too_long', offset: MAX_JSON_LENGTH });
  }
});

test('wrong types are TypeErrors of what is asynchronous, too', async () => {
  for (const [, { runPlan, planGoal }] of full) {
    const plan = planGoal(listings('healthy'), { goal: 'unpair_clusters', clusters: ['site-a', 'site-b'] });
    const run = runPlan(plan);
    for (const value of wrong.filter((value) => typeof value !== 'function')) await assert.rejects(run.drive(value), TypeError);
    assert.deepEqual(run.record, []);
    run.dispose();
  }
});

test('what a getter or an iterator throws comes through, and nothing breaks', () => {
  const thrown = new Error('mine');
  const hostile = { get volumeID() { throw thrown; } };
  for (const [, entry] of full) {
    const again = { get volumeID() { return entry.decodePairingKey(volumeIDs()) && 5; } };
    const volumeIDs = () => sampleKey;
    assert.throws(() => entry.writeRequest('RemoveVolumePair', hostile), thrown);
    assert.equal(
      Buffer.from(entry.writeRequest('RemoveVolumePair', again)).toString(),
      '{"method":"RemoveVolumePair","params":{"volumeID":5}}',
    );
    const iterable = { *[Symbol.iterator]() { entry.decodePairingKey(sampleKey); yield* listings('healthy'); } };
    assert.equal(entry.auditTopology(iterable).verdict, 'clear');
    assert.throws(() => entry.auditTopology({ *[Symbol.iterator]() { throw thrown; } }), thrown);
    assert.throws(() => entry.writeRequest('CompleteVolumePairing', { volumeID: 1, volumePairingKey: { revealDigits() { throw thrown; } } }), thrown);
  }
});
