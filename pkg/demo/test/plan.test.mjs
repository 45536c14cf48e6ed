// Goals, plans, and trying them on simulated clusters.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { auditTopology, planGoal, topologyOf } from 'element-pairing';
import { simulate } from '../../build/simulator.js';
import { install } from '../../debian.mjs';
import { listings, pending, unpaired } from './clusters.mjs';
import { DISK, REPOSITORY, drop, messages, open, sample, start } from './page.mjs';

const { browser, url } = await start(after);

const file = (name) => readFileSync(new URL(`examples/listings/${name}`, REPOSITORY));
const HEALTHY = [file('healthy-a.json'), file('healthy-b.json')];
const texts = (page, selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.innerText.trim().replace(/\s+/g, ' ')));

async function give(page, files) {
  await drop(page, '#listings .intake', files);
  await page.waitForSelector('#results:not([hidden]):not(.busy)');
}

const choose = (page, kind) => page.selectOption('#goal-kind', kind);

async function plan(page) {
  await page.click('text="Make the plan"');
  await page.waitForSelector('#plan .verdict, #plan .problem');
}

/** The goal that the page asked for last. */
const asked = async (page) =>
  (await messages(page))
    .filter(({ to, text }) => to === 'engine' && text.includes('"name":"plan"'))
    .map(({ text }) => JSON.parse(text).ask.goal)
    .at(-1);

test('each goal is chosen in plain words, out of the listings', async () => {
  const { context, page, seen } = await open(browser, url);
  await give(page, listings(20));
  const clusters = ['xsm6', 'bgn0'];
  for (const goal of ['pair_clusters', 'unpair_clusters']) {
    await choose(page, goal);
    await plan(page);
    assert.deepEqual(await asked(page), { goal, clusters });
  }
  for (const goal of ['pause', 'resume', 'unpair_volumes']) {
    await choose(page, goal);
    await page.waitForSelector('text="All 20 volume pairs between them"');
    await plan(page);
    assert.deepEqual(await asked(page), { goal, clusters, volumes: 'all' });
  }
  await choose(page, 'set_mode');
  await page.selectOption('#goal-mode', 'SnapshotsOnly');
  await page.click('text="Only some of them"');
  await page.click('text="Make the plan"');
  assert.equal(await page.innerText('#goal-note'), 'Choose at least one volume pair.');
  await page.click('text="2 (volume-1) – 2 (volume-1)"');
  await page.fill('[aria-label="Search volume pairs to choose from"]', 'volume-19');
  await page.click('text="20 (volume-19) – 20 (volume-19)"');
  assert.equal(await page.innerText('.picker .count'), '2 chosen');
  await plan(page);
  assert.deepEqual(await asked(page), {
    goal: 'set_mode',
    clusters,
    volumes: [2, 20],
    mode: 'SnapshotsOnly',
  });
  assert.deepEqual(await texts(page, '.step strong:first-of-type'), [
    '1. ModifyVolumePair',
    '2. ModifyVolumePair',
  ]);

  await choose(page, 'direction');
  await page.waitForSelector('text="All 20 volume pairs between them"');
  await page.selectOption('#goal-first', 'bgn0');
  assert.equal(await page.inputValue('#goal-second'), 'xsm6');
  assert.equal(await page.locator('.step').count(), 0);
  await page.waitForSelector('text="All 20 volume pairs between them"');
  await plan(page);
  assert.deepEqual(await asked(page), { goal: 'direction', source: 'bgn0', target: 'xsm6', volumes: 'all' });
  await page.selectOption('#goal-second', 'bgn0');
  await page.waitForSelector('text="All 20 volume pairs between them"');
  await plan(page);
  assert.deepEqual(await asked(page), { goal: 'direction', source: 'xsm6', target: 'bgn0', volumes: 'all' });
  assert.deepEqual(await texts(page, '#plan .verdict'), ['It is already so. The plan has no steps.']);
  assert.equal(await page.locator('#plan button').count(), 0);
  assert.deepEqual(seen.problems, []);
  await context.close();
});

