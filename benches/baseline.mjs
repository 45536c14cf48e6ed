// Times Node's one-liners on the sample keys, round by round: node benches/baseline.mjs

import assert from 'node:assert';
import { readFileSync } from 'node:fs';

const oneLiners = {
  decode: (key) => JSON.parse(Buffer.from(key, 'hex')),
  encode: (value) => Buffer.from(JSON.stringify(value)).toString('hex'),
};
const rounds = 1001;
const times = 200;

const cases = ['cluster', 'volume'].flatMap((kind) => {
  const key = readFileSync(new URL(`../tests/vectors/valid/${kind}-canonical.key`, import.meta.url), 'utf8').trim();
  const inputs = { decode: key, encode: oneLiners.decode(key) };
  assert.equal(oneLiners.encode(inputs.encode), key);
  return Object.entries(oneLiners).map(([what, run]) => (
    { name: `${what}, ${kind} key`, run, input: inputs[what], samples: [] }
  ));
});

for (let round = 0; round < rounds; round++) {
  for (const { run, input, samples } of cases) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) run(input);
    samples.push(Number(process.hrtime.bigint() - start) / times);
  }
}

for (const { name, run, samples } of cases) {
  const ns = samples.sort((a, b) => a - b)[rounds >> 1].toFixed();
  const code = run.toString().split('=> ')[1];
  console.log(`| ${name} | Node ${process.versions.node}: \`${code}\` | ${ns} |`);
}
