import { texts } from '#texts';
import { call } from './engine.js';
import { PairingKeyError, ownError } from './errors.js';
import { jsonOf } from './json.js';
import { checkText, copy, filled, place } from './text.js';

export { ElementPairingError, PairingKeyError } from './errors.js';

// Set by the build, from the crate.
export const MAX_TEXT_LENGTH = __MAX_TEXT_LENGTH__;

const pasted = (text) => checkText(text, 'the text of a pairing key', MAX_TEXT_LENGTH);

function integer(number) {
  if (Number.isNaN(number)) throw ownError('unsafe_integer');
  return number;
}

const none = Object.freeze([]);

/** What was removed: how many things from `numbers[start]` on, and the first of the fields. */
function removedFrom({ numbers, fields }, start, text) {
  const count = numbers[start];
  if (count === 0) return none;
  const { removed, removedTexts } = texts();
  const list = fields.slice(0, count).map((code, index) => {
    const [offset, count] = numbers.slice(start + 1 + 2 * index);
    return Object.freeze({
      code,
      offset: place(text, offset),
      count,
      text: filled(removedTexts[count === 1 ? 0 : 1], { kind: removed[code], count }),
    });
  });
  return Object.freeze(list);
}

export function decodePairingKey(text) {
  const answer = call('decode', pasted(text));
  const { numbers, fields } = answer;
  const digits = numbers[1];
  const removed = removedFrom(answer, 2, text);
  const first = removed.length;
  const at = 3 + 2 * first;
  const rest = (from) => (fields.length > from ? Object.freeze(fields.slice(from)) : none);
  if (numbers[0] === 0) {
    return Object.freeze({
      kind: 'cluster',
      clusterPairID: integer(numbers[at]),
      clusterPairUUID: fields[first],
      clusterUniqueID: fields[first + 1],
      mvip: fields[first + 2],
      name: fields[first + 3],
      rpcConnectionID: integer(numbers[at + 1]),
      unknownMembers: rest(first + 4),
      digits,
      removed,
    });
  }
  return Object.freeze({
    kind: 'volume',
    mvip: fields[first],
    volumeID: integer(numbers[at]),
    volumeName: fields[first + 1],
    volumePairUUID: fields[first + 2],
    unknownMembers: rest(first + 3),
    digits,
    removed,
  });
}

export function cleanPairingKey(text) {
  const answer = call('clean', pasted(text));
  return Object.freeze({ digits: answer.secret, removed: removedFrom(answer, 0, text) });
}

export function openPairingKey(text) {
  const key = decodePairingKey(text);
  return new PairingKeyHandle(cleanPairingKey(text).digits, key);
}

export class PairingKeyHandle {
  static name = 'PairingKeyHandle';

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
  } catch (error) {
    // Nothing was pasted.
    if (error instanceof PairingKeyError) error.help = 'Give each member that a key of this kind has, as the typings say.';
    throw error;
  } finally {
    json.fill(0);
  }
}
