// The crate's cases of plans, through `.` and `./js`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plans, textsOf } from './cases.mjs';
import { entries, listings, readJson, read, text } from './repository.mjs';

const all = Object.values(await entries(['index', 'js']));
const clusters = ['site-a', 'site-b'];

/** Left out where there is nothing. */
const some = (name, values) => (values?.length > 0 ? { [name]: values } : {});
const findingsOf = ({ findings }) => findings.map(({ rule, text }) => `${rule}: ${text}`);
const uncheckedOf = ({ unchecked }) => unchecked.map(({ rule, subject, want }) => `${rule}: ${subject.text}: ${want.text}`);

/** A step as a case writes it. */
function short({ step, cluster, method, request, fill, wait, marks }) {
  const { params, ...rest } = JSON.parse(request);
  assert.deepEqual(rest, { method, id: step });
  return {
    to: cluster.name,
    call: method,
    ...(Object.keys(params).length > 0 && { params }),
    ...(fill && { fill: `${fill.member}: ${fill.result} of step ${fill.step}` }),
    ...(wait && { until: wait.until, ...(wait.clusterPairID && { clusterPairID: wait.clusterPairID }) }),
    ...some('marks', marks.map(({ rule }) => rule)),
  };
}

function outcome(planned) {
  if (planned.kind === 'plan') {
    return { ...some('besides', [...findingsOf(planned.report), ...uncheckedOf(planned.report)]), steps: planned.steps.map(short) };
  }
  if (planned.code === 'unknown_cluster') return { unknown_cluster: planned.cluster };
  const { report } = planned;
  assert.equal(planned.code, report.verdict === 'unknown' ? 'unseen' : 'forbidden');
  return { ...some('forbidden', findingsOf(report)), ...some('unseen', uncheckedOf(report)) };
}

test('cases of plans', () => {
  const goals = new Set();
  for (const file of plans) {
    const { about, from, clusters, set, goal, after, ...expected } = readJson('tests/plans', file);
    const texts = textsOf({ from, clusters, set });
    goals.add(goal.goal);
    const planned = all.map(({ planGoal }, index) =>
      planGoal(index % 2 ? texts.map((text) => new TextEncoder().encode(text)) : texts, goal, after),
    );
    for (const other of planned) assert.deepEqual(other, planned[0], file);
    assert.deepEqual(outcome(planned[0]), expected, file);
  }
  assert.equal(goals.size, 10);
});

test('a plan has the shape and the text that the example writes', () => {
  const [healthy, halfRemoved] = ['healthy', 'half-removed'].map(listings);
  const volumes = 'all';
  const unpair = { goal: 'unpair_clusters', clusters };
  const pair = { source: { cluster: 'site-a', volumeID: 24 }, target: { cluster: 'site-b', volumeID: 9 } };
  const cases = {
    unpair: [healthy, unpair],
    direction: [healthy, { goal: 'direction', source: 'site-a', target: 'site-b', volumes }],
    nothing: [healthy, { goal: 'pair_clusters', clusters }],
    repair: [halfRemoved, { goal: 'repair', pending: [] }],
    forbidden: [healthy, { goal: 'pair_volumes', pairs: [pair] }],
    'unknown-cluster': [healthy.slice(0, 1), unpair],
  };
  for (const { planGoal } of all) {
    for (const [name, [texts, goal]] of Object.entries(cases)) {
      const planned = planGoal(texts, goal);
      const page = planned.kind === 'plan' ? planned.text : `${planned.text}\n${planned.help}\n`.replace('\n\n\n', '\n\n');
      assert.equal(page, text(read(`tests/plan/${name}.txt`)));
    }
    assert.deepEqual(Object.keys(planGoal(...cases['unknown-cluster'])), ['kind', 'code', 'cluster', 'help', 'text']);
    for (const name of ['unpair', 'nothing', 'forbidden']) {
      const { kind, ...planned } = planGoal(...cases[name]);
      const data = JSON.stringify(planned, (name, value) => {
        if (name === 'text') return undefined;
        return name === 'request' ? JSON.parse(value) : value;
      });
      const expected = readJson(`tests/plan/${name}.json`);
      assert.deepEqual(JSON.parse(data), expected.plan ?? expected.noPlan);
    }
  }
});

