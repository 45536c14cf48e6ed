// What the package returns is what its typings say: as literals, in which TypeScript allows no member
// too many, none too few and no other word in a union.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as api from '../dist/index.js';
import { callOf, cases, plans, textsOf } from './cases.mjs';
import { list, listings, outcome, pkg, read, readJson } from './repository.mjs';

const returned = [];
const add = (type, value) => returned.push([type, value]);
const { auditTopology, checkCall, decodePairingKey, pairingKeyMembers, pairingKeyMethods, planGoal, readResponse, rules, runPlan, topologyOf } = api;

for (const { name } of cases) {
  const expected = readJson('tests/rules', name);
  const texts = textsOf(expected);
  const { check } = expected;
  add('Report', check ? checkCall(texts, check.cluster, callOf(check)) : auditTopology(texts));
  add('Topology', topologyOf(texts));
  for (const [name, listing] of texts.flatMap((text) => text.split('\n')).map((line) => [JSON.parse(line).id, line])) {
    const method = name.split(' ')[0];
    add(`Response<'${method}'>`, readResponse(method, listing));
  }
}
for (const folder of ['valid', 'invalid']) {
  for (const file of list('tests/vectors', folder).filter((file) => file.endsWith('.key'))) {
    const { result, error } = outcome(() => decodePairingKey(new Uint8Array(read('tests/vectors', folder, file))));
    if (result) add('PairingKey', result);
    else if (error.name === 'PairingKeyError') add('PairingKeyErrorData', error);
  }
}
for (const listing of ['', '[', '{"id":"Nope"}', '{"id":"GetLimits","result":{"clusterPairsCountMax":"x"}}', new Uint8Array([0xff]), new Uint8Array(api.MAX_JSON_LENGTH + 1)]) {
  const { error } = outcome(() => auditTopology([listing]));
  add('ElementPairingErrorData', error);
}
for (const file of plans) {
  const { goal, after, ...expected } = readJson('tests/plans', file);
  add('Goal', goal);
  if (after) add('RunRecord', after);
  const planned = planGoal(textsOf(expected), goal, after);
  add('Plan | NoPlan', planned);
  for (const answer of ['{"error":{"name":"xNope"}}', '{"error":{}}', '{', undefined]) {
    if (planned.kind !== 'plan') continue;
    const run = runPlan(planned);
    const { body, ...call } = run.next() ?? {};
    if (body) add("Omit<NextCall, 'body'>", call);
    if (answer) run.answer(answer);
    else run.lost();
    if (run.stopped) add('Stopped', run.stopped);
    if (run.entry) add('RunEntry', run.entry);
    add('readonly StepState[]', run.states);
    run.dispose();
  }
}
add('ElementPairingErrorData', outcome(() => planGoal(listings('healthy'), {})).error);
for (const answer of ['{"error":{"name":"xNope"}}', '{"error":{}}', '<html>', '{"id":7,"error":{}}']) {
  const run = runPlan(planGoal(listings('healthy'), { goal: 'unpair_clusters', clusters: ['site-a', 'site-b'] }));
  const { name, message, code, help, step, error } = await run.drive(() => answer).catch((error) => error);
  add('ElementPairingErrorData', { name, message, code, help, step, error });
}
add('readonly Rule[]', rules());
add('readonly MemberDescription[]', pairingKeyMembers());
add('ReturnType<typeof pairingKeyMethods>', pairingKeyMethods('volume'));

test('what is returned has its type', () => {
  // Below the package, whose own name is then known.
  const folder = mkdtempSync(join(pkg, 'build/typings-'));
  try {
    const types = [
      ...['Goal', 'MemberDescription', 'NextCall', 'NoPlan', 'PairingKey', 'Plan', 'Report', 'Response', 'Rule'],
      ...['RunEntry', 'RunRecord', 'StepState', 'Stopped', 'Topology'],
    ];
    const lines = [
      `import type { ElementPairingError, PairingKeyError, pairingKeyMethods, ${types.join(', ')} } from 'element-pairing';`,
      // Of an error, what can be written as a literal.
      "type PairingKeyErrorData = Omit<PairingKeyError, 'stack' | 'cause'>;",
      "type ElementPairingErrorData = Omit<ElementPairingError, 'stack' | 'cause'>;",
    ];
    const unique = new Set(returned.map(([type, value]) => `${type} = ${JSON.stringify(value)};`));
    [...unique].forEach((line, index) => lines.push(`export const value${index}: ${line}`));
    assert(unique.size > 500);
    const compile = () => {
      writeFileSync(join(folder, 'returned.mts'), lines.join('\n'));
      const config = readJson('pkg/test/example/tsconfig.json');
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, files: ['returned.mts'] }));
      const { bin } = readJson('pkg/node_modules/typescript/package.json');
      const tsc = join(pkg, 'node_modules/typescript', bin.tsc);
      return outcome(() => execFileSync(process.execPath, [tsc, '--project', folder], { encoding: 'utf8' })).error?.stdout ?? '';
    };
    assert.equal(compile(), '');
    // That it would have been seen.
    lines.push("export const wrong: Report = { verdict: 'clear', findings: [], unchecked: [], more: 1 };");
    assert.match(compile(), /'more' does not exist in type 'Report'/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
