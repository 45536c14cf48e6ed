// Simulated clusters, for the page and for tests; not in the package.
import { call, callWithParts } from './engine.js';
import { ownError } from './errors.js';
import { listingsOf, read } from './listings.js';

export function simulate(listings, seed = 1) {
  const texts = listingsOf(listings);
  const { numbers } = callWithParts('simulate', [String(seed), ...texts], texts);
  return new Simulation(numbers[0]);
}

const nameOf = (cluster) =>
  typeof cluster === 'string' ? cluster : (cluster.uniqueID ?? cluster.name ?? cluster.mvip);

class Simulation {
  #number;

  constructor(number) {
    this.#number = number;
  }

  get #held() {
    if (this.#number === undefined) throw ownError('disposed');
    return this.#number;
  }

  answer(cluster, body) {
    return callWithParts('simulated_answer', [nameOf(cluster), body], [], this.#held).secret;
  }

  listings() {
    return read(call('simulated_listings', '', this.#held));
  }

  advance(ms) {
    call('simulated_advance', String(ms), this.#held);
  }

  cut(one, other) {
    callWithParts('simulated_cut', [one, other].map(nameOf), [], this.#held);
  }

  restore(one, other) {
    callWithParts('simulated_restore', [one, other].map(nameOf), [], this.#held);
  }

  dispose() {
    if (this.#number !== undefined) call('simulated_dispose', '', this.#number);
    this.#number = undefined;
  }
}
