// Builds dist/: `npm run build`. Two builds give the same bytes, wherever they are made.
// With --simulator: after that, the simulated clusters of the page.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { install } from './debian.mjs';

const here = import.meta.dirname;
const root = resolve(here, '..');
const dist = join(here, 'dist');
const work = join(here, 'build');
const target = 'wasm32-unknown-unknown';

/** How many bytes a file may have, compressed by gzip: 5 % more than when this was written. */
const budget = {
  'index.wasm': 165_000,
  'key.wasm': 17_200,
  'index.js': 191_300,
  'index.cjs': 191_900,
  'key.js': 25_400,
  'key.cjs': 25_800,
  'js.js': 261_900,
  'js.cjs': 262_200,
};

const run = (command, args, options) =>
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: root, ...options });
const succeeds = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const output = (command, args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();

/**
 * Cargo for the target, which is compiled from its sources: small, and without the texts of panics.
 * For want of a stable way, with what nightly has: the compiler is the same.
 */
function cargo() {
  const sources = () => `${output('rustc', ['--print', 'sysroot'])}/lib/rustlib/src/rust/library`;
  const has = () => succeeds('rustc', ['--version']) && existsSync(sources());
  if (has() || (succeeds('rustup', ['component', 'add', 'rust-src']) && has())) {
    const version = output('rustc', ['--version']);
    console.log(`${version}, with its sources`);
    checkAge(version);
    return { command: 'cargo', sources: sources(), env: {} };
  }
  console.log("rustup cannot add the standard library's sources: taking Debian's toolchain");
  install("the standard library's sources (rustup component add rust-src)", 'rustc-web', 'cargo-web', 'rust-web-src', 'lld-22');
  checkAge(output('/usr/bin/rustc', ['--version']));
  return {
    command: '/usr/bin/cargo',
    sources: '/usr/lib/rustlib/src/rust/library',
    env: { RUSTC: '/usr/bin/rustc', CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: 'wasm-ld-22' },
  };
}

/** That the compiler, which says its version, is not older than the binding crate allows. */
function checkAge(version) {
  const [, oldest] = /^rust-version = "(.+)"$/m.exec(readFileSync(join(here, 'Cargo.toml'), 'utf8'));
  const [major, minor] = /\d+\.\d+/.exec(version)[0].split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldest.split('.').map(Number);
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(`${version} is older than ${oldest}, which this build needs: run \`rustup update\``);
  }
}

const targetDir = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target');
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');

/**
 * For small files. What repeats itself compresses well: code that is called in one place stays where
 * it is, nothing is kept in one more local, and the functions of a module stand together.
 */
const small = [
  '-Oz',
  '--one-caller-inline-max-function-size=10',
  '--skip-pass=local-cse',
  '--reorder-functions-by-name',
];

