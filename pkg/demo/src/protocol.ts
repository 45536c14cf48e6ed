/** What the page and its engine say to each other. All text from outside is escaped by the engine. */
import type { Goal, PendingPair, RuleCode, StepState } from 'element-pairing';

export type Severity = 'error' | 'warning' | 'advice';

/** A text that the engine reads, and forgets if it is a key: a file, or the bytes of a paste. */
export type Text = Blob | Uint8Array<ArrayBuffer>;

export interface Requests {
  /** Reads a key and holds it until the next one or `forgetKey`. */
  readKey: { ask: { text: Text }; answer: KeyView };
  forgetKey: { ask: object; answer: null };
  /** The only answer that holds a secret. */
  reveal: { ask: { member: string }; answer: string };
  /** The digits to forward. */
  digits: { ask: object; answer: string };
  /** Removes listings by their numbers, adds others, and tells all; the topology comes before as `News`. */
  changeListings: { ask: { remove: number[] | 'all'; add: Listing[] }; answer: ListingView[] };
  /** May the key be completed on this cluster? */
  check: { ask: { cluster: string; volumeID?: number | undefined }; answer: ReportView };
  /** What a goal about these two clusters can be about. */
  choices: { ask: { clusters: [string, string] }; answer: Choices };
  /** Makes a plan and holds it until the next one, or other listings. */
  plan: { ask: { goal: Goal }; answer: PlanView };
  /** Steps of the plan, by their places. */
  steps: { ask: { start: number; end: number }; answer: StepView[] };
  /** The plan as a shell script; the one answer that is not escaped, for it is to be run. */
  script: { ask: object; answer: string };
  /** Carries the plan out on simulated clusters; the simulator is loaded from there. */
  tryOut: { ask: { simulator: string }; answer: Trial };
  /** Stops it before its end. */
  stopTrial: { ask: object; answer: null };
  /** News have been taken in. */
  more: { ask: object; answer: null };
}

export interface Listing {
  name: string;
  text: Text;
}

export type Request = {
  [Name in keyof Requests]: { id: number; name: Name; ask: Requests[Name]['ask'] };
}[keyof Requests];

/** What the engine says of the request with this ID. */
export type Message = { id: number } & ({ answer: unknown } | { problem: Problem } | { news: News });

/** A coded error, and what of its place can be told. */
export interface Problem {
  code: string;
  message: string;
  help: string;
  place?: string;
  excerpt?: { text: string; reading: string; column: number };
}

export interface KeyView {
  kind: 'cluster' | 'volume';
  madeBy: string;
  takenBy: string;
  members: { name: string; meaning: string; value: string | null }[];
  unknownMembers: string[];
  digits: number;
  removed: string[];
}

export interface ListingView {
  number: number;
  name: string;
  size: number;
  problem?: Problem;
}

/** The topology, in pieces none of which takes long to take in. */
export type News =
  | { kind: 'overview'; overview: Overview }
  | { kind: 'volumePairs'; volumePairs: VolumePairView[] }
  | { kind: 'findings'; findings: FindingView[] }
  /** How far the trial of a plan is. */
  | { kind: 'trial'; done: number }
  | { kind: 'end' }
  /** No listing can be read. */
  | { kind: 'nothing' };

export interface Overview {
  clusters: ClusterView[];
  clusterPairs: ClusterPairView[];
  groups: GroupView[];
  volumePairs: number;
  report: ReportView;
}

/** Of what is drawn: what was found about it. */
export interface Marked {
  mark: Severity | null;
  rules: string[];
}

export interface ClusterView extends Marked {
  label: string;
  name: string;
  uniqueID: string;
  mvip: string;
  /** Whether its own listings were given. */
  given: boolean;
  seen: string[];
  unseen: string[];
  pairs: string;
  /** What a check calls it by; none where nothing of it is known. */
  handle: string | null;
}

export interface ClusterPairView extends Marked {
  ends: [ClusterPairEnd, ClusterPairEnd];
  pending: boolean;
}

export interface ClusterPairEnd {
  /** Which of the clusters; none where a pair does not tell. */
  cluster: number | null;
  /** Whether this cluster lists the pair; not known of one that was not given. */
  listed: boolean | null;
  clusterPairID: number | null;
  status: string;
  latency: number | null;
}

/** Volume pairs of a cluster pair that look the same in the drawing. */
export interface GroupView extends Marked {
  clusterPair: number | null;
  /** The end that the arrow comes from; none where there is no direction. */
  source: 0 | 1 | null;
  /** The ends that list them. */
  listed: [boolean | null, boolean | null];
  mode: string;
  state: string;
  count: number;
  /** The volumes of the first. */
  volumes: [string, string];
}

export interface VolumePairView extends Marked {
  group: number;
  ends: [VolumeEnd, VolumeEnd];
  source: 0 | 1 | null;
  mode: string;
  state: string;
}

export interface VolumeEnd {
  cluster: string;
  volume: string;
  access: string;
  size: string;
  listed: boolean | null;
}

export interface ReportView {
  verdict: 'clear' | 'unknown' | 'harmful' | 'refused';
  counts: Record<Severity, number>;
  rules: RuleView[];
  unchecked: { want: string; rules: string[] }[];
  /** Those of the check of a call; those of an audit come as `News`. */
  findings: FindingView[];
}

export interface RuleView {
  code: string;
  severity: Severity;
  statement: string;
  /** What kind of effect it is: `refused`, `unknown` … */
  kind: string;
  effect: string;
  source: string;
  help: string;
  count: number;
}

/** Something to choose: what a goal calls it, and what it is called. */
export interface Choice<Value> {
  value: Value;
  text: string;
}

export interface Choices {
  /** Volumes of the first cluster that are paired with volumes of the second. */
  paired: Choice<number>[];
  /** The volumes of either that are in no pair; none where that was not seen. */
  unpaired: [Choice<number>[] | null, Choice<number>[] | null];
  /** Of all clusters. */
  pending: Choice<PendingPair>[];
}

export interface PlanView {
  /** How many; none where there is no plan. */
  steps: number | null;
  /** How many of them lose something. */
  losing: number;
  /** What that means. */
  loss: string;
  /** The cluster whose MVIP is not known, where one is, so that there is no script. */
  withoutAddress?: string;
  /** What forbids it, or what stands beside it. */
  report?: ReportView;
  /** What to do where something forbids it. */
  help?: string;
  problem?: Problem;
}

export interface StepView {
  step: number;
  cluster: string;
  mvip: string;
  method: string;
  about: string;
  why: string;
  loses: boolean;
  marks: { rule: RuleCode; severity: Severity; loses: boolean; text: string }[];
  wait: string;
  fill: string;
  /** As it is sent, but for what is filled in at the place of `blank`. */
  request: string;
  blank: number | null;
  /** After the plan was tried. */
  state: StepState | null;
}

/** What came of a plan on simulated clusters. */
export interface Trial {
  before: Overview;
  after: Overview;
  done: number;
  steps: number;
  /** By the clock of the simulation. */
  seconds: number;
  stopped?: Problem;
}

export interface FindingView {
  /** Which of the report's rules. */
  rule: number;
  text: string;
}
