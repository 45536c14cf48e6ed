// No copy of a credential is left in WebAssembly's memory, whatever was called and however it ended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { list, listings, outcome, read, text } from './repository.mjs';

const modules = {
  '.': await import('../build/index.js'),
  './key': await import('../build/key.js'),
  './js': await import('../build/js.js'),
};
const passwords = { plain: 'Zq7#Xk9$Vw3&Jx5%', escaped: 'Zq7"Xk9\\Vw3\nJx5\t', 'not ASCII': 'Zq7äXk9€Vw3😀Jx5é' };
const username = '__SF_pair_Qz8Yk6Wj4Hx2';

/** A secret as it can be left: raw or escaped; the same in hex, of either case. */
function copiesOf(secret) {
  const plain = [Buffer.from(secret), Buffer.from(JSON.stringify(secret).slice(1, -1))];
  const hex = plain.map((form) => form.toString('hex')).flatMap((form) => [form, form.toUpperCase()]);
  return { plain, hex: hex.map((form) => Buffer.from(form)) };
}

/** What of a secret can be left: any eight bytes of it. */
function tracesOf(secret) {
  const { plain, hex } = copiesOf(secret);
  const pieces = (form, length) =>
    Array.from({ length: Math.max(1, form.length - length + 1) }, (_, at) => form.subarray(at, at + length));
  return plain.flatMap((form) => pieces(form, 8)).concat(hex.flatMap((form) => pieces(form, 16)));
}

function findings(memory, traces) {
  const bytes = Buffer.from(memory.buffer);
  return traces.filter((trace) => bytes.includes(trace)).map(String);
}

const keyOf = (password) =>
  Buffer.from(
    JSON.stringify({
      clusterPairID: 1,
      clusterPairUUID: '1cea1362-4c8f-461a-be72-74566a953d2f',
      clusterUniqueID: 'xsm6',
      mvip: '192.168.139.122',
      name: 'site-a',
      password,
      rpcConnectionID: 913142649,
      username,
    }),
  ).toString('hex');

/** Texts that are read or refused, each with the credentials in it. */
function textsOf(password) {
  const key = keyOf(password);
  const json = (object) => Buffer.from(JSON.stringify(object)).toString('hex');
  const { clusterPairID, ...rest } = JSON.parse(Buffer.from(key, 'hex'));
  const members = { clusterPairID, ...rest };
  return {
    whole: key,
    'upper case': key.toUpperCase(),
    'no-break spaces': `key:\u00a0“${key.replace(/.{60}/g, '$&\u00a0\n')}”`,
    'in JSON': JSON.stringify({ id: 1, result: { clusterPairID: 1, clusterPairingKey: key } }),
    'two in JSON': JSON.stringify([{ clusterPairingKey: key }, { clusterPairingKey: key }]),
    'JSON without a key': JSON.stringify({ password, username, digits: key }),
    'a wrong digit': `${key.slice(0, -2)}x${key.slice(-1)}`,
    'one digit less': key.slice(0, -1),
    'cut short': key.slice(0, -2),
    'cut in the user name': key.slice(0, -40),
    'text after the end': `${key}00`,
    'two keys': key + key,
    'not UTF-8': `${key.slice(0, -4)}ff227d`,
    'not JSON': key.replace('3a31', '3a3a'),
    'a lone surrogate': json(members).slice(0, -2) + Buffer.from(',"x":"\\ud800"}').toString('hex'),
    'too deep': json({ ...members, x: 0 }).replace('3a307d', `3a${'5b'.repeat(40)}${'5d'.repeat(40)}7d`),
    'no object': json([password, username]),
    'no key': json({ note: password, token: username }),
    'a member less': json(rest),
    'a member twice': json(members).slice(0, -2) + Buffer.from(`,"password":${JSON.stringify(password)}}`).toString('hex'),
    'a wrong type': json({ ...members, password: [password] }),
    'a wrong value': json({ ...members, mvip: password }),
    'an unknown member': json({ ...members, token: password }),
    'too long': key.repeat(200),
    'UTF-16': Buffer.from(`\ufeff${key}`, 'utf16le'),
    empty: '',
  };
}

