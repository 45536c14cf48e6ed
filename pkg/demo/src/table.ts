/** The same as the drawing, as tables. */
import { el, foreign } from './dom';
import { markView, wordsOf } from './mark';
import { Pager, byLabel, number } from './pager';
import type { ClusterPairView, ClusterView, Marked, Overview, VolumePairView } from './protocol';

const PAGE = 25;

type Column<Row> = [title: string, cell: (row: Row) => (Node | string)[]];

export class VolumeTable {
  readonly root;
  readonly #rows: { view: VolumePairView; text: string }[] = [];
  readonly #pager;
  readonly #summary = el('span', { class: 'note' });

  constructor(overview: Overview) {
    const columns: Column<VolumePairView>[] = [
      ['Volume', ({ ends: [end] }) => volume(end)],
      [
        'Direction',
        ({ source }) => [
          source === null ? 'none' : source === 0 ? '→' : '←',
          el(
            'span',
            { class: 'visually-hidden' },
            source === null ? '' : source === 0 ? ' to the second volume' : ' to the first volume',
          ),
        ],
      ],
      ['Volume paired with', ({ ends: [, end] }) => volume(end)],
      ['Mode', ({ mode }) => [mode || 'not told']],
      ['State', ({ state }) => [state || 'not told']],
      ['Found', found],
    ];
    const { table, caption, body } = tableView('Volume pairs', columns);
    table.setAttribute('aria-rowcount', String(overview.volumePairs + 1));
    this.#pager = new Pager<{ view: VolumePairView }>('Pages of volume pairs', PAGE, (items, start) =>
      body.replaceChildren(...items.map(({ view }, index) => rowView(columns, view, start + index + 2))),
    );
    caption.append(' ', this.#summary);
    this.root = overview.volumePairs > 0 ? el('div', {}, table, this.#pager.bar) : none('No volume pairs seen.');
  }

  add(volumePairs: VolumePairView[]) {
    for (const view of volumePairs) {
      const ends = view.ends.map(
        ({ cluster, volume, access, size }) => `${cluster} ${volume} ${access} ${size}`,
      );
      const text = [
        ...ends,
        view.mode,
        view.state,
        ...view.rules,
        ...view.rules.map(wordsOf),
      ];
      this.#rows.push({ view, text: text.join(' ').toLowerCase() });
    }
  }

  /** Shows what matches, and returns how many rows do. */
  show(matches: (text: string) => boolean, group: number | null): number {
    const rows = this.#rows.filter(
      ({ view, text }) => (group === null || view.group === group) && matches(text),
    );
    this.#pager.items = rows;
    const all = number(this.#rows.length);
    this.#summary.textContent = rows.length === this.#rows.length ? all : `${number(rows.length)} of ${all}`;
    return rows.length;
  }
}

export function clusterTable({ clusters }: Overview) {
  return paged('Clusters', clusters.toSorted(byLabel), [
    ['Cluster', ({ label }) => [foreign(label)]],
    ['MVIP', ({ mvip }) => [foreign(mvip || 'not told', { class: 'mvip' })]],
    ['Cluster pairs', ({ pairs }) => [pairs || 'not seen']],
    ['Answers seen', ({ seen }) => [seen.join(', ') || 'none']],
    ['Not seen', ({ unseen }) => [unseen.join(', ') || 'none']],
    ['Found', found],
  ] satisfies Column<ClusterView>[]);
}

export function clusterPairTable({ clusters, clusterPairs }: Overview) {
  const end =
    (at: 0 | 1) =>
    ({ ends }: ClusterPairView) => {
      const { cluster, clusterPairID, listed } = ends[at];
      return [
        foreign((cluster === null ? undefined : clusters[cluster]?.label) ?? 'not named'),
        el(
          'span',
          { class: 'note' },
          listed ? `lists it as ${clusterPairID}` : listed === false ? 'does not list it' : 'not seen',
        ),
      ];
    };
  const each =
    (member: (end: ClusterPairView['ends'][0]) => string) =>
    ({ ends }: ClusterPairView) => [
      [...new Set(ends.map(member).filter((text) => text !== ''))].join(' / ') || 'not told',
    ];
  return paged('Cluster pairs', clusterPairs, [
    ['Cluster', end(0)],
    ['Paired with', end(1)],
    ['Status', each(({ status }) => status)],
    ['Round trip', each(({ latency }) => (latency === null ? '' : `${latency} ms`))],
    ['Found', found],
  ] satisfies Column<ClusterPairView>[]);
}

const none = (text: string) => el('p', { class: 'note' }, text);

function paged<Row>(caption: string, rows: readonly Row[], columns: Column<Row>[]) {
  if (rows.length === 0) return none(`No ${caption.toLowerCase()} seen.`);
  const { table, body } = tableView(caption, columns);
  table.setAttribute('aria-rowcount', String(rows.length + 1));
  const pager = new Pager<Row>(`Pages of ${caption.toLowerCase()}`, PAGE, (items, start) =>
    body.replaceChildren(...items.map((row, index) => rowView(columns, row, start + index + 2))),
  );
  pager.items = rows;
  return el('div', {}, table, pager.bar);
}

// The roles are told because a narrow screen shows rows as cards, and CSS that does so takes them away.
function tableView<Row>(title: string, columns: Column<Row>[]) {
  const caption = el('caption', {}, title);
  const body = el('tbody', { role: 'rowgroup' });
  const table = el(
    'table',
    { role: 'table' },
    caption,
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row', 'aria-rowindex': 1 },
        ...columns.map(([title]) => el('th', { role: 'columnheader', scope: 'col' }, title)),
      ),
    ),
    body,
  );
  return { table, caption, body };
}

function rowView<Row>(columns: Column<Row>[], row: Row, index: number) {
  return el(
    'tr',
    { role: 'row', 'aria-rowindex': index },
    ...columns.map(([title, cell]) => el('td', { role: 'cell', 'data-title': title }, ...cell(row))),
  );
}

function volume({ cluster, volume, access, size, listed }: VolumePairView['ends'][0]) {
  const facts =
    listed === false
      ? 'does not list the pair'
      : listed === null
        ? 'not seen'
        : [access, size].filter(Boolean).join(', ');
  return [
    foreign(volume || 'not named', { class: 'strong' }),
    el(
      'span',
      { class: 'note' },
      ...(cluster === '' ? [] : ['of ', foreign(cluster)]),
      ...(facts === '' ? [] : [el('br'), facts]),
    ),
  ];
}

function found({ mark, rules }: Marked) {
  return [markView(mark, rules) ?? el('span', { class: 'note' }, 'nothing')];
}
