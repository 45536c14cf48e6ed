// What the tests share: the files of the repository, and the entries that were built.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const pkg = join(import.meta.dirname, '..');
export const root = join(pkg, '..');

export const read = (...path) => readFileSync(join(root, ...path));
export const readJson = (...path) => JSON.parse(read(...path));
export const list = (...path) => readdirSync(join(root, ...path)).sort();

const require = createRequire(import.meta.url);

/** The entries by their names, each as ES module and as CommonJS. */
export async function entries(names) {
  const all = {};
  for (const name of names) {
    all[`${name}.js`] = await import(`../dist/${name}.js`);
    all[`${name}.cjs`] = require(`../dist/${name}.cjs`);
  }
  return all;
}

/** What a function returns or throws, to be compared. */
export function outcome(run) {
  try {
    return { result: run() };
  } catch (error) {
    const { name, message } = error;
    return { error: { name, message, ...error } };
  }
}

export const text = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

export const sampleKey = text(read('tests/vectors/valid/cluster-canonical.key'));
export const volumeKey = text(read('tests/vectors/valid/volume-canonical.key'));

export const listings = (name) =>
  ['a', 'b'].map((site) => text(read('examples/listings', `${name}-${site}.json`)));
