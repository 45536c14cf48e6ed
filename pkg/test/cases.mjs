// The crate's cases: of rules (listings, a call or none, what is found) and of plans (listings, a goal,
// the steps that reach it).

import { list, readJson } from './repository.mjs';

export const cases = list('tests/rules')
  .filter((folder) => folder !== 'base' && !folder.endsWith('.md'))
  .flatMap((folder) => list('tests/rules', folder).map((file) => ({ folder, name: `${folder}/${file}` })));

export const plans = list('tests/plans').filter((file) => file.endsWith('.json'));

function clustersOf({ from, clusters, set = {} }) {
  clusters = structuredClone(clusters ?? readJson('tests/rules/base', `${from}.json`).clusters);
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split('/');
    const last = steps.pop();
    const parent = steps.reduce((at, step) => (at[step] ??= {}), clusters);
    if (value === null) delete parent[last];
    else parent[last] = value;
  }
  return Object.values(clusters);
}

const listOf = (byID, id) =>
  Object.entries(byID).map(([key, object]) => ({ ...object, [id]: /^\d+$/.test(key) ? Number(key) : key }));

function resultOf(method, listing) {
  if (method === 'GetClusterInfo') return { clusterInfo: listing };
  if (method === 'GetLimits') return listing;
  if (method === 'ListClusterPairs') return { clusterPairs: listOf(listing, 'clusterPairID') };
  const volumes = listOf(listing, 'volumeID');
  for (const volume of volumes) {
    if (volume.volumePairs) volume.volumePairs = listOf(volume.volumePairs, 'volumePairUUID');
  }
  return { volumes };
}

/** The same object is the same text, whatever a case sets in it. */
const sorted = (name, value) =>
  Object(value) === value && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const responses = (cluster) =>
  Object.entries(cluster)
    .map(([id, { error, ...listing }]) =>
      JSON.stringify(error ? { id, error } : { id, result: resultOf(id, listing) }, sorted),
    )
    .join('\n');

/** The listings of a case, one text for each cluster. */
export const textsOf = (expected) => clustersOf(expected).map(responses);

const hex = (value) => (typeof value === 'object' ? Buffer.from(JSON.stringify(value)).toString('hex') : value);

/** The call that a case checks. */
export function callOf({ method, params = {} }) {
  const entries = Object.entries(params).map(([name, value]) => [name, name.endsWith('PairingKey') ? hex(value) : value]);
  return { method, params: Object.fromEntries(entries) };
}
