// Calls of WebAssembly. Its memory is wiped when a call is over.
import { instantiate } from '#wasm';
import { ElementPairingError, PairingKeyError, ownError } from './errors.js';
import { copy, decode, encode, encodeInto } from './text.js';

let wasm, memory, view;

function start() {
  try {
    // A plain object is faster to look things up in.
    wasm = { ...instantiate() };
  } catch (cause) {
    throw ownError('wasm_blocked', cause);
  }
  look();
}

function look() {
  memory = new Uint8Array(wasm.memory.buffer);
  view = new DataView(wasm.memory.buffer);
}

/** Whether the memory has grown; that of WebAssembly leaves an empty view, and is slow to ask. */
const hasGrown = () =>
  memory.length === 0 || (wasm.memory.constructor === Object && wasm.memory.buffer !== memory.buffer);

const nothing = new Uint8Array(0);

/** The linear memory: for tests. */
export const linearMemory = () => wasm.memory;

/** Calls a function of WebAssembly; returns a place in its memory. */
function enter(name, length) {
  try {
    const place = wasm[name](length) >>> 0;
    if (hasGrown()) look();
    return place;
  } catch (cause) {
    // It stopped in between: what is in its memory is wiped here, and the next call begins anew.
    new Uint8Array(wasm.memory.buffer).fill(0);
    wasm = undefined;
    throw ownError('wasm_failed', cause);
  }
}

/** Calls an operation with a text; the answer has `fields`, which are texts, and `secret`. */
export function call(operation, text) {
  if (!wasm) start();
  let length = text.length;
  const isString = typeof text === 'string';
  const at = enter('input', isString ? length * 3 : length);
  if (isString) length = encodeInto(text, memory.subarray(at));
  else memory.set(text, at);
  return run(operation, length, [text]);
}

/** Calls an operation with several texts; `given` are those that an error can be in. */
export function callWithParts(operation, texts, given) {
  if (!wasm) start();
  const parts = texts.map((text) => (typeof text === 'string' ? encode(text) : text));
  const head = 4 * (1 + parts.length);
  const length = parts.reduce((sum, part) => sum + part.length, head);
  let at = enter('input', length);
  view.setUint32(at, parts.length, true);
  parts.forEach((part, index) => view.setUint32(at + 4 * (index + 1), part.length, true));
  at += head;
  parts.forEach((part, index) => {
    memory.set(part, at);
    at += part.length;
    if (part !== texts[index]) part.fill(0);
  });
  return run(operation, length, given);
}

/** Reads an answer, which `Answer::block` has written. */
function run(operation, length, given) {
  const start = enter(operation, length);
  const number = (index) => view.getUint32(start + 4 * index, true);
  const count = number(1);
  const text = start + 4 * (4 + count);
  const secret = text + number(2);
  const end = secret + number(3);
  const all = decode(memory.subarray(text, secret));
  const answer = {
    fields: new Array(count),
    secret: secret < end ? copy(memory.subarray(secret, end)) : nothing,
  };
  for (let index = 0, at = 0; index < count; index++) {
    answer.fields[index] = all.slice(at, (at += number(4 + index)));
  }
  const failed = number(0);
  enter('wipe');
  if (failed) raise(answer.fields, given);
  return answer;
}

const numberOf = (field) => (field ? Number(field) : undefined);

/** A place in a text: bytes, or the units of a string. */
export const place = (text, bytes, units) => numberOf(typeof text === 'string' ? units : bytes);

function raise([kind, ...fields], given) {
  if (kind === 'key') {
    const [code, message, help, member, bytes, units, text, reading, column] = fields;
    throw new PairingKeyError({
      code,
      message,
      help,
      member: member || undefined,
      offset: place(given[0], bytes, units),
      excerpt: column && Object.freeze({ text, reading, column: Number(column) }),
    });
  }
  if (kind === 'text') {
    const [code, message, help, bytes, units, line, column, listing] = fields;
    throw new ElementPairingError({
      code,
      message,
      help,
      listing: numberOf(listing),
      offset: place(given[listing || 0], bytes, units),
      line: numberOf(line),
      column: numberOf(column),
    });
  }
  if (kind === 'argument') throw new TypeError(fields[0]);
  throw ownError(kind);
}
