/** Shows a long list page by page, so that the page stays quick however long it is. */
import { button, el } from './dom';

export class Pager<Item> {
  readonly bar = el('nav', { class: 'pager', hidden: true });
  #items: readonly Item[] = [];
  #start = 0;
  readonly #size: number;
  readonly #render: (items: readonly Item[], start: number) => unknown;
  readonly #place = el('span', { role: 'status' });
  readonly #back;
  readonly #forth;

  constructor(label: string, size: number, render: (items: readonly Item[], start: number) => unknown) {
    this.#size = size;
    this.#render = render;
    this.#back = button('Previous', () => this.#go(this.#start - size), { class: 'small' });
    this.#forth = button('Next', () => this.#go(this.#start + size), { class: 'small' });
    this.bar.setAttribute('aria-label', label);
    this.bar.append(this.#back, this.#place, this.#forth);
  }

  set items(items: readonly Item[]) {
    this.#items = items;
    this.#go(0);
  }

  /** Shows the same page again. */
  show() {
    this.#go(this.#start);
  }

  #go(start: number) {
    if (start < 0 || (start > 0 && start >= this.#items.length)) return;
    const end = Math.min(start + this.#size, this.#items.length);
    this.#start = start;
    this.bar.hidden = this.#items.length <= this.#size;
    this.#place.textContent = this.bar.hidden
      ? ''
      : `${number(start + 1)} to ${number(end)} of ${number(this.#items.length)}`;
    // Not `disabled`, which would take the focus away from who turns the last page.
    this.#back.setAttribute('aria-disabled', String(start === 0));
    this.#forth.setAttribute('aria-disabled', String(end >= this.#items.length));
    this.#render(this.#items.slice(start, end), start);
  }
}

const NUMBER = new Intl.NumberFormat('en');

export const number = (value: number) => NUMBER.format(value);

export const count = (value: number, one: string, many: string) =>
  `${number(value)} ${value === 1 ? one : many}`;

/** The order in which clusters are shown. */
export const byLabel = (a: { label: string }, b: { label: string }) => (a.label < b.label ? -1 : 1);
