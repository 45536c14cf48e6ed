// Runs of plans, on simulated clusters.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../build/simulator.js';
import { entries, listings, text } from './repository.mjs';

const all = Object.values(await entries(['index', 'js']));
const clusters = ['site-a', 'site-b'];
const unpair = { goal: 'unpair_clusters', clusters };
const [source, target] = [{ cluster: 'site-a', volumeID: 24 }, { cluster: 'site-b', volumeID: 8 }];
const pair = { goal: 'pair_volumes', pairs: [{ source, target }], mode: 'Sync' };

const planOf = ({ planGoal }, simulation, goal, record) => {
  const plan = planGoal(simulation.listings(), goal, record);
  assert.equal(plan.kind, 'plan', plan.text);
  return plan;
};

/** Posts to simulated clusters, on which time passes by waiting. */
const on = (simulation) => ({
  send: ({ cluster, body }) => simulation.answer(cluster, body),
  options: { wait: (ms) => simulation.advance(ms) },
});

async function reach(entry, simulation, goal, record) {
  const run = entry.runPlan(planOf(entry, simulation, goal, record));
  const { send, options } = on(simulation);
  await run.drive(send, options);
  assert(run.done);
  assert.equal(run.stopped, undefined);
  assert(run.states.every((state) => state === 'done'));
  const left = run.record;
  run.dispose();
  assert.deepEqual(planOf(entry, simulation, goal).steps, []);
  return left;
}

/** What does not depend on the pairs' new IDs. */
const seen = ({ topologyOf }, simulation) =>
  topologyOf(simulation.listings()).volumePairs.map(({ ends }) => ends.map(({ volumeID, access, mode }) => [volumeID, access, mode]));

test('clusters and volumes are unpaired and paired, and that is undone', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    const before = seen(entry, simulation);
    assert.equal(before.length, 2);
    const record = await reach(entry, simulation, unpair);
    assert.deepEqual(seen(entry, simulation), []);
    assert.deepEqual(record.map(({ method, state }) => `${method} ${state}`), [
      ...Array(4).fill('RemoveVolumePair done'),
      ...Array(2).fill('RemoveClusterPair done'),
    ]);
    await reach(entry, simulation, pair);
    assert.deepEqual(seen(entry, simulation), [[[8, 'replicationTarget', 'Sync'], [24, 'readWrite', 'Sync']]]);
    assert.equal(entry.auditTopology(simulation.listings()).verdict, 'clear');
    await reach(entry, simulation, unpair);
    await reach(entry, simulation, { goal: 'undo', record });
    assert.deepEqual(seen(entry, simulation).sort(), before.sort());
    simulation.dispose();
  }
});

test('a run is driven step by step', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    await reach(entry, simulation, unpair);
    const plan = planOf(entry, simulation, pair);
    const run = entry.runPlan(plan);
    assert.equal(run.plan, plan);
    assert.equal(run.entry, undefined);
    const calls = [];
    let asked = 0;
    for (let call; (call = run.next()); ) {
      const { step, cluster, method, body, delayMs } = call;
      assert(Object.isFrozen(call));
      assert.deepEqual([cluster, method], [plan.steps[step - 1].cluster, plan.steps[step - 1].method]);
      assert.equal(run.next(), undefined);
      const request = JSON.parse(text(body));
      assert.deepEqual([request.method, request.id], [method, step]);
      const { wait, fill } = plan.steps[step - 1];
      const isAgain = calls.at(-1) === step;
      assert.equal(run.states[step - 1], wait ? 'not_done' : 'unknown');
      assert.equal(delayMs, wait && isAgain ? wait.everyMs : 0);
      asked += isAgain;
      if (!wait) assert.equal(run.entry.state, 'unknown');
      if (fill?.member.endsWith('PairingKey')) {
        const key = entry.decodePairingKey(request.params[fill.member]);
        assert.equal(key.mvip, plan.steps[fill.step - 1].cluster.mvip);
        request.params[fill.member] = '';
      }
      assert.equal(JSON.stringify(request), plan.steps[step - 1].request);
      calls.push(step);
      simulation.advance(delayMs);
      const answer = simulation.answer(cluster, body);
      // As text, as bytes, and some that are lost: a question is asked again.
      if (wait && !isAgain) run.lost();
      else run.answer(step % 2 ? answer : text(answer));
      if (!wait) assert.equal(run.entry.state, 'done');
      assert.equal(run.states.at(-1) === 'done', run.done);
    }
    assert(run.done && asked > 2);
    assert.deepEqual([...new Set(calls)], plan.steps.map(({ step }) => step));
    assert.equal(run.record.length, plan.steps.filter(({ wait }) => !wait).length);
    // No key is in it, and it is plain data.
    const json = JSON.stringify(run.record);
    assert(!/[0-9a-f]{100}/i.test(json));
    assert.deepEqual(structuredClone(run.record), run.record);
    assert(Object.isFrozen(run.record[0]) && Object.isFrozen(run.states));
    run[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
    run.dispose();
    for (const member of ['plan', 'done', 'stopped', 'states', 'record', 'entry']) {
      assert.throws(() => run[member], { code: 'disposed' });
    }
    for (const method of ['next', 'lost', 'abort']) assert.throws(() => run[method](), { code: 'disposed' });
    assert.throws(() => run.answer('{}'), { code: 'disposed' });
    await assert.rejects(run.drive(() => '{}'), { code: 'disposed' });
  }
});

