// The packed package as others use it: installed into a fixture outside this repository, with no
// configuration, and run. Every fixture calls `use.ts`, and prints the line that it returns: what each
// entry of the package answers. That is compared with what the crate's vectors say.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, extname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { launchChromium } from '../chromium.mjs';

/** What the fixtures' tools depend on is as it was on this day, so that a run can be repeated. */
const BEFORE = '2026-11-22T00:00:00Z';

/** The longest that a command may run, in milliseconds: npm has been seen to loop on a missing version. */
const LIMIT = 600_000;

/** How many consumers run at a time. */
export const concurrency = 2;

const path = relative => fileURLToPath(new URL(relative, import.meta.url));
const read = relative => readFileSync(path(relative), 'utf8');
const readJson = relative => JSON.parse(read(relative));

// What goes in, and what has to come out.

const vectors = '../../../tests/vectors';
const cluster = readJson(`${vectors}/valid/not-ascii.json`);
const volume = readJson(`${vectors}/valid/no-break-spaces.json`);
const invalid = readJson(`${vectors}/invalid/not-a-digit-offset-in-bytes.json`);
const report = readJson('../../../tests/audit/mismatched.json');

const input = {
  cluster: read(`${vectors}/valid/not-ascii.key`),
  volume: read(`${vectors}/valid/no-break-spaces.key`),
  invalid: read(`${vectors}/invalid/not-a-digit-offset-in-bytes.key`),
  listings: ['a', 'b'].map(site => read(`../../../examples/listings/mismatched-${site}.json`)),
};

const { username, password, ...shown } = cluster.members;
/** The vectors count bytes, the package UTF-16 units of a string. */
const units = (text, bytes) => Buffer.from(text).subarray(0, bytes).toString().length;
const codec = {
  cluster: { kind: cluster.kind, ...shown, unknownMembers: [], digits: cluster.digits.length, removed: [] },
  removed: volume.removed.map(({ kind, offset, count }) => ({
    code: kind,
    offset: units(input.volume, offset),
    count,
  })),
  invalid: { pairingKeyError: invalid.code, offset: units(input.invalid, invalid.offset) },
  password: Buffer.from(password).toString('hex'),
  disposed: { elementPairingError: 'disposed' },
};
const all = {
  ...codec,
  verdict: report.verdict,
  findings: report.findings.map(finding => finding.rule),
  // To unpair: four volumes, the cluster pair on both sides. The answer to the first call was lost.
  states: ['unknown', ...Array(5).fill('not_done')],
};

/** What each entry of the package has to answer. */
export const expected = { main: all, key: codec, js: all };

/** The answers in what a program printed. */
export function answers(output) {
  const line = /answers: (\{.*\})/.exec(output);
  if (!line) throw new Error(`no answers in the output:\n${output}`);
  return JSON.parse(line[1]);
}

/** Compares the answers in what a program printed with the expected ones. */
export function check(output) {
  try {
    assert.deepEqual(answers(output), expected);
  } catch (error) {
    throw new Error(error.message); // without both in full, which the test runner would print too
  }
}

// Consumers.

/**
 * A test of a fixture, named after one of its tools, or `what` alone. `body` gets the directory
 * where the fixture, its tools and the package are installed. A tool that there is not for this
 * platform is skipped by name; any other failure to install fails the test.
 */
export function consumer({ fixture, tool, what }, body) {
  const { dependencies } = readJson(`fixtures/${fixture}/package.json`);
  const name = tool && `${tool}@${dependencies[tool]}`.replace(/^.*@npm:/, ''); // under an alias
  test([name, what].filter(Boolean).join(' '), async context => {
    let directory;
    try {
      directory = await install(fixture);
    } catch (error) {
      if (!/EBADPLATFORM/.test(error.message)) throw error;
      return context.skip(`cannot be installed on ${process.platform} ${process.arch}`);
    }
    await body(directory);
  });
}

const temporary = mkdtempSync(join(tmpdir(), 'element-pairing-consumers-'));
const running = new Set();
const memory = new Map();
/** The outcome of a preparation that several tests share. */
const prepared = (name, prepare) => memory.get(name) ?? memory.set(name, prepare()).get(name);
const chromium = () => prepared('chromium', launchChromium);

const pack = () =>
  prepared('pack', async () => {
    assert.ok(existsSync(path('../../dist')), 'the package is not built: npm run build');
    const output = await run(path('../..'), `npm pack --json --pack-destination ${temporary}`);
    return join(temporary, /"filename": "(.*)"/.exec(output)[1]);
  });

