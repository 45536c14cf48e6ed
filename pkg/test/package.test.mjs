// The package as it is installed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { simulate } from '../build/simulator.js';
import { pkg, read, root, text } from './repository.mjs';

const folder = mkdtempSync(join(tmpdir(), 'element-pairing-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const [{ filename, files }] = JSON.parse(
  execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: pkg,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
);
const tarball = readFileSync(join(folder, filename));
const installed = join(folder, 'node_modules/element-pairing');
mkdirSync(installed, { recursive: true });
execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', installed]);

test('holds what is needed', () => {
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    'LICENSE-APACHE',
    'LICENSE-MIT',
    'README.md',
    ...['cjs', 'd.cts', 'd.ts', 'js', 'wasm', 'workerd.js'].map((end) => `dist/index.${end}`),
    'dist/js.cjs',
    'dist/js.js',
    ...['cjs', 'd.cts', 'd.ts', 'js', 'wasm', 'workerd.js'].map((end) => `dist/key.${end}`),
    'package.json',
  ]);
});

test('names no path of this machine', () => {
  const inside = (path) => {
    const bytes = readFileSync(join(installed, path));
    const inlined = bytes.toString('latin1').match(/[0-9a-f]{1000,}/g) ?? [];
    assert.equal(inlined.length, /(index|key)\.c?js$/.test(path) ? 1 : 0, path);
    return [bytes, ...inlined.map((digits) => Buffer.from(digits, 'hex'))];
  };
  for (const { path } of files) {
    for (const bytes of inside(path)) {
      for (const home of [homedir(), root, '.cargo', '.rustup']) assert(!bytes.includes(home), `${path}: ${home}`);
    }
  }
});

test('publint finds nothing', async () => {
  const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });
  assert.deepEqual(messages, []);
});

test('the types are right for every way of importing', async () => {
  const { types, problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  assert.equal(types.kind, 'included');
  assert.deepEqual(problems, []);
});

const snippets = [...text(read('pkg/README.md')).matchAll(/^```(js|ts)\n([^]*?)^```$/gm)];

test('the example project and the snippets of the README compile, with the oldest TypeScript and the newest', () => {
  cpSync(join(pkg, 'test/example'), join(folder, 'example'), { recursive: true });
  const config = JSON.parse(read('pkg/test/example/tsconfig.json'));
  const typed = snippets.filter(([, language]) => language === 'ts');
  assert(typed.length > 1);
  for (const [index, [, , code]] of typed.entries()) {
    config.files.push(`snippet-${index}.mts`);
    writeFileSync(join(folder, `example/snippet-${index}.mts`), `declare const key: string, siteA: string, siteB: string, authorization: string;\n${code}`);
  }
  writeFileSync(join(folder, 'example/tsconfig.json'), JSON.stringify(config));
  for (const typescript of ['typescript-5.7', 'typescript']) {
    const { bin } = JSON.parse(read('pkg/node_modules', typescript, 'package.json'));
    const tsc = join(pkg, 'node_modules', typescript, bin.tsc);
    try {
      execFileSync(process.execPath, [tsc, '--project', join(folder, 'example')], { encoding: 'utf8' });
    } catch (error) {
      assert.fail(`${typescript}: ${error.stdout}`);
    }
  }
});

test('the snippets of the README run', async () => {
  assert(snippets.length > 5);
  for (const [name, file] of [['key', 'tests/vectors/valid/cluster-canonical.key'], ['siteA', 'examples/listings/mismatched-a.json'], ['siteB', 'examples/listings/mismatched-b.json']]) {
    globalThis[name] = text(read(file));
  }
  const simulation = simulate([siteA, siteB]);
  globalThis.authorization = `Basic ${btoa('admin:password')}`;
  globalThis.fetch = async (url, { headers, body }) => {
    assert.equal(new Headers(headers).get('authorization'), authorization);
    if (JSON.parse(text(body)).method === 'CompleteClusterPairing') return new Response('{"id":1,"result":{"clusterPairID":3}}');
    return new Response(simulation.answer(new URL(url).hostname, body));
  };
  const stored = new Map();
  globalThis.sessionStorage = { setItem: (name, value) => stored.set(name, value), getItem: (name) => stored.get(name) };
  const { transformSync } = await import('esbuild');
  for (const [index, [, , code]] of snippets.entries()) {
    const file = join(folder, `snippet-${index}.mjs`);
    writeFileSync(file, transformSync(code, { loader: 'ts', target: 'node20' }).code);
    await assert.doesNotReject(import(file), code);
  }
  const record = JSON.parse(stored.get('record'));
  assert.equal(record.length, 6);
  assert(record.every(({ state }) => state === 'done'));
});

test('importing compiles nothing', () => {
  for (const entry of ['element-pairing', 'element-pairing/key', 'element-pairing/js']) {
    const script = `
      const { Module } = WebAssembly;
      let compiled = 0;
      WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); compiled++; } };
      const { decodePairingKey } = await import('${entry}');
      const before = compiled;
      try { decodePairingKey(''); } catch ({ code }) { console.log(before, compiled, code); }`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder, encoding: 'utf8' });
    assert.equal(output, `0 ${entry.endsWith('js') ? 0 : 1} empty\n`);
  }
});

test('where WebAssembly is forbidden, the error says what to do', () => {
  for (const forbid of ['WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("no"); } }', 'delete globalThis.WebAssembly']) {
    const script = `
      ${forbid};
      const { decodePairingKey, ElementPairingError } = require('element-pairing');
      try { decodePairingKey('') } catch (error) { console.log(error instanceof ElementPairingError, error.code, error.help) }
      try { require('element-pairing/js').decodePairingKey('') } catch ({ code }) { console.log(code) }`;
    const output = execFileSync(process.execPath, ['--eval', script], { cwd: folder, encoding: 'utf8' });
    assert.match(output, /^true wasm_blocked .*'wasm-unsafe-eval'.*'element-pairing\/js'.*\nempty\n$/);
  }
});

test('where there is no memory, the error does not speak of a policy', () => {
  for (const entry of ['element-pairing', 'element-pairing/key']) {
    const script = `
      WebAssembly.Instance = class { constructor() { throw new RangeError('out of memory'); } };
      try { require('${entry}').decodePairingKey('') } catch ({ code }) { console.log(code) }`;
    assert.equal(execFileSync(process.execPath, ['--eval', script], { cwd: folder, encoding: 'utf8' }), 'wasm_failed\n');
  }
});

test('works without TextEncoder and TextDecoder', () => {
  const script = `
    delete globalThis.TextEncoder; delete globalThis.TextDecoder;
    const { decodePairingKey, escapeText } = require('element-pairing');
    console.log(decodePairingKey(process.argv[1]).name, escapeText('ä\\ud800\\u{1f600}'));`;
  const key = text(read('tests/vectors/valid/cluster-canonical.key'));
  const output = execFileSync(process.execPath, ['--eval', script, key], { cwd: folder, encoding: 'utf8' });
  assert.equal(output, 'AutoTest2-c0uR ä\ufffd😀\n');
});
