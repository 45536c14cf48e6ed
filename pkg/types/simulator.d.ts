// Of pkg/build/simulator.js, which `npm run build:demo` makes; not in the package.
import type { ClusterName, Listing } from '../types/index.js';

/**
 * Clusters in memory as their listings show them, which answer requests as clusters would. The seed, a
 * natural number, makes their keys and UUIDs: to simulate a simulation's listings, take another one.
 *
 * @throws for listings that cannot be read, with a `code`; `no_identity`, `unique_id_not_unique` and
 * `too_many_volumes` for those that cannot be simulated.
 */
export declare function simulate(listings: Iterable<Listing>, seed?: number): Simulation;

/** Clusters are named by unique ID, name or MVIP. */
export interface Simulation {
  /** What the cluster answers to the body of a request. */
  answer(cluster: string | ClusterName, body: string | Uint8Array): Uint8Array<ArrayBuffer>;
  /** What `auditTopology` takes: a text for each cluster, in the order in which they were given. */
  listings(): string[];
  /** Lets whole milliseconds pass: there is no other clock. */
  advance(ms: number): void;
  /** Cuts the connection between two clusters. */
  cut(one: string | ClusterName, other: string | ClusterName): void;
  restore(one: string | ClusterName, other: string | ClusterName): void;
  /** Frees it. Does nothing the second time. */
  dispose(): void;
}
