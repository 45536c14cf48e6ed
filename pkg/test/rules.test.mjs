// The crate's cases of rules, through `.` and `./js`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callOf, cases, textsOf } from './cases.mjs';
import { entries, listings, read, readJson, text } from './repository.mjs';

const all = Object.entries(await entries(['index', 'js']));

const nameOf = ({ name, uniqueID, mvip }, escapeText) =>
  name && uniqueID ? `${escapeText(name)} (${escapeText(uniqueID)})` : escapeText(name ?? uniqueID ?? mvip);

test('cases of rules', () => {
  assert(cases.length > 300);
  for (const { folder, name } of cases) {
    const expected = readJson('tests/rules', name);
    const texts = textsOf(expected);
    const reports = all.map(([, { auditTopology, checkCall }]) =>
      expected.check
        ? checkCall(texts, expected.check.cluster, callOf(expected.check))
        : auditTopology(texts.map((text) => new TextEncoder().encode(text))),
    );
    for (const report of reports) assert.deepEqual(report, reports[0], name);
    const [{ verdict, findings, unchecked }] = reports;
    const { escapeText } = all[0][1];
    assert.equal(verdict, expected.verdict, name);
    const shown = ([key, value]) => {
      if (typeof value === 'object') return [key, nameOf(value, escapeText)];
      return [key, typeof value === 'string' ? escapeText(value) : value];
    };
    assert.deepEqual(
      findings.map(({ rule, subject, values }) => ({
        rule,
        subject: subject.text,
        values: Object.fromEntries(Object.entries(values).map(shown)),
      })),
      expected.findings,
      name,
    );
    const isUnseen = name.split('/')[1].startsWith('unseen');
    assert.deepEqual(
      unchecked
        .filter(({ rule }) => !isUnseen || folder === 'several' || rule === folder)
        .map(({ rule, subject, want }) => ({ rule, subject: subject.text, want: want.text })),
      expected.unchecked ?? [],
      name,
    );
    for (const { text, subject, message } of findings) assert.equal(text, `${subject.text}: ${message}`);
    for (const { text, subject, want } of unchecked) assert.equal(text, `${subject.text}: ${want.text} is missing`);
  }
});

test('a report is frozen plain data', () => {
  for (const [, { auditTopology, topologyOf }] of all) {
    const report = auditTopology(listings('mismatched'));
    const deep = (value) => {
      if (typeof value !== 'object') return;
      assert(Object.isFrozen(value));
      Object.values(value).forEach(deep);
    };
    deep(report);
    deep(topologyOf(listings('mismatched')));
    assert.deepEqual(structuredClone(report), report);
  }
});

test('a report has the shape that the audit example writes', () => {
  const expected = readJson('tests/audit/mismatched.json');
  const without = (text, value) => JSON.parse(JSON.stringify(value, (name, value) => (name === text ? undefined : value)));
  for (const [, { auditTopology }] of all) {
    assert.deepEqual(without('text', auditTopology(listings('mismatched'))), expected);
  }
});

test('listings that cannot be read', () => {
  const [good, other] = listings('healthy');
  const at = (listing, offset, line, column) => ({ listing, offset, line, column });
  for (const [, { auditTopology, topologyOf, checkCall, ElementPairingError }] of all) {
    assert.throws(() => auditTopology([good, ' ']), { code: 'empty', listing: 1 });
    for (const run of [auditTopology, topologyOf, (texts) => checkCall(texts, 'x', { method: 'ListClusterPairs' })]) {
      assert.throws(() => run([good, 'ä\n']), { code: 'not_json', ...at(1, 0, 1, 1) });
      assert.throws(() => run([good, '{"id":"ä"}']), { code: 'no_listing', ...at(1, 0, 1, 1) });
      const broken = '\n  {"id":"GetLimits","ä\u{1f600}":x}';
      assert.throws(() => run([broken, other]), { code: 'not_json', ...at(0, 27, 2, 26) });
      assert.throws(() => run([new TextEncoder().encode(broken)]), { code: 'not_json', ...at(0, 30, 2, 26) });
      assert.throws(() => run([new Uint8Array([0xff, 0xfe, 0x7b, 0])]), { code: 'not_utf8', ...at(0, 0, 1, 1) });
      assert.throws(() => run(['{']), (error) => error instanceof ElementPairingError && /^[A-Z].*\.$/.test(error.help));
    }
    assert.throws(() => checkCall([good, other], 'nowhere', { method: 'ListClusterPairs' }), { code: 'unknown_cluster' });
    assert.throws(() => checkCall([good, other], 'site-a', { method: 'RemoveVolumePair', params: {} }), { code: 'missing_member' });
    assert.deepEqual(auditTopology([]), { verdict: 'clear', findings: [], unchecked: [] });
  }
});

