/** A list to choose from, however long: page by page, and by what is searched for. */
import { el, foreign } from './dom';
import { Pager, number } from './pager';
import type { Choice } from './protocol';

const PAGE = 12;

export class Picker<Value> {
  readonly root: HTMLElement;
  onchange = () => {};
  readonly #chosen = new Set<Choice<Value>>();
  readonly #count = el('span', { class: 'count' });

  constructor(title: string, choices: Choice<Value>[]) {
    const list = el('ul', { class: 'choices' });
    const pager = new Pager<Choice<Value>>(`Pages of ${title.toLowerCase()}`, PAGE, (items) =>
      list.replaceChildren(...items.map((choice) => el('li', {}, this.#item(choice)))),
    );
    const search = el('input', {
      type: 'search',
      'aria-label': `Search ${title.toLowerCase()}`,
      placeholder: 'Search',
      autocomplete: 'off',
    });
    search.addEventListener('input', () => {
      const word = search.value.trim().toLowerCase();
      pager.items = choices.filter(({ text }) => text.toLowerCase().includes(word));
    });
    pager.items = choices;
    this.root = el(
      'fieldset',
      { class: 'picker' },
      el('legend', {}, title, ' ', this.#count),
      choices.length > PAGE && search,
      list,
      pager.bar,
    );
    this.#tell();
  }

  get chosen(): Value[] {
    return [...this.#chosen].map(({ value }) => value);
  }

  #item(choice: Choice<Value>) {
    const box = el('input', { type: 'checkbox', checked: this.#chosen.has(choice) });
    box.addEventListener('change', () => {
      if (box.checked) this.#chosen.add(choice);
      else this.#chosen.delete(choice);
      this.#tell();
      this.onchange();
    });
    return el('label', {}, box, foreign(choice.text));
  }

  #tell() {
    this.#count.textContent = `${number(this.#chosen.size)} chosen`;
  }
}
