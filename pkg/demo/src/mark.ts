/** How severe a thing is, told by shape and word as well as by colour. */
import { el, svg } from './dom';
import type { ReportView, Severity } from './protocol';

type Shape = Severity | ReportView['verdict'];

const SHAPES: Record<Shape, string> = {
  error: 'M5.6 1h4.8L15 5.6v4.8L10.4 15H5.6L1 10.4V5.6z M8 4v5 M8 11.6v.4',
  refused: 'M5.6 1h4.8L15 5.6v4.8L10.4 15H5.6L1 10.4V5.6z M5.5 5.5l5 5 M10.5 5.5l-5 5',
  warning: 'M8 1.5L15 14.5H1z M8 6v4 M8 12.2v.3',
  harmful: 'M8 1.5L15 14.5H1z M8 6v4 M8 12.2v.3',
  advice: 'M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1z M8 7v5 M8 4.2v.4',
  unknown: 'M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1z M5.8 6.2a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6 M8 12v.4',
  clear: 'M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1z M4.8 8.2l2.2 2.3 4.2-4.6',
};

export const WORDS: Record<Severity, string> = { error: 'Error', warning: 'Warning', advice: 'Advice' };

/** What is wrong where a rule is broken: its code, as words. */
export const wordsOf = (rule: string) => rule.replaceAll('_', ' ');

export function icon(shape: Shape) {
  return svg(
    'svg',
    { class: `icon ${shape}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('path', { d: SHAPES[shape] }),
  );
}

/** The worst that was found about a thing, and by which rules. */
export function markView(mark: Severity | null, rules: string[]) {
  if (!mark) return null;
  const names = rules.map(wordsOf).join(', ');
  return el('span', { class: `mark ${mark}` }, icon(mark), el('span', {}, `${WORDS[mark]}: ${names}`));
}
