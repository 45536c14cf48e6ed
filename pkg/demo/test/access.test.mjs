// For everybody: axe in every state, light and dark, narrow and wide; and the keyboard alone.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { REPOSITORY, drop, open, paste, sample, start } from './page.mjs';
import { listings, pending } from './clusters.mjs';

const { browser, url } = await start(after);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = new URL('screenshots/', import.meta.url);
mkdirSync(SHOTS, { recursive: true });

const key = (name) => readFileSync(new URL(`tests/vectors/${name}.key`, REPOSITORY), 'utf8');

const STATES = {
  empty: async () => {},
  dropping: (page) => page.evaluate(() => document.querySelector('#key .intake').classList.add('over')),
  'bad-key': async (page) => {
    await paste(page, '#key-text', key('invalid/cut-even'));
    await page.waitForSelector('.problem');
  },
  key: async (page) => {
    await paste(page, '#key-text', key('valid/mixture-volume'));
    await page.waitForSelector('.key');
  },
  'secret-shown': async (page) => {
    await paste(page, '#key-text', key('valid/cluster-canonical'));
    await page.click('[aria-label="Show password"]');
    await page.waitForSelector('.shown');
  },
  'sample-menu': async (page) => {
    await page.click('text="How to get them"');
    await page.click('text="Sample listings"');
  },
  'bad-listings': async (page) => {
    await drop(page, '#listings .intake', [
      { name: 'login page.html', bytes: '<html>' },
      {
        name: `${'a-very-long-name-'.repeat(14)}.json`,
        bytes: '{"id":"GetLimits","result":{"clusterPairsCountMax":"four"}}',
      },
    ]);
    await page.waitForSelector('.given li:nth-child(2) .problem');
  },
  healthy: (page) => sample(page, 'A healthy pair'),
  mismatched: (page) => sample(page, 'Two mismatched volumes'),
  'half-removed': (page) => sample(page, 'A half-removed pair'),
  limit: async (page) => {
    await sample(page, 'A cluster at its limit');
    await page.click('.unchecked summary >> nth=1');
  },
  'key-and-listings': async (page) => {
    await sample(page, 'A cluster at its limit');
    await paste(page, '#key-text', key('valid/cluster-canonical'));
    await page.waitForSelector('#check .verdict');
  },
  many: async (page) => {
    const broken = (volume, index, end) => {
      if (index % 9 === 0 && end === 1) volume.totalSize /= 2;
      if (index % 11 === 0 && end === 0) volume.volumePairs[0].remoteReplication.state = 'PausedManual';
      if (index === 5) volume.name = 'a-volume-with-a-name-as-long-as-Element-lets-one-be-64-character';
    };
    await drop(page, '#listings .intake', listings(400, broken));
    await page.waitForSelector('#results:not([hidden]):not(.busy)');
  },
  goals: async (page) => {
    await STATES.many(page);
    await page.selectOption('#goal-kind', 'pause');
    await page.click('text="Only some of them"');
    await page.click('.choices label >> nth=1');
  },
  'volumes-to-pair': async (page) => {
    await sample(page, 'Two clusters that are not paired');
    await page.selectOption('#goal-kind', 'pair_volumes');
    await page.getByLabel('ID of the source').fill('24');
    await page.getByLabel('ID of the target').fill('8');
  },
  plan: async (page) => {
    await STATES['volumes-to-pair'](page);
    await page.click('text="Make the plan"');
    await page.waitForSelector('.step');
  },
  'plan-that-loses': async (page) => {
    await sample(page, 'A healthy pair');
    await page.selectOption('#goal-kind', 'direction');
    await page.selectOption('#goal-first', 'bgn0');
    await page.click('text="Make the plan"');
    await page.waitForSelector('.step');
  },
  tried: async (page) => {
    await STATES['plan-that-loses'](page);
    await page.click('text="Try it on simulated clusters"');
    await page.waitForSelector('.pictures');
  },
  'already-so': async (page) => {
    await sample(page, 'A healthy pair');
    await page.click('text="Make the plan"');
    await page.waitForSelector('#plan .verdict');
  },
  'no-plan': async (page) => {
    await sample(page, 'Two mismatched volumes');
    await page.selectOption('#goal-kind', 'direction');
    await page.click('text="Make the plan"');
    await page.waitForSelector('#plan .verdict');
  },
  pending: async (page) => {
    await drop(page, '#listings .intake', pending());
    await page.waitForSelector('#results:not([hidden]):not(.busy)');
    await page.selectOption('#goal-kind', 'repair');
    await page.click('.choices label >> nth=1');
  },
  searched: async (page) => {
    await STATES.many(page);
    await page.fill('#search', 'volume-99');
  },
};

/** Brings all of the page into view, so that it is laid out. */
async function unfold(page, width) {
  for (let height = 0, next = 900; next > height; ) {
    height = next;
    await page.setViewportSize({ width, height });
    next = await page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      await frame();
      await frame();
      return document.body.offsetHeight;
    });
  }
}