test('volumes to pair are those in no pair; clusters are paired first', async () => {
  const { context, page } = await open(browser, url);
  await give(page, unpaired());
  await choose(page, 'pair_volumes');
  await page.waitForSelector('.pairs');
  assert.deepEqual(
    await page.$$eval('#goal-volumes-0 option', (all) => all.map(({ value, label }) => [value, label])),
    [1, 2, 3, 4].map((id) => [`${id}`, `${id} (disk-${id})`]),
  );
  await page.click('text="Make the plan"');
  assert.equal(await page.innerText('#goal-note'), 'Give the IDs of both volumes of each pair.');
  await page.getByLabel('ID of the source').fill('1');
  await page.getByLabel('ID of the target').fill('9');
  assert.deepEqual(await texts(page, '.pairs .note'), ['1 (disk-1)', 'The cluster has no such active volume without a pair.']);
  await page.getByLabel('ID of the target').fill('2');
  await page.click('text="Another pair of volumes"');
  assert.ok(
    await page.evaluate(() => document.activeElement === document.querySelectorAll('.pairs input')[2]),
  );
  await page.getByLabel('ID of the source').nth(1).fill('3');
  await page.getByLabel('ID of the target').nth(1).fill('4');
  await page.selectOption('#goal-mode', 'Sync');
  await plan(page);
  const pair = (source, target) => ({
    source: { cluster: 'xsm6', volumeID: source },
    target: { cluster: 'bgn0', volumeID: target },
  });
  assert.deepEqual(await asked(page), {
    goal: 'pair_volumes',
    pairs: [pair(1, 2), pair(3, 4)],
    mode: 'Sync',
  });
  assert.equal((await texts(page, '.step strong:first-of-type'))[0], '1. StartClusterPairing');
  await page.click('.pairs >> text="Remove"');
  await plan(page);
  assert.deepEqual((await asked(page)).pairs, [pair(1, 2)]);
  await context.close();
});

test('a plan tells what each step does, what it loses, what it waits for, and what is filled in', async () => {
  const { context, page } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await give(page, unpaired());
  await choose(page, 'pair_clusters');
  await plan(page);
  const files = unpaired().map(({ bytes }) => bytes);
  const { steps } = planGoal(files, { goal: 'pair_clusters', clusters: ['xsm6', 'bgn0'] });
  assert.deepEqual(
    await texts(page, '.step > p:nth-of-type(2)'),
    steps.map(({ why }) => why),
  );
  assert.deepEqual(await texts(page, '.step mark'), ['clusterPairingKey: the clusterPairingKey of step 1']);
  const waits = await page.$$eval('.step dl', (all) =>
    all.map((one) =>
      Object.fromEntries(
        [...one.querySelectorAll('dt')].map((dt) => [dt.innerText, dt.nextElementSibling.innerText]),
      ),
    ),
  );
  assert.equal(waits[1]['Fill in'], steps[1].fill.text);
  assert.equal(waits[2]['Look at'], steps[2].fill.text);
  assert.equal(waits[3]['Wait until'], steps[3].wait.text);
  await page.click('text="Copy request 2"');
  await page.waitForSelector('.step:nth-child(2) >> text="It is in the clipboard."');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), steps[1].request);

  await page.click('text="Remove all"');
  await page.waitForSelector('#results', { state: 'hidden' });
  await sample(page, 'A healthy pair');
  assert.equal(await page.locator('#plan *').count(), 0);
  await choose(page, 'direction');
  await page.selectOption('#goal-first', 'bgn0');
  await page.waitForSelector('text="All 2 volume pairs between them"');
  await plan(page);
  const turned = planGoal(HEALTHY, { goal: 'direction', source: 'bgn0', target: 'xsm6', volumes: 'all' });
  assert.deepEqual(
    await texts(page, '.step-marks li'),
    turned.steps.flatMap(({ marks }) =>
      marks.map(({ effect, text }) => `${effect.kind === 'loss' ? 'Loss' : 'Note'}: ${text}`),
    ),
  );
  assert.equal(await page.locator('.step.loses').count(), 1);
  assert.equal(await page.locator('.step.loses .icon.harmful').count(), 2);
  assert.deepEqual(await texts(page, '#plan .verdict'), [
    '3 steps. At 1 of them data or connections are lost.',
  ]);
  await context.close();
});

