// The crate's vectors through every entry.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entries, list, outcome, read, readJson, sampleKey, text, volumeKey } from './repository.mjs';

const all = await entries(['index', 'key', 'js']);
const secrets = ['username', 'password'];

const vectors = (folder) =>
  list('tests/vectors', folder)
    .filter((file) => file.endsWith('.key'))
    .map((file) => {
      const bytes = new Uint8Array(read('tests/vectors', folder, file));
      const expected = readJson('tests/vectors', folder, file.replace('.key', '.json'));
      return { name: file, bytes, expected, string: outcome(() => text(bytes)).result };
    });

/** A place in bytes as one in the units of the string. */
const units = (bytes, offset) => text(bytes.subarray(0, offset)).length;

/** As text and as bytes, with what an offset in bytes is then. */
const forms = ({ bytes, string }) => [
  [bytes, (offset) => offset],
  ...(string === undefined ? [] : [[string, (offset) => units(bytes, offset)]]),
];

test('valid vectors', () => {
  let unsafe = 0;
  for (const { name, expected, ...key } of vectors('valid')) {
    const shown = Object.entries(expected.members).filter(([member]) => !secrets.includes(member));
    const isSafe = shown.every(([, value]) => typeof value !== 'number' || Number.isSafeInteger(value));
    for (const [entry, { decodePairingKey, openPairingKey, encodePairingKey, cleanPairingKey }] of Object.entries(all)) {
      for (const [pasted, place] of forms(key)) {
        const where = `${name} ${entry} ${typeof pasted}`;
        const cleaned = cleanPairingKey(pasted);
        assert.equal(text(cleaned.digits), expected.digits, where);
        if (!isSafe) {
          assert.equal(outcome(() => decodePairingKey(pasted)).error.code, 'unsafe_integer', where);
          unsafe++;
          continue;
        }
        const decoded = decodePairingKey(pasted);
        const { kind, removed, unknownMembers, digits, ...members } = decoded;
        assert.equal(kind, expected.kind, where);
        assert.deepEqual(members, Object.fromEntries(shown), where);
        assert.deepEqual(unknownMembers, Object.keys(expected.unknown ?? {}).sort(), where);
        assert.equal(digits, expected.digits.length, where);
        assert.deepEqual(
          removed.map(({ code, offset, count }) => ({ kind: code, offset, count })),
          expected.removed.map((one) => ({ ...one, offset: place(one.offset) })),
          where,
        );
        assert.deepEqual(removed, cleaned.removed, where);
        for (const frozen of [decoded, removed, unknownMembers, ...removed]) assert(Object.isFrozen(frozen));

        const handle = openPairingKey(pasted);
        assert.deepEqual(handle.key, decoded, where);
        assert.equal(text(handle.revealDigits()), expected.digits, where);
        const credentials = {};
        if (kind === 'cluster') {
          credentials.username = handle.revealUsername();
          credentials.password = handle.revealPassword();
          for (const secret of secrets) {
            assert.equal(text(credentials[secret]), expected.members[secret], where);
          }
        }
        handle.dispose();
        if (!expected.unknown) {
          const encoded = encodePairingKey({ ...decoded, ...credentials });
          assert.equal(text(encoded), expected.canonical ?? expected.digits, where);
          const strings = Object.fromEntries(Object.entries(credentials).map(([name, bytes]) => [name, text(bytes)]));
          assert.deepEqual(encodePairingKey({ ...decoded, ...strings }), encoded, where);
        }
      }
    }
  }
  assert.notEqual(unsafe, 0);
});