function compile({ command, sources, env }, name, { features = [], optLevel, rustFlags = [], optimizer }) {
  const flags = ['-Zunstable-options', '-Cpanic=immediate-abort', '-Zlocation-detail=none', '-Zfmt-debug=none', ...rustFlags];
  // No path of this machine is in the result.
  const remapped = [[root, '.'], [targetDir, 'target'], [cargoHome, 'cargo'], [sources, 'library'], [homedir(), '~']];
  const args = ['--package', 'element-pairing-js', '--profile', 'wasm', '--target', target, '--locked'];
  const std = ['-Zbuild-std=core,alloc', '-Zbuild-std-features=optimize_for_size'];
  run(command, ['build', ...args, ...std, ...features], {
    env: {
      ...process.env,
      ...env,
      RUSTC_BOOTSTRAP: '1',
      CARGO_PROFILE_WASM_OPT_LEVEL: optLevel,
      CARGO_TARGET_DIR: targetDir,
      CARGO_ENCODED_RUSTFLAGS: [
        ...flags,
        ...remapped.map(([from, to]) => `--remap-path-prefix=${from}=${to}`),
      ].join('\x1f'),
    },
  });
  const wasm = join(work, `${name}.wasm`);
  // Features that every engine of the last years has; not all that there are.
  const enabled = ['reference-types', 'multivalue', 'bulk-memory', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals', 'simd'];
  const stripped = ['debug', 'producers', 'target-features'];
  run(join(here, 'node_modules/.bin/wasm-opt'), [
    join(targetDir, target, 'wasm/element_pairing_js.wasm'),
    ...optimizer,
    ...enabled.map((feature) => `--enable-${feature}`),
    ...stripped.map((section) => `--strip-${section}`),
    '--output',
    wasm,
  ]);
}

/** The same in JavaScript, for where WebAssembly is forbidden. */
function translate(name) {
  const script = join(work, `${name}.wasm.js`);
  run(join(here, 'node_modules/.bin/wasm2js'), [join(work, `${name}.wasm`), '-O', '--enable-bulk-memory', '--output', script]);
  const [whole] = readFileSync(script, 'utf8').split('\nvar retasmFunc = ');
  // Memory that grows is a copy: what was there is wiped.
  const copied = 'newHEAP8.set(HEAP8);';
  const body = whole.replace(copied, `${copied} HEAP8.fill(0);`);
  if (body === whole) throw new Error('wasm2js grows memory in another way: see that it leaves no copy behind');
  // As a function, so that importing does nothing.
  writeFileSync(script, `export function instantiate() {\n${body}\nreturn asmFunc({});\n}\n`);
}

/** How an entry comes by WebAssembly. */
const wasmFor = {
  // In hex digits: compressed on the way, they are a fifth smaller than base64, which hides what repeats
  // itself.
  inline: (name) => ({
    contents: `
      const digits = __DIGITS__;
      let module;
      function decode() {
        if (Uint8Array.fromHex) return Uint8Array.fromHex(digits);
        const bytes = new Uint8Array(digits.length / 2);
        for (let at = 0; at < digits.length; at++) {
          const code = digits.charCodeAt(at);
          bytes[at >> 1] = (bytes[at >> 1] << 4) | ((code & 15) + (code >> 6) * 9);
        }
        return bytes;
      }
      export const instantiate = () =>
        new WebAssembly.Instance((module ??= new WebAssembly.Module(decode()))).exports;`,
    loader: 'js',
  }),
  // A worker of Cloudflare may not compile, but import.
  workerd: (name) => ({
    contents: `
      import module from './${name}.wasm';
      export const instantiate = () => new WebAssembly.Instance(module).exports;`,
    loader: 'js',
  }),
  js: (name) => ({ contents: readFileSync(join(work, `${name}.wasm.js`), 'utf8'), loader: 'js' }),
};

/** Where the texts are: of `./key` in a file that the build writes, otherwise among the tables. */
const textsFor = (name) => (name === 'key' ? join(work, 'texts.js') : join(here, 'js/tables.js'));

const wasmPlugin = (name, kind) => ({
  name: 'wasm',
  setup(build) {
    build.onResolve({ filter: /^#texts$/ }, () => ({ path: textsFor(name) }));
    build.onResolve({ filter: /^#wasm$/ }, () => ({ path: name, namespace: 'wasm' }));
    build.onResolve({ filter: /^\.\/\w+\.wasm$/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /./, namespace: 'wasm' }, () => wasmFor[kind](name));
  },
});

async function bundle(entry, outfile, wasm, kind, format, define) {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'js', entry)],
    write: false,
    format,
    define,
    bundle: true,
    target: 'es2022',
    minifySyntax: true,
    minifyWhitespace: true,
    // Node shows the line of an error.
    lineLimit: 160,
    minifyIdentifiers: kind === 'js',
    logLevel: 'warning',
    plugins: [wasmPlugin(wasm, kind)],
  });
  // On a line of its own, however long: broken into lines it does not compress as well.
  const digits = () => `\n'${readFileSync(join(work, `${wasm}.wasm`), 'hex')}'\n`;
  writeFileSync(outfile, outputFiles[0].text.replace('__DIGITS__', digits));
}

/** Written into the entries from the crate's own tables. */
async function constants() {
  const file = join(work, 'tables.mjs');
  await bundle('tables.js', file, 'index', 'inline', 'esm', {});
  const { table, texts } = await import(file);
  writeFileSync(textsFor('key'), `export const texts = () => (${JSON.stringify(texts())});\n`);
  return {
    __MAX_TEXT_LENGTH__: String(table('maxTextLength')),
    __MAX_JSON_LENGTH__: String(table('maxJsonLength')),
  };
}

if (process.argv.includes('--simulator')) {
  compile(cargo(), 'simulator', { features: ['--features', 'simulator'], optLevel: 'z', optimizer: small });
  await bundle('simulator.js', join(work, 'simulator.js'), 'simulator', 'inline', 'esm', await constants());
  copyFileSync(join(here, 'types/simulator.d.ts'), join(work, 'simulator.d.ts'));
  process.exit();
}

const started = Date.now();
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
mkdirSync(work, { recursive: true });

const toolchain = cargo();
// The way of a key that is as clusters make it is inlined from the crate, and so made to be fast; the
// rest of the crate is made to be small.
compile(toolchain, 'key', {
  features: ['--no-default-features', '--config', 'profile.wasm.package.element-pairing.opt-level="z"'],
  optLevel: '2',
  // Less is copied into its callers than is usual for speed.
  rustFlags: ['-Ctarget-feature=+simd128', '-Cllvm-args=--inline-threshold=50'],
  optimizer: small,
});
// No SIMD: this one becomes JavaScript, too.
compile(toolchain, 'index', { optLevel: 'z', optimizer: small });
translate('index');

const define = await constants();
const entry = (name) => join(dist, name);
await Promise.all([
  bundle('index.js', entry('index.js'), 'index', 'inline', 'esm', define),
  bundle('index.js', entry('index.cjs'), 'index', 'inline', 'cjs', define),
  bundle('index.js', entry('index.workerd.js'), 'index', 'workerd', 'esm', define),
  bundle('index.js', entry('js.js'), 'index', 'js', 'esm', define),
  bundle('index.js', entry('js.cjs'), 'index', 'js', 'cjs', define),
  bundle('key.entry.js', entry('key.js'), 'key', 'inline', 'esm', define),
  bundle('key.entry.js', entry('key.cjs'), 'key', 'inline', 'cjs', define),
  bundle('key.entry.js', entry('key.workerd.js'), 'key', 'workerd', 'esm', define),
  // With a way into the memory, for tests.
  bundle('index.test.js', join(work, 'index.js'), 'index', 'inline', 'esm', define),
  bundle('index.test.js', join(work, 'js.js'), 'index', 'js', 'esm', define),
  bundle('key.test.js', join(work, 'key.js'), 'key', 'inline', 'esm', define),
]);
for (const name of ['index', 'key']) {
  copyFileSync(join(work, `${name}.wasm`), entry(`${name}.wasm`));
  const types = readFileSync(join(here, 'types', `${name}.d.ts`), 'utf8');
  writeFileSync(entry(`${name}.d.ts`), types);
  writeFileSync(entry(`${name}.d.cts`), types.replaceAll("'./key.js'", "'./key.cjs'"));
}
for (const license of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, license), join(here, license));

console.log('\n| file | bytes | gzip | brotli |\n|---|--:|--:|--:|');
let tooLarge = false;
for (const name of ['index.wasm', 'key.wasm', 'index.js', 'index.cjs', 'key.js', 'key.cjs', 'js.js', 'js.cjs']) {
  const bytes = readFileSync(entry(name));
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(`| ${name} | ${bytes.length} | ${gzip} | ${brotliCompressSync(bytes).length} |`);
  if (gzip > (budget[name] ?? Infinity)) {
    console.error(`${name} is larger than ${budget[name]} bytes, its budget in build.mjs`);
    tooLarge = true;
  }
}
console.log(`\nbuilt in ${Math.round((Date.now() - started) / 1000)} s`);
if (tooLarge) process.exit(1);
