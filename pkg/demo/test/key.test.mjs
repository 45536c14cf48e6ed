import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { DISK, REPOSITORY, drop, messages, open, paste, start } from './page.mjs';

const { browser, url } = await start(after);

const VECTORS = new URL('tests/vectors/', REPOSITORY);
const vector = (name) => ({
  bytes: readFileSync(new URL(`${name}.key`, VECTORS)),
  expected: JSON.parse(readFileSync(new URL(`${name}.json`, VECTORS), 'utf8')),
});
const names = (kind) =>
  readdirSync(new URL(kind, VECTORS)).flatMap((file) =>
    file.endsWith('.json') ? [`${kind}/${file.slice(0, -5)}`] : [],
  );

const canonical = vector('valid/cluster-canonical');
const KEY = canonical.bytes.toString();
const { username, password } = canonical.expected.members;

const hex = (text) => Buffer.from(text).toString('hex');
const secrets = [username, password, hex(username), hex(password)];

/** Where on the page a secret stands: in the document, in a field, in what the browser keeps. */
async function places(page) {
  const kept = await page.evaluate(() => ({
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value).join('\n'),
    url: location.href,
    history: JSON.stringify(history.state) + history.length,
    storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    name: window.name,
  }));
  return Object.entries(kept).flatMap(([place, text]) =>
    secrets.some((secret) => text.includes(secret)) ? [place] : [],
  );
}

async function opened(options) {
  const opened = await open(browser, url, options);
  await paste(opened.page, '#key-text', KEY);
  await opened.page.waitForSelector('.key');
  return opened;
}

test('a pasted key is told in plain words, its secrets hidden', async () => {
  const { context, page, seen } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(
    (text) => navigator.clipboard.writeText(text),
    `Key: "${KEY.slice(0, 100)}\u00a0\n\n${KEY.slice(100)}",`,
  );
  await page.focus('#key-text');
  await page.keyboard.press('Control+V');
  await page.waitForSelector('.key');
  assert.equal(await page.textContent('.key h3'), 'This is a cluster pairing key.');
  const members = await page.$$eval('.members > div', (rows) =>
    rows.map((row) => [
      row.querySelector('code').textContent,
      row.querySelector('dd bdi')?.textContent ?? null,
    ]),
  );
  const shown = { ...canonical.expected.members, username: null, password: null };
  assert.deepEqual(
    Object.fromEntries(members),
    Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, value === null ? null : String(value)]),
    ),
  );
  const facts = await page.textContent('.key .facts');
  for (const removed of [
    'white space (4 characters)',
    'quotes around the key',
    'comma or semicolon',
    'label before the key',
    '496',
  ])
    assert.ok(facts.includes(removed), `${removed} in ${facts}`);
  assert.equal(await page.inputValue('#key-text'), '');
  assert.deepEqual(await places(page), []);
  assert.equal(await page.textContent('#status'), 'This is a cluster pairing key.');

  await page.click('text="Copy the clean digits"');
  await page.waitForSelector('.actions >> text="The digits are in the clipboard."');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), canonical.expected.digits);
  assert.deepEqual(seen.problems, []);
  await context.close();
});

test('a secret is shown for 30 seconds', async () => {
  const { context, page } = await open(browser, url);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1000);
  await paste(page, '#key-text', KEY);
  await page.click('[aria-label="Show password"]');
  await page.waitForSelector('.shown');
  assert.equal(await page.textContent('.shown'), password);
  assert.equal(await page.textContent('#status'), 'The password is shown for 30 seconds.');
  assert.deepEqual(await places(page), ['document']);
  await page.clock.runFor(29_900);
  assert.equal(await page.locator('.shown').count(), 1);
  await page.clock.runFor(200);
  assert.equal(await page.locator('.shown').count(), 0);
  assert.equal(await page.textContent('#status'), 'The password is hidden.');
  assert.deepEqual(await places(page), []);

  await page.click('[aria-label="Show username"]');
  await page.waitForSelector('.shown');
  assert.equal(await page.textContent('.shown'), username);
  await page.click('[aria-label="Hide username"]');
  assert.equal(await page.textContent('#status'), 'The username is hidden.');
  assert.deepEqual(await places(page), []);
  await context.close();
});

test('a secret is hidden with the tab, by Escape, and by another key', async () => {
  const { context, page } = await opened();
  const show = async () => {
    await page.click('[aria-label="Show password"]');
    await page.waitForSelector('.shown');
  };
  await show();
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    delete document.hidden;
  });
  assert.deepEqual(await places(page), []);
  await show();
  await page.keyboard.press('Escape');
  assert.deepEqual(await places(page), []);
  await show();
  await paste(page, '#key-text', vector('valid/volume-canonical').bytes.toString());
  await page.waitForSelector('text="This is a volume pairing key."');
  assert.deepEqual(await places(page), []);
  assert.equal(await page.locator('text="Show"').count(), 0);
  await context.close();
});

test('the engine is told a secret by the paste, and tells one when it is to be shown', async () => {
  const { context, page } = await opened();
  const holding = async () =>
    (await messages(page)).flatMap(({ to, text }) =>
      secrets.some((secret) => text.includes(secret)) ? [to] : [],
    );
  assert.deepEqual(await holding(), ['engine']);
  await page.click('[aria-label="Show password"]');
  await page.waitForSelector('.shown');
  assert.deepEqual(await holding(), ['engine', 'page']);
  await context.close();
});

