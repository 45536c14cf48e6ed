import { call, place } from './engine.js';
import { PairingKeyError, ownError } from './errors.js';
import { jsonOf } from './json.js';
import { checkText, copy } from './text.js';

export { ElementPairingError, PairingKeyError } from './errors.js';

// Set by the build, from the crate.
export const MAX_TEXT_LENGTH = __MAX_TEXT_LENGTH__;

const pasted = (text) => checkText(text, 'the text of a pairing key', MAX_TEXT_LENGTH);

function integer(digits) {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw ownError('unsafe_integer');
  return number;
}

const none = Object.freeze([]);

/** What was removed, from the fields that begin here. */
function removedFrom(fields, start, text) {
  const count = Number(fields[start]);
  if (count === 0) return none;
  const removed = Array.from({ length: count }, (_, index) => {
    const [code, bytes, units, count, description] = fields.slice(start + 1 + 5 * index);
    const offset = place(text, bytes, units);
    return Object.freeze({ code, offset, count: Number(count), text: description });
  });
  return Object.freeze(removed);
}

export function decodePairingKey(text) {
  const { fields } = call('decode', pasted(text));
  const [kind, digits] = fields;
  const removed = removedFrom(fields, 2, text);
  const at = 3 + 5 * removed.length;
  const rest = (from) => (fields.length > from ? Object.freeze(fields.slice(from)) : none);
  if (kind === 'cluster') {
    return Object.freeze({
      kind,
      clusterPairID: integer(fields[at]),
      clusterPairUUID: fields[at + 1],
      clusterUniqueID: fields[at + 2],
      mvip: fields[at + 3],
      name: fields[at + 4],
      rpcConnectionID: integer(fields[at + 5]),
      unknownMembers: rest(at + 6),
      digits: Number(digits),
      removed,
    });
  }
  return Object.freeze({
    kind,
    mvip: fields[at],
    volumeID: integer(fields[at + 1]),
    volumeName: fields[at + 2],
    volumePairUUID: fields[at + 3],
    unknownMembers: rest(at + 4),
    digits: Number(digits),
    removed,
  });
}

export function cleanPairingKey(text) {
  const { fields, secret } = call('clean', pasted(text));
  return Object.freeze({ digits: secret, removed: removedFrom(fields, 0, text) });
}

export function openPairingKey(text) {
  const key = decodePairingKey(text);
  return new PairingKeyHandle(cleanPairingKey(text).digits, key);
}

export class PairingKeyHandle {
  #digits;
  #key;

  /** Takes the digits over. */
  constructor(digits, key) {
    this.#digits = digits;
    this.#key = key;
  }

  #held() {
    if (!this.#digits) throw ownError('disposed');
    return this.#digits;
  }

  get key() {
    const digits = this.#held();
    return (this.#key ??= decodePairingKey(digits));
  }

  revealDigits() {
    return copy(this.#held());
  }

  revealUsername() {
    return call('username', this.#held()).secret;
  }

  revealPassword() {
    return call('password', this.#held()).secret;
  }

  dispose() {
    this.#digits?.fill(0);
    this.#digits = undefined;
    this.#key = undefined;
  }

  // Where the symbol is missing, under the one that polyfills agree on.
  [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() {
    this.dispose();
  }
}

export function encodePairingKey(key) {
  if (typeof key !== 'object' || key === null) throw new TypeError('the key must be an object');
  const { kind, unknownMembers, digits, removed, ...members } = key;
  if (kind !== 'cluster' && kind !== 'volume') {
    throw new TypeError("the key's kind must be 'cluster' or 'volume'");
  }
  const json = jsonOf(members);
  try {
    return call(`encode_${kind}`, json).secret;
  } finally {
    json.fill(0);
  }
}
