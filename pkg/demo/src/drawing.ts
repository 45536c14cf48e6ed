/** Draws the topology: a cluster beside each cluster that it is paired with, and what runs between. */
import { el, foreign, svg } from './dom';
import { markView } from './mark';
import { byLabel, count } from './pager';
import type { ClusterPairView, ClusterView, GroupView, Overview } from './protocol';

/** Of more clusters, cluster pairs of one, or groups of volume pairs, only the tables tell. */
const MAX_HUBS = 40;
const MAX_SPOKES = 12;
const MAX_GROUPS = 8;

interface Spoke {
  pair: ClusterPairView;
  index: number;
  /** Which end of the pair is the hub. */
  end: 0 | 1;
}

interface Drawn extends Overview {
  /** The groups of each cluster pair, and under null those of none. */
  groupsOf: Map<number | null, { group: GroupView; at: number }[]>;
  choose: ((group: number) => void) | undefined;
}

/** `choose` is called with the group that is pressed; without it there is nothing to press. */
export function drawing(overview: Overview, choose?: (group: number) => void): HTMLElement {
  const groupsOf: Drawn['groupsOf'] = new Map();
  overview.groups.forEach((group, at) => {
    const groups = groupsOf.get(group.clusterPair) ?? [];
    groupsOf.set(group.clusterPair, groups);
    groups.push({ group, at });
  });
  const drawn = { ...overview, groupsOf, choose };
  const hubs = hubsOf(overview);
  const more = hubs.length - MAX_HUBS;
  return el(
    'div',
    { class: 'drawing' },
    el(
      'ul',
      { class: 'hubs', 'aria-label': 'Clusters and their pairs' },
      ...hubs.slice(0, MAX_HUBS).map(({ cluster, spokes }) => hubView(drawn, cluster, spokes)),
    ),
    more > 0 &&
      el('p', { class: 'note' }, `${count(more, 'more cluster is', 'more clusters are')} in the tables.`),
    groupsOf.has(null) &&
      el(
        'div',
        { class: 'loose' },
        el('p', { class: 'note' }, 'In no cluster pair that is listed:'),
        ...groupsView(drawn, null, 0, ['', '']),
      ),
  );
}

/** Each cluster pair once, at the cluster that has the most of those left. */
function hubsOf({ clusters, clusterPairs }: Overview) {
  const spokesOf = clusters.map((): Spoke[] => []);
  clusterPairs.forEach((pair, index) => {
    const ends = [0, 1] as const;
    // A cluster paired with itself is drawn once.
    const distinct = pair.ends[0].cluster === pair.ends[1].cluster ? ends.slice(0, 1) : ends;
    for (const end of distinct) {
      const { cluster } = pair.ends[end];
      if (cluster !== null) spokesOf[cluster]!.push({ pair, index, end });
    }
  });
  const drawn = new Set<number>();
  const order = clusters.map((_, index) => index);
  order.sort(
    (a, b) =>
      spokesOf[b]!.length - spokesOf[a]!.length ||
      Number(clusters[b]!.given) - Number(clusters[a]!.given) ||
      byLabel(clusters[a]!, clusters[b]!),
  );
  const hubs: { cluster: number; spokes: Spoke[] }[] = [];
  for (const cluster of order) {
    const spokes = spokesOf[cluster]!.filter(({ index }) => !drawn.has(index));
    if (spokes.length === 0 && spokesOf[cluster]!.length > 0) continue;
    spokes.forEach(({ index }) => drawn.add(index));
    hubs.push({ cluster, spokes });
  }
  return hubs;
}

function hubView(drawn: Drawn, cluster: number, spokes: Spoke[]) {
  const more = spokes.length - MAX_SPOKES;
  return el(
    'li',
    { class: 'hub' },
    clusterView(drawn.clusters[cluster]!),
    spokes.length > 0
      ? el(
          'ul',
          { class: 'spokes' },
          ...spokes.slice(0, MAX_SPOKES).map((spoke) => spokeView(drawn, spoke)),
          more > 0 &&
            el('li', { class: 'note alone' }, `${count(more, 'more pair is', 'more pairs are')} in the tables.`),
        )
      : el(
          'p',
          { class: 'note alone' },
          drawn.clusters[cluster]!.unseen.includes('ListClusterPairs')
            ? 'Its cluster pairs were not seen.'
            : 'It has no cluster pair.',
        ),
  );
}

function clusterView(cluster: ClusterView | undefined) {
  if (!cluster)
    return el(
      'div',
      { class: 'cluster unseen' },
      el('p', { class: 'cluster-name' }, 'A cluster that is not named'),
    );
  const { name, uniqueID, mvip, label, given, mark, rules, pairs } = cluster;
  return el(
    'div',
    { class: given ? 'cluster' : 'cluster unseen' },
    el('p', { class: 'cluster-name' }, foreign(name || label)),
    el('p', { class: 'note' }, foreign([name && uniqueID, mvip].filter(Boolean).join(' · '))),
    el(
      'p',
      { class: 'note' },
      given ? (pairs === '' ? '' : `Cluster pairs: ${pairs}`) : 'Its own listings were not given.',
    ),
    markView(mark, rules),
  );
}

