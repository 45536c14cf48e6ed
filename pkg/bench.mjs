// Sizes, the time of a decode and the time from import to the first result: `npm run bench`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { launchChromium } from './test/chromium.mjs';

const here = import.meta.dirname;
const key = readFileSync(new URL('../tests/vectors/valid/cluster-canonical.key', import.meta.url), 'utf8');
const median = (samples) => samples.sort((a, b) => a - b)[samples.length >> 1];

const decoder = new TextDecoder();
function handLoop(key) {
  const bytes = new Uint8Array(key.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(key.slice(2 * i, 2 * i + 2), 16);
  return JSON.parse(decoder.decode(bytes));
}

const cases = [
  ["`JSON.parse(Buffer.from(key, 'hex'))`, no checks", (key) => JSON.parse(Buffer.from(key, 'hex'))],
  ['a loop with TextDecoder, no checks', handLoop],
];
for (const name of ['key', 'index', 'js']) {
  const { decodePairingKey } = await import(`./dist/${name}.js`);
  cases.push([`decodePairingKey of ${name === 'index' ? '.' : `./${name}`}`, decodePairingKey]);
}

// Round by round, because machines change their speed.
const rounds = 501;
const times = 200;
const samples = cases.map(() => []);
for (let round = 0; round < rounds; round++) {
  cases.forEach(([, decode], index) => {
    assert.equal(decode(key).mvip, '192.168.139.122');
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) decode(key);
    samples[index].push(Number(process.hrtime.bigint() - start) / times);
  });
}
const results = samples.map(median);
console.log(`Node ${process.versions.node}\n\n| decode of a cluster key | ns | of the first |\n|---|--:|--:|`);
cases.forEach(([name], index) => {
  console.log(`| ${name} | ${results[index].toFixed()} | ${(results[index] / results[0]).toFixed(2)} |`);
});

const inChromium = await firstResultsInChromium(['key', 'index', 'js']);
console.log('\n| import to first result, ms | Node, a new process each | Chromium, a fresh page each |\n|---|--:|--:|');
for (const name of ['key', 'index', 'js']) {
  const script = `
    const start = performance.now();
    const { decodePairingKey } = await import('${here}/dist/${name}.js');
    decodePairingKey('${key}');
    console.log(performance.now() - start);`;
  const run = () => Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
  const inNode = median(Array.from({ length: 11 }, run));
  console.log(`| ${name === 'index' ? '.' : `./${name}`} | ${inNode.toFixed(1)} | ${inChromium[name].toFixed(1)} |`);
}

/** By entry: the median of 9 pages, each in a profile of its own, so that nothing is in a cache. */
async function firstResultsInChromium(names) {
  const server = createServer(({ url }, response) => {
    const isScript = names.some((name) => url === `/${name}.js`);
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? readFileSync(`${here}/dist${url}`) : '<!doctype html><title>bench</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  try {
    const page = `http://127.0.0.1:${server.address().port}/`;
    const samples = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round < 9; round++) {
      for (const name of names) {
        const context = await browser.newContext();
        const tab = await context.newPage();
        await tab.goto(page);
        const ms = await tab.evaluate(
          async ([name, key]) => {
            const start = performance.now();
            const { decodePairingKey } = await import(`/${name}.js`);
            decodePairingKey(key);
            return performance.now() - start;
          },
          [name, key],
        );
        samples[name].push(ms);
        await context.close();
      }
    }
    return Object.fromEntries(names.map((name) => [name, median(samples[name])]));
  } finally {
    await browser.close();
    server.close();
  }
}

console.log('\n| file | bytes | gzip | brotli |\n|---|--:|--:|--:|');
for (const name of ['key.wasm', 'key.js', 'index.wasm', 'index.js', 'js.js']) {
  const bytes = readFileSync(`${here}/dist/${name}`);
  console.log(`| ${name} | ${bytes.length} | ${gzipSync(bytes, { level: 9 }).length} | ${brotliCompressSync(bytes).length} |`);
}
