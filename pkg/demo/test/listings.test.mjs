import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { auditTopology } from 'element-pairing';
import { DISK, REPOSITORY, drop, messages, open, paste, sample, start } from './page.mjs';
import { listings } from './clusters.mjs';

const { browser, url } = await start(after);

const file = (name) => ({ name, bytes: readFileSync(new URL(`examples/listings/${name}`, REPOSITORY)) });
const texts = (page, selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.innerText.trim().replace(/\s+/g, ' ')));
const rows = (page, caption) => texts(page, `table:has(caption:text-matches("^${caption}")) tbody tr`);
const done = (page) => page.waitForSelector('#results:not([hidden]):not(.busy)');

for (const [where, address] of [
  ['from a server', url],
  ['from a disk', DISK],
]) {
  test(`the samples, ${where}`, async () => {
    const { context, page, seen } = await open(browser, address);
    await sample(page, 'Two mismatched volumes');
    assert.equal((await texts(page, '#verdict')).join(), '3 errors.');
    const { findings } = auditTopology([file('mismatched-a.json').bytes, file('mismatched-b.json').bytes]);
    assert.equal(findings.length, 3);
    assert.deepEqual(
      await texts(page, '.found li'),
      findings.map(({ text }) => text),
    );
    assert.deepEqual(await texts(page, '.rule dd code'), [...new Set(findings.map(({ rule }) => rule))]);
    assert.ok(await page.isHidden('.unchecked'));

    await sample(page, 'A half-removed pair');
    assert.equal((await texts(page, '#verdict')).join(), '3 errors.');

    await sample(page, 'A cluster at its limit');
    assert.match((await texts(page, '#verdict')).join(), /^Nothing found in what was seen\./);
    assert.equal((await texts(page, '.drawing .cluster.unseen')).length, 4);
    const wants = await texts(page, '.want');
    assert.ok(wants.includes('ListClusterPairs of site-b (bgn0)'), wants.join());

    await sample(page, 'A healthy pair');
    assert.equal((await texts(page, '#verdict')).join(), 'Nothing found. Every rule that applies was checked.');
    assert.deepEqual(await texts(page, '.given .name'), ['healthy-a.json', 'healthy-b.json']);
    assert.deepEqual(
      seen.problems.filter((problem) => !problem.includes('Worker')),
      [],
    );
    await context.close();
  });
}

test('the drawing and the tables tell the same', async () => {
  const { context, page } = await open(browser, url);
  await sample(page, 'A healthy pair');
  assert.deepEqual(await texts(page, '.drawing .cluster'), [
    'site-a xsm6 · 192.0.2.10 Cluster pairs: 1 of 4',
    'site-b bgn0 · 198.51.100.10 Cluster pairs: 1 of 4',
  ]);
  assert.deepEqual(await texts(page, '.wire'), ['Connected cluster pair 3 – 1, 2 ms']);
  assert.deepEqual(await texts(page, '.group'), [
    '24 (orders) → 8 (orders-copy) Async · Active',
    '25 (mail-copy) ← 9 (mail) Sync · Active',
  ]);
  assert.deepEqual(await rows(page, 'Clusters'), [
    'site-a (xsm6) 192.0.2.10 1 of 4 GetClusterInfo, GetLimits, ListClusterPairs, ListVolumes none nothing',
    'site-b (bgn0) 198.51.100.10 1 of 4 GetClusterInfo, GetLimits, ListClusterPairs, ListVolumes none nothing',
  ]);
  assert.deepEqual(await rows(page, 'Cluster pairs'), [
    'site-a (xsm6) lists it as 3 site-b (bgn0) lists it as 1 Connected 2 ms nothing',
  ]);
  assert.deepEqual(await rows(page, 'Volume pairs'), [
    '24 (orders) of site-a (xsm6) readWrite, 10 GiB → to the second volume 8 (orders-copy) of site-b (bgn0) replicationTarget, 10 GiB Async Active nothing',
    '25 (mail-copy) of site-a (xsm6) replicationTarget, 20 GiB ← to the first volume 9 (mail) of site-b (bgn0) readWrite, 20 GiB Sync Active nothing',
  ]);

  await sample(page, 'Two mismatched volumes');
  assert.equal(await page.locator('.group.error .arrow.dashed .cross').count(), 2);
  assert.equal(await page.locator('.group.error .icon.error').count(), 2);
  await context.close();
});

