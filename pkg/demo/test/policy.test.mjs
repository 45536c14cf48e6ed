import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { DEMO, open, paste, sample, start } from './page.mjs';

const { browser, url } = await start(after);

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; form-action 'none'; base-uri 'none'";

/** Whether a page or a worker can connect to an address. */
const reach = (address) =>
  fetch(address).then(
    () => 'reached',
    () => 'blocked',
  );

test('the policy binds the page by its tag, and the worker by its header', async () => {
  const { context, page, seen } = await open(browser, url);
  const response = await page.reload();
  assert.equal(response.headers()['content-security-policy'], POLICY);
  assert.equal(await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content'), POLICY);
  await paste(page, '#key-text', '7b');
  await page.waitForSelector('.problem');
  assert.ok(await page.isHidden('#still'));
  // Nothing was refused that an administrator would wonder about.
  assert.deepEqual(seen.problems, []);
  const [worker] = page.workers();
  assert.equal(await page.evaluate(reach, url), 'blocked');
  assert.equal(await worker.evaluate(reach, url), 'blocked');
  await context.close();
});

test('the README has the header', () => {
  const readme = readFileSync(new URL('README.md', DEMO), 'utf8');
  assert.ok(readme.includes(`\nContent-Security-Policy: ${POLICY}\n`));
});

/** The files as a server has them that sends this policy, or none. */
async function serve(policy) {
  const server = createServer(({ url }, response) => {
    const path = url === '/' ? 'index.html' : url.slice(1);
    const type = { css: 'text/css', html: 'text/html', js: 'text/javascript' }[path.split('.').at(-1)];
    if (policy) response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Content-Type', type).end(readFileSync(new URL(`dist/${path}`, DEMO)));
  });
  after(() => server.close());
  await once(server.listen(0), 'listening');
  return `http://localhost:${server.address().port}/`;
}

for (const [which, policy] of [
  ['no policy', undefined],
  ['a policy that lets a worker connect to the server', "default-src 'self' 'wasm-unsafe-eval'"],
  ['the policy with a gap', `${POLICY}; connect-src https:`],
]) {
  test(`served with ${which}, the page reads without a worker`, async () => {
    const address = await serve(policy);
    const { context, page, seen } = await open(browser, address);
    await sample(page, 'Two mismatched volumes');
    assert.equal(await page.innerText('#verdict'), '3 errors.');
    assert.deepEqual(page.workers(), []);
    assert.equal(await page.evaluate(() => document.querySelectorAll('script[src*="engine"]').length), 1);
    assert.match(await page.innerText('#still'), /^Served without its policy as a header/);
    assert.deepEqual(seen.problems, []);
    assert.equal(await page.evaluate(reach, address), 'blocked');
    await context.close();
  });
}

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
