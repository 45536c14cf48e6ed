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
    // That is how an engine says that it has no memory.
    throw ownError(cause instanceof RangeError ? 'wasm_failed' : 'wasm_blocked', cause);
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
function enter(name, length, held) {
  try {
    const place = wasm[name](length, held) >>> 0;
    if (hasGrown()) look();
    return place;
  } catch (cause) {
    // It stopped in between: what is in its memory is wiped here, and the next call begins anew.
    new Uint8Array(wasm.memory.buffer).fill(0);
    wasm = undefined;
    throw ownError('wasm_failed', cause);
  }
}

/** What calls have in common as long as WebAssembly does not stop. */
export const epoch = () => wasm;

/**
 * Calls an operation with a text, and with the number of what is held; the answer has `fields`, which
 * are texts, and `secret`.
 */
export function call(operation, text, held) {
  const { length } = text;
  if (typeof text === 'string') {
    return run(operation, length * 3, (room) => encodeInto(text, room), [text], held);
  }
  return run(operation, length, (room) => (room.set(text), length), [text], held);
}

/** Calls an operation with several texts; `given` are those that an error can be in. */
export function callWithParts(operation, texts, given, held) {
  const parts = texts.map((text) => (typeof text === 'string' ? encode(text) : text));
  // Asked once: a class of the caller's may answer anything.
  const lengths = parts.map((part) => part.length);
  let at = 4 * (1 + parts.length);
  const total = lengths.reduce((sum, length) => sum + length, at);
  const write = (room) => {
    const head = new DataView(room.buffer, room.byteOffset);
    [parts.length, ...lengths].forEach((number, index) => head.setUint32(4 * index, number, true));
    parts.forEach((part, index) => {
      room.subarray(at, (at += lengths[index])).set(part);
      if (part !== texts[index]) part.fill(0);
    });
    return total;
  };
  return run(operation, total, write, given, held);
}

/**
 * Calls an operation with what is written into room for `size` bytes, which tells how many it wrote.
 * However that ends, nothing stays in the memory.
 */
function run(operation, size, write, given, held) {
  if (!wasm) start();
  // WebAssembly would take the number modulo 2^32.
  if (size >= 2 ** 32) throw ownError('wasm_failed');
  const at = enter('input', size);
  try {
    return answerAt(enter(operation, write(memory.subarray(at, at + size)), held), given);
  } finally {
    if (wasm) enter('wipe');
  }
}

/** Reads an answer, which `Answer::block` has written. */
function answerAt(start, given) {
  const number = (index) => view.getUint32(start + 4 * index, true);
  const count = number(1);
  const text = start + 4 * (4 + count);
  const secret = text + number(2);
  const end = secret + number(3);
  const all = decode(memory.subarray(text, secret));
  const fields = new Array(count);
  for (let index = 0, at = 0; index < count; index++) {
    fields[index] = all.slice(at, (at += number(4 + index)));
  }
  if (number(0)) raise(fields, given);
  return { fields, secret: secret < end ? copy(memory.subarray(secret, end)) : nothing };
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
  if (kind === 'goal') {
    const [code, message, help, path] = fields;
    throw new ElementPairingError({ code, message, help, path });
  }
  if (kind === 'argument') throw new TypeError(fields[0]);
  throw ownError(kind);
}