test('a heading says what is wrong, in the words of the drawing, and a row what must hold', async () => {
  const { context, page } = await open(browser, url);
  const smaller = (volume, index, end) => {
    if (end === 1) volume.totalSize /= 2;
  };
  await drop(page, '#listings .intake', listings(1, smaller));
  await done(page);
  assert.deepEqual(await texts(page, '.group .mark'), ['Error: target smaller']);
  assert.deepEqual(await texts(page, '#findings h3'), ['Error: target smaller 1']);
  assert.deepEqual(await texts(page, '#findings dt:text-is("Rule") + dd'), [
    'The target is not smaller than the source. target_smaller',
  ]);
  await page.fill('#search', 'target smaller');
  assert.deepEqual(await texts(page, '#matched'), ['1 finding and 1 volume pair match.']);
  await context.close();
});

test('a group of the drawing leads to its rows, a search to what has its words', async () => {
  const { context, page } = await open(browser, url);
  const broken = (volume, index, end) => {
    if (index % 100 === 7 && end === 0) volume.volumePairs[0].remoteReplication.state = 'PausedManual';
  };
  await drop(page, '#listings .intake', listings(1000, broken));
  await done(page);
  assert.equal((await texts(page, '#verdict')).join(), '10 warnings.');
  assert.equal((await rows(page, 'Volume pairs')).length, 25);
  await page.click('text="10 volume pairs"');
  assert.equal((await rows(page, 'Volume pairs')).length, 10);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tables-heading');
  await page.click('text="Show all"');
  assert.equal(await page.innerText('[aria-label="Pages of volume pairs"] span'), '1 to 25 of 1,000');
  await page.click('[aria-label="Pages of volume pairs"] >> text="Next"');
  assert.match((await rows(page, 'Volume pairs'))[0], /^26 \(volume-25\)/);
  assert.equal(
    await page.getAttribute('table:has(caption:text-matches("^Volume pairs")) tbody tr', 'aria-rowindex'),
    '27',
  );

  await page.fill('#search', 'VOLUME-907 paused');
  assert.deepEqual(await texts(page, '#matched'), ['1 finding and 1 volume pair match.']);
  const [found, ...others] = await texts(page, '.found li');
  assert.match(found, /^volume pair 908 \(volume-907\) of site-a \(xsm6\)/);
  assert.deepEqual(others, []);
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#search'), '');
  assert.equal((await texts(page, '.found li')).length, 10);
  await page.fill('#search', 'no such thing');
  assert.deepEqual(await texts(page, '#matched'), ['0 findings and 0 volume pairs match.']);
  await context.close();
});

test('links at the head of the drawing lead to what is far below it', async () => {
  const viewport = { width: 360, height: 800 };
  const { context, page } = await open(browser, url, { viewport, reducedMotion: 'reduce' });
  const smaller = (volume, index, end) => {
    if (end === 1) volume.totalSize /= 2;
  };
  await drop(page, '#listings .intake', listings(100, smaller));
  await done(page);
  for (const [link, heading] of [
    ['Report', '#report-heading'],
    ['Tables', '#tables-heading'],
    ['Reach a goal', '#goal-heading'],
  ]) {
    await page.getByRole('link', { name: link, exact: true }).click();
    await page.waitForFunction((heading) => {
      const { top, bottom } = document.querySelector(heading).getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }, heading);
  }
  await page.setViewportSize({ width: 360, height: 3000 });
  await sample(page, 'A healthy pair');
  // There is no report.
  assert.deepEqual(await texts(page, '.head a:visible'), ['Tables', 'Reach a goal']);
  await context.close();
});

