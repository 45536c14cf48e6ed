// JSON with secrets in it, in bytes that can be wiped.
import { ownError } from './errors.js';
import { encode, isBytes } from './text.js';

/**
 * The JSON of an object's own members. Bytes and handles stand for strings; undefined and null are
 * left out. Whoever takes the bytes wipes them.
 */
export function jsonOf(object) {
  const members = Object.entries(object).filter(([, value]) => value !== undefined && value !== null);
  const pieces = ['{'];
  try {
    members.forEach(([name, value], index) => {
      pieces.push(`${index > 0 ? ',' : ''}${JSON.stringify(name)}:`, valueOf(name, value));
    });
  } catch (error) {
    concat(pieces).fill(0);
    throw error;
  }
  return concat([...pieces, '}']);
}

/** One piece of memory; the bytes among the pieces are wiped. */
export function concat(pieces) {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? encode(piece) : piece));
  const whole = new Uint8Array(new ArrayBuffer(parts.reduce((sum, part) => sum + part.length, 0)));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
    part.fill(0);
  }
  return whole;
}

function valueOf(name, value) {
  if (isBytes(value)) return stringOf(value);
  if (typeof value.revealDigits === 'function') {
    const digits = value.revealDigits();
    try {
      return stringOf(digits);
    } finally {
      digits.fill(0);
    }
  }
  for (const number of Array.isArray(value) ? value : [value]) {
    if (typeof number === 'number' && !Number.isSafeInteger(number)) {
      if (Number.isInteger(number)) throw ownError('unsafe_integer');
      throw new TypeError(`${name} must be an integer`);
    }
  }
  const json = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`${name} has a value that JSON cannot have`);
  return json;
}

/** The JSON string of UTF-8. */
function stringOf(bytes) {
  const json = new Uint8Array(new ArrayBuffer(bytes.length * 6 + 2));
  let at = 0;
  const put = (byte) => (json[at++] = byte);
  put(0x22);
  for (const byte of bytes) {
    if (byte < 0x20) {
      for (const char of `\\u00${byte.toString(16).padStart(2, '0')}`) put(char.charCodeAt(0));
      continue;
    }
    if (byte === 0x22 || byte === 0x5c) put(0x5c);
    put(byte);
  }
  put(0x22);
  return json.subarray(0, at);
}
