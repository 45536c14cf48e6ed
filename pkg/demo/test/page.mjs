// The page in Chromium.
import { preview } from 'vite';
import { launchChromium } from '../../test/chromium.mjs';

export const DEMO = new URL('../', import.meta.url);
export const REPOSITORY = new URL('../../', DEMO);
/** The page as files on a disk. */
export const DISK = new URL('dist/index.html', DEMO).href;

/** A browser, and a server of the page as `npm start` has it; both end with the tests of a file. */
export async function start(after, launch = {}) {
  const browser = await launchChromium(launch);
  const server = await preview({
    configFile: new URL('vite.config.ts', DEMO).pathname,
    preview: { port: 0, strictPort: false },
    logLevel: 'silent',
  });
  after(async () => {
    await browser.close();
    await server.close();
  });
  return { browser, url: server.resolvedUrls.local[0] };
}

/**
 * Opens the page in a context of its own, and keeps what a test asserts on: every request, what the
 * page's policy refused, errors, and every message that the page and its worker send.
 */
export async function open(browser, url, { quick = false, ...options } = {}) {
  // Tall, because what is out of view is not laid out, and has no `innerText`.
  const viewport = { width: 1280, height: quick ? 900 : 3000 };
  const context = await browser.newContext({ viewport, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const seen = { requests: [], problems: [] };
  context.on('request', (request) => seen.requests.push(request.url()));
  page.on('pageerror', (error) => seen.problems.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.problems.push(message.text());
  });
  // Keeping every message takes time, which a measurement must not include.
  if (!quick) await page.addInitScript(spy);
  await page.goto(url);
  return { context, page, seen };
}

/** Runs in the page before its own scripts. */
function spy() {
  const messages = (globalThis.messages = []);
  const text = (data) =>
    JSON.stringify(data, (_, value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value));
  for (const { prototype } of [Worker, MessagePort]) {
    const post = prototype.postMessage;
    prototype.postMessage = function (data, ...rest) {
      messages.push({ to: 'engine', text: text(data) });
      return post.call(this, data, ...rest);
    };
    const { set, get } = Object.getOwnPropertyDescriptor(prototype, 'onmessage');
    Object.defineProperty(prototype, 'onmessage', {
      get,
      set(handler) {
        set.call(this, (event) => {
          messages.push({ to: 'page', text: text(event.data) });
          handler.call(this, event);
        });
      },
    });
  }
}

export const messages = (page) => page.evaluate(() => globalThis.messages);

/** Pastes a text as a person does, clipboard and all but the keys. */
export async function paste(page, selector, text) {
  await page.focus(selector);
  await page.evaluate(
    ([selector, text]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      const field = document.querySelector(selector);
      // What a browser does where a page does not take the paste itself.
      if (field.dispatchEvent(event)) field.value += text;
    },
    [selector, text],
  );
}

/** Drops files: `{ name, bytes }`, or paths. */
export async function drop(page, selector, files) {
  const input = await page.evaluateHandle(() =>
    Object.assign(document.createElement('input'), { type: 'file', multiple: true }),
  );
  await input
    .asElement()
    .setInputFiles(
      files.map((file) =>
        typeof file === 'string' ? file : { name: file.name, mimeType: '', buffer: Buffer.from(file.bytes) },
      ),
    );
  await page.evaluate(
    ([input, selector]) => {
      const dataTransfer = new DataTransfer();
      for (const file of input.files) dataTransfer.items.add(file);
      const target = document.querySelector(selector);
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    [input, selector],
  );
}

export async function sample(page, title) {
  await page.click('text="Sample listings"');
  await page.click(`#samples >> text="${title}"`);
  await page.waitForSelector('#results:not([hidden]):not(.busy)');
}
