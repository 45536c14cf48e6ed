// Plans, and their runs.
import { call, callWithParts, epoch } from './engine.js';
import { ElementPairingError, ownError } from './errors.js';
import { MAX_JSON_LENGTH, listingsOf, read, withReportTexts, withTexts } from './listings.js';
import { checkText, copy, deepFreeze } from './text.js';

/** What plans were made of: one that is carried out is made again, in WebAssembly. */
const inputs = new WeakMap();

export function planGoal(listings, goal, record) {
  const texts = listingsOf(listings);
  const input = [
    jsonOf(goal, 'the goal'),
    // Null is what a storage answers that has none.
    record === undefined || record === null ? '' : jsonOf(record, 'the record'),
    // Of our own, so that nobody changes them meanwhile.
    ...texts.map((text) => (typeof text === 'string' ? text : copy(text))),
  ];
  const { plan, noPlan, text, requests, steps, report } = read(callWithParts('plan', input, texts));
  if (report) withReportTexts((plan ?? noPlan).report, report);
  if (noPlan) {
    // The text says it.
    delete noPlan.message;
    return deepFreeze({ kind: 'no_plan', ...noPlan, text });
  }
  plan.steps.forEach((step, index) => {
    const { subject, fill, wait, marks } = steps[index];
    step.request = requests[index];
    step.subject.text = subject;
    if (fill) step.fill.text = fill;
    if (wait) step.wait.text = wait;
    withTexts(step.marks, marks);
  });
  const made = deepFreeze({ kind: 'plan', ...plan, text });
  inputs.set(made, input);
  return made;
}

function jsonOf(value, what) {
  const json = typeof value === 'object' && value !== null && JSON.stringify(value, refuseUnsafe);
  if (!json) throw new TypeError(`${what} must be an object`);
  return json;
}

function refuseUnsafe(_, value) {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw ownError('unsafe_integer');
  return value;
}

export function runPlan(plan) {
  const input = inputs.get(plan);
  if (!input) throw new TypeError('the plan must be one that planGoal returned, and not a copy');
  return new PlanRun(plan, input);
}

class PlanRun {
  #plan;
  #epoch;
  #number;
  #isDriven = false;
  #isDone;
  #stopped;
  #state;

  constructor(plan, input) {
    this.#plan = plan;
    const answer = callWithParts('run_begin', input, input.slice(2));
    [this.#number] = answer.numbers;
    this.#look(answer);
    this.#epoch = epoch();
  }

  /** Takes over where the run stands. */
  #look({ fields: [isDone, stopped, state] }) {
    this.#isDone = isDone !== '';
    this.#stopped = stopped ? Object.freeze(JSON.parse(stopped)) : undefined;
    this.#state = state;
  }

  #check() {
    if (this.#number === undefined) throw ownError('disposed');
    if (this.#epoch !== epoch()) throw ownError('run_wiped');
  }

  #call(operation, text = '') {
    this.#check();
    return call(operation, text, this.#number);
  }

  #read(operation) {
    return deepFreeze(read(this.#call(operation)));
  }

  get plan() {
    this.#check();
    return this.#plan;
  }

  get done() {
    this.#check();
    return this.#isDone;
  }

  get stopped() {
    this.#check();
    return this.#stopped;
  }

  get states() {
    return this.#read('run_states');
  }

  get record() {
    return this.#read('run_record');
  }

  get entry() {
    return this.#read('run_entry') ?? undefined;
  }

  next() {
    const answer = this.#call('run_next');
    this.#look(answer);
    const [step, delayMs] = answer.numbers;
    if (step === undefined) return undefined;
    const { cluster, method } = this.#plan.steps[step - 1];
    return Object.freeze({ step, cluster, method, body: answer.secret, delayMs });
  }

  answer(response) {
    this.#look(this.#call('run_answer', checkText(response, 'the answer', MAX_JSON_LENGTH)));
  }

  lost() {
    this.#look(this.#call('run_lose'));
  }

  abort() {
    this.#look(this.#call('run_abort'));
  }

  async drive(send, { signal = new AbortController().signal, onStep, wait = delay } = {}) {
    if (typeof send !== 'function') throw new TypeError('send must be a function');
    if (this.#isDriven) throw new TypeError('the run is driven already');
    this.#isDriven = true;
    let cause;
    const tell = (step) => onStep?.(this.plan.steps[step - 1], this.#state);
    // Asked after whatever took its time: it may have been aborted or disposed meanwhile.
    const goesOn = () => {
      if (this.done || this.#stopped) return false;
      if (signal.aborted) throw signal.reason;
      return true;
    };
    try {
      while (goesOn()) {
        const next = this.next();
        if (!next) throw new TypeError('the answer to another request is awaited');
        try {
          await tell(next.step);
          if (goesOn() && next.delayMs > 0) await wait(next.delayMs, signal);
          if (goesOn()) cause = await this.#send(next, send, signal);
        } finally {
          next.body.fill(0);
        }
        await tell(next.step);
      }
    } catch (error) {
      this.abort();
      cause = error;
    } finally {
      this.#isDriven = false;
    }
    if (this.#stopped) throw new ElementPairingError({ ...this.#stopped, cause });
  }

  /** Sends a request and takes the answer; returns what was thrown, if there is none. */
  async #send(next, send, signal) {
    let answer, isOurs;
    try {
      answer = await send(next, signal);
      isOurs = typeof answer?.arrayBuffer === 'function';
      if (isOurs) answer = new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      if (signal.aborted) this.abort();
      else this.lost();
      return error;
    }
    try {
      this.answer(answer);
    } finally {
      if (isOurs) answer.fill(0);
    }
    return undefined;
  }

  dispose() {
    if (this.#number !== undefined && this.#epoch === epoch()) this.#call('run_dispose');
    this.#number = undefined;
    this.#plan = undefined;
  }

  // Where the symbol is missing, under the one that polyfills agree on.
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose();
  }
}

/** Waits until the time is over or the signal comes. */
const delay = (ms, signal) =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