const install = fixture =>
  prepared(fixture, async () => {
    const directory = join(temporary, fixture);
    cpSync(path(`fixtures/${fixture}`), directory, { recursive: true });
    const use = read('use.ts').replace('INPUT', () => JSON.stringify(input));
    // Not all call it while their modules load: Workers may compile WebAssembly then, but not later.
    for (const [name, typeScript] of [['use', use], ['run', `${use}\nconsole.log(use());\n`]]) {
      const javaScript = transformSync(typeScript, { loader: 'ts' }).code;
      writeFileSync(join(directory, `${name}.ts`), typeScript);
      writeFileSync(join(directory, `${name}.mjs`), javaScript);
      writeFileSync(join(directory, `${name}.cjs`), transformSync(javaScript, { format: 'cjs' }).code);
    }
    const quiet = '--no-audit --no-fund --no-package-lock --loglevel=error';
    await run(directory, `npm install --no-save ${quiet} --before=${BEFORE} ${await pack()}`);
    return directory;
  });

/** Ends what the tests have started. */
export async function cleanUp() {
  running.forEach(end => end());
  if (memory.has('chromium')) await (await chromium()).close();
}

process.on('exit', () => {
  running.forEach(end => end()); // some are left after an interrupt
  // It takes half a minute on a busy disk: nobody has to wait for it.
  spawn('rm', ['-rf', temporary], { detached: true, stdio: 'ignore' });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

// Programs.

/** Runs a command to its end, and returns what it printed. */
export async function run(directory, command) {
  const program = begin(directory, command);
  await program.closed;
  const { exitCode, signalCode } = program.child;
  if (exitCode !== 0) throw new Error(`${command}\nended with ${exitCode ?? signalCode}:\n${program.output()}`);
  return program.output();
}

/** Starts a server, waits until it has printed its address, and returns that. */
export async function serve(directory, command) {
  const program = begin(directory, command);
  for (;;) {
    const [address] = /http:\/\/(localhost|127\.0\.0\.1):\d+/.exec(program.output()) ?? [];
    if (address) return address;
    await Promise.race([program.closed, once(program.child.stdout, 'data')]);
    if (!program.isRunning()) throw new Error(`${command}\nended without an address:\n${program.output()}`);
  }
}

function begin(directory, command) {
  const child = spawn(command, {
    shell: true,
    cwd: directory,
    detached: true, // in a group of its own, so that it can be ended with its children
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: [join(directory, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      CI: '1',
      NO_COLOR: '1',
      DO_NOT_TRACK: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      NG_CLI_ANALYTICS: 'false',
      WRANGLER_SEND_METRICS: 'false',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => (output += text));
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  };
  const timer = setTimeout(end, LIMIT);
  const closed = once(child, 'close').then(() => {
    clearTimeout(timer);
    running.delete(end);
  });
  running.add(end);
  return { child, closed, output: () => output, isRunning: () => running.has(end) };
}

// Pages.

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css' };

/**
 * Opens built files in Chromium under a content security policy, and returns what the page printed.
 * Where the build made no page, there is one for its script.
 */
export async function openBuilt(directory, { script, policy = '' } = {}) {
  const server = createServer((request, response) => {
    const name = request.url === '/' ? '/index.html' : request.url;
    const file = join(directory, name);
    const made = script && name === '/index.html';
    if (!made && !existsSync(file)) return response.writeHead(404).end();
    const headers = { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' };
    if (policy) headers['content-security-policy'] = policy;
    const page = `<!doctype html><meta charset="utf-8"><script type="module" src="/${script}"></script>`;
    response.writeHead(200, headers).end(made ? page : readFileSync(file));
  });
  await once(server.listen(0, 'localhost'), 'listening');
  try {
    return await open(`http://localhost:${server.address().port}/`);
  } finally {
    server.close();
  }
}

/** Opens a page in Chromium, and returns what it printed until there are answers. */
export async function open(url) {
  const page = await (await chromium()).newPage();
  try {
    let output = '';
    const note = text => (output += `${text}\n`);
    page.on('console', message => note(message.text()));
    page.on('pageerror', error => note(`uncaught: ${error.stack}`));
    page.on('response', response => response.ok() || note(`${response.status()}: ${response.url()}`));
    const answered = page.waitForEvent('console', message => message.text().startsWith('answers: '));
    const failed = page.waitForEvent('pageerror');
    const ended = Promise.any([answered, failed]).catch(() => note('nothing happened for 30 s'));
    await page.goto(url);
    await ended;
    return output;
  } finally {
    await page.close();
  }
}

/** The texts of the elements of a page where scripts are off. */
export async function readWithoutScripts(url, element) {
  const context = await (await chromium()).newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await page.locator(element).allTextContents();
  } finally {
    await context.close();
  }
}