function spokeView(drawn: Drawn, { pair, index, end }: Spoke) {
  const far = end === 0 ? 1 : 0;
  const here = pair.ends[end];
  const there = pair.ends[far];
  const names = pair.ends.map(
    ({ cluster }) => (cluster === null ? '?' : drawn.clusters[cluster]?.label) ?? '?',
  );
  return el(
    'li',
    { class: 'spoke' },
    el(
      'div',
      { class: 'between' },
      el(
        'div',
        { class: 'wire' },
        el(
          'p',
          {},
          el('strong', {}, status(pair)),
          ` cluster pair${ids(here.clusterPairID, there.clusterPairID)}${latency(pair)}`,
        ),
        wire(pair, end),
        (here.listed === false || there.listed === false) &&
          el('p', { class: 'note' }, 'Only one side lists it'),
        markView(pair.mark, pair.rules),
      ),
      ...groupsView(drawn, index, end, names),
    ),
    clusterView(there.cluster === null ? undefined : drawn.clusters[there.cluster]),
  );
}

/** What runs in a cluster pair: first what something was found about, then what there is most of. */
function groupsView({ groupsOf, choose }: Drawn, clusterPair: number | null, end: 0 | 1, names: string[]) {
  const groups = [...(groupsOf.get(clusterPair) ?? [])];
  if (groups.length === 0) return [el('p', { class: 'note' }, 'No volume pairs seen')];
  groups.sort(
    (a, b) => Number(b.group.mark !== null) - Number(a.group.mark !== null) || b.group.count - a.group.count,
  );
  const more = groups.slice(MAX_GROUPS).reduce((sum, { group }) => sum + group.count, 0);
  return [
    el(
      'ul',
      { class: 'groups', 'aria-label': 'Volume pairs' },
      ...groups.slice(0, MAX_GROUPS).map(({ group, at }) => el('li', {}, groupView(group, end, names, choose && (() => choose(at))))),
    ),
    ...(more > 0
      ? [el('p', { class: 'note' }, `${count(more, 'more volume pair', 'more volume pairs')} in the table`)]
      : []),
  ];
}

function status({ ends, pending }: ClusterPairView) {
  const said = [...new Set(ends.map((end) => end.status).filter((text) => text !== ''))];
  return said.join(' / ') || (pending ? 'Pending' : 'Status not told');
}

function ids(here: number | null, there: number | null) {
  if (here === null && there === null) return '';
  return ` ${here ?? '?'} – ${there ?? '?'}`;
}

function latency({ ends }: ClusterPairView) {
  const said = ends.map((end) => end.latency).filter((value) => value !== null);
  return said.length > 0 ? `, ${Math.max(...said)} ms` : '';
}

function groupView(group: GroupView, end: 0 | 1, clusters: string[], press: (() => void) | undefined) {
  const { source, count: size, volumes, mode, state, mark, rules } = group;
  const far = end === 0 ? 1 : 0;
  const out = source === null ? null : source === end;
  const [here, there] = [group.listed[end], group.listed[far]];
  const route = (texts: readonly string[]) => [
    foreign(texts[end] || '?'),
    out === null ? ' – ' : out ? ' → ' : ' ← ',
    foreign(texts[far] || '?'),
  ];
  const made = el(
    press ? 'button' : 'div',
    { type: press && 'button', class: mark ? `group ${mark}` : 'group' },
    el(
      'span',
      { class: 'group-title' },
      ...(size === 1 ? route(volumes) : [count(size, 'volume pair', 'volume pairs')]),
    ),
    arrow(out, mark !== null, here === false ? 'start' : there === false ? 'end' : null),
    size > 1 && el('span', { class: 'group-route' }, ...route(clusters)),
    el(
      'span',
      { class: 'group-state' },
      [out === null && 'no direction', mode, state].filter(Boolean).join(' · ') || 'state not told',
    ),
    markView(mark, rules),
  );
  if (press) made.addEventListener('click', press);
  return made;
}

/** The line of a cluster pair, broken where a side does not list it. */
function wire({ ends, pending, mark }: ClusterPairView, end: 0 | 1) {
  const missing =
    ends[end].listed === false ? 'start' : ends[end === 0 ? 1 : 0].listed === false ? 'end' : null;
  return line(`wire-line${pending || mark ? ' dashed' : ''}`, missing, [
    svg('line', { x1: '0', y1: '5', x2: '100%', y2: '5' }),
    svg('line', { x1: '0', y1: '9', x2: '100%', y2: '9' }),
  ]);
}

/** The arrow of volume pairs; `out` if it leads away from the hub. */
function arrow(out: boolean | null, conflict: boolean, missing: 'start' | 'end' | null) {
  const head =
    out === null
      ? null
      : out
        ? at('100%', svg('path', { d: 'M-9 1.5L-1 7l-8 5.5', class: 'head' }))
        : svg('path', { d: 'M9 1.5L1 7l8 5.5', class: 'head' });
  return line(`arrow${conflict ? ' dashed' : ''}`, missing, [
    svg('line', { x1: '1', y1: '7', x2: '100%', y2: '7' }),
    ...(head ? [head] : []),
  ]);
}

function line(kind: string, missing: 'start' | 'end' | null, parts: SVGElement[]) {
  const cross =
    missing &&
    at(missing === 'start' ? '14%' : '86%', svg('path', { d: 'M-5 2l10 10 M5 2L-5 12', class: 'cross' }));
  return svg('svg', { class: kind, height: 14, width: '100%', 'aria-hidden': 'true' }, ...parts, cross);
}

const at = (x: string, part: SVGElement) => svg('svg', { x, y: 0, overflow: 'visible' }, part);
