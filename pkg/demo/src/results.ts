/** What the listings show, piece by piece as the engine tells it. */
import { drawing } from './drawing';
import { find, say } from './dom';
import { count } from './pager';
import type { News, Overview, ReportView } from './protocol';
import { Findings, counts, uncheckedView, verdictView } from './report';
import { VolumeTable, clusterPairTable, clusterTable } from './table';

export class Results {
  onoverview: (overview: Pick<Overview, 'clusters' | 'clusterPairs'>) => void = () => {};
  readonly #root = find('#results');
  readonly #search = find<HTMLInputElement>('#search');
  readonly #matched = find('#matched');
  readonly #only = find('#only');
  #findings: Findings | undefined;
  #table: VolumeTable | undefined;
  #group: number | null = null;

  constructor() {
    this.#search.addEventListener('input', () => this.#show());
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#clear();
    });
    find('#only button').addEventListener('click', () => {
      this.#clear();
      this.#search.focus();
    });
  }

  reset() {
    this.#root.hidden = true;
    this.#root.classList.remove('busy');
    this.#findings = this.#table = undefined;
    for (const id of ['#verdict', '#drawing', '#findings', '#unchecked', '#tables']) find(id).replaceChildren();
    this.#search.value = '';
    this.#only.hidden = true;
    this.#group = null;
    this.onoverview({ clusters: [], clusterPairs: [] });
  }

  /** Marks what is shown as old: new listings are being read. */
  wait() {
    this.#root.classList.add('busy');
  }

  take(news: News) {
    switch (news.kind) {
      case 'overview':
        this.#begin(news.overview);
        break;
      case 'findings':
        this.#findings?.add(news.findings);
        break;
      case 'volumePairs':
        this.#table?.add(news.volumePairs);
        break;
      case 'end':
        this.#root.classList.remove('busy');
        this.#show();
        break;
      case 'nothing':
        this.reset();
        break;
    }
  }

  #begin(overview: Overview) {
    const { report } = overview;
    const [title, text] = verdict(report);
    this.#search.value = '';
    this.#group = null;
    find('#verdict').replaceChildren(
      verdictView(report.counts.error > 0 ? 'refused' : report.verdict, title, text),
    );
    find('#drawing').replaceChildren(drawing(overview, (group) => this.#choose(group)));
    this.#findings = new Findings(report.rules, 'h3');
    find('#findings').replaceChildren(this.#findings.root);
    const unchecked = uncheckedView(report, 'h3');
    find('#unchecked').replaceChildren(...(unchecked ? [unchecked] : []));
    this.#table = new VolumeTable(overview);
    find('#tables').replaceChildren(clusterTable(overview), clusterPairTable(overview), this.#table.root);
    find('.search').hidden = report.rules.length === 0 && overview.volumePairs === 0;
    const isEmpty = report.rules.length === 0 && report.unchecked.length === 0;
    find('#report').hidden = find('[href="#report"]').hidden = isEmpty;
    this.#root.hidden = false;
    this.onoverview(overview);
    say(`${title} ${text}`);
  }

  #choose(group: number) {
    this.#search.value = '';
    this.#group = group;
    this.#show();
    find('#tables-heading').scrollIntoView();
    find('#tables-heading').focus({ preventScroll: true });
  }

  #clear() {
    this.#search.value = '';
    this.#group = null;
    this.#show();
  }

  #show() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (text: string) => {
      if (words.length === 0) return true;
      const low = text.toLowerCase();
      return words.every((word) => low.includes(word));
    };
    const findings = this.#findings?.show(matches) ?? 0;
    const pairs = this.#table?.show(matches, this.#group) ?? 0;
    this.#only.hidden = this.#group === null;
    this.#matched.textContent =
      words.length === 0
        ? ''
        : `${count(findings, 'finding', 'findings')} and ${count(pairs, 'volume pair', 'volume pairs')} match.`;
  }
}

function verdict(report: ReportView): [title: string, text: string] {
  const found = counts(report);
  const missing =
    report.unchecked.length > 0 ? 'Something could not be checked: see the report.' : '';
  if (found !== '') return [`${found}.`, missing];
  return report.unchecked.length > 0
    ? ['Nothing found in what was seen.', missing]
    : ['Nothing found.', 'Every rule that applies was checked.'];
}
