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

/** WebAssembly stopped in between: what is in its memory is wiped here, and the next call begins anew. */
function stopped(cause) {
  new Uint8Array(wasm.memory.buffer).fill(0);
  wasm = undefined;
  throw ownError('wasm_failed', cause);
}

/** Room in the memory of WebAssembly. */
function roomFor(size) {
  let at;
  try {
    at = wasm.input(size) >>> 0;
  } catch (cause) {
    stopped(cause);
  }
  if (hasGrown()) look();
  return new Uint8Array(memory.buffer, at, size);
}

/** Calls an operation; returns the place of its answer. */
function enter(operation, length, held) {
  let place;
  try {
    place = wasm[operation](length, held) >>> 0;
  } catch (cause) {
    stopped(cause);
  }
  if (hasGrown()) look();
  return place;
}

/** What calls have in common as long as WebAssembly does not stop. */
export const epoch = () => wasm;

/**
 * Calls an operation with a text, and with the number of what is held; the answer has `numbers`,
 * `fields`, which are texts, and `secret`.
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
  const room = roomFor(size);
  try {
    return answerAt(enter(operation, write(room), held), given);
  } finally {
    wasm?.wipe();
  }
}

/** Reads an answer: 1 if it is an error, then place and length of numbers, of the texts' lengths, of texts, of bytes. */
function answerAt(start, given) {
  const word = (at) => view.getUint32(at, true);
  const numbersAt = word(start + 4);
  const lengthsAt = word(start + 12);
  const textAt = word(start + 20);
  const size = word(start + 24);
  const numbers = new Array(word(start + 8));
  for (let index = 0; index < numbers.length; index++) {
    numbers[index] = view.getFloat64(numbersAt + 8 * index, true);
  }
  const all = decode(new Uint8Array(memory.buffer, textAt, size));
  // Where all is ASCII, as it most often is, the bytes are the units.
  const isPlain = all.length === size;
  const fields = new Array(word(start + 16));
  for (let index = 0, from = 0; index < fields.length; index++) {
    const to = from + word(lengthsAt + 4 * index);
    fields[index] = isPlain ? all.slice(from, to) : decode(memory.subarray(textAt + from, textAt + to));
    from = to;
  }
  if (word(start)) raise(fields, numbers, given);
  const secretAt = word(start + 28);
  const length = word(start + 32);
  return { numbers, fields, secret: length > 0 ? copy(memory.subarray(secretAt, secretAt + length)) : nothing };
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
  if (kind === 'goal') {
    const [code, message, help, path] = fields;
    throw new ElementPairingError({ code, message, help, path });
  }
  if (kind === 'argument') throw new TypeError(fields[0]);
  throw ownError(kind);
}