test('where no volumes can be paired, it is told why', async () => {
  const { context, page } = await open(browser, url);
  await give(page, listings(2));
  await choose(page, 'pair_volumes');
  const why = () => page.waitForSelector('#goal-objects .note').then((note) => note.innerText());
  assert.equal(await why(), 'No active volume of site-a (xsm6) is without a pair.');
  await page.click('text="Make the plan"');
  await page.waitForSelector('#goal-note >> text="There are no volumes to pair."');

  await page.click('text="Remove all"');
  const [a, b] = unpaired();
  const { name, bytes } = b;
  await give(page, [a, { name, bytes: bytes.replace(/\{"id":"ListVolumes".*\n/, '') }]);
  await choose(page, 'pair_volumes');
  assert.equal(
    await why(),
    'Which volumes of site-b (bgn0) are without a pair was not seen: that takes its ListVolumes.',
  );
  await context.close();
});

test('what forbids a plan is a report', async () => {
  const { context, page } = await open(browser, url);
  await give(page, unpaired());
  await choose(page, 'pair_volumes');
  await page.waitForSelector('.pairs');
  await page.getByLabel('ID of the source').fill('1');
  await page.getByLabel('ID of the target').fill('77');
  await plan(page);
  assert.match((await texts(page, '#plan .verdict')).join(), /^There is no plan\. /);
  assert.deepEqual(await texts(page, '#plan .rule dd code'), ['volume_id_unknown']);

  await sample(page, 'A cluster at its limit');
  await choose(page, 'pause');
  assert.equal(await page.innerText('#goal-note'), 'Give the listings of both clusters.');
  assert.ok(await page.isHidden('text="Make the plan"'));
  await choose(page, 'repair');
  await plan(page);
  assert.deepEqual(await asked(page), { goal: 'repair', pending: [] });
  assert.match((await texts(page, '#plan .verdict')).join(), /^(It is already so|There is no plan)\./);
  await context.close();
});

test('of pending pairs those are removed that are chosen', async () => {
  const { context, page } = await open(browser, url);
  await give(page, pending());
  await choose(page, 'repair');
  await page.waitForSelector('.picker');
  assert.deepEqual(await texts(page, '.choices label'), [
    'cluster pair 7 of site-a (xsm6)',
    'cluster pair 7 of site-b (bgn0)',
    'volume 2 (volume-1) of site-a (xsm6)',
  ]);
  await page.click('text="cluster pair 7 of site-b (bgn0)"');
  await page.click('text="volume 2 (volume-1) of site-a (xsm6)"');
  await plan(page);
  assert.deepEqual(await asked(page), {
    goal: 'repair',
    pending: [
      { cluster: 'bgn0', clusterPairID: 7 },
      { cluster: 'xsm6', volumeID: 2 },
    ],
  });
  assert.deepEqual((await texts(page, '.step strong:first-of-type')).map((text) => text.slice(3)).sort(), [
    'RemoveClusterPair',
    'RemoveVolumePair',
  ]);
  await context.close();
});

for (const [where, address] of [
  ['from a server', url],
  ['from a disk', DISK],
]) {
  test(`a plan is tried on simulated clusters, ${where}`, async () => {
    const { context, page, seen } = await open(browser, address);
    await give(page, unpaired());
    await choose(page, 'pair_volumes');
    await page.waitForSelector('.pairs');
    await page.getByLabel('ID of the source').fill('1');
    await page.getByLabel('ID of the target').fill('2');
    await plan(page);
    const isSimulator = (request) => /simulator[^/]*\.js$/.test(request);
    assert.ok(!seen.requests.some(isSimulator), 'it is loaded when it is needed');
    assert.equal(await page.locator('.state').count(), 0);
    await page.click('text="Try it on simulated clusters"');
    await page.waitForSelector('.pictures');
    assert.equal(seen.requests.filter(isSimulator).length, 1);
    assert.match(
      (await texts(page, '#plan .result .verdict')).join(),
      /^(\d+) of \1 steps done on simulated clusters, in \d+ s of their time\. Found afterwards: /,
    );
    assert.deepEqual([...new Set(await texts(page, '.state'))], ['done']);
    assert.deepEqual(await texts(page, '.picture:nth-child(1) .group'), []);
    const [wire] = await texts(page, '.picture:nth-child(2) .wire');
    assert.match(wire, /^Connected cluster pair/);
    const [group] = await texts(page, '.picture:nth-child(2) .group');
    assert.match(group, /1 \(disk-1\).*2 \(disk-2\)/);
    assert.equal(await page.locator('.picture button').count(), 0);
    // What was given is as it was.
    assert.deepEqual(await texts(page, '#drawing .group'), []);
    await choose(page, 'pair_clusters');
    assert.equal(await page.locator('.pictures').count(), 0);
    assert.deepEqual(
      seen.problems.filter((problem) => !problem.includes('Worker')),
      [],
    );
    await context.close();
  });
}

test('a long trial tells how far it is, and can be stopped', async () => {
  const { context, page } = await open(browser, url, { quick: true });
  await give(page, listings(2000));
  await choose(page, 'unpair_clusters');
  await plan(page);
  assert.deepEqual(await texts(page, '#plan .verdict'), ['4,002 steps. Nothing is lost.']);
  await page.click('[aria-label="Pages of steps"] >> text="Next"');
  await page.waitForSelector('text="11. RemoveVolumePair"');
  await page.click('text="Try it on simulated clusters"');
  // In the page, which is quicker than the trial however busy the machine is.
  await page.waitForFunction(() => {
    const isUnderWay = /^Trying it: [1-9][0-9,]* steps so far/.test(document.querySelector('#plan .busy')?.textContent);
    if (isUnderWay) document.querySelector('#plan > .result button').click();
    return isUnderWay;
  });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Try it on simulated clusters');
  await page.waitForSelector('.pictures');
  assert.match(await page.innerText('#plan .result .problem'), /the run was ended/);
  assert.match(await page.innerText('.picture:nth-child(2) .groups'), /[0-9] volume pairs/);
  await context.close();
});

test('the plan as a script does with curl what it says', async (t) => {
  const { context, page } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const hostile = unpaired().map(({ name, bytes }) => ({
    name,
    bytes: bytes.replaceAll('site-b', "z'$(touch hacked)`b"),
  }));
  await give(page, hostile);
  await choose(page, 'pair_volumes');
  await page.waitForSelector('.pairs');
  await page.getByLabel('ID of the source').fill('1');
  await page.getByLabel('ID of the target').fill('2');
  await plan(page);
  await page.click('text="Copy all as a script"');
  await page.waitForSelector('#plan >> text="It is in the clipboard."');
  const script = await page.evaluate(() => navigator.clipboard.readText());
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text="Save the script"')]);
  assert.equal(download.suggestedFilename(), 'plan.sh');
  assert.equal(readFileSync(await download.path(), 'utf8'), script);
  assert.equal(await page.evaluate(() => document.querySelectorAll('.excerpt').length), 0);

  install('what the script needs', 'curl', 'jq');
  // Simulated clusters behind a curl that knows where they are, and a sleep for which time is theirs.
  const given = hostile.map(({ bytes }) => bytes);
  let clusters = simulate(given);
  let isToBeCut = false;
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const body = Buffer.concat(chunks);
    if (request.url === '/sleep') clusters.advance(1000 * Number(body));
    else response.write(clusters.answer(request.url.slice(1), body));
    if (isToBeCut && body.includes('CompleteClusterPairing')) clusters.cut('xsm6', 'bgn0');
    response.end();
  });
  await promisify((done) => server.listen(0, '127.0.0.1', done))();
  const place = mkdtempSync(join(tmpdir(), 'plan-'));
  t.after(() => {
    server.close();
    rmSync(place, { recursive: true });
  });
  const post = (path, data) =>
    `exec "$CURL" --silent --data-binary ${data} http://127.0.0.1:${server.address().port}/${path}\n`;
  const cluster = `for url; do :; done\nhost=\${url#https://}\n`;
  writeFileSync(join(place, 'curl'), `#!/bin/sh\n${cluster}${post('${host%%/*}', '@-')}`, { mode: 0o755 });
  writeFileSync(join(place, 'sleep'), `#!/bin/sh\n${post('sleep', '"$1"')}`, { mode: 0o755 });
  writeFileSync(join(place, 'plan.sh'), script);
  const { stdout: curl } = await promisify(execFile)('sh', ['-c', 'command -v curl']);
  const env = { ...process.env, CURL: curl.trim(), PATH: `${place}:${process.env.PATH}` };
  const carryOut = () => promisify(execFile)('sh', ['plan.sh'], { cwd: place, env });
  const { stdout } = await carryOut();
  assert.match(stdout, /^1\. StartClusterPairing to site-a \(xsm6\).*\n(.*\n)+All is done\.\n$/);
  assert.ok(stdout.includes("z'$(touch hacked)`b"));
  assert.doesNotMatch(stdout, /7b22/, 'no key is printed');
  const [pair] = topologyOf(clusters.listings()).volumePairs;
  assert.deepEqual(pair.ends.map(({ volumeID, state }) => `${volumeID} ${state}`).sort(), [
    '1 Active',
    '2 Active',
  ]);
  assert.equal(
    auditTopology(clusters.listings()).findings.filter(({ severity }) => severity === 'error').length,
    0,
  );
  const { stdout: left } = await promisify(execFile)('ls', [place]);
  assert.equal(left, 'curl\nplan.sh\nsleep\n');

  clusters = simulate(given);
  isToBeCut = true;
  await assert.rejects(carryOut, ({ code, stdout, stderr }) => {
    assert.equal(code, 1);
    assert.match(stdout, /\n3\. ListClusterPairs [^\n]*\n$/, 'no step after it');
    assert.equal(stderr, 'What was waited for did not come: Disconnected\n');
    return true;
  });
  await context.close();
});

