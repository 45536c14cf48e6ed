/** The panel of the key: what it says, with its secrets hidden. */
import type { Engine } from './client';
import { button, el, find, foreign, say } from './dom';
import { intake } from './intake';
import { fact, problemView } from './problem';
import type { KeyView, Listing, Problem } from './protocol';

/** How long a secret is shown. */
const SHOWN_MS = 30_000;

export class KeyPanel {
  /** The key that is held has changed. */
  onchange: (key: KeyView | null) => void = () => {};
  readonly #engine: Engine;
  readonly #result = find('#key-result');
  readonly #intake;
  #hide: (() => void)[] = [];
  #turn = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#intake = intake(find('#key .intake'), (texts) => void this.#read(texts));
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.hideSecrets();
    });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hideSecrets();
    });
  }

  /** Takes everything of a key off the page. */
  reset() {
    this.#turn++;
    this.hideSecrets();
    this.#hide = [];
    this.#intake.empty();
    this.#result.replaceChildren();
    this.onchange(null);
  }

  hideSecrets() {
    this.#hide.forEach((hide) => hide());
  }

  async #read(texts: Listing[]) {
    this.reset();
    const turn = this.#turn;
    const [first, ...others] = texts;
    if (!first) return;
    try {
      if (others.length > 0) {
        await this.#engine.ask('forgetKey', {});
        throw ONE_ONLY;
      }
      const key = await this.#engine.ask('readKey', { text: first.text }, transferable(first));
      if (turn !== this.#turn) return;
      this.#result.replaceChildren(this.#view(key));
      say(`This is a ${key.kind} pairing key.`);
      this.onchange(key);
    } catch (problem) {
      if (turn !== this.#turn) return;
      this.#result.replaceChildren(problemView('This key cannot be read', problem as Problem));
      say(`This key cannot be read: ${(problem as Problem).message}.`);
    }
  }

  #view(key: KeyView): HTMLElement {
    return el(
      'div',
      { class: 'key' },
      el('h3', {}, `This is a ${key.kind} pairing key.`),
      el(
        'p',
        {},
        'Made by ',
        el('code', {}, key.madeBy),
        '. Send it with ',
        el('code', {}, key.takenBy),
        ` to the ${key.kind === 'cluster' ? 'other cluster' : 'other volume’s cluster'}; it works once.`,
      ),
      el(
        'p',
        {},
        'If it is not completed, a pending pair stays on the cluster that made it, to be removed by hand.',
      ),
      el('dl', { class: 'members' }, ...key.members.map((member) => this.#member(member))),
      key.unknownMembers.length > 0 &&
        el(
          'p',
          {},
          'Members that this version does not know: ',
          ...key.unknownMembers.flatMap((name, index) => [index ? ', ' : '', foreign(name)]),
        ),
      el(
        'dl',
        { class: 'facts' },
        ...fact('Cleaned off', key.removed.join(', ') || 'nothing'),
        ...fact('Digits', String(key.digits)),
      ),
      el('div', { class: 'actions' }, button('Forget the key', () => this.#forget()), ...this.#copy()),
    );
  }

  #member({ name, meaning, value }: KeyView['members'][number]) {
    return el(
      'div',
      {},
      el('dt', {}, meaning, ' ', el('code', {}, name)),
      value === null ? this.#secret(name) : el('dd', {}, foreign(value)),
    );
  }

  #secret(name: string) {
    const text = el('span', { class: 'secret' });
    const note = el('span', { class: 'note' });
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Counts what was asked for, so that an answer that comes too late shows nothing. */
    let asked = 0;
    const hide = () => {
      if (timer !== undefined) say(`The ${name} is hidden.`);
      clearTimeout(timer);
      timer = undefined;
      asked++;
      text.replaceChildren(
        el('span', { class: 'masked', 'aria-hidden': 'true' }, '••••••••'),
        el('span', { class: 'visually-hidden' }, 'hidden'),
      );
      note.textContent = '';
      toggle.textContent = 'Show';
      toggle.setAttribute('aria-label', `Show ${name}`);
    };
    const show = async () => {
      const mine = ++asked;
      try {
        const value = await this.#engine.ask('reveal', { member: name });
        if (mine !== asked || document.hidden) return;
        text.replaceChildren(foreign(value, { class: 'shown' }));
        note.textContent = `hides again after ${SHOWN_MS / 1000} seconds`;
        toggle.textContent = 'Hide';
        toggle.setAttribute('aria-label', `Hide ${name}`);
        timer = setTimeout(hide, SHOWN_MS);
        say(`The ${name} is shown for ${SHOWN_MS / 1000} seconds.`);
      } catch (problem) {
        if (mine === asked) note.textContent = (problem as Problem).message;
      }
    };
    const toggle = button('Show', () => (timer === undefined ? void show() : hide()), { class: 'small' });
    hide();
    this.#hide.push(hide);
    return el('dd', {}, text, toggle, note);
  }

  /** Only where the browser lets a page write to the clipboard: not on plain HTTP. */
  #copy() {
    if (!navigator.clipboard) return [];
    const note = el('span', { class: 'note' });
    const tell = (text: string) => {
      note.textContent = text;
      say(text);
    };
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(await this.#engine.ask('digits', {}));
        tell('The digits are in the clipboard.');
      } catch {
        tell('The browser does not let the page write to the clipboard.');
      }
    };
    return [button('Copy the clean digits', () => void copy()), note];
  }

  #forget() {
    this.reset();
    void this.#engine.ask('forgetKey', {});
    this.#intake.focus();
    say('The key is forgotten.');
  }
}

const ONE_ONLY: Problem = {
  code: 'two_files',
  message: 'these are several files',
  help: 'Give one key at a time: each belongs to a pair of its own.',
};

/** The bytes of a paste are handed over, so that no copy stays behind. */
export function transferable({ text }: Listing): Transferable[] {
  return text instanceof Uint8Array ? [text.buffer] : [];
}