test('a plan is frozen plain data', () => {
  for (const { planGoal } of all) {
    const deep = (value) => {
      if (typeof value !== 'object') return;
      assert(Object.isFrozen(value));
      Object.values(value).forEach(deep);
    };
    for (const volumeID of [8, 9]) {
      const pairs = [{ source: { cluster: 'site-a', volumeID: 24 }, target: { cluster: 'site-b', volumeID } }];
      const planned = planGoal(listings('healthy'), { goal: 'pair_volumes', pairs });
      assert.equal(planned.kind, volumeID === 8 ? 'plan' : 'no_plan');
      deep(planned);
      assert.deepEqual(structuredClone(planned), planned);
    }
  }
});

test('a goal or a record that is wrong tells where', () => {
  const volume = { cluster: 'site-a', volumeID: '24' };
  const entry = { step: 1, cluster: 'a', method: 'RemoveVolumePair', state: 'done' };
  const cases = [
    [{}, undefined, '', 'expected a member goal'],
    [[], undefined, '', 'expected a member goal'],
    [{ goal: 'pair' }, undefined, 'goal', /^goal: expected one of pair_clusters, /],
    [{ goal: 'pair_clusters', clusters: ['a'] }, undefined, 'clusters', 'clusters: expected two clusters'],
    [{ goal: 'pair_clusters', clusters, cluster: 'x' }, undefined, '', /^expected an object of goal, clusters, /],
    [{ goal: 'pair_volumes', pairs: [{ source: volume, target: volume }] }, undefined, 'pairs[0].source.volumeID', /integer/],
    [{ goal: 'pause', clusters, volumes: [1.5] }, undefined, 'volumes', 'volumes: expected "all", or an array of volume IDs'],
    [{ goal: 'undo', record: [entry, { ...entry, state: 'later' }] }, undefined, 'record[1].state', /^record\[1\]\.state: /],
    [{ goal: 'pair_clusters', clusters }, [entry, {}], 'record[1]', 'record[1]: expected a member state'],
    [{ goal: 'pair_clusters', clusters }, entry, 'record', 'record: expected an array'],
  ];
  for (const { planGoal, ElementPairingError } of all) {
    for (const [goal, record, path, message] of cases) {
      assert.throws(() => planGoal(listings('healthy'), goal, record), (error) => {
        assert(error instanceof ElementPairingError);
        assert.deepEqual(Object.keys(error).sort(), ['code', 'help', 'path']);
        assert.deepEqual([error.code, error.path], ['wrong_goal', path]);
        // It is for JavaScript as well.
        assert.doesNotMatch(error.help, /::/);
        if (typeof message === 'string') assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      });
    }
    assert.throws(() => planGoal(listings('healthy'), { goal: 'pair_clusters', clusters: ['\ud800', ''] }), { code: 'lone_surrogate', path: '' });
    const repair = { goal: 'repair', pending: [] };
    assert.deepEqual(planGoal(listings('healthy'), repair, null), planGoal(listings('healthy'), repair));
    const unsafe = { goal: 'pause', clusters, volumes: [2 ** 53] };
    assert.throws(() => planGoal(listings('healthy'), unsafe), { code: 'unsafe_integer' });
    // Of a pending pair, which a run's record would have.
    const pending = listings('unpaired')[0].replace('"clusterPairs":[]', '"clusterPairs":[{"clusterPairID":9007199254740992}]');
    assert.throws(() => planGoal([pending], repair), { code: 'unsafe_integer' });
    assert.throws(() => planGoal(['{'], repair), { code: 'cut_short', listing: 0 });
  }
});
