/** The panel of the listings: which are read, and which cannot be. */
import halfRemovedA from '../../../examples/listings/half-removed-a.json?raw';
import halfRemovedB from '../../../examples/listings/half-removed-b.json?raw';
import healthyA from '../../../examples/listings/healthy-a.json?raw';
import healthyB from '../../../examples/listings/healthy-b.json?raw';
import limitA from '../../../examples/listings/limit-a.json?raw';
import mismatchedA from '../../../examples/listings/mismatched-a.json?raw';
import mismatchedB from '../../../examples/listings/mismatched-b.json?raw';
import unpairedA from '../../../examples/listings/unpaired-a.json?raw';
import unpairedB from '../../../examples/listings/unpaired-b.json?raw';
import type { Engine } from './client';
import { button, el, find, foreign, say } from './dom';
import { intake } from './intake';
import { transferable } from './key';
import { problemView } from './problem';
import type { ListingView, News, Problem, Requests } from './protocol';

const SAMPLES: { title: string; files: Record<string, string> }[] = [
  {
    title: 'Two mismatched volumes',
    files: { 'mismatched-a.json': mismatchedA, 'mismatched-b.json': mismatchedB },
  },
  {
    title: 'A half-removed pair',
    files: { 'half-removed-a.json': halfRemovedA, 'half-removed-b.json': halfRemovedB },
  },
  { title: 'A cluster at its limit', files: { 'limit-a.json': limitA } },
  { title: 'A healthy pair', files: { 'healthy-a.json': healthyA, 'healthy-b.json': healthyB } },
  { title: 'Two clusters that are not paired', files: { 'unpaired-a.json': unpairedA, 'unpaired-b.json': unpairedB } },
];

export class ListingsPanel {
  /** Listings are being read, or there are none left. */
  onchange: (any: boolean) => void = () => {};
  /** What the last change of them has led to. */
  onnews: (news: News) => void = () => {};
  readonly #engine: Engine;
  readonly #list = find('#listings-read');
  readonly #intake;
  #turn = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#intake = intake(find('#listings .intake'), (add) => void this.#change({ remove: [], add }));
    const menu = find('#samples');
    for (const { title, files } of SAMPLES) {
      const load = () => {
        menu.hidePopover();
        const add = Object.entries(files).map(([name, text]) => ({
          name,
          text: new TextEncoder().encode(text),
        }));
        void this.#change({ remove: 'all', add });
      };
      menu.append(el('li', {}, button(title, load)));
    }
  }

  reset() {
    this.#turn++;
    this.#intake.empty();
    this.#show([]);
    this.onchange(false);
  }

  async #change(change: Requests['changeListings']['ask']) {
    const turn = ++this.#turn;
    const { remove, add } = change;
    if (add.length > 0) {
      this.#list.replaceChildren(el('p', { class: 'busy' }, 'Reading …'));
      say('Reading.');
    }
    this.onchange(remove !== 'all' || add.length > 0);
    // News of a change that another has followed are old.
    const hear = (news: News) => turn === this.#turn && this.onnews(news);
    try {
      const read = await this.#engine.ask('changeListings', change, add.flatMap(transferable), hear);
      if (turn === this.#turn) this.#show(read);
    } catch (problem) {
      if (turn !== this.#turn) return;
      this.reset();
      this.#list.replaceChildren(problemView('The listings cannot be read', problem as Problem));
    }
  }

  #show(read: ListingView[]) {
    const remove = (remove: number[] | 'all') => {
      this.#intake.focus();
      void this.#change({ remove, add: [] });
    };
    const items = read.map(({ number, name, size, problem }) =>
      el(
        'li',
        {},
        el(
          'div',
          { class: 'listing' },
          foreign(name, { class: 'name' }),
          el('span', { class: 'note' }, bytes(size)),
          button('Remove', () => remove([number]), { class: 'small', 'aria-label': `Remove ${name}` }),
        ),
        problem && problemView('It cannot be read', problem),
      ),
    );
    this.#list.replaceChildren(
      ...(items.length > 0 ? [el('ul', { class: 'given', 'aria-label': 'Listings' }, ...items)] : []),
      ...(items.length > 1 ? [button('Remove all', () => remove('all'))] : []),
    );
  }
}

function bytes(size: number) {
  if (size === 1) return '1 byte';
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${unit ? size.toFixed(1) : size} ${units[unit]}`;
}