/** Everything that can be done with a text; `look` is called after each. Returns the codes that were met. */
function use(module, pasted, password, look) {
  const { decodePairingKey, openPairingKey, cleanPairingKey, encodePairingKey, writeRequest, readResponse, checkCall } = module;
  const codes = [];
  const run = (call) => {
    const { result, error } = outcome(call);
    if (error) codes.push(error.code ?? error.name);
    look(call);
    return result;
  };
  const bytes = typeof pasted === 'string' ? Buffer.from(pasted) : pasted;
  for (const form of [pasted, new Uint8Array(bytes)]) {
    run(() => decodePairingKey(form));
    run(() => cleanPairingKey(form));
    const handle = run(() => openPairingKey(form));
    run(() => handle.revealUsername());
    run(() => handle.revealPassword());
    run(() => encodePairingKey({ ...handle.key, username, password }));
    run(() => encodePairingKey({ ...handle.key, username: Buffer.from(username), password: Buffer.from(password) }));
    run(() => encodePairingKey({ ...handle.key, username, password, mvip: password }));
    if (writeRequest) {
      const texts = listings('healthy');
      for (const key of [form, handle]) {
        for (const [method, params] of [
          ['CompleteClusterPairing', { clusterPairingKey: key }],
          ['CompleteVolumePairing', { volumeID: 8, volumePairingKey: key }],
          ['CompleteVolumePairing', { volumePairingKey: key }],
        ]) {
          run(() => writeRequest(method, params, 1));
          run(() => checkCall(texts, 'site-b', { method, params }));
          run(() => checkCall(texts, 'nowhere', { method, params }));
        }
      }
      for (const response of [
        JSON.stringify({ id: 1, result: { clusterPairID: 1, clusterPairingKey: String(pasted) } }),
        JSON.stringify({ id: 1, result: { clusterPairingKey: String(pasted) } }),
        `{"id":1,"result":{"clusterPairingKey":"${pasted}"`,
        JSON.stringify({ id: 1, error: { message: String(pasted) } }),
        bytes,
      ]) {
        for (const method of ['StartClusterPairing', 'StartVolumePairing', 'ListVolumes']) {
          const { result } = run(() => readResponse(method, response)) ?? {};
          run(() => result.clusterPairingKey.key);
          run(() => result.clusterPairingKey.revealPassword());
          run(() => result.clusterPairingKey.dispose());
        }
      }
      run(() => module.auditTopology([form]));
      run(() => module.topologyOf([form]));
    }
    handle?.dispose();
  }
  return codes;
}

for (const [entry, module] of Object.entries(modules)) {
  for (const [kind, password] of Object.entries(passwords)) {
    test(`${entry} keeps nothing of a password that is ${kind}`, () => {
      const traces = [...tracesOf(password), ...tracesOf(username)];
      const copies = [password, username].flatMap((secret) => Object.values(copiesOf(secret)).flat());
      const codes = new Set();
      for (const [name, pasted] of Object.entries(textsOf(password))) {
        // After each call whole copies, which is faster; at the end any part of one.
        const look = (call) => assert.deepEqual(findings(module.linearMemory(), copies), [], `${name}: ${call}`);
        for (const code of use(module, pasted, password, look)) codes.add(code);
        assert.deepEqual(findings(module.linearMemory(), traces), [], name);
      }
      // That the texts are what they are named for.
      const expected = list('tests/vectors/invalid')
        .filter((file) => file.endsWith('.json'))
        .map((file) => JSON.parse(read('tests/vectors/invalid', file)).code);
      for (const code of expected) {
        if (code !== 'wrong_kind') assert(codes.has(code), code);
      }
    });
  }
}

/** Two clusters that are not paired. */
const apart = ['aaaa', 'bbbb'].map((id, index) =>
  [
    { id: 'GetClusterInfo', result: { clusterInfo: { name: id, uniqueID: id, mvip: `192.0.2.${index}` } } },
    { id: 'ListClusterPairs', result: { clusterPairs: [] } },
  ]
    .map((answer) => JSON.stringify(answer))
    .join('\n'),
);