test('a script has IPv6 addresses in brackets, and there is none for a cluster without an address', async () => {
  const { context, page } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const moved = unpaired().map(({ name, bytes }) => ({
    name,
    bytes: bytes.replace('"mvip":"192.0.2.10"', '"mvip":"2001:db8::10"'),
  }));
  await give(page, moved);
  await choose(page, 'pair_clusters');
  await plan(page);
  await page.click('text="Copy all as a script"');
  await page.waitForSelector('#plan >> text="It is in the clipboard."');
  const script = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual([...new Set(script.match(/https:[^']+/g))], [
    'https://[2001:db8::10]/json-rpc/12.5',
    'https://198.51.100.10/json-rpc/12.5',
  ]);

  await page.click('text="Remove all"');
  const nowhere = (text) => text.replace('"mvip":"192.0.2.10",', '');
  await give(page, listings(1).map(({ name, bytes }) => ({ name, bytes: nowhere(bytes) })));
  await choose(page, 'pause');
  await plan(page);
  assert.equal(
    await page.innerText('#plan > .note'),
    'There is no script: the listings do not tell the MVIP of site-a (xsm6).',
  );
  assert.equal(await page.locator('#plan >> text=/as a script|Save the script/').count(), 0);
  await context.close();
});

test('a trial that is stopped while the simulated clusters load does nothing', async () => {
  const { context, page } = await open(browser, url);
  await give(page, unpaired());
  await choose(page, 'pair_clusters');
  await plan(page);
  await page.evaluate(() => {
    document.querySelector('#plan .actions button').click();
    document.querySelector('#plan > .result button').click();
  });
  await page.waitForSelector('.pictures');
  assert.match(await page.innerText('#plan > .result .verdict'), /^0 of 4 steps done/);
  assert.deepEqual([...new Set(await texts(page, '.state'))], ['not done']);
  await context.close();
});