test('whichever answer is lost, planning again with the record reaches the goal', async () => {
  for (const entry of all) {
    for (const goal of [unpair, pair]) {
      let count = 2;
      for (let lost = 1; lost <= count; lost++) {
        for (const arrives of [false, true]) {
          const simulation = simulate(listings('healthy'));
          if (goal === pair) await reach(entry, simulation, unpair);
          const plan = planOf(entry, simulation, goal);
          count = plan.steps.length;
          // A question is asked again.
          if (plan.steps[lost - 1].wait) continue;
          const run = entry.runPlan(plan);
          const { send, options } = on(simulation);
          const thrown = new Error('no connection');
          const sendBut = (call) => {
            const answer = call.step < lost || arrives ? send(call) : undefined;
            if (call.step === lost) throw thrown;
            return answer;
          };
          await assert.rejects(run.drive(sendBut, options), (error) => {
            assert(error instanceof entry.ElementPairingError);
            const { message, cause, ...data } = error;
            assert.deepEqual({ message, ...data }, run.stopped);
            assert.deepEqual([data.code, data.step, cause], ['lost', lost, thrown]);
            return true;
          });
          assert.deepEqual(
            run.states,
            plan.steps.map(({ step }) => (step < lost ? 'done' : step === lost ? 'unknown' : 'not_done')),
          );
          assert.deepEqual([run.next(), run.done, run.entry.state], [undefined, false, 'unknown']);
          // As it is written down and read again.
          const record = JSON.parse(JSON.stringify(run.record));
          run.dispose();
          await reach(entry, simulation, goal, record);
          assert.equal(entry.auditTopology(simulation.listings()).verdict, 'clear');
          simulation.dispose();
        }
      }
      assert(count > 5);
    }
  }
});

test('entries that were written down one by one are a record', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    const run = entry.runPlan(planOf(entry, simulation, unpair));
    const { send, options } = on(simulation);
    const written = [];
    const told = [];
    const onStep = async ({ step }, state) => {
      told.push(`${step} ${state}`);
      written.push(run.entry);
    };
    const gone = new Error('gone');
    await assert.rejects(run.drive((call) => (call.step < 3 ? send(call) : Promise.reject(gone)), { ...options, onStep }));
    assert.deepEqual(told, ['1 unknown', '1 done', '2 unknown', '2 done', '3 unknown', '3 unknown']);
    const again = planOf(entry, simulation, unpair, written);
    assert.deepEqual(again, planOf(entry, simulation, unpair, run.record));
    assert.equal(again.steps.length, 4);
  }
});

test('a run stops where an answer is none', async () => {
  const html = () => new Response('<html>', { status: 401 });
  const refused = { id: 1, error: { code: 500, name: 'xVolumeNotPaired', message: 'x' } };
  const cases = [
    [() => JSON.stringify(refused), 'refused', 'failed', 'refused', { error: 'xVolumeNotPaired' }],
    [() => new TextEncoder().encode('{"id":1,"error":{}}'), 'refused', 'failed', 'refused'],
    [html, 'not_json', 'unknown', 'unknown'],
    [() => '', 'cut_short', 'unknown', 'unknown'],
    [() => '{"id":7,"result":{}}', 'other_answer', 'unknown', 'unknown'],
    [() => Promise.reject(new Error('no')), 'lost', 'unknown', 'unknown'],
    [() => ({ arrayBuffer: () => Promise.reject(new Error('no')) }), 'lost', 'unknown', 'unknown'],
    [() => 7, 'aborted', 'unknown', 'unknown'],
    [() => undefined, 'aborted', 'unknown', 'unknown'],
  ];
  for (const { planGoal, runPlan, ElementPairingError } of all) {
    const plan = planGoal(listings('healthy'), unpair);
    for (const [send, code, state, entryState, data] of cases) {
      const run = runPlan(plan);
      const { error } = await run.drive(send).then(() => ({}), (error) => ({ error }));
      assert(error instanceof ElementPairingError);
      assert.equal(error.code, code);
      assert.deepEqual([run.states[0], run.states[1], run.entry.state], [state, 'not_done', entryState]);
      assert.equal(run.stopped.error, data?.error);
      assert.equal(run.stopped.code, code);
      assert.match(run.stopped.message, /^step 1: /);
      assert(Object.isFrozen(run.stopped));
      // It stays stopped.
      await assert.rejects(run.drive(() => assert.fail('sent')), { code });
      run.dispose();
    }
  }
});