test('a group that can be pressed looks so, one of a trial does not', async () => {
  const { context, page } = await open(browser, url);
  const borders = (selector) =>
    page.$$eval(`${selector} .group-title`, (all) => all.map((one) => getComputedStyle(one).borderTopStyle));
  await sample(page, 'A healthy pair');
  await page.selectOption('#goal-kind', 'unpair_clusters');
  await page.click('text="Make the plan"');
  await page.click('text="Try it on simulated clusters"');
  await page.waitForSelector('.pictures');
  assert.deepEqual(await borders('#drawing'), ['solid', 'solid']);
  assert.deepEqual(await borders('.pictures'), ['none', 'none']);
  await context.close();
});

test('what cannot be read is told with its code and place, the rest is judged', async () => {
  const { context, page, seen } = await open(browser, url);
  const healthy = file('healthy-a.json');
  await drop(page, '#listings .intake', [
    healthy,
    { name: 'utf-16.json', bytes: Buffer.from(`\ufeff${healthy.bytes}`, 'utf16le') },
    { name: 'binary.json', bytes: Buffer.from([...Array(4096).keys()].map((value) => value % 256)) },
    { name: 'login.html', bytes: '<!doctype html><title>401</title>' },
    { name: 'cut.json', bytes: healthy.bytes.subarray(0, 2000) },
    {
      name: 'other.json',
      bytes: '{"id":"GetClusterInfo","result":{"clusterInfo":{}}}\n{"id":"ListNodes","result":{}}',
    },
    { name: '<img src=x onerror=alert(1)>\u202e\u0007nosj', bytes: '' },
    file('healthy-b.json'),
  ]);
  await done(page);
  const items = await page.$$eval('.given > li', (all) =>
    all.map((one) => [
      one.querySelector('.name').textContent,
      one.querySelector('.problem .facts dd:last-of-type')?.textContent ?? null,
    ]),
  );
  assert.deepEqual(items, [
    ['healthy-a.json', null],
    ['utf-16.json', 'not_utf8'],
    ['binary.json', 'not_utf8'],
    ['login.html', 'not_json'],
    ['cut.json', 'cut_short'],
    ['other.json', 'no_listing'],
    ['<img src=x onerror=alert(1)>\\u{202e}\\u{7}nosj', 'empty'],
    ['healthy-b.json', null],
  ]);
  assert.match((await texts(page, '.given .problem'))[4], /Place line 2, column 1/);
  assert.match((await texts(page, '#verdict')).join(), /^Nothing found/);

  await page.click('[aria-label="Remove healthy-b.json"]');
  await page.waitForFunction(() => document.querySelectorAll('.given > li').length === 7);
  assert.match((await texts(page, '#verdict')).join(), /in what was seen/);
  await page.click('text="Remove all"');
  await page.waitForSelector('.given', { state: 'detached' });
  assert.ok(await page.isHidden('#results'));
  assert.deepEqual(seen.problems, []);
  await context.close();
});

test('a file that is too long, and a paste', async () => {
  const { context, page } = await open(browser, url);
  // Made in the page: it is longer than what a test may hand over.
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    const file = new File([new Uint8Array(65 * 1024 * 1024).fill(32)], 'long.json');
    dataTransfer.items.add(file);
    document
      .querySelector('#listings .intake')
      .dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  });
  await page.waitForSelector('.given .problem');
  assert.equal(await page.innerText('.given .facts code'), 'too_long');
  await paste(page, '#listings-text', file('healthy-a.json').bytes.toString());
  await done(page);
  assert.equal(await page.inputValue('#listings-text'), '');
  assert.deepEqual(await texts(page, '.given .name'), ['long.json', 'pasted text']);
  await paste(page, '#listings-text', file('healthy-b.json').bytes.toString());
  await page.waitForSelector('.given li:nth-child(3)');
  assert.deepEqual(await texts(page, '.given .name'), ['long.json', 'pasted text', 'pasted text 2']);
  await context.close();
});

