/**
 * Holds the key and the listings, and asks the library about them: the one place that does.
 *
 * The same script is a worker and, where browsers allow none, a script of the page.
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
  rules,
  topologyOf,
  type PairingKeyHandle,
  type PairingKeyMember,
} from 'element-pairing';
import { overviewOf, reportOf } from './overview';
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
let tell: (message: Message) => void;

type Answers = {
  [Name in keyof Requests]: (
    ask: Requests[Name]['ask'],
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

  async setListings({ listings: given }) {
    const kept = listings;
    listings = [];
    for (const one of given) {
      if (typeof one === 'number') {
        listings.push(...kept.filter(({ number }) => number === one));
        continue;
      }
      const view = { number: ++lastNumber, name: escapeText(one.name) };
      const size = one.text instanceof Blob ? one.text.size : one.text.length;
      try {
        listings.push({ ...view, size, bytes: await bytesOf(one.text) });
      } catch (error) {
        listings.push({ ...view, size, bytes: new Uint8Array(), problem: problemOf(error) });
      }
    }
    await judge();
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
};

function forgetKey() {
  key?.dispose();
  key = undefined;
}

/** A text that is too long is not read any further than it takes the library to say so. */
async function bytesOf(text: Text): Promise<Uint8Array<ArrayBuffer>> {
  if (text instanceof Uint8Array) return text;
  return new Uint8Array(await text.slice(0, MAX_JSON_LENGTH + 1).arrayBuffer());
}

/** A text in the wrong field. */
class Misplaced {
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
  return new Misplaced({ code: 'listing', message: 'this is a listing', help });
}

/** What is wrong with a text that is no listing. */
function notListing(bytes: Uint8Array, error: unknown) {
  try {
    const message = `this is a ${decodePairingKey(bytes).kind} pairing key`;
    return new Misplaced({ code: 'pairing_key', message, help: 'Paste or drop it under Pairing key.' });
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

/** Reads and judges the listings; each that cannot be read is marked, and the others are judged. */
async function judge() {
  for (;;) {
    const good = listings.filter(({ problem }) => !problem);
    if (good.length === 0) break;
    const texts = good.map(({ bytes }) => bytes);
    try {
      const report = auditTopology(texts);
      await pause();
      const topology = topologyOf(texts);
      await pause();
      await publish(report, topology);
      return;
    } catch (error) {
      const bad = error instanceof ElementPairingError ? good[error.listing ?? -1] : undefined;
      if (!bad) throw error;
      bad.problem = problemOf(notListing(bad.bytes, error));
      // It may hold a key.
      bad.bytes.fill(0);
      bad.bytes = new Uint8Array();
    }
  }
  news({ kind: 'end' });
}

async function publish(audit: ReturnType<typeof auditTopology>, topology: ReturnType<typeof topologyOf>) {
  const { overview, findings, volumePairs } = overviewOf(audit, topology);
  news({ kind: 'overview', overview });
  for (let start = 0; start < findings.length; start += PIECE) {
    await pause();
    news({ kind: 'findings', findings: findings.slice(start, start + PIECE) satisfies FindingView[] });
  }
  for (let start = 0; start < volumePairs.length; start += PIECE) {
    await pause();
    news({
      kind: 'volumePairs',
      volumePairs: volumePairs.slice(start, start + PIECE) satisfies VolumePairView[],
    });
  }
  await pause();
  news({ kind: 'end' });
}

const news = (news: News) => tell({ news });

/** Lets the page take input, where this runs in it. */
const pause = () => inPage && new Promise((resolve) => setTimeout(resolve));

function problemOf(error: unknown): Problem {
  if (error instanceof Misplaced) return error.problem;
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
    tell({ id, answer: await ANSWERS[name](ask as never) });
  } catch (error) {
    tell({ id, problem: problemOf(error) });
  }
}

/** One request after the other. */
function listen(port: Pick<MessagePort, 'postMessage' | 'onmessage'>) {
  let last = Promise.resolve();
  tell = (message) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<Request>) => (last = last.then(() => hear(data)));
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
  listen(self as unknown as MessagePort);
  warm();
} else {
  addEventListener('pagehide', forgetKey);
  addEventListener(
    'engine',
    (event) => {
      listen((event as MessageEvent).ports[0]!);
      setTimeout(warm);
    },
    { once: true },
  );
}
