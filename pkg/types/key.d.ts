/// <reference lib="esnext.disposable" />

/** A pasted text: a string, or the bytes of its UTF-8, which can be wiped afterwards. */
export type Text = string | Uint8Array;

/** The longest text that is read as a key, in bytes of UTF-8. */
export declare const MAX_TEXT_LENGTH: number;

export type PairingKeyKind = 'cluster' | 'volume';

/** A member of a pairing key. */
export type PairingKeyMember =
  | 'clusterPairID'
  | 'clusterPairUUID'
  | 'clusterUniqueID'
  | 'mvip'
  | 'name'
  | 'password'
  | 'rpcConnectionID'
  | 'username'
  | 'volumeID'
  | 'volumeName'
  | 'volumePairUUID';

/** What every pairing key shows; nothing secret. */
interface AnyPairingKey {
  /** Management IP of the cluster that made the key. */
  readonly mvip: string;
  /** The names of members that this version does not know, as they came: escape them to show them. */
  readonly unknownMembers: readonly string[];
  /** How many hex digits the key has. */
  readonly digits: number;
  /** What a paste had added to the digits; empty where the text was the key alone. */
  readonly removed: readonly Removed[];
}

/** The key that StartClusterPairing makes and CompleteClusterPairing takes. It works once. */
export interface ClusterPairingKey extends AnyPairingKey {
  readonly kind: 'cluster';
  /** ID of the pending pair on the cluster that made the key. */
  readonly clusterPairID: number;
  /** The same on both clusters once they are paired. */
  readonly clusterPairUUID: string;
  /** Unique ID of the cluster that made the key. */
  readonly clusterUniqueID: string;
  /** Name of the cluster that made the key. */
  readonly name: string;
  readonly rpcConnectionID: number;
}

/** The key that StartVolumePairing makes and CompleteVolumePairing takes. It works once. */
export interface VolumePairingKey extends AnyPairingKey {
  readonly kind: 'volume';
  /** ID of the volume, on the cluster that made the key. */
  readonly volumeID: number;
  readonly volumeName: string;
  /** The same on both clusters once the volumes are paired. */
  readonly volumePairUUID: string;
}

export type PairingKey = ClusterPairingKey | VolumePairingKey;

export type RemovedCode =
  | 'white_space'
  | 'zero_width'
  | 'byte_order_mark'
  | 'quotes'
  | 'separator'
  | 'label'
  | 'json';

/** Something that a paste had added. */
export interface Removed {
  readonly code: RemovedCode;
  /** Where the first of it was: UTF-16 units of a string, bytes of a `Uint8Array`. */
  readonly offset: number;
  /** How many characters of it there were. */
  readonly count: number;
  /** For people: `white space (12 characters)`. */
  readonly text: string;
}

/**
 * Reads a pasted key: for looking. The result is frozen plain data without anything secret.
 *
 * @throws {PairingKeyError} for a text that is no key.
 * @throws {ElementPairingError} `unsafe_integer` for an ID that a number cannot hold.
 */
export declare function decodePairingKey(text: Text): PairingKey;

/**
 * Reads a pasted key: for holding. The handle has the digits, which it wipes when it is disposed.
 *
 * @throws what `decodePairingKey` throws.
 */
export declare function openPairingKey(text: Text): PairingKeyHandle;

/**
 * A key that is held until it is disposed. It keeps the digits and nothing else that is secret;
 * dispose wipes them.
 *
 * After dispose, everything but `dispose` throws an {@link ElementPairingError} `disposed`.
 */
