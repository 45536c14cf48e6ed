import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { open, paste, sample, start } from './page.mjs';

const { browser, url } = await start(after);

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; form-action 'none'; base-uri 'none'";

test('the policy binds the page by its tag, and the worker by its header', async () => {
  const { context, page } = await open(browser, url);
  const response = await page.reload();
  assert.equal(response.headers()['content-security-policy'], POLICY);
  assert.equal(await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content'), POLICY);
  await paste(page, '#key-text', '7b');
  await page.waitForSelector('.problem');
  const [worker] = page.workers();
  const reach = (address) =>
    fetch(address).then(
      () => 'reached',
      () => 'blocked',
    );
  assert.equal(await page.evaluate(reach, url), 'blocked');
  assert.equal(await worker.evaluate(reach, url), 'blocked');
  await context.close();
});

test('nothing inline is in the page', async () => {
  const { context, page } = await open(browser, url);
  const inline = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')];
    return all.filter(
      (element) =>
        (element.localName === 'script' && !element.src) ||
        element.localName === 'style' ||
        [...element.attributes].some(({ name }) => name === 'style' || name.startsWith('on')),
    ).length;
  });
  assert.equal(inline, 0);
  await context.close();
});

test('no request leaves the page, whatever is done', async () => {
  const { context, page, seen } = await open(browser, url);
  await paste(page, '#key-text', '7b22');
  await page.waitForSelector('.problem');
  await sample(page, 'Two mismatched volumes');
  await page.fill('#search', 'orders');
  await page.click('.group >> nth=0');
  await sample(page, 'A healthy pair');
  await page.selectOption('#goal-kind', 'unpair_clusters');
  await page.click('text="Make the plan"');
  await page.click('text="Save the script"');
  await page.click('text="Try it on simulated clusters"');
  await page.waitForSelector('.pictures');
  const own = new URL(url);
  const kinds = seen.requests.map((request) => {
    const { origin, pathname, search } = new URL(request);
    assert.equal(origin + search, own.origin);
    return pathname.replace(/-[\w-]{8}\./, '.');
  });
  assert.deepEqual(kinds.sort(), ['/', '/assets/engine.js', '/assets/index.js', '/assets/simulator.js', '/assets/style.css']);
  assert.deepEqual(seen.problems, []);
  await context.close();
});