test('what is waited for and does not come ends the run', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    await reach(entry, simulation, unpair);
    const plan = planOf(entry, simulation, { goal: 'pair_clusters', clusters });
    const run = entry.runPlan(plan);
    const { send } = on(simulation);
    const waits = [];
    // No time passes.
    await assert.rejects(run.drive(send, { wait: (ms) => waits.push(ms) }), {
      code: 'timed_out',
      message: 'step 3: what was waited for did not come: Connecting',
    });
    const { everyMs, times } = plan.steps[2].wait;
    assert.deepEqual(waits, Array(times - 1).fill(everyMs));
    assert.deepEqual(run.states, ['done', 'done', 'failed', 'not_done']);
  }
});

test('a signal ends a run', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    const { send } = on(simulation);
    const begin = (goal) => [entry.runPlan(planOf(entry, simulation, goal)), new AbortController()];
    const aborted = (cause) => (error) => {
      assert(error instanceof entry.ElementPairingError);
      assert.deepEqual([error.code, error.cause], ['aborted', cause]);
      return true;
    };

    let [run, controller] = begin(unpair);
    const { signal } = controller;
    controller.abort('before');
    await assert.rejects(run.drive(() => assert.fail('sent'), { signal }), aborted('before'));
    assert(run.states.every((state) => state === 'not_done'));
    assert.deepEqual(run.record, []);

    // What is on its way is unknown, if `send` heeds the signal, and done, if it does not.
    const enough = new Error('enough');
    for (const [heeds, state] of [[true, 'unknown'], [false, 'done']]) {
      [run, controller] = begin(unpair);
      const sendIt = async (call, signal) => {
        const answer = send(call);
        if (call.step === 2) controller.abort(enough);
        if (heeds) signal.throwIfAborted();
        return answer;
      };
      await assert.rejects(run.drive(sendIt, { signal: controller.signal }), aborted(enough));
      assert.deepEqual(run.states.slice(0, 3), ['done', state, 'not_done']);
    }

    // A wait ends at once.
    await reach(entry, simulation, unpair);
    [run, controller] = begin({ goal: 'pair_clusters', clusters });
    const onStep = (step, state) => {
      if (step.wait && state === 'not_done' && ++asked === 3) setTimeout(() => controller.abort('waited'));
    };
    let asked = 0;
    await assert.rejects(run.drive(send, { signal: controller.signal, onStep }), aborted('waited'));
    assert.deepEqual(run.states, ['done', 'done', 'not_done', 'not_done']);

    // And so does whatever else throws.
    const thrown = new Error('mine');
    const fail = () => {
      throw thrown;
    };
    await reach(entry, simulation, unpair, run.record);
    for (const options of [{ onStep: fail }, { wait: fail }]) {
      [run] = begin({ goal: 'pair_clusters', clusters });
      await assert.rejects(run.drive(send, options), aborted(thrown));
      const { record } = run;
      await reach(entry, simulation, unpair, record);
    }
  }
});

test('what drives a run twice at once does not disturb it', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    const run = entry.runPlan(planOf(entry, simulation, unpair));
    const { send, options } = on(simulation);
    const onStep = () => assert.rejects(run.drive(() => assert.fail('sent')), TypeError);
    await run.drive(send, { ...options, onStep });
    assert(run.done);
  }
});