test('listings given before the last are read are added to them, and judged with them', async () => {
  const { context, page } = await open(browser, url);
  const given = ['healthy-a.json', 'healthy-b.json'].map((name) => ({ name, text: String(file(name).bytes) }));
  await page.evaluate((given) => {
    const results = document.querySelector('#results');
    globalThis.verdicts = [];
    const observer = new MutationObserver(() => {
      if (!results.hidden && !results.classList.contains('busy'))
        verdicts.push(document.querySelector('#verdict').innerText);
    });
    observer.observe(results, { attributeFilter: ['class'] });
    for (const { name, text } of given) {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('#listings .intake').dispatchEvent(drop);
    }
  }, given);
  await page.waitForSelector('.given');
  assert.deepEqual(await texts(page, '.given .name'), ['healthy-a.json', 'healthy-b.json']);
  // What the first led to is not shown as if it were all.
  const judged = 'Nothing found. Every rule that applies was checked.';
  const verdicts = await page.evaluate(() => globalThis.verdicts.map((text) => text.replace(/\s+/g, ' ')));
  assert.deepEqual([...new Set(verdicts)], [judged]);

  await page.click('text="Remove all"');
  await page.evaluate((given) => {
    for (const { text } of given) {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('#listings-text').dispatchEvent(paste);
    }
  }, given);
  await page.waitForSelector('.given');
  assert.deepEqual(await texts(page, '.given .name'), ['pasted text', 'pasted text 2']);
  assert.deepEqual(await texts(page, '#verdict'), [judged]);
  await context.close();
});

test('without a listing that can be read, nothing is shown', async () => {
  const { context, page } = await open(browser, url);
  await drop(page, '#listings .intake', [file('healthy-a.json'), { name: 'login.html', bytes: '<html>' }]);
  await done(page);
  await page.click('[aria-label="Remove healthy-a.json"]');
  await page.waitForFunction(() => document.querySelectorAll('.given > li').length === 1);
  assert.ok(await page.isHidden('#results'));
  assert.ok(await page.locator('.given .problem').isVisible());
  await context.close();
});

test('what cannot be judged for want of memory does not take the others with it', async () => {
  // From a disk the engine runs in the page, where a test can come between.
  const { context, page } = await open(browser, DISK);
  await sample(page, 'A healthy pair');
  await page.evaluate(() => {
    const { set } = Uint8Array.prototype;
    Uint8Array.prototype.set = function (source, ...rest) {
      if (source.length > 1e6) throw new RangeError('Array buffer allocation failed');
      set.call(this, source, ...rest);
    };
  });
  await drop(page, '#listings .intake', listings(1000).slice(0, 1));
  await page.waitForSelector('.given .problem');
  assert.deepEqual(await texts(page, '.given li:has(.problem) .name'), ['site-a.json']);
  assert.deepEqual(await texts(page, '.given .name'), ['healthy-a.json', 'healthy-b.json', 'site-a.json']);
  assert.equal((await texts(page, '#verdict')).join(), 'Nothing found. Every rule that applies was checked.');
  await context.close();
});

test('a file that misses the fields does not replace the page', async () => {
  const { context, page } = await open(browser, url);
  const taken = await page.evaluate(() => {
    const event = new DragEvent('drop', { dataTransfer: new DataTransfer(), bubbles: true, cancelable: true });
    return !document.querySelector('h1').dispatchEvent(event);
  });
  assert.ok(taken);
  await context.close();
});

test('hostile names are escaped, and break nothing', async () => {
  const { context, page, seen } = await open(browser, url, { viewport: { width: 360, height: 800 } });
  const long = 'x'.repeat(5000);
  await drop(
    page,
    '#listings .intake',
    listings(3, (volume, index, end) => {
      volume.name = ['\u202egnp.exe\u0000', `<script>${long}`, 'مجلد النسخ'][index];
      if (end === 1) volume.access = 'readWrite';
    }),
  );
  await done(page);
  const text = await page.innerText('main');
  assert.ok(text.includes('\\u{202e}gnp.exe\\u{0}'));
  assert.ok(text.includes('<script>xxx'));
  assert.ok(text.includes('مجلد النسخ'));
  assert.ok(!/[\u202e\u0000]/.test(text));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  assert.deepEqual(seen.problems, []);
  await context.close();
});