test('integers that a number cannot hold are refused', () => {
  const volume = (id) => `{"id":"ListVolumes","result":{"volumes":[{"volumeID":${id},"volumePairs":[{"volumePairUUID":"u"}]}]}}`;
  for (const [, { auditTopology, topologyOf, readResponse }] of all) {
    assert.throws(() => auditTopology([volume('9007199254740992')]), { code: 'unsafe_integer' });
    assert.throws(() => topologyOf([volume('9007199254740992')]), { code: 'unsafe_integer' });
    assert.throws(() => readResponse('ListVolumes', volume('18446744073709551615')), { code: 'unsafe_integer' });
    assert.equal(topologyOf([volume('9007199254740991')]).volumePairs[0].ends[0].volumeID, 9007199254740991);
  }
});

test('a key that is checked', () => {
  const key = text(read('tests/vectors/valid/volume-canonical.key'));
  for (const [, { checkCall, openPairingKey }] of all) {
    const check = (volumePairingKey) =>
      checkCall(listings('healthy'), 'site-b', { method: 'CompleteVolumePairing', params: { volumeID: 8, volumePairingKey } });
    const report = check(key);
    assert.equal(report.verdict, 'refused');
    assert(report.findings.some(({ rule }) => rule === 'volume_key_mvip_not_paired'));
    assert.deepEqual(check(new TextEncoder().encode(key)), report);
    const handle = openPairingKey(` ${key} `);
    assert.deepEqual(check(handle), report);
    // As it is sent: cleaned, if that is possible.
    assert.deepEqual(check(`key: ${key}\n`), report);
    assert(check('no digits').findings.some(({ rule }) => rule === 'volume_key_unreadable'));
  }
});

test('the topology', () => {
  for (const [, { topologyOf }] of all) {
    const { clusters, clusterPairs, volumePairs } = topologyOf(listings('mismatched'));
    assert.deepEqual(clusters.map(({ text, given }) => [text, given]), [['site-b (bgn0)', true], ['site-a (xsm6)', true]]);
    assert.deepEqual(clusterPairs.map(({ pending, ends }) => [pending, ends.map(({ cluster, listed }) => [cluster, listed])]), [
      [false, [[0, true], [1, true]]],
    ]);
    assert.deepEqual(
      volumePairs.map(({ source, ends }) => [source, ends.map(({ cluster, listed, volumeID }) => [cluster, listed, volumeID])]),
      [
        [1, [[0, true, 9], [1, true, 27]]],
        [undefined, [[1, true, 24], [0, false, 8]]],
        [undefined, [[1, true, 25], [0, false, 9]]],
      ],
    );
    assert.deepEqual(clusters.map(({ unpaired }) => unpaired), [[], []]);
    // One side alone: the other cluster is known by its pair.
    const [alone] = listings('mismatched');
    const half = topologyOf([alone]);
    assert.deepEqual(half.clusters.map(({ text, given, listings }) => [text, given, listings.length]), [
      ['site-a (xsm6)', true, 4],
      ['site-b (bgn0)', false, 0],
    ]);
    assert.deepEqual(half.clusterPairs[0].ends.map(({ cluster, listed }) => [cluster, listed]), [[0, true], [1, undefined]]);
    assert.ok(half.volumePairs.every(({ ends: [, far] }) => !('listed' in far)));
    // A listing of all active volumes tells those that are in no pair, one of paired volumes does not.
    const scratch = '{"volumeID":1,"name":"scratch","status":"active","volumePairs":[]}';
    const unpaired = (method) => topologyOf([`{"id":"${method}","result":{"volumes":[${scratch}]}}`]).clusters[0].unpaired;
    assert.deepEqual(unpaired('ListActiveVolumes'), [{ volumeID: 1, name: 'scratch', status: 'active' }]);
    assert.equal(unpaired('ListActivePairedVolumes'), undefined);
    const long = alone.toString().replaceAll('"readWrite"', `"${'x'.repeat(200)}"`);
    assert.ok(topologyOf([long]).volumePairs.some(({ ends: [{ access }] }) => access === `${'x'.repeat(128)}…`));
  }
});