export interface PairingKeyHandle extends Disposable {
  /**
   * What the key says, without anything secret.
   *
   * A handle from `readResponse` reads the key when this is first asked for, and so may throw what
   * `decodePairingKey` throws; its digits can be forwarded all the same.
   */
  readonly key: PairingKey;
  /** The exact digits to forward, in ASCII. The array is the caller's: `fill(0)` wipes it. */
  revealDigits(): Uint8Array<ArrayBuffer>;
  /**
   * The user name in UTF-8. The array is the caller's.
   *
   * @throws {PairingKeyError} `wrong_kind` for a volume pairing key.
   */
  revealUsername(): Uint8Array<ArrayBuffer>;
  /**
   * The password in UTF-8. The array is the caller's.
   *
   * @throws {PairingKeyError} `wrong_kind` for a volume pairing key.
   */
  revealPassword(): Uint8Array<ArrayBuffer>;
  /** Wipes the digits. Does nothing the second time. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * The digits of a pasted text, and what was removed from it. Needs no more than digits: a key that
 * this version cannot read can still be forwarded.
 *
 * @throws {PairingKeyError} `empty`, `too_long`, `utf16`, `no_key_in_json`, `not_a_digit`, `two_keys`,
 * and `cut_short` where an ellipsis ends the digits.
 */
export declare function cleanPairingKey(text: Text): CleanedPairingKey;

export interface CleanedPairingKey {
  /** The exact digits to forward, in ASCII. The array is the caller's: `fill(0)` wipes it. */
  readonly digits: Uint8Array<ArrayBuffer>;
  readonly removed: readonly Removed[];
}

/** What `encodePairingKey` takes. Other members than these are written too, as unknown members. */
export type PairingKeyInput =
  | (Omit<ClusterPairingKey, 'unknownMembers' | 'digits' | 'removed'> & {
      readonly username: Text;
      readonly password: Text;
      readonly [member: string]: unknown;
    })
  | (Omit<VolumePairingKey, 'unknownMembers' | 'digits' | 'removed'> & {
      readonly [member: string]: unknown;
    });

/**
 * Writes a key as a cluster makes it: lower-case hex digits, in ASCII. The array is the caller's:
 * `fill(0)` wipes it, `new TextDecoder().decode(digits)` makes a string of it.
 *
 * For test data: a cluster takes only keys that a cluster made, so forward those by their digits.
 * `unknownMembers`, `digits` and `removed` of a key that was decoded are passed over.
 *
 * @throws {PairingKeyError} for members that are missing or wrong; it has no `offset`.
 * @throws {ElementPairingError} `unsafe_integer` for a number that is not safe.
 */
export declare function encodePairingKey(key: PairingKeyInput): Uint8Array<ArrayBuffer>;

export type PairingKeyErrorCode =
  | 'empty'
  | 'too_long'
  | 'utf16'
  | 'no_key_in_json'
  | 'not_a_digit'
  | 'odd_digits'
  | 'cut_short'
  | 'text_after_end'
  | 'two_keys'
  | 'not_utf8'
  | 'not_json'
  | 'lone_surrogate'
  | 'too_deep'
  | 'not_an_object'
  | 'not_a_pairing_key'
  | 'wrong_kind'
  | 'missing_member'
  | 'duplicate_member'
  | 'wrong_type'
  | 'wrong_value';

/** The place of an error in its text, fit to be shown: every digit that may be secret is masked. */
export interface Excerpt {
  /** A stretch of the text, a column for each of its characters. */
  readonly text: string;
  /** What the digits that are not masked stand for. */
  readonly reading: string;
  /** The column of the place, counted from 0. */
  readonly column: number;
}

/**
 * Why a text is no pairing key. It holds nothing of the text but what may be shown.
 *
 * `instanceof` knows the errors of all entries of this package, whatever copy of it they come from.
 */
export declare class PairingKeyError extends Error {
  private constructor();
  readonly name: 'PairingKeyError';
  readonly code: PairingKeyErrorCode;
  /** Where it is: UTF-16 units of a string, bytes of a `Uint8Array`. */
  readonly offset?: number;
  /** The member that is wrong, or that the place is in. */
  readonly member?: PairingKeyMember;
  /** What to do about it, in one sentence. */
  readonly help: string;
  /** The place, fit to be shown. */
  readonly excerpt?: Excerpt;
}

export type ElementPairingErrorCode =
  /** A listing without any answer in it. */
  | 'empty'
  /** A text for one of the other methods, or something else that is no listing. */
  | 'no_listing'
  /** No cluster of the listings has this name, or more than one has. */
  | 'unknown_cluster'
  /** Something in a goal or in a record is not what it should be: `path` says where. */
  | 'wrong_goal'
  /** Why a run stopped. */
  | 'refused'
  | 'other_answer'
  | 'lost'
  | 'timed_out'
  | 'aborted'
  /** WebAssembly stopped, for whatever call, and with it what was begun to run. */
  | 'run_wiped'
  /** An integer that a JavaScript number cannot hold: it is refused, never rounded. */
  | 'unsafe_integer'
  /** The handle or the run was disposed. */
  | 'disposed'
  /** A content security policy forbids WebAssembly. */
  | 'wasm_blocked'
  /** WebAssembly stopped, most likely for want of memory; the next call begins anew. */
  | 'wasm_failed'
  | ReadErrorCode;

/** Why a text is not JSON of the form that its method has. */
export type ReadErrorCode =
  | 'too_long'
  | 'not_utf8'
  | 'not_json'
  | 'control_character'
  | 'no_break_space'
  | 'cut_short'
  | 'lone_surrogate'
  | 'too_deep'
  | 'text_after_end'
  | 'wrong_type'
  | 'wrong_value'
  | 'missing_member'
  | 'duplicate_member'
  | 'other_method';

/** Every error of this package that is not about the text of a key. */
export declare class ElementPairingError extends Error {
  private constructor();
  readonly name: 'ElementPairingError';
  readonly code: ElementPairingErrorCode;
  /** What to do about it, in one sentence. */
  readonly help: string;
  /** What is wrong in a goal or in a record: `pairs[0].source.volumeID`, `record[3].step`. */
  readonly path?: string;
  /** The step at which a run stopped, from 1. */
  readonly step?: number;
  /** The name of the error that the cluster answered, where a run was `refused`. */
  readonly error?: string;
  /** Which of the listings it is, counted from 0. */
  readonly listing?: number;
  /** Where it is: UTF-16 units of a string, bytes of a `Uint8Array`. */
  readonly offset?: number;
  /** The line of the place, counted from 1. */
  readonly line?: number;
  /** The column of the place, in characters, counted from 1. */
  readonly column?: number;
}
