/**
 * Holds the key and the listings, and asks the library about them: the one place that does.
 *
 * The same script is a worker and, where there can be none, a script of the page.
 */
import {
  ElementPairingError,
  MAX_JSON_LENGTH,
  PairingKeyError,
  auditTopology,
  checkCall,
  decodePairingKey,
  escapeText,
  openPairingKey,
  pairingKeyMembers,
  pairingKeyMethods,
  planGoal,
  rules,
  runPlan,
  topologyOf,
  type PairingKeyHandle,
  type PairingKeyMember,
  type Plan,
  type StepState,
  type Topology,
} from 'element-pairing';
import { isBound } from './bound';
import { load } from './load';
import { overviewOf, reportOf } from './overview';
import { choicesOf, clusterTexts, planView, stepView } from './planning';
import type {
  FindingView,
  KeyView,
  ListingView,
  Message,
  News,
  Problem,
  Request,
  Requests,
  Text,
  VolumePairView,
} from './protocol';
import { scriptOf } from './shell';

/** In this order the meanings of a key's members follow from one another. */
const ORDER: readonly PairingKeyMember[] = [
  'name',
  'volumeName',
  'volumeID',
  'mvip',
  'clusterUniqueID',
  'clusterPairID',
  'clusterPairUUID',
  'volumePairUUID',
  'rpcConnectionID',
  'username',
  'password',
];

/** How many rows a message has: the page takes them in within a few milliseconds. */
const PIECE = 500;

const inPage = typeof document !== 'undefined';

let key: PairingKeyHandle | undefined;
let listings: (ListingView & { bytes: Uint8Array<ArrayBuffer> })[] = [];
let lastNumber = 0;
const NOTHING: Topology = { clusters: [], clusterPairs: [], volumePairs: [] };
let topology = NOTHING;
let plan: Plan | undefined;
/** What became of the steps of the plan when it was tried. */
let states: readonly StepState[] = [];
let tell: (message: Message) => void;

type Answers = {
  [Name in keyof Requests]: (
    ask: Requests[Name]['ask'],
    id: number,
  ) => Requests[Name]['answer'] | Promise<Requests[Name]['answer']>;
};

const ANSWERS: Answers = {
  async readKey({ text }) {
    forgetKey();
    const bytes = await bytesOf(text);
    try {
      key = openPairingKey(bytes);
      return keyView(key);
    } catch (error) {
      throw notKey(bytes, error);
    } finally {
      bytes.fill(0);
    }
  },

  forgetKey() {
    forgetKey();
    return null;
  },

  reveal({ member }) {
    const bytes = member === 'password' ? key?.revealPassword() : key?.revealUsername();
    return shown(bytes, escapeText);
  },

  digits: () => shown(key?.revealDigits(), (digits) => digits),

  async changeListings({ remove, add }, id) {
    listings = listings.filter(({ number }) => remove !== 'all' && !remove.includes(number));
    const last = lastNumber;
    for (const { name, text } of add) {
      const view = { number: ++lastNumber, name: escapeText(name) };
      const size = text instanceof Blob ? text.size : text.length;
      try {
        listings.push({ ...view, size, bytes: await bytesOf(text) });
      } catch (error) {
        listings.push({ ...view, size, bytes: new Uint8Array(), problem: problemOf(error) });
      }
    }
    await judge(id, last);
    return listings.map(({ bytes, ...view }) => view);
  },

  check({ cluster, volumeID }) {
    if (!key) throw new Error('there is no key');
    const call =
      key.key.kind === 'cluster'
        ? ({ method: 'CompleteClusterPairing', params: { clusterPairingKey: key } } as const)
        : ({
            method: 'CompleteVolumePairing',
            params: { volumePairingKey: key, volumeID: volumeID ?? 0 },
          } as const);
    const { report, findings } = reportOf(checkCall(readable(), cluster, call));
    return { ...report, findings };
  },

  choices: ({ clusters }) => choicesOf(topology, clusters),

  plan({ goal }) {
    forgetPlan();
    const made = planGoal(readable(), goal);
    if (made.kind === 'plan') plan = made;
    return planView(made, clusterTexts(topology));
  },

  steps({ start, end }) {
    const nameOf = clusterTexts(topology);
    const steps = plan?.steps.slice(start, end) ?? [];
    return steps.map((step) => stepView(step, nameOf, states[step.step - 1]));
  },

  script: () => (plan ? scriptOf(plan, clusterTexts(topology)) : ''),

  stopTrial: () => null,
  more: () => null,

  async tryOut({ simulator }, id) {
    if (!plan) throw new Error('there is no plan');
    const simulate = await loadSimulator(simulator);
    const clusters = simulate(readable());
    const run = runPlan(plan);
    try {
      const before = shownOf(clusters.listings());
      await listening();
      if (lastStop > id) run.abort();
      let seconds = 0;
      let told = performance.now();
      for (let call; (call = run.next());) {
        clusters.advance(call.delayMs);
        seconds += call.delayMs / 1000;
        const answer = clusters.answer(call.cluster, call.body);
        call.body.fill(0);
        run.answer(answer);
        answer.fill(0);
        if (performance.now() - told < TOLD_EVERY_MS) continue;
        news(id, { kind: 'trial', done: call.step });
        await listening();
        told = performance.now();
        if (lastStop > id) run.abort();
      }
      states = run.states;
      const done = states.filter((state) => state === 'done').length;
      const after = shownOf(clusters.listings());
      return {
        before,
        after,
        done,
        steps: states.length,
        seconds,
        ...(run.stopped && { stopped: run.stopped }),
      };
    } finally {
      run.dispose();
      clusters.dispose();
    }
  },
};