for (const [entry, module] of Object.entries(modules).filter(([entry]) => entry !== './key')) {
  for (const [kind, password] of Object.entries(passwords)) {
    test(`${entry} keeps a key of a run no longer than until it is forwarded, with a password that is ${kind}`, () => {
      const { planGoal, runPlan, linearMemory } = module;
      const traces = [...tracesOf(password), ...tracesOf(username)];
      const isKept = () => findings(linearMemory(), traces).length > 0;
      const plan = planGoal(apart, { goal: 'pair_clusters', clusters: ['aaaa', 'bbbb'] });
      const key = keyOf(password);
      const answered = JSON.stringify({ id: 1, result: { clusterPairID: 1, clusterPairingKey: key } });
      const started = (answer) => {
        const run = runPlan(plan);
        run.next();
        run.answer(answer);
        return run;
      };
      const upper = key.toUpperCase();
      for (const [answer, digits] of [[answered, key], [Buffer.from(answered), key], [answered.replace(key, upper), upper]]) {
        const ends = {
          next: (run) => assert(Buffer.from(run.next().body).includes(digits)),
          abort: (run) => run.abort(),
          dispose: (run) => run.dispose(),
        };
        for (const [name, end] of Object.entries(ends)) {
          const run = started(answer);
          // The control: it is there, and is seen.
          assert(isKept(), name);
          run.states;
          run.record;
          end(run);
          assert(!isKept(), name);
          run.dispose();
        }
        // With others beside it.
        const runs = [started(answer), started(answer), started(answer)];
        runs[1].dispose();
        runs[0].next();
        runs[0].answer(answer);
        assert(isKept());
        runs[2].next();
        assert(!isKept());
        for (const run of runs) run.dispose();
      }
      const stops = [
        [answered.replace('"id":1', '"id":2'), 'other_answer'],
        [answered.slice(0, -1), 'cut_short'],
        [answered.slice(0, -40), 'cut_short'],
        [`${answered}}`, 'text_after_end'],
        [JSON.stringify({ id: 1, result: { clusterPairingKey: key } }), 'missing_member'],
        [JSON.stringify({ id: 1, result: { clusterPairID: 1, clusterPairingKey: [key, password] } }), 'wrong_type'],
        [JSON.stringify({ id: 1, error: { name: 'xNope', message: `${key} ${password} ${username}` } }), 'refused'],
        [Buffer.from(`x${key}`), 'not_json'],
      ];
      for (const [answer, code] of stops) {
        const run = started(answer);
        assert.equal(run.stopped.code, code);
        assert(!isKept(), code);
        run.dispose();
      }
      // A request that carried it may be answered by an error with it, or not at all.
      for (const end of [(run) => run.answer(answered), (run) => run.lost()]) {
        const run = started(answered);
        run.next();
        end(run);
        assert(!isKept());
        run.dispose();
      }
      // WebAssembly may stop meanwhile.
      const run = started(answered);
      const memory = linearMemory();
      assert(isKept());
      const long = new Uint8Array(module.MAX_JSON_LENGTH);
      assert.throws(() => module.auditTopology(Array(Math.ceil(2 ** 31 / long.length)).fill(long)), { code: 'wasm_failed' });
      assert.deepEqual(findings(memory, traces), []);
      assert.throws(() => run.next(), { code: 'run_wiped' });
    });
  }
}

test('nothing is kept when the memory of ./js grows, which copies it', () => {
  const { checkCall, linearMemory, decodePairingKey } = modules['./js'];
  const key = keyOf(passwords.plain);
  decodePairingKey(key);
  const before = linearMemory();
  const listing = `{"id":"ListVolumes","result":{"volumes":[${'{"volumeID":1},'.repeat(2e5)}{"volumeID":2}]}}`;
  const { buffer } = before;
  outcome(() => checkCall([listing], 'a', { method: 'CompleteClusterPairing', params: { clusterPairingKey: key } }));
  assert.notEqual(linearMemory().buffer, buffer, 'it grew');
  assert(new Uint8Array(buffer).every((byte) => byte === 0));
});

test('an argument that is refused leaves no copy of the others in memory of the package', () => {
  const { ArrayBuffer } = globalThis;
  const made = [];
  globalThis.ArrayBuffer = class extends ArrayBuffer {
    constructor(...given) {
      super(...given);
      made.push(this);
    }
  };
  try {
    for (const { encodePairingKey } of Object.values(modules)) {
      const password = Buffer.from(passwords.plain);
      assert.throws(() => encodePairingKey({ kind: 'cluster', password, clusterPairID: 1.5 }), TypeError);
    }
  } finally {
    globalThis.ArrayBuffer = ArrayBuffer;
  }
  assert.notEqual(made.length, 0);
  for (const buffer of made) assert.deepEqual(findings({ buffer }, tracesOf(passwords.plain)), []);
});

test('the scan sees a copy', () => {
  for (const module of Object.values(modules)) {
    const { linearMemory, decodePairingKey } = module;
    decodePairingKey(keyOf('x'));
    const password = passwords.plain;
    const traces = tracesOf(password);
    const memory = new Uint8Array(linearMemory().buffer);
    const at = memory.length - 64;
    const before = memory.slice(at);
    for (const form of [password, text(Buffer.from(password)).slice(0, 8), Buffer.from(password).toString('hex')]) {
      memory.set(new TextEncoder().encode(form), at);
      assert.notDeepEqual(findings(linearMemory(), traces), [], form);
      memory.set(before, at);
    }
    assert.deepEqual(findings(linearMemory(), traces), []);
  }
});
