/** The plan that reaches a goal: what each step does, what it loses, and what comes of it when tried. */
import type { Goal, StepState } from 'element-pairing';
import type { Engine } from './client';
import { button, el, find, foreign, say } from './dom';
import { drawing } from './drawing';
import { GoalForm } from './goal';
import { icon } from './mark';
import { Pager, count, number } from './pager';
import { fact, problemView } from './problem';
import type { Overview, PlanView, Problem, ReportView, StepView, Trial } from './protocol';
import { Findings, counts, uncheckedView, verdictView } from './report';
import simulatorUrl from './simulator.ts?worker&url';

const PAGE = 10;

const STATES: Record<StepState, [shape: 'clear' | 'refused' | 'unknown' | 'advice', word: string]> = {
  done: ['clear', 'done'],
  failed: ['refused', 'failed'],
  unknown: ['unknown', 'unknown: neither done nor undone'],
  not_done: ['advice', 'not done'],
};

export class PlanPanel {
  readonly #engine: Engine;
  readonly #form: GoalForm;
  readonly #root = find('#plan');
  readonly #progress = el('p', { class: 'busy' });
  /** Shows the steps anew. */
  #showSteps = () => {};
  #isTrying = false;
  #turn = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#form = new GoalForm(engine);
    this.#form.onchange = () => this.reset();
    this.#form.onplan = (goal) => void this.#make(goal);
  }

  set overview(overview: Pick<Overview, 'clusters' | 'clusterPairs'>) {
    this.#form.overview = overview;
  }

  reset() {
    this.#turn++;
    this.#root.replaceChildren();
    this.#stop();
    this.#isTrying = false;
  }

  #stop() {
    if (this.#isTrying) void this.#engine.ask('stopTrial', {});
  }

  async #make(goal: Goal) {
    this.reset();
    const turn = this.#turn;
    this.#root.replaceChildren(el('p', { class: 'busy' }, 'Planning …'));
    try {
      const plan = await this.#engine.ask('plan', { goal });
      if (turn === this.#turn) this.#show(plan);
    } catch (problem) {
      if (turn !== this.#turn) return;
      this.#root.replaceChildren(problemView('There is no plan', problem as Problem));
      say(`There is no plan: ${(problem as Problem).message}.`);
    }
  }

  #show(plan: PlanView) {
    const { steps, report, problem, withoutAddress } = plan;
    if (problem) {
      this.#root.replaceChildren(problemView('There is no plan', problem));
      say(`There is no plan: ${problem.message}.`);
      return;
    }
    const [shape, title, text] = head(plan);
    this.#root.replaceChildren(
      verdictView(shape, title, text),
      ...(report ? reportView(report) : []),
      ...(steps ? this.#steps(steps, withoutAddress) : []),
    );
    say(`${title} ${text}`);
  }

  #steps(steps: number, withoutAddress: string | undefined) {
    const list = el('ol', { class: 'steps' });
    let turn = 0;
    const pager = new Pager<number>('Pages of steps', PAGE, async (places, start) => {
      const mine = ++turn;
      const views = await this.#engine.ask('steps', { start, end: start + places.length });
      if (mine === turn) list.replaceChildren(...views.map(stepView));
    });
    this.#showSteps = () => pager.show();
    pager.items = Array.from({ length: steps }, (_, place) => place);
    const trial = el('div', { class: 'result' });
    const start = button('Try it on simulated clusters', () => void this.#try(trial, start));
    const tell = el('span', { class: 'note', role: 'status' });
    return [
      el(
        'div',
        { class: 'actions' },
        start,
        ...(withoutAddress === undefined
          ? [
              ...copyButton('Copy all as a script', tell, () => this.#engine.ask('script', {})),
              button('Save the script', () => void this.#save()),
            ]
          : []),
        tell,
      ),
      ...(withoutAddress === undefined
        ? []
        : [
            el(
              'p',
              { class: 'note' },
              'There is no script: the listings do not tell the MVIP of ',
              foreign(withoutAddress),
              '.',
            ),
          ]),
      trial,
      el('h3', {}, 'Steps'),
      list,
      pager.bar,
    ];
  }

  async #save() {
    const script = await this.#engine.ask('script', {});
    const href = URL.createObjectURL(new Blob([script], { type: 'text/x-shellscript' }));
    el('a', { href, download: 'plan.sh' }).click();
    URL.revokeObjectURL(href);
  }

  async #try(place: HTMLElement, start: HTMLElement) {
    const turn = this.#turn;
    if (this.#isTrying) return;
    this.#isTrying = true;
    const tell = (done: number) => {
      this.#progress.textContent = `Trying it: ${count(done, 'step', 'steps')} so far …`;
    };
    tell(0);
    const stop = () => {
      this.#stop();
      start.focus();
    };
    place.replaceChildren(this.#progress, button('Stop', stop));
    try {
      const trial = await this.#engine.ask('tryOut', { simulator: simulatorUrl }, [], (news) => {
        if (turn === this.#turn && news.kind === 'trial') tell(news.done);
      });
      if (turn !== this.#turn) return;
      const [title, view] = trialView(trial);
      // Who is about to stop it stays where the button was.
      if (place.contains(document.activeElement)) start.focus();
      place.replaceChildren(...view);
      this.#showSteps();
      say(title);
    } catch (problem) {
      if (turn === this.#turn) place.replaceChildren(problemView('This cannot be tried', problem as Problem));
    } finally {
      if (turn === this.#turn) this.#isTrying = false;
    }
  }
}

function head({
  steps,
  losing,
  loss,
  help,
  report,
}: PlanView): [shape: ReportView['verdict'], title: string, text: string] {
  // What was not seen is no refusal.
  if (steps === null)
    return [report?.verdict === 'unknown' ? 'unknown' : 'refused', 'There is no plan.', help ?? ''];
  if (steps === 0) return ['clear', 'It is already so.', 'The plan has no steps.'];
  const title = `${count(steps, 'step', 'steps')}.`;
  if (losing === 0) return ['clear', title, 'Nothing is lost.'];
  return ['harmful', title, `At ${number(losing)} of them ${loss}.`];
}

function reportView(report: ReportView): HTMLElement[] {
  const findings = new Findings(report.rules, 'h3');
  findings.add(report.findings);
  findings.show(() => true);
  const unchecked = uncheckedView(report, 'h3');
  return [...(report.rules.length > 0 ? [findings.root] : []), ...(unchecked ? [unchecked] : [])];
}

function stepView(step: StepView): HTMLElement {
  const { cluster, mvip, method, about, why, loses, marks, wait, fill, request, blank, state } = step;
  const note = el('span', { class: 'note', role: 'status' });
  const [shape, word] = state ? STATES[state] : [];
  return el(
    'li',
    { class: loses ? 'step loses' : 'step' },
    el(
      'p',
      {},
      shape && el('span', { class: 'state' }, icon(shape), word),
      el('strong', {}, `${number(step.step)}. ${method}`),
      ' to ',
      foreign(cluster),
      ...(mvip !== '' && mvip !== cluster ? [', ', foreign(mvip)] : []),
    ),
    el('p', {}, why),
    el(
      'ul',
      { class: 'step-marks' },
      ...marks.map((mark) =>
        el(
          'li',
          { class: `mark ${mark.severity}` },
          icon(mark.loses ? 'harmful' : mark.severity),
          el('span', {}, el('strong', {}, mark.loses ? 'Loss: ' : 'Note: '), foreign(mark.text)),
        ),
      ),
    ),
    el(
      'dl',
      { class: 'facts' },
      ...fact('About', foreign(about)),
      ...(fill ? fact(blank === null ? 'Look at' : 'Fill in', fill) : []),
      ...(wait ? fact('Wait until', wait) : []),
      ...fact('Request', requestView(request, blank, fill)),
    ),
    el(
      'div',
      { class: 'actions' },
      ...copyButton(`Copy request ${step.step}`, note, async () => request),
      note,
    ),
  );
}

/** As it is sent, with the place marked of what an earlier step returns. */
function requestView(request: string, blank: number | null, fill: string) {
  const pre = el('pre', { tabindex: 0, role: 'group', 'aria-label': 'Request' });
  if (blank === null) pre.append(request);
  else pre.append(request.slice(0, blank + 1), el('mark', {}, fill), request.slice(blank + 1));
  return pre;
}

/** Only where the browser lets a page write to the clipboard: not on plain HTTP. */
function copyButton(label: string, note: HTMLElement, text: () => Promise<string>) {
  if (!navigator.clipboard) return [];
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text());
      note.textContent = 'It is in the clipboard.';
    } catch {
      note.textContent = 'The browser does not let the page write to the clipboard.';
    }
  };
  return [button(label, () => void copy())];
}

function trialView({
  before,
  after,
  done,
  steps,
  seconds,
  stopped,
}: Trial): [title: string, view: HTMLElement[]] {
  const time = seconds > 0 ? `, in ${number(seconds)} s of their time` : '';
  const title = `${number(done)} of ${count(steps, 'step', 'steps')} done on simulated clusters${time}.`;
  const found = counts(after.report) || 'nothing';
  const picture = (heading: string, overview: Overview) =>
    el('section', { class: 'picture', 'aria-label': heading }, el('h3', {}, heading), drawing(overview));
  return [
    title,
    [
      verdictView(stopped ? 'refused' : 'clear', title, `Found afterwards: ${found}.`),
      ...(stopped ? [problemView('It stopped', stopped)] : []),
      el('div', { class: 'pictures' }, picture('Before', before), picture('After', after)),
    ],
  ];
}
