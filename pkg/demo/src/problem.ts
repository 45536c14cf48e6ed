/** A coded error, as it is shown. */
import { el } from './dom';
import { icon } from './mark';
import type { Problem } from './protocol';

export function problemView(what: string, problem: Problem): HTMLElement {
  const { excerpt } = problem;
  const caret = el('span', { class: 'caret' }, '▲');
  // The place is what matters of the excerpt, and a narrow screen shows its beginning.
  if (excerpt) requestAnimationFrame(() => caret.scrollIntoView({ block: 'nearest', inline: 'center' }));
  return el(
    'div',
    { class: 'problem' },
    el('p', { class: 'problem-title' }, icon('error'), el('span', {}, `${what}: ${problem.message}.`)),
    excerpt &&
      el(
        'pre',
        {
          class: 'excerpt',
          tabindex: 0,
          role: 'group',
          'aria-label': 'The place in the text, with values masked',
        },
        `${excerpt.text}\n`,
        excerpt.reading.trim() !== '' && el('span', { class: 'reading' }, `${excerpt.reading}\n`),
        ' '.repeat(excerpt.column),
        caret,
      ),
    el(
      'dl',
      { class: 'facts' },
      ...fact('What to do', problem.help),
      ...(problem.place ? fact('Place', problem.place) : []),
      ...fact('Code', el('code', {}, problem.code)),
    ),
  );
}

export function fact(label: string, value: string | Node) {
  return [el('dt', {}, label), el('dd', {}, value)];
}
