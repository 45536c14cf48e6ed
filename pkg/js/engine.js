// Calls of WebAssembly. Its memory is wiped when a call is over.
import { texts } from '#texts';
import { instantiate } from '#wasm';
import { ElementPairingError, PairingKeyError, ownError } from './errors.js';
import { copy, decode, encode, encodeInto, filled, place } from './text.js';

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

/** Calls an operation with a text; the answer has `numbers`, `fields`, which are texts, and `secret`. */
export function call(operation, text) {
  const { length } = text;
  if (typeof text === 'string') {
    return run(operation, length * 3, (room) => encodeInto(text, room), [text]);
  }
  return run(operation, length, (room) => (room.set(text), length), [text]);
}

/** Calls an operation with several texts; `given` are those that an error can be in. */
export function callWithParts(operation, texts, given) {
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
  return run(operation, total, write, given);
}

/**
 * Calls an operation with what is written into room for `size` bytes, which tells how many it wrote.
 * However that ends, nothing stays in the memory.
 */
function run(operation, size, write, given) {
  if (!wasm) start();
  // WebAssembly would take the number modulo 2^32.
  if (size >= 2 ** 32) throw ownError('wasm_failed');
  const at = enter('input', size);
  try {
    return answerAt(enter(operation, write(memory.subarray(at, at + size))), given);
  } finally {
    if (wasm) enter('wipe');
  }
}

/** Reads an answer, which `Answer::block` has written. */
function answerAt(start, given) {
  const head = (index) => view.getUint32(start + 4 * index, true);
  const numbers = new Array(head(1));
  const fields = new Array(head(2));
  let at = start + 4 * (5 + fields.length);
  for (let index = 0; index < numbers.length; index++, at += 8) {
    numbers[index] = view.getFloat64(at, true);
  }
  const size = head(3);
  const secret = at + size;
  const all = decode(memory.subarray(at, secret));
  // Where all is ASCII, as it most often is, the bytes are the units.
  const isPlain = all.length === size;
  for (let index = 0, from = 0; index < fields.length; index++) {
    const to = from + head(5 + index);
    fields[index] = isPlain ? all.slice(from, to) : decode(memory.subarray(at + from, at + to));
    from = to;
  }
  if (head(0)) raise(fields, numbers, given);
  const end = secret + head(4);
  return { numbers, fields, secret: secret < end ? copy(memory.subarray(secret, end)) : nothing };
}

const known = (number) => (Number.isNaN(number) ? undefined : number);

function raise([kind, ...fields], numbers, given) {
  if (kind === 'key') {
    const [code, member, found, expected, text, reading] = fields;
    const [offset, number, column] = numbers;
    const [message, help] = texts().errors[code];
    throw new PairingKeyError({
      code,
      message: filled(message, { member, found, expected, number: known(number) }),
      help,
      member: member || undefined,
      offset: place(given[0], known(offset)),
      excerpt: text === undefined ? undefined : Object.freeze({ text, reading, column }),
    });
  }
  if (kind === 'text') {
    const [code, message, help] = fields;
    const [offset, line, column, listing] = numbers;
    throw new ElementPairingError({
      code,
      message,
      help,
      listing,
      offset: place(given[listing ?? 0], offset),
      line,
      column,
    });
  }
  if (kind === 'argument') throw new TypeError(fields[0]);
  throw ownError(kind);
}