for (const width of [360, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing at ${width} pixels, ${colorScheme}`, async () => {
      for (const [state, reach] of Object.entries(STATES)) {
        const { context, page } = await open(browser, url, {
          viewport: { width, height: 900 },
          colorScheme,
          reducedMotion: 'reduce',
        });
        await reach(page);
        await unfold(page, width);
        await page.screenshot({
          path: new URL(`${state}-${width}-${colorScheme}.png`, SHOTS).pathname,
          fullPage: true,
        });
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          });
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
        });
        assert.deepEqual(violations, [], state);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${state} fits`);
        const fit = (all) => all.every((one) => one.scrollWidth <= one.clientWidth);
        assert.ok(await page.$$eval('.problem-title', fit), `the problem fits in ${state}`);
        await context.close();
      }
    });
  }
}

test('axe finds what is wrong', async () => {
  const { context, page } = await open(browser, url);
  await page.evaluate(axe);
  await page.evaluate(() => document.querySelector('label').remove());
  const ids = await page.evaluate(async () => (await globalThis.axe.run()).violations.map(({ id }) => id));
  assert.ok(ids.includes('label'), ids.join());
  await context.close();
});

test('the keyboard alone is enough', async () => {
  const { context, page } = await open(browser, url);
  await paste(page, '#key-text', key('valid/cluster-canonical'));
  await page.waitForSelector('.key');
  await page.mouse.click(2, 2);
  const tab = async () => {
    await page.keyboard.press('Tab');
    return page.evaluate(() => {
      const { activeElement: on } = document;
      const { outlineStyle, outlineWidth } = getComputedStyle(on);
      return {
        name: on.getAttribute('aria-label') ?? on.labels?.[0]?.textContent ?? on.textContent.trim(),
        visible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
      };
    });
  };
  const order = [];
  for (let step = 0; step < 11; step++) order.push(await tab());
  assert.deepEqual(
    order.map(({ name }) => name),
    [
      'Skip to the pairing key',
      'Paste the key, or drop a file that has it',
      'Choose a file',
      'Show username',
      'Show password',
      'Forget the key',
      'Copy the clean digits',
      'Drop files, one for each cluster, or paste one cluster’s answers at a time',
      'Choose files',
      'Sample listings',
      'How to get them',
    ],
  );
  assert.ok(order.every(({ visible }) => visible));

  await page.focus('text="Sample listings"');
  await page.keyboard.press('Enter');
  assert.ok(await page.isVisible('#samples'));
  await page.keyboard.press('Escape');
  assert.ok(await page.isHidden('#samples'));
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Sample listings');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#results:not([hidden]):not(.busy)');
  assert.equal(await page.innerText('#verdict'), '3 errors.');
  await page.waitForSelector('#check .verdict');
  assert.match(await page.textContent('#status'), /^May the key be completed\? (Yes|Perhaps|Better not|No):/);
  await page.focus('.group');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tables-heading');
  assert.equal(await page.locator('[role=row]:has(td strong, td .strong)').count(), 1);
  await context.close();
});

test('a goal is reached by the keyboard alone, and told', async () => {
  const { context, page } = await open(browser, url);
  await sample(page, 'A healthy pair');
  await page.focus('#goal-kind');
  await page.keyboard.type('Replication is paused');
  assert.equal(await page.inputValue('#goal-kind'), 'pause');
  await page.waitForSelector('.radios');
  for (let step = 0; step < 3; step++) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  assert.equal(await page.innerText('.picker .count'), '1 chosen');
  for (let step = 0; step < 2; step++) await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Make the plan');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.step');
  assert.equal(await page.textContent('#status'), '1 step. Nothing is lost.');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Try it on simulated clusters');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.pictures');
  assert.equal(await page.textContent('#status'), '1 of 1 step done on simulated clusters.');
  assert.ok(await page.evaluate(() => document.activeElement !== document.body), 'the focus is not lost');
  await context.close();
});

test('a screen reader finds landmarks, headings and tables', async () => {
  const { context, page } = await open(browser, url);
  await sample(page, 'Two mismatched volumes');
  const headings = await page.$$eval('h1, h2, h3', (all) =>
    all.filter((one) => one.checkVisibility()).map((one) => `${one.localName} ${one.innerText.split('\n')[0]}`),
  );
  assert.deepEqual(headings, [
    'h1 Element pairing',
    'h2 Pairing key',
    'h2 Listings',
    'h2 What the listings show',
    'h2 Report',
    'h3 Error: volume pair one sided',
    'h3 Error: paused misconfigured',
    'h2 Tables',
    'h2 Reach a goal',
  ]);
  for (const role of ['banner', 'main', 'search']) assert.equal(await page.getByRole(role).count(), 1, role);
  for (const name of ['Pairing key', 'Listings', 'Report', 'Tables'])
    assert.equal(await page.getByRole('region', { name, exact: true }).count(), 1, name);
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 });
    const table = page.getByRole('table', { name: /^Volume pairs/ });
    assert.equal(await table.getByRole('columnheader').count(), 6);
    assert.equal(await table.getByRole('cell').count(), 18);
  }
  await context.close();
});