/** The last request to stop a trial, one that came before it: heard at once, not when its turn comes. */
let lastStop = 0;

/** How often the page is told how far a trial is. */
const TOLD_EVERY_MS = 30;

/** Loads the simulated clusters, which nobody needs before. */
async function loadSimulator(url: string) {
  if (globalThis.simulate) return globalThis.simulate;
  try {
    if (inPage) await load(url);
    else importScripts(url);
  } catch {
    const help = 'Try again; reload the page if that does not help.';
    throw new Told({ code: 'unloaded', message: 'the simulated clusters cannot be loaded', help });
  }
  return globalThis.simulate!;
}

const shownOf = (texts: readonly string[]) => overviewOf(auditTopology(texts), topologyOf(texts)).overview;

function forgetPlan() {
  plan = undefined;
  states = [];
}

function forgetKey() {
  key?.dispose();
  key = undefined;
}

/** A text that is too long is not read any further than it takes the library to say so. */
async function bytesOf(text: Text): Promise<Uint8Array<ArrayBuffer>> {
  if (text instanceof Uint8Array) return text;
  return new Uint8Array(await text.slice(0, MAX_JSON_LENGTH + 1).arrayBuffer());
}

/** A problem that the library does not know. */
class Told {
  constructor(readonly problem: Problem) {}
}

/** What is wrong with a text that is no key. */
function notKey(bytes: Uint8Array, error: unknown) {
  try {
    topologyOf([bytes]);
  } catch {
    return error;
  }
  const help = 'Paste or drop it under Listings.';
  return new Told({ code: 'listing', message: 'this is a listing', help });
}

/** What is wrong with a text that is no listing. */
function notListing(bytes: Uint8Array, error: unknown) {
  try {
    const message = `this is a ${decodePairingKey(bytes).kind} pairing key`;
    return new Told({ code: 'pairing_key', message, help: 'Paste or drop it under Pairing key.' });
  } catch {
    return error;
  }
}

function shown(bytes: Uint8Array | undefined, show: (text: string) => string): string {
  const text = show(new TextDecoder().decode(bytes));
  bytes?.fill(0);
  return text;
}

function keyView({ key }: PairingKeyHandle): KeyView {
  const values = new Map<string, unknown>(Object.entries(key));
  const members = pairingKeyMembers().filter(({ kinds }) => kinds.includes(key.kind));
  members.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name));
  return {
    ...pairingKeyMethods(key.kind),
    members: members.map(({ name, meaning, secret }) => ({
      name,
      meaning,
      value: secret ? null : escapeText(String(values.get(name))),
    })),
    unknownMembers: key.unknownMembers.map(escapeText),
    digits: key.digits,
    removed: key.removed.map(({ text }) => text),
  };
}

const readable = () => listings.filter(({ problem }) => !problem).map(({ bytes }) => bytes);

/**
 * Reads and judges the listings; each that cannot be read is marked, and the others are judged. Those
 * after `last` are new.
 */