test('a key among the listings, and a listing as a key, are told where they belong', async () => {
  const { context, page } = await open(browser, url);
  await drop(page, '#listings .intake', [
    file('healthy-a.json'),
    { name: 'a.key', bytes: vector('cluster-canonical') },
    { name: 'b.key', bytes: `{"result":{"volumePairingKey":"${vector('volume-canonical').trim()}"}}` },
  ]);
  await done(page);
  assert.deepEqual(await texts(page, '.given .problem-title'), [
    'It cannot be read: this is a cluster pairing key.',
    'It cannot be read: this is a volume pairing key.',
  ]);
  assert.match((await texts(page, '.given .problem'))[0], /Paste or drop it under Pairing key\./);

  const long = listings(200)[0];
  for (const { bytes } of [file('healthy-b.json'), long]) {
    await drop(page, '#key .intake', [{ name: 'listing.json', bytes }]);
    await page.waitForSelector('#key-result .problem');
    assert.match((await texts(page, '#key-result')).join(), /this is a listing\. .* drop it under Listings\./);
    await page.evaluate(() => document.querySelector('#key-result').replaceChildren());
  }
  await context.close();
});

const vector = (name) => readFileSync(new URL(`tests/vectors/valid/${name}.key`, REPOSITORY), 'utf8');

test('with a key as well: may it be completed, and why not', async () => {
  const { context, page } = await open(browser, url);
  const verdict = () => page.innerText('#check .verdict-title');
  await sample(page, 'A cluster at its limit');
  assert.ok(await page.isHidden('#check'));
  await paste(page, '#key-text', vector('cluster-canonical'));
  await page.waitForSelector('#check .verdict');
  assert.equal(await verdict(), 'No: the cluster refuses it.');
  assert.deepEqual(await texts(page, '#check .rule dd code'), [
    'cluster_pair_limit',
    'cluster_key_of_this_cluster',
  ]);
  assert.equal(await page.inputValue('#check-cluster'), 'xsm6');
  assert.deepEqual(await texts(page, '#check h3'), [
    'Error: cluster pair limit 1',
    'Error: cluster key of this cluster 1',
  ]);
  assert.ok(await page.isHidden('#check-volume'));

  await paste(page, '#key-text', vector('volume-canonical'));
  const wanted = page.locator('text="Give the ID of the volume that is to be paired, a number from 1."');
  await wanted.waitFor();
  for (const none of ['0', '-1', '1.5']) {
    await page.fill('#check-volume', '24');
    await page.waitForSelector('#check .verdict');
    await page.fill('#check-volume', none);
    assert.ok(await wanted.isVisible(), none);
    assert.equal(await page.locator('#check .verdict').count(), 0, none);
  }
  const asked = async () => (await messages(page)).filter(({ text }) => text.includes('"name":"check"')).length;
  await page.fill('#check-volume', '');
  const before = await asked();
  await page.locator('#check-volume').pressSequentially('24');
  await page.waitForSelector('#check .verdict');
  assert.equal(await asked(), before + 1);
  assert.ok((await texts(page, '#check .rule dd code')).includes('volume_key_mvip_not_paired'));

  await sample(page, 'A healthy pair');
  await page.waitForFunction(() => document.querySelectorAll('#check-cluster option').length === 2);
  assert.deepEqual(await texts(page, '#check-cluster option'), ['site-a (xsm6)', 'site-b (bgn0)']);
  await page.selectOption('#check-cluster', 'bgn0');
  await page.fill('#check-volume', '77');
  await page.waitForSelector('#check .rule code:text-is("volume_id_unknown")');

  // Site-a has made this key, by its unique ID; its address has changed since.
  await paste(page, '#key-text', vector('cluster-canonical'));
  await page.waitForSelector('text="This is a cluster pairing key."');
  await page.waitForSelector('#check .verdict');
  assert.equal(await page.inputValue('#check-cluster'), 'bgn0');
  await page.click('text="Forget the key"');
  assert.ok(await page.isHidden('#check'));
  assert.equal(await page.locator('#check .rule').count(), 0);
  await context.close();
});