test('a key that is forgotten, or left behind with the page, is gone', async (t) => {
  const browser = (await start((end) => t.after(end), { ignoreDefaultArgs: ['--disable-back-forward-cache'] }))
    .browser;
  const { context, page } = await open(browser, url);
  const read = async () => {
    await paste(page, '#key-text', KEY);
    await page.click('[aria-label="Show password"]');
    await page.waitForSelector('.shown');
  };
  await read();
  await page.click('text="Forget the key"');
  assert.equal(await page.locator('.key').count(), 0);
  await page.waitForFunction(() => globalThis.messages.some(({ text }) => text.includes('forgetKey')));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'key-text');

  await read();
  await page.evaluate(() => {
    globalThis.restored = null;
    addEventListener('pageshow', (event) => (globalThis.restored = event.persisted));
  });
  await page.goto('about:blank');
  // A page that the browser kept does not load again.
  await page.goBack({ waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.restored === true);
  assert.deepEqual(await places(page), []);
  assert.equal(page.workers().length, 0);
  await read();
  assert.equal(await page.textContent('.shown'), password);
  await context.close();
});

/** Sound keys with IDs that JavaScript would round. */
const UNSAFE = ['valid/id-greatest', 'valid/rpc-greatest', 'valid/rpc-smallest'];

test('every sound vector is read, every other gives its code, and none leaves its text', async () => {
  const { context, page, seen } = await open(browser, url);
  const outcomes = { valid: [], invalid: [] };
  for (const name of [...names('valid'), ...names('invalid')]) {
    const { bytes, expected } = vector(name);
    // A vector that is read as the other kind is sound otherwise.
    if (expected.as) continue;
    await drop(page, '#key .intake', [{ name: `${name}.key`, bytes }]);
    const result = page.locator('#key-result:not(:empty)');
    await result.waitFor();
    const code = result.locator('.problem .facts code');
    if (UNSAFE.includes(name)) {
      assert.equal(await code.textContent(), 'unsafe_integer', name);
    } else if (name.startsWith('valid')) {
      assert.equal(await result.locator('h3').textContent(), `This is a ${expected.kind} pairing key.`, name);
    } else {
      assert.equal(await code.textContent(), expected.code, name);
      assert.equal(await result.locator('.excerpt').count(), expected.offset === undefined ? 0 : 1, name);
    }
    outcomes[name.split('/')[0]].push(name);
    await page.evaluate(() => document.querySelector('#key-result').replaceChildren());
  }
  assert.ok(outcomes.valid.length > 30 && outcomes.invalid.length > 80);
  assert.deepEqual(await places(page), []);
  assert.deepEqual(seen.problems, []);
  await context.close();
});

test('a bad key shows the place and what to do', async () => {
  const { context, page } = await open(browser, url, { viewport: { width: 360, height: 800 } });
  await paste(page, '#key-text', vector('invalid/cut-even').bytes.toString());
  await page.waitForSelector('.problem');
  assert.match(await page.textContent('.problem-title'), /cut short after 306 digits/);
  const [digits, reading, mark] = (await page.textContent('.excerpt')).split('\n');
  assert.equal(mark.indexOf('▲'), digits.length);
  assert.equal(reading.trim(), 'p a s s w o r d');
  assert.match(await page.textContent('.problem'), /Copy the key again, whole/);
  assert.ok(await page.isVisible('.caret'));
  const inView = await page.$eval('.caret', (caret) => {
    const { left, right } = caret.parentElement.getBoundingClientRect();
    const place = caret.getBoundingClientRect();
    return place.left >= left && place.right <= right;
  });
  assert.ok(inView, 'the mark is in view on a narrow screen');
  assert.deepEqual(await places(page), []);

  await paste(page, '#key-text', 'x'.repeat(70_000));
  await page.waitForSelector('text="too_long"');
  await drop(page, '#key .intake', [
    { name: 'a', bytes: 'a' },
    { name: 'b', bytes: 'b' },
  ]);
  await page.waitForSelector('text="two_files"');
  await context.close();
});

test('typed text waits for the button, and does not stay', async () => {
  const { context, page } = await open(browser, url);
  await page.fill('#key-text', KEY);
  await page.click('text="Read the key"');
  await page.waitForSelector('.key');
  assert.equal(await page.inputValue('#key-text'), '');
  assert.ok(await page.isHidden('text="Read the key"'));
  await page.reload();
  assert.deepEqual(await places(page), []);
  assert.equal(await page.locator('.key').count(), 0);
  await context.close();
});

test('without a text, the key that is held stays', async () => {
  const { context, page } = await opened();
  await page.focus('#key-text');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.type(' ');
  assert.ok(await page.isHidden('text="Read the key"'));
  await page.keyboard.press('Control+Enter');
  await paste(page, '#key-text', '');
  await drop(page, '#key .intake', []);
  await paste(page, '#listings-text', '');
  await page.focus('#listings-text');
  await page.keyboard.press('Control+Enter');
  await page.click('[aria-label="Show password"]');
  await page.waitForSelector('.shown');
  assert.equal(await page.textContent('.shown'), password);
  const asked = (await messages(page)).filter(({ text }) => /"(readKey|forgetKey|changeListings)"/.test(text));
  assert.equal(asked.length, 1);
  await context.close();
});

test('from a disk, where there is no worker', async () => {
  const { context, page, seen } = await open(browser, DISK);
  await paste(page, '#key-text', KEY);
  await page.click('[aria-label="Show password"]');
  await page.waitForSelector('.shown');
  assert.equal(await page.textContent('.shown'), password);
  assert.equal(page.workers().length, 0);
  await page.click('text="Forget the key"');
  assert.deepEqual(await places(page), []);
  assert.ok(
    seen.requests.every((request) => request.startsWith(DISK.replace('index.html', ''))),
    seen.requests.join(),
  );
  await context.close();
});