async function judge(id: number, last: number) {
  forgetPlan();
  topology = NOTHING;
  for (;;) {
    const good = listings.filter(({ problem }) => !problem);
    if (good.length === 0) break;
    const texts = good.map(({ bytes }) => bytes);
    try {
      const report = auditTopology(texts);
      await pause();
      topology = topologyOf(texts);
      await pause();
      await publish(id, report);
      return;
    } catch (error) {
      const known = error instanceof ElementPairingError ? good[error.listing ?? -1] : undefined;
      // What fails otherwise, for want of memory perhaps, did not before these came.
      const bad = known ?? good.findLast(({ number }) => number > last);
      if (!bad) throw error;
      bad.problem = problemOf(known ? notListing(bad.bytes, error) : error);
      // It may hold a key.
      bad.bytes.fill(0);
      bad.bytes = new Uint8Array();
    }
  }
  news(id, { kind: 'nothing' });
}

async function publish(id: number, audit: ReturnType<typeof auditTopology>) {
  const { overview, findings, volumePairs } = overviewOf(audit, topology);
  await heard(id, { kind: 'overview', overview });
  for (let start = 0; start < findings.length; start += PIECE) {
    const piece = findings.slice(start, start + PIECE) satisfies FindingView[];
    await heard(id, { kind: 'findings', findings: piece });
  }
  for (let start = 0; start < volumePairs.length; start += PIECE) {
    const piece = volumePairs.slice(start, start + PIECE) satisfies VolumePairView[];
    await heard(id, { kind: 'volumePairs', volumePairs: piece });
  }
  news(id, { kind: 'end' });
}

const news = (id: number, news: News) => tell({ id, news });

/** The page has taken the last news in. */
let more = () => {};

/** Tells news, and waits until they are taken in: one after the other would leave no time for input. */
function heard(id: number, piece: News) {
  const taken = new Promise<void>((resolve) => (more = resolve));
  news(id, piece);
  return taken;
}

/** Lets other tasks run: messages that came meanwhile are heard. */
const listening = () => new Promise((resolve) => setTimeout(resolve));

/** Lets the page take input, where this runs in it. */
const pause = () => inPage && listening();

function problemOf(error: unknown): Problem {
  if (error instanceof Told) return error.problem;
  if (error instanceof PairingKeyError) {
    const { code, message, help, excerpt, member, offset } = error;
    const meaning = pairingKeyMembers().find(({ name }) => name === member)?.meaning;
    const place = [
      ...(offset === undefined ? [] : [`${offset} bytes into the text`]),
      ...(meaning ? [`${member}: ${meaning}`] : []),
    ].join('; ');
    return { code, message, help, ...(place && { place }), ...(excerpt && { excerpt }) };
  }
  if (error instanceof ElementPairingError) {
    const { code, message, help, line, column } = error;
    return { code, message, help, ...(line && { place: `line ${line}, column ${column}` }) };
  }
  if (error instanceof DOMException) {
    return {
      code: 'unreadable_file',
      message: 'the browser cannot read it as a file',
      help: 'Choose files, not folders; choose a file again if it was changed meanwhile.',
    };
  }
  return { code: 'failed', message: 'something failed that should not', help: 'Reload the page.' };
}

async function hear({ id, name, ask }: Request) {
  try {
    tell({ id, answer: await ANSWERS[name](ask as never, id) });
  } catch (error) {
    tell({ id, problem: problemOf(error) });
  }
}

/** One request after the other. */
function listen(port: Pick<MessagePort, 'postMessage' | 'onmessage'>) {
  let last = Promise.resolve();
  tell = (message) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<Request>) => {
    if (data.name === 'stopTrial') lastStop = data.id;
    if (data.name === 'more') more();
    last = last.then(() => hear(data));
  };
}

/** Compiles the library while nobody waits for it. */
function warm() {
  try {
    rules();
  } catch {
    // The first request fails the same way, and somebody is told.
  }
}

if (!inPage) {
  void isBound().then((bound) => {
    // The page gives a worker nothing before it says so.
    postMessage(bound);
    if (!bound) return close();
    listen(self as unknown as MessagePort);
    warm();
  });
} else {
  addEventListener('pagehide', () => {
    forgetKey();
    forgetPlan();
    listings = [];
    topology = NOTHING;
  });
  addEventListener(
    'engine',
    (event) => {
      listen((event as MessageEvent).ports[0]!);
      setTimeout(warm);
    },
    { once: true },
  );
}
