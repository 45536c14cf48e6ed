/** A report: its verdict, what was found by rule, and what could not be checked. */
import { el, foreign } from './dom';
import { WORDS, icon, wordsOf } from './mark';
import { Pager, count, number } from './pager';
import type { FindingView, ReportView, RuleView } from './protocol';

const PAGE = 20;

export function counts({ counts: { error, warning, advice } }: ReportView): string {
  const parts = [
    error > 0 && count(error, 'error', 'errors'),
    warning > 0 && count(warning, 'warning', 'warnings'),
    advice > 0 && count(advice, 'piece of advice', 'pieces of advice'),
  ];
  return parts.filter(Boolean).join(', ');
}

export function verdictView(shape: ReportView['verdict'], title: string, text: string) {
  return el(
    'div',
    { class: `verdict ${shape}` },
    icon(shape),
    el('div', {}, el('p', { class: 'verdict-title' }, title), text !== '' && el('p', {}, text)),
  );
}

/** The findings by rule. A search leaves those that have the words, and says how many there are. */
export class Findings {
  readonly root = el('div', { class: 'findings' });
  readonly #rules: {
    view: RuleView;
    all: FindingView[];
    article: HTMLElement;
    shown: HTMLElement;
    pager: Pager<FindingView>;
  }[];

  constructor(rules: RuleView[], heading: 'h3' | 'h4') {
    this.#rules = rules.map((view) => this.#rule(view, heading));
    this.root.append(...this.#rules.map(({ article }) => article));
  }

  add(findings: FindingView[]) {
    for (const finding of findings) this.#rules[finding.rule]?.all.push(finding);
  }

  /** Shows what matches, and returns how many findings do. */
  show(matches: (text: string) => boolean): number {
    let total = 0;
    for (const { view, all, article, shown, pager } of this.#rules) {
      const ofRule = matches(`${view.code} ${wordsOf(view.code)} ${view.statement}`);
      const found = ofRule ? all : all.filter(({ text }) => matches(text));
      article.hidden = found.length === 0;
      shown.textContent =
        found.length < view.count ? `${number(found.length)} of ${number(view.count)}` : number(view.count);
      pager.items = found;
      total += found.length;
    }
    return total;
  }

  #rule(view: RuleView, heading: 'h3' | 'h4') {
    const list = el('ul', { class: 'found' });
    const shown = el('span', { class: 'count' });
    const pager = new Pager<FindingView>(`Findings of ${view.code}`, PAGE, (items) =>
      list.replaceChildren(...items.map(({ text }) => el('li', {}, foreign(text)))),
    );
    const article = el(
      'article',
      { class: `rule ${view.severity}` },
      el(
        heading,
        {},
        icon(view.severity),
        el('span', {}, el('span', { class: 'severity' }, `${WORDS[view.severity]}: `), wordsOf(view.code)),
        shown,
      ),
      el(
        'dl',
        { class: 'facts' },
        el('dt', {}, 'Found'),
        el('dd', {}, list, pager.bar),
        el('dt', {}, 'What to do'),
        el('dd', { class: 'help' }, view.help),
        el('dt', {}, 'Rule'),
        el('dd', {}, `${view.statement} `, el('code', {}, view.code)),
        el('dt', {}, 'Effect'),
        el('dd', {}, view.effect),
        el('dt', {}, 'Source'),
        el('dd', {}, view.source),
      ),
    );
    return { view, all: [] as FindingView[], article, shown, pager };
  }
}

/** What could not be checked, by the answer that is missing. */
export function uncheckedView({ unchecked }: ReportView, heading: 'h3' | 'h4'): HTMLElement | null {
  if (unchecked.length === 0) return null;
  const list = el('ul', { class: 'wants' });
  const pager = new Pager<ReportView['unchecked'][number]>('What could not be checked', PAGE, (items) =>
    list.replaceChildren(
      ...items.map(({ want, rules }) =>
        el(
          'li',
          {},
          foreign(want, { class: 'want' }),
          el(
            'details',
            {},
            el('summary', {}, count(rules.length, 'rule needs it', 'rules need it')),
            el('ul', {}, ...rules.map((statement) => el('li', {}, statement))),
          ),
        ),
      ),
    ),
  );
  pager.items = unchecked;
  return el(
    'article',
    { class: 'unchecked' },
    el(
      heading,
      {},
      icon('unknown'),
      el('span', {}, 'Not checked, because an answer is missing'),
      el('span', { class: 'count' }, number(unchecked.length)),
    ),
    list,
    pager.bar,
  );
}