test('invalid vectors', () => {
  const codes = new Set();
  for (const { name, expected, ...key } of vectors('invalid')) {
    if (expected.as) continue;
    codes.add(expected.code);
    for (const [pasted, place] of forms(key)) {
      const found = Object.entries(all).map(([entry, { decodePairingKey, PairingKeyError }]) => {
        const { error } = outcome(() => decodePairingKey(pasted));
        const where = `${name} ${entry} ${typeof pasted}`;
        assert.equal(error.name, 'PairingKeyError', where);
        assert.equal(error.code, expected.code, where);
        assert.equal(error.offset, expected.offset === undefined ? undefined : place(expected.offset), where);
        assert.equal(error.member, expected.member, where);
        assert.match(error.help, /^[A-Z].*\.$/, where);
        return error;
      });
      for (const other of found) assert.deepEqual(other, found[0], name);
    }
  }
  assert.equal(codes.size, 19, 'all codes but wrong_kind');
});

test('an excerpt shows names and no values', () => {
  for (const { decodePairingKey } of Object.values(all)) {
    const { error } = outcome(() => decodePairingKey(sampleKey.slice(0, 330)));
    assert.deepEqual(error.excerpt, {
      text: '…••••••••••••••••70617373776f7264••••••••••••',
      reading: '                 p a s s w o r d',
      column: 45,
    });
    assert.equal(error.member, 'password');
  }
});

test('what is written is told of as what was given, not as what was pasted', () => {
  for (const { decodePairingKey, encodePairingKey } of Object.values(all)) {
    const { error } = outcome(() => encodePairingKey({ ...decodePairingKey(volumeKey), mvip: 'nope' }));
    assert.equal(error.code, 'wrong_value');
    assert.equal(error.member, 'mvip');
    assert.equal(error.help, 'Give each member that a key of this kind has, as the typings say.');
  }
});

test('unknown members are written', () => {
  for (const { decodePairingKey, encodePairingKey } of Object.values(all)) {
    const key = { ...decodePairingKey(volumeKey), zone: 'x"\\\n', level: 7, kept: null };
    const digits = text(encodePairingKey(key));
    assert.deepEqual(decodePairingKey(digits).unknownMembers, ['level', 'zone']);
    assert.equal(JSON.parse(Buffer.from(digits, 'hex')).zone, 'x"\\\n');
  }
});

test('a handle', () => {
  for (const { openPairingKey, ElementPairingError, PairingKeyError } of Object.values(all)) {
    const handle = openPairingKey(sampleKey);
    assert.equal(handle.constructor.name, 'PairingKeyHandle');
    assert.equal(PairingKeyError.name, 'PairingKeyError');
    const digits = handle.revealDigits();
    digits.fill(0);
    assert.notDeepEqual(handle.revealDigits(), digits, 'each array is a copy');
    assert.equal(JSON.stringify(handle), '{}');
    handle.dispose();
    handle.dispose();
    for (const use of [
      () => handle.key,
      () => handle.revealDigits(),
      () => handle.revealUsername(),
      () => handle.revealPassword(),
    ]) {
      assert.throws(use, (error) => error instanceof ElementPairingError && error.code === 'disposed');
    }
    const other = openPairingKey(volumeKey);
    assert.throws(
      () => other.revealPassword(),
      (error) => error instanceof PairingKeyError && error.code === 'wrong_kind',
    );
    other[Symbol.dispose]();
    assert.throws(() => other.key, { code: 'disposed' });
  }
});

test('errors are known by every entry', () => {
  const [first, ...others] = Object.values(all);
  const error = (() => {
    try {
      return first.decodePairingKey('');
    } catch (error) {
      return error;
    }
  })();
  for (const { PairingKeyError, ElementPairingError } of others) {
    assert(error instanceof PairingKeyError);
    assert(!(error instanceof ElementPairingError));
    assert(!(new Error() instanceof PairingKeyError));
    assert(!(undefined instanceof PairingKeyError));
    const hostile = new Proxy({}, { get() { throw new Error('mine'); } });
    assert(!(hostile instanceof PairingKeyError));
  }
  assert(error instanceof Error);
  assert.equal(String(error), 'PairingKeyError: the text has no digits');
});
