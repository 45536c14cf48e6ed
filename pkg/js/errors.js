// An error of one copy of this package is an error of every other: `.`, `./key` and `./js` can be
// used side by side.
const brand = Symbol.for('element-pairing.error');

// Each class says its name itself: in `./js` names are made short.
class BrandedError extends Error {
  /** `data`: message, code, help, and what else there is; what is undefined is left out. */
  constructor({ message, cause, ...data }) {
    super(message, cause === undefined ? undefined : { cause });
    for (const [name, value] of Object.entries(data)) {
      if (value !== undefined) this[name] = value;
    }
  }

  static [Symbol.hasInstance](value) {
    try {
      return Object(value) === value && value[brand] === this.prototype[brand];
    } catch {
      // A proxy may throw anything.
      return false;
    }
  }
}

const hidden = (value) => ({ value, configurable: true, writable: true });

export class PairingKeyError extends BrandedError {
  static name = 'PairingKeyError';

  static {
    Object.defineProperties(this.prototype, {
      name: hidden('PairingKeyError'),
      [brand]: hidden('PairingKeyError'),
    });
  }
}

export class ElementPairingError extends BrandedError {
  static name = 'ElementPairingError';

  static {
    Object.defineProperties(this.prototype, {
      name: hidden('ElementPairingError'),
      [brand]: hidden('ElementPairingError'),
    });
  }
}

/** The errors that the crate does not know. */
const own = {
  unsafe_integer: {
    message: 'an integer is greater than 2^53 - 1, which a JavaScript number cannot hold',
    help: 'Use the Rust crate, which reads 64 bits, or the text itself.',
  },
  disposed: {
    message: 'it was disposed',
    help: 'Use a pairing key or a run before it is disposed, or open it again.',
  },
  run_wiped: {
    message: 'the run was wiped when WebAssembly stopped, most likely for want of memory',
    help: 'Ask the clusters for their listings anew; then plan again, with the record as far as it was written down.',
  },
  wasm_blocked: {
    message: 'WebAssembly cannot be used here, most likely because a content security policy forbids it',
    help: "Add 'wasm-unsafe-eval' to the policy's script-src, or import from 'element-pairing/js', which needs no WebAssembly.",
  },
  wasm_failed: {
    message: 'WebAssembly stopped, most likely for want of memory',
    help: 'Try again with less input.',
  },
};

export const ownError = (code, cause) => new ElementPairingError({ code, ...own[code], cause });
