// Text and bytes. Everything is looked up when it is used: importing does nothing.

const typedArrayTag = (value) =>
  Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Uint8Array.prototype),
    Symbol.toStringTag,
  ).get.call(value);

/** Of any realm: in Jest, `instanceof` does not know Node's own. */
export const isBytes = (value) => ArrayBuffer.isView(value) && typedArrayTag(value) === 'Uint8Array';

/** The text, or if it is surely too long as much of it as shows that. */
export function checkText(value, what, longest) {
  const isString = typeof value === 'string';
  if (!isString && !isBytes(value)) throw new TypeError(`${what} must be a string or a Uint8Array`);
  if (value.length <= longest) return value;
  return isString ? value.slice(0, longest + 1) : value.subarray(0, longest + 1);
}

let encoder, decoder;

/** The UTF-8 of a string. Jest's jsdom has neither TextEncoder nor TextDecoder. */
export function encode(text) {
  if (typeof TextEncoder === 'function') return (encoder ??= new TextEncoder()).encode(text);
  const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
  return Uint8Array.from(unescape(encodeURIComponent(wellFormed)), (char) => char.charCodeAt(0));
}

/** Writes the UTF-8 of a string into bytes that are large enough; returns how many it has. */
export function encodeInto(text, bytes) {
  if (typeof TextEncoder === 'function') {
    return (encoder ??= new TextEncoder()).encodeInto(text, bytes).written;
  }
  const encoded = encode(text);
  bytes.set(encoded);
  return encoded.length;
}

/** The string of UTF-8, a byte-order mark included. */
export function decode(bytes) {
  if (typeof TextDecoder === 'function') {
    return (decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })).decode(bytes);
  }
  return decodeURIComponent(
    Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** A place in bytes of UTF-8, in the units of the string that the bytes came from. */
export function place(text, offset) {
  if (typeof text !== 'string' || offset === undefined) return offset;
  let at = 0;
  for (let bytes = 0; bytes < offset; at++) {
    const unit = text.codePointAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit < 0x10000 ? 3 : 4;
    if (unit >= 0x10000) at++;
  }
  return at;
}

/** A text with values for the names in braces; what is in brackets is left out if its value is missing. */
export function filled(text, values) {
  const isMissing = (name) => values[name] === undefined || values[name] === '';
  return text
    .replace(/\[(.*?\{(.*?)\}.*?)\]/g, (_, part, name) => (isMissing(name) ? '' : part))
    .replace(/\{(.*?)\}/g, (_, name) => values[name]);
}

/** A copy of its own, outside of what a garbage collector moves: that leaves copies behind. */
export function copy(bytes) {
  const target = new Uint8Array(new ArrayBuffer(bytes.length));
  target.set(bytes);
  return target;
}

export function deepFreeze(value) {
  if (typeof value === 'object' && value !== null) {
    for (const name in value) deepFreeze(value[name]);
    Object.freeze(value);
  }
  return value;
}