test('once a run was aborted or disposed nothing more is sent', async () => {
  for (const entry of all) {
    for (const [end, code] of [['abort', 'aborted'], ['dispose', 'disposed']]) {
      for (const ended of ['before it is sent', 'in a wait', 'on its way']) {
        const simulation = simulate(listings('unpaired'));
        const run = entry.runPlan(planOf(entry, simulation, { goal: 'pair_clusters', clusters }));
        const { send } = on(simulation);
        const bodies = [];
        const onSend = async (call) => {
          bodies.push(call.body);
          if (ended === 'on its way' && call.step === 2) run[end]();
          return send(call);
        };
        const onStep = ({ step }, state) => {
          if (ended === 'before it is sent' && step === 2 && state === 'unknown') run[end]();
        };
        const wait = () => run[end]();
        await assert.rejects(run.drive(onSend, { onStep, wait }), { code });
        assert.equal(bodies.length, { 'before it is sent': 1, 'in a wait': 3, 'on its way': 2 }[ended]);
        assert(bodies.every((body) => body.every((byte) => byte === 0)));
      }
    }
  }
});

test('bodies are wiped once they are sent, and so are responses that were read', async () => {
  for (const entry of all) {
    const simulation = simulate(listings('healthy'));
    await reach(entry, simulation, unpair);
    const run = entry.runPlan(planOf(entry, simulation, { goal: 'pair_clusters', clusters }));
    const bytes = [];
    await run.drive(
      async ({ cluster, body }) => {
        const { buffer } = simulation.answer(cluster, body);
        bytes.push(body, new Uint8Array(buffer));
        return { arrayBuffer: async () => buffer };
      },
      { wait: (ms) => simulation.advance(ms) },
    );
    assert(bytes.length > 8);
    for (const one of bytes) assert(one.length > 20 && one.every((byte) => byte === 0));
  }
});

test('where WebAssembly stops, a run is wiped and no other is taken for it', () => {
  for (const { planGoal, runPlan, auditTopology, MAX_JSON_LENGTH } of all) {
    const plan = planGoal(listings('healthy'), unpair);
    const run = runPlan(plan);
    const { body } = run.next();
    const long = new Uint8Array(MAX_JSON_LENGTH);
    assert.throws(() => auditTopology(Array(Math.ceil(2 ** 31 / long.length)).fill(long)), { code: 'wasm_failed' });
    assert.throws(() => run.states, { code: 'run_wiped' });
    // This one begins anew, and gets the same number.
    const other = runPlan(plan);
    for (const member of ['plan', 'done', 'stopped', 'states', 'record', 'entry']) {
      assert.throws(() => run[member], { code: 'run_wiped' });
    }
    assert.throws(() => run.answer('{"id":1,"result":{}}'), { code: 'run_wiped' });
    run.dispose();
    assert.throws(() => run.next(), { code: 'disposed' });
    assert.deepEqual(other.next().body, body);
    assert.deepEqual(other.states.slice(0, 2), ['unknown', 'not_done']);
    other.answer('{"id":1,"result":{}}');
    other.dispose();
  }
});

test('runs do not meet', () => {
  for (const { planGoal, runPlan } of all) {
    const plan = planGoal(listings('healthy'), unpair);
    const runs = Array.from({ length: 20 }, () => runPlan(plan));
    runs.forEach((run, index) => {
      for (let step = 1; step <= index % 7; step++) {
        run.next();
        run.answer(`{"id":${step},"result":{}}`);
      }
      if (index % 3 === 0) run.dispose();
    });
    runs.forEach((run, index) => {
      if (index % 3 === 0) assert.throws(() => run.states, { code: 'disposed' });
      else assert.equal(run.states.filter((state) => state === 'done').length, Math.min(index % 7, 6));
    });
  }
});

test('a plan is carried out as it was, whatever becomes of what it was made of', () => {
  for (const { planGoal, runPlan } of all) {
    const texts = listings('healthy').map((text) => new TextEncoder().encode(text));
    const goal = { goal: 'unpair_clusters', clusters: [...clusters] };
    const plan = planGoal(texts, goal);
    texts.forEach((text) => text.fill(0));
    goal.clusters.reverse();
    const run = runPlan(plan);
    assert.equal(run.states.length, plan.steps.length);
    assert.equal(text(run.next().body), plan.steps[0].request);
    run.dispose();
    assert.throws(() => runPlan(structuredClone(plan)), TypeError);
  }
});

test('a plan without steps is done', async () => {
  for (const { planGoal, runPlan } of all) {
    const run = runPlan(planGoal(listings('healthy'), { goal: 'pair_clusters', clusters }));
    assert.deepEqual([run.done, run.states, run.record, run.next()], [true, [], [], undefined]);
    run.abort();
    await run.drive(() => assert.fail('sent'));
    assert(run.done);
  }
});
