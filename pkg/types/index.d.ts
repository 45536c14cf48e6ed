import type { PairingKeyHandle, PairingKeyKind, PairingKeyMember, ReadErrorCode, Text } from './key.js';

export * from './key.js';

/** The longest listing or response that is read, in bytes of UTF-8. */
export declare const MAX_JSON_LENGTH: number;

/**
 * The answers of one cluster, one after the other as curl wrote them. An answer does not name its
 * method, so each request has to have the method's name as its `id`.
 *
 * Text or bytes, and never parsed objects: `JSON.parse` rounds large IDs.
 */
export type Listing = Text;

/** What is wrong now, over all clusters together, and what could not be checked. */
export declare function auditTopology(listings: Iterable<Listing>): Report;

/**
 * May this one call be sent to this cluster now?
 *
 * @param cluster its unique ID, name or MVIP.
 * @throws {ElementPairingError} `unknown_cluster` where that names no cluster, or more than one; for
 * parameters that are missing or wrong; for listings that cannot be read.
 */
export declare function checkCall(listings: Iterable<Listing>, cluster: string, call: Call): Report;

/** A call that can be checked. */
export type Call = {
  [M in CheckedMethod]: { readonly method: M } & ParamsOf<M>;
}[CheckedMethod];

export type CheckedMethod =
  | 'StartClusterPairing'
  | 'CompleteClusterPairing'
  | 'ListClusterPairs'
  | 'RemoveClusterPair'
  | 'StartVolumePairing'
  | 'CompleteVolumePairing'
  | 'ListActivePairedVolumes'
  | 'ModifyVolumePair'
  | 'RemoveVolumePair'
  | 'ModifyVolume';

/** `params` may be left out where no parameter is required. */
type ParamsOf<M extends Method> = {} extends MethodParams[M]
  ? { readonly params?: MethodParams[M] }
  : { readonly params: MethodParams[M] };

/** What an audit or a check found. Frozen. */
export interface Report {
  readonly verdict: Verdict;
  /** What is wrong: errors first, then in the order of the catalogue. */
  readonly findings: readonly Finding[];
  /** What could not be checked, errors first. */
  readonly unchecked: readonly Unchecked[];
}

/**
 * - `clear`: all that matters was seen, and nothing stands against it.
 * - `unknown`: nothing stands against it in what was seen, but something that matters was not seen.
 * - `harmful`: the cluster takes it, and it does harm. Of an audit: something is wrong.
 * - `refused`: the cluster answers an error, or nobody knows that it does not. Not of an audit.
 *
 * An audit without any listing is `clear`: of no cluster anything is wrong.
 */
export type Verdict = 'clear' | 'unknown' | 'harmful' | 'refused';

export type Severity = 'error' | 'warning' | 'advice';

export type EffectKind = 'refused' | 'state' | 'advice' | 'order' | 'loss' | 'unknown';

/** What happens where a rule is broken. */
export interface Effect {
  readonly kind: EffectKind;
  /** The name of the error of a call that is `refused`, where it is public. */
  readonly error?: string;
  /** The `state` that the pair is or ends in. */
  readonly state?: string;
}

/** A rule that is broken, and where. */
export interface Finding {
  readonly rule: RuleCode;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly subject: Subject;
  /** What was found, by the names that the rule has; names as the clusters told them. */
  readonly values: Readonly<Record<string, number | string | ClusterName>>;
  /** What is wrong, to stand after the subject; names are escaped. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly help: string;
  /** Subject and message, for people; names are escaped. */
  readonly text: string;
}

/** A rule that could not be checked, and what for want of. */
export interface Unchecked {
  readonly rule: RuleCode;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly want: Want;
  /** Subject and what is missing, for people; names are escaped. */
  readonly text: string;
}

/** A listing that was not given, or not whole, or that does not tell a member. */
export interface Want {
  /** The method whose answer it is. */
  readonly listing: Method;
  /** The member that the listing does not tell; left out where the whole listing is missing. */
  readonly member?: string;
  readonly cluster: ClusterName;
  /** For people: `ListClusterPairs of site-b`; names are escaped. */
  readonly text: string;
}

/** What is known of who a cluster is; as it was told: escape it to show it. */
export interface ClusterName {
  readonly name?: string;
  readonly uniqueID?: string;
  readonly mvip?: string;
}

/** What a finding is about. */
export type Subject = {
  readonly cluster: ClusterName;
  /** For people: `volume 24 (BK) of site-a`; names are escaped. */
  readonly text: string;
} & (
  | { readonly kind: 'cluster' }
  | {
      readonly kind: 'cluster_pair';
      readonly clusterPairID: number;
      readonly clusterPairUUID?: string;
      readonly with?: ClusterName;
    }
  | { readonly kind: 'volume'; readonly volumeID: number; readonly volumeName?: string }
  | {
      readonly kind: 'volume_pair';
      readonly volumeID: number;
      readonly volumeName?: string;
      readonly volumePairUUID?: string;
      readonly with?: ClusterName;
      readonly remoteVolumeID?: number;
    }
);

/**
 * The clusters of the listings with their pairs, both ends together: what a console draws. Frozen
 * plain data, which `postMessage` takes. Texts are as the clusters told them, cut after 128
 * characters: escape them to show them.
 */
export declare function topologyOf(listings: Iterable<Listing>): Topology;

export interface Topology {
  /** The clusters that were given, then those that only a cluster pair tells of. */
  readonly clusters: readonly TopologyCluster[];
  readonly clusterPairs: readonly TopologyClusterPair[];
  readonly volumePairs: readonly TopologyVolumePair[];
}

export interface TopologyCluster extends ClusterName {
  /** Name and unique ID, for people; escaped. */
  readonly text: string;
  /** Whether listings of it were given. */
  readonly given: boolean;
  /** The methods whose answers were seen, whole. */
  readonly listings: readonly Method[];
  /** The greatest number of cluster pairs, where GetLimits was seen. */
  readonly clusterPairsCountMax?: number;
  /** The volumes that are in no pair; left out where no listing of all active volumes was seen. */
  readonly unpaired?: readonly UnpairedVolume[];
}

export interface UnpairedVolume {
  readonly volumeID: number;
  readonly name?: string;
  readonly access?: Access;
  readonly status?: VolumeStatus;
  /** In bytes. */
  readonly totalSize?: number;
}

export interface TopologyClusterPair {
  readonly clusterPairUUID?: string;
  /** Whether its key was made and nobody completed it. */
  readonly pending: boolean;
  /** The first is always listed. */
  readonly ends: readonly [ClusterPairEnd, ClusterPairEnd];
}

export interface ClusterPairEnd {
  /** Place in `clusters`; left out where nothing is known of who it is. */
  readonly cluster?: number;
  /**
   * Whether this cluster lists the pair, left out where its ListClusterPairs was not seen; the other
   * members are there only if it does.
   */
  readonly listed?: boolean;
  readonly clusterPairID?: number;
  readonly status?: ClusterPairStatus;
  /** Element version of the other cluster. */
  readonly version?: string;
  /** Round trip in milliseconds. */
  readonly latency?: number;
}

export interface TopologyVolumePair {
  readonly volumePairUUID: string;
  /** Place in `clusterPairs`; left out where its cluster lists none. */
  readonly clusterPair?: number;
  /** Whether its key was made and nobody completed it. */
  readonly pending: boolean;
  /** Which end is the source, by the access of both; left out where that does not tell. */
  readonly source?: 0 | 1;
  /** The first is always listed. */
  readonly ends: readonly [VolumePairEnd, VolumePairEnd];
}

export interface VolumePairEnd {
  /** Place in `clusters`; left out where nothing is known of who it is. */
  readonly cluster?: number;
  /**
   * Whether this cluster lists the pair, left out where no listing of its volumes was seen; of an end
   * that is not listed, ID and name are what the other says.
   */
  readonly listed?: boolean;
  readonly volumeID?: number;
  readonly name?: string;
  readonly access?: Access;
  readonly status?: VolumeStatus;
  /** In bytes. */
  readonly totalSize?: number;
  readonly mode?: ReplicationMode;
  readonly state?: ReplicationState;
}

/**
 * Which calls reach a goal, in an order in which each is safe, with what is lost by them; or what
 * stands against it. Frozen plain data, which `postMessage` takes. Nothing is sent.
 *
 * A goal is absolute: planned again on what an interrupted plan left behind, it leads to the same end,
 * and where it is reached already to no steps.
 *
 * @param record what the run before did, if that did not end well: the pending pairs that it left are
 * removed first. It counts for this plan alone.
 * @throws {ElementPairingError} `wrong_goal` with the `path` of what is wrong in the goal or in the
 * record; for listings that cannot be read.
 */
export declare function planGoal(
  listings: Iterable<Listing>,
  goal: Goal,
  record?: RunRecord | null,
): Plan | NoPlan;

/** What is to be so. Clusters are named by their unique ID, name or MVIP. */
export type Goal =
  /** Both list the pair as Connected. The first makes the key. */
  | { readonly goal: 'pair_clusters'; readonly clusters: readonly [string, string] }
  /** With all volume pairs between them. Pending cluster pairs stay: `repair` removes them. */
  | { readonly goal: 'unpair_clusters'; readonly clusters: readonly [string, string] }
  /**
   * Each source readWrite, each target replicationTarget and at least as large. Their clusters are
   * paired first, if they are not. What a target holds is overwritten.
   */
  | {
      readonly goal: 'pair_volumes';
      readonly pairs: readonly { readonly source: VolumePlace; readonly target: VolumePlace }[];
      /** Left out: Async for a new pair, and as it is for one that is there. */
      readonly mode?: ReplicationMode;
    }
  | { readonly goal: 'unpair_volumes'; readonly clusters: readonly [string, string]; readonly volumes: Volumes }
  /** Which cluster has the sources. What the volumes of the other hold is overwritten. */
  | {
      readonly goal: 'direction';
      readonly source: string;
      readonly target: string;
      /** Of the source's cluster. */
      readonly volumes: Volumes;
    }
  | {
      readonly goal: 'set_mode';
      readonly clusters: readonly [string, string];
      readonly volumes: Volumes;
      readonly mode: ReplicationMode;
    }
  /** By hand. */
  | { readonly goal: 'pause'; readonly clusters: readonly [string, string]; readonly volumes: Volumes }
  /** On both sides, as far as the listings show a pause. */
  | { readonly goal: 'resume'; readonly clusters: readonly [string, string]; readonly volumes: Volumes }
  /**
   * No pair is one-sided or stopped for good. Of pending pairs those that are named are removed:
   * nobody can tell a lost key from one on its way.
   */
  | { readonly goal: 'repair'; readonly pending: readonly PendingPair[] }
  /**
   * What the calls of a run changed is as it was before. That brings back no data that was
   * overwritten and no session that ended, makes no volume smaller, and new pairs have new IDs.
   */
  | { readonly goal: 'undo'; readonly record: RunRecord };

export type GoalCode =
  | 'pair_clusters'
  | 'unpair_clusters'
  | 'pair_volumes'
  | 'unpair_volumes'
  | 'direction'
  | 'set_mode'
  | 'pause'
  | 'resume'
  | 'repair'
  | 'undo';

export interface VolumePlace {
  readonly cluster: string;
  readonly volumeID: number;
}

/** All that are paired with volumes of the other cluster, or IDs on the first of the clusters. */
export type Volumes = 'all' | readonly number[];

/** A pair whose key was made and nobody completed. */
export type PendingPair = VolumePlace | { readonly cluster: string; readonly clusterPairID: number };

/** Steps that reach a goal, in their order; none if it is reached already. */
export interface Plan {
  readonly kind: 'plan';
  readonly steps: readonly PlanStep[];
  /** What the plan leaves as it is, what is advised against, and what was not seen. */
  readonly report: Report;
  /** The whole plan for people; names are escaped. */
  readonly text: string;
}

/** A call, or a question that is repeated until a state is reached. */
export interface PlanStep {
  /** Its number, from 1. */
  readonly step: number;
  /** The cluster that the request is sent to. */
  readonly cluster: ClusterName;
  readonly subject: Subject;
  readonly method: Method;
  /** The body of the request, but for what `fill` says: a key in it is an empty string. */
  readonly request: string;
  /** What the request, or the question, lacks because an earlier step returns it. */
  readonly fill?: Fill;
  /** How the request is repeated, if it is a question. */
  readonly wait?: Wait;
  /** In one sentence. */
  readonly why: string;
  /** Whether data is overwritten or sessions end. */
  readonly loses: boolean;
  /** What stands against it and does not hinder it, such as what is lost. */
  readonly marks: readonly Finding[];
}

export interface Fill {
  /** The member of the request's `params`; of a wait: the ID of the object to look at. */
  readonly member: string;
  /** The number of the step that returns it. */
  readonly step: number;
  /** The member of that step's result. */
  readonly result: string;
  /** For people: `clusterPairingKey: the clusterPairingKey of step 1`. */
  readonly text: string;
}

export interface Wait {
  /** Between two questions, in milliseconds. */
  readonly everyMs: number;
  /** How many questions at most. One whose answer shows that things move on does not count. */
  readonly times: number;
  /** The member of the answer's objects that is looked at. */
  readonly member: string;
  /** What it has to be. */
  readonly until: readonly string[];
  /** Of this cluster pair; where it and `fill` are left out, of every volume that is asked for. */
  readonly clusterPairID?: number;
  /** For people: `status is Connected; ask every 1 s, 60 times at most`. */
  readonly text: string;
}

/** Why there is no plan. */
export type NoPlan = {
  readonly kind: 'no_plan';
  readonly code: NoPlanCode;
  /** For people, with the whole report if there is one; names are escaped. */
  readonly text: string;
  /** What to do about it, in one sentence. */
  readonly help: string;
} & (
  | {
      readonly code: 'unknown_cluster';
      /** What was asked for; empty for a given cluster that nothing tells from the others. */
      readonly cluster: string;
    }
  /** Every step that a cluster would refuse, or might. */
  | { readonly code: 'forbidden' | 'unseen'; readonly report: Report }
);

/**
 * - `unknown_cluster`: not exactly one of the clusters has this unique ID, name or MVIP.
 * - `forbidden`: a cluster would refuse a step, or might.
 * - `unseen`: nothing forbids the plan but that something was not seen.
 */
export type NoPlanCode = 'unknown_cluster' | 'forbidden' | 'unseen';

/**
 * Begins to carry a plan out. The run has to be disposed.
 *
 * @throws {TypeError} for a copy of a plan, such as one that came by `postMessage`: a plan is carried
 * out where it was made.
 */
export declare function runPlan(plan: Plan): PlanRun;

/**
 * A plan as it is carried out. Let it be driven with {@link PlanRun.drive}, or drive it:
 *
 * ```js
 * for (let call; (call = run.next()); ) {
 *   await delay(call.delayMs);
 *   const answer = await post(call.cluster, call.body); // undefined if none came
 *   if (answer === undefined) run.lost();
 *   else run.answer(answer);
 * }
 * ```
 *
 * It stops at the first error. A key that a cluster returns is held, within WebAssembly, until the
 * request that carries it is written; it is wiped then, and by `dispose`.
 *
 * Everything but `dispose` throws an {@link ElementPairingError}: `disposed` after dispose,
 * `run_wiped` where WebAssembly stopped meanwhile, for whatever call.
 */
export interface PlanRun extends Disposable {
  readonly plan: Plan;
  /**
   * The request to be sent now; undefined when all is done, after the run stopped, and while the
   * answer to the one before is awaited.
   */
  next(): NextCall | undefined;
  /** Takes the answer to the request that was sent. An answer of bytes may be wiped afterwards. */
  answer(response: Text): void;
  /** Takes that no answer came: the call may be done or not. A question is asked again. */
  lost(): void;
  /** Ends the run. A request that was sent and not answered is unknown. */
  abort(): void;
  /** Whether all steps are done. */
  readonly done: boolean;
  /** Why it ended before that. */
  readonly stopped: Stopped | undefined;
  /** What became of each step. */
  readonly states: readonly StepState[];
  /**
   * What was done so far, for `planGoal` or the goal `undo`. Frozen plain data without any key, which
   * can be written down as JSON.
   */
  readonly record: RunRecord;
  /**
   * The last entry of the record. Who wants to survive the end of the page writes it down before a
   * request is sent and after it was answered, one behind the other: an array of them is a record.
   */
  readonly entry: RunEntry | undefined;
  /**
   * Carries the plan out to its end.
   *
   * `send` posts `call.body` to `call.cluster` and returns the answer: a `Response` of `fetch`, text
   * or bytes. If it throws, the answer is taken as lost. The body is wiped once it returned, and so is
   * what was read from a `Response`.
   *
   * It sends nothing more once the run was aborted or disposed, also by `onStep`.
   *
   * @throws {ElementPairingError} where the run stopped, with what `stopped` says and with what `send`
   * threw as `cause`; `aborted` also where `wait` or `onStep` threw, or `send` returned no answer.
   * @throws {TypeError} where the run is driven already, which goes on.
   */
  drive(
    send: (call: NextCall, signal: AbortSignal) => Answer | Promise<Answer>,
    options?: DriveOptions,
  ): Promise<void>;
  /** Wipes the run. Does nothing the second time. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** What `send` returns. */
export type Answer = Text | { arrayBuffer(): Promise<ArrayBuffer> };

export interface DriveOptions {
  /** Ends the run between two calls, and a wait at once. `send` gets it, to end a call as well. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called before a request is sent and after it was answered, with what became of the step so far;
   * what it returns is awaited.
   */
  readonly onStep?: ((step: PlanStep, state: StepState) => unknown) | undefined;
  /** Waits between two questions; left out: so long. */
  readonly wait?: ((ms: number, signal: AbortSignal) => unknown) | undefined;
}

/** A request that is to be sent now. */
export interface NextCall {
  /** The number of the step, from 1. */
  readonly step: number;
  readonly cluster: ClusterName;
  readonly method: Method;
  /** To be posted. It may carry a key: the array is the caller's, `fill(0)` wipes it. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** How long to wait before it is sent, in milliseconds. */
  readonly delayMs: number;
}

/**
 * - `done`: it is done, or what was waited for has come.
 * - `unknown`: it was sent, and no answer came that could be read: neither done nor undone.
 * - `failed`: the cluster answered an error, or what was waited for did not come.
 * - `not_done`: it was not sent.
 */
export type StepState = 'done' | 'unknown' | 'failed' | 'not_done';

/** Why a run ended before its last step was done. */
export interface Stopped {
  /** The number of the step, from 1. */
  readonly step: number;
  readonly code: StoppedCode;
  /** The name of the error that the cluster answered, if it has one. */
  readonly error?: ErrorName;
  /** For people; names are escaped. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly help: string;
}

/**
 * - `refused`: the cluster answered an error.
 * - `other_answer`: the answer is one to another request.
 * - `lost`: no answer came.
 * - `timed_out`: what was waited for did not come.
 * - `aborted`: the caller ended the run.
 * - any other: why the answer cannot be read.
 */
export type StoppedCode = 'refused' | 'other_answer' | 'lost' | 'timed_out' | 'aborted' | ReadErrorCode;

/** What a run did, as far as it is known, and what was there before. No key is in it. */
export type RunRecord = readonly RunEntry[];

/** What became of one call. */
export interface RunEntry {
  /** The number of the step in its plan, from 1; 0 for a step of an earlier one. */
  readonly step: number;
  /** Unique ID, name or MVIP. */
  readonly cluster: string;
  readonly method: string;
  readonly state: RunEntryState;
  /** The name of the error, if it is `refused` and has one. */
  readonly error?: ErrorName;
  /** What it changes, as it was. */
  readonly before?: Before;
  /** How to know the pending pair again that it made. */
  readonly pending?: Pending;
}

export type RunEntryState = 'unknown' | 'done' | 'refused';

export type Before =
  | { readonly clusters: readonly [string, string]; readonly paired: boolean }
  | {
      readonly volumes: readonly [VolumeBefore, VolumeBefore];
      readonly paired: boolean;
      readonly mode?: ReplicationMode;
      readonly paused?: boolean;
    };

export interface VolumeBefore extends VolumePlace {
  readonly access?: Access;
}

export type Pending =
  | { readonly clusterPairUUID?: string; readonly listed: readonly number[] }
  | { readonly volumeID: number; readonly volumePairUUID?: string };

/** The catalogue of rules, in its order. Frozen. */
export declare function rules(): readonly Rule[];

export interface Rule {
  readonly code: RuleCode;
  /** What must hold, in one sentence. */
  readonly statement: string;
  readonly severity: Severity;
  readonly effect: Effect;
  /** The effect in plain words. */
  readonly effectMeaning: string;
  /** What to do where the rule is broken. */
  readonly help: string;
  /** Who says so. */
  readonly source: string;
  /** What an audit has to see to judge it; left out if an audit does not. */
  readonly auditNeeds?: readonly Need[];
  /** What the check of a call has to see to judge it; left out if a check does not. */
  readonly checkNeeds?: readonly Need[];
}

/** A listing that a rule needs: of the cluster of its subject, or of the one that it is paired with. */
export interface Need {
  readonly side: 'here' | 'remote';
  readonly listing: Method;
}

/** What a member of a pairing key means, for people. Frozen. */
export declare function pairingKeyMembers(): readonly MemberDescription[];

export interface MemberDescription {
  readonly name: PairingKeyMember;
  readonly meaning: string;
  readonly secret: boolean;
  /** The kinds of key that have it. */
  readonly kinds: readonly PairingKeyKind[];
}

/** The method that makes a key of this kind, and the one that takes it. */
export declare function pairingKeyMethods(kind: PairingKeyKind): {
  readonly kind: PairingKeyKind;
  readonly madeBy: Method;
  readonly takenBy: Method;
};

/**
 * Text from outside, fit to be shown: characters that cannot be seen or that turn the direction of
 * text are written as `\u{…}`, and `\` as `\\`. For HTML it needs escaping of its own.
 */
export declare function escapeText(text: string): string;

/** The methods that are written and read. */
export type Method = keyof MethodParams;

/** A pairing key: a text, of which is sent what `cleanPairingKey` leaves, or a handle. */
export type KeyParam = Text | PairingKeyHandle;

/** The parameters by method; others are refused. */
export interface MethodParams {
  StartClusterPairing: {};
  CompleteClusterPairing: { readonly clusterPairingKey: KeyParam };
  ListClusterPairs: {};
  RemoveClusterPair: { readonly clusterPairID: number };
  StartVolumePairing: { readonly volumeID: number; readonly mode?: ReplicationMode };
  CompleteVolumePairing: { readonly volumeID: number; readonly volumePairingKey: KeyParam };
  ListActivePairedVolumes: { readonly startVolumeID?: number; readonly limit?: number };
  ModifyVolumePair: {
    readonly volumeID: number;
    readonly pausedManual?: boolean;
    readonly mode?: ReplicationMode;
  };
  RemoveVolumePair: { readonly volumeID: number };
  GetClusterInfo: {};
  GetLimits: {};
  ListVolumes: {
    readonly startVolumeID?: number;
    readonly limit?: number;
    readonly volumeStatus?: VolumeStatus;
    readonly volumeIDs?: readonly number[];
    readonly isPaired?: boolean;
    readonly includeVirtualVolumes?: boolean;
  };
  ListActiveVolumes: {
    readonly startVolumeID?: number;
    readonly limit?: number;
    readonly includeVirtualVolumes?: boolean;
  };
  ModifyVolume: {
    readonly volumeID: number;
    readonly access?: Access;
    /** In bytes. */
    readonly totalSize?: number;
  };
}

/** What a response holds by method: the members that this version reads. Frozen. */
export interface MethodResults {
  StartClusterPairing: { readonly clusterPairID: number; readonly clusterPairingKey: PairingKeyHandle };
  CompleteClusterPairing: { readonly clusterPairID: number };
  ListClusterPairs: { readonly clusterPairs: readonly ClusterPair[] };
  RemoveClusterPair: {};
  StartVolumePairing: { readonly volumePairingKey: PairingKeyHandle };
  CompleteVolumePairing: {};
  ListActivePairedVolumes: { readonly volumes: readonly Volume[] };
  ModifyVolumePair: {};
  RemoveVolumePair: {};
  GetClusterInfo: { readonly clusterInfo: ClusterInfo };
  GetLimits: Limits;
  ListVolumes: { readonly volumes: readonly Volume[] };
  ListActiveVolumes: { readonly volumes: readonly Volume[] };
  ModifyVolume: { readonly volume?: Volume };
}

/** The ID of a request, which its response repeats. */
export type RequestID = string | number;

type ParamsArguments<M extends Method> = {} extends MethodParams[M]
  ? [params?: MethodParams[M], id?: RequestID | null]
  : [params: MethodParams[M], id?: RequestID | null];

/**
 * Writes the body of a request, in UTF-8: `fetch` takes it. It may carry a key: `fill(0)` wipes it.
 *
 * @throws {ElementPairingError} for parameters that are missing or wrong.
 * @throws {PairingKeyError} what `cleanPairingKey` throws, for a key that is a text.
 */
export declare function writeRequest<M extends Method>(
  method: M,
  ...[params, id]: ParamsArguments<M>
): Uint8Array<ArrayBuffer>;

/**
 * Reads the response to a method.
 *
 * @throws {ElementPairingError} for a text that is not such a response. An error that the cluster
 * answered is no exception.
 */
export declare function readResponse<M extends Method>(method: M, text: Text): Response<M>;

export type Response<M extends Method> =
  | { readonly id: RequestID | null; readonly result: MethodResults[M]; readonly error?: undefined }
  | { readonly id: RequestID | null; readonly error: ApiError; readonly result?: undefined };

/** An error that a cluster answers. */
export interface ApiError {
  /** 500 for every system error. */
  readonly code?: number;
  readonly name?: ErrorName;
  /** As the cluster wrote it; empty where there is none. */
  readonly message: string;
}

type Open<T extends string> = T | (string & {});

/** Names of errors that are public, and any other. */
export type ErrorName = Open<
  | 'xPairingAlreadyExists'
  | 'xInvalidPairingKey'
  | 'xMVIPNotPaired'
  | 'xVolumeAlreadyPaired'
  | 'xVolumeNotPaired'
  | 'xVolumeIDDoesNotExist'
  | 'xVolumeShrinkProhibited'
  | 'xExceededLimit'
  | 'xMissingParameter'
  | 'xInvalidParameter'
  | 'xUnrecognizedEnumString'
  | 'xUnknownAPIMethod'
  | 'xAPINotPermitted'
  | 'xUnknownAccount'
  | 'xDuplicateUsername'
  | 'xDBVersionMismatch'
>;

export type ReplicationMode = Open<'Async' | 'Sync' | 'SnapshotsOnly'>;

export type Access = Open<'readOnly' | 'readWrite' | 'locked' | 'replicationTarget' | 'snapMirrorTarget'>;

export type VolumeStatus = Open<'init' | 'active' | 'deleted'>;

export type ClusterPairStatus = Open<
  'Unconfigured' | 'Connecting' | 'Connected' | 'Misconfigured' | 'Disconnected'
>;

export type ReplicationState = Open<
  | 'Active'
  | 'Idle'
  | 'ResumingConnected'
  | 'ResumingRRSync'
  | 'ResumingLocalSync'
  | 'ResumingDataTransfer'
  | 'PausedQoS'
  | 'PausedSlowLink'
  | 'PausedXCopy'
  | 'PausedDisconnected'
  | 'PausedClusterFull'
  | 'PausedManual'
  | 'PausedManualRemote'
  | 'PausedMisconfigured'
  | 'PausedVolumeSizeMismatch'
  | 'PausedExceededMaxSnapshotCount'
  | 'StoppedMisconfigured'
>;

/** What is missing, null or `""` in the listing is left out of the objects below. */
interface Listed {
  /** The object's own text, with everything that this version does not know. */
  readonly json: string;
}

/** A cluster pair as one of its clusters lists it. */
export interface ClusterPair extends Listed {
  /** ID of the pair, on the cluster that lists it. */
  readonly clusterPairID: number;
  readonly clusterPairUUID?: string;
  /** Name of the other cluster. */
  readonly clusterName?: string;
  /** Unique ID of the other cluster. */
  readonly clusterUUID?: string;
  /** The same under another name. */
  readonly UUID?: string;
  /** Management IP of the other cluster. */
  readonly mvip?: string;
  readonly status?: ClusterPairStatus;
  /** Element version of the other cluster. */
  readonly version?: string;
  /** Round trip in milliseconds. */
  readonly latency?: number;
}

export interface ClusterInfo extends Listed {
  readonly name?: string;
  readonly uniqueID?: string;
  readonly mvip?: string;
  readonly svip?: string;
  readonly uuid?: string;
}

export interface Limits extends Listed {
  readonly clusterPairsCountMax?: number;
}

export interface Volume extends Listed {
  readonly volumeID: number;
  readonly name?: string;
  readonly access?: Access;
  readonly status?: VolumeStatus;
  /** In bytes. */
  readonly totalSize?: number;
  /** In bytes. */
  readonly blockSize?: number;
  readonly enable512e?: boolean;
  /** Quality of service, as `JSON.parse` has it. Integers above 2^53−1 are exact in `json` alone. */
  readonly qos?: unknown;
  /** ISO 8601. */
  readonly deleteTime?: string;
  /** ISO 8601. */
  readonly purgeTime?: string;
  /** Left out (not an empty list) where the listing does not tell. */
  readonly volumePairs?: readonly VolumePair[];
}

export interface VolumePair {
  readonly volumePairUUID: string;
  /** ID of the cluster pair, on this cluster. */
  readonly clusterPairID?: number;
  readonly remoteVolumeID?: number;
  readonly remoteVolumeName?: string;
  readonly remoteReplication?: RemoteReplication;
}

export interface RemoteReplication {
  readonly mode?: ReplicationMode;
  /** Not to be compared with that of the other end. */
  readonly state?: ReplicationState;
  readonly stateDetails?: string;
  readonly resumeDetails?: string;
  readonly snapshotReplication?: SnapshotReplication;
}

export interface SnapshotReplication {
  readonly state?: ReplicationState;
  readonly stateDetails?: string;
}

/** The rules of the catalogue, by their codes; a later version may have more. */
export type RuleCode =
  | 'cluster_contradicted'
  | 'listing_refused'
  | 'unique_id_not_unique'
  | 'cluster_name_not_unique'
  | 'mvip_not_unique'
  | 'svip_not_unique'
  | 'cluster_pair_limit'
  | 'cluster_pair_limit_pending'
  | 'cluster_pair_pending'
  | 'cluster_pair_pending_one_side'
  | 'cluster_pair_one_sided'
  | 'cluster_pair_sides_differ'
  | 'cluster_paired_twice'
  | 'cluster_paired_with_itself'
  | 'cluster_pair_disconnected'
  | 'cluster_pair_misconfigured'
  | 'cluster_pair_connecting'
  | 'cluster_pair_status_unknown'
  | 'version_skew'
  | 'version_skew_ahead'
  | 'latency_high'
  | 'latency_high_for_sync'
  | 'cluster_pair_id_unknown'
  | 'volume_pairs_remain'
  | 'volume_pairs_remain_remote'
  | 'cluster_pair_removed_here_only'
  | 'cluster_key_unreadable'
  | 'cluster_key_wrong_kind'
  | 'cluster_key_of_this_cluster'
  | 'cluster_key_used'
  | 'cluster_key_without_pair'
  | 'volume_pair_pending'
  | 'volume_pair_without_cluster_pair'
  | 'volume_pair_one_sided'
  | 'volume_pair_partner_not_listed'
  | 'paired_volume_deleted'
  | 'paired_volume_not_active'
  | 'volume_pair_sides_differ'
  | 'volume_pair_modes_differ'
  | 'volume_paired_more_than_once'
  | 'volume_already_paired'
  | 'volume_pairing_pending'
  | 'volume_paired_with_itself'
  | 'volume_pair_within_cluster'
  | 'volume_pair_no_target'
  | 'volume_pair_two_targets'
  | 'paired_volume_access'
  | 'direction_not_set'
  | 'target_smaller'
  | 'target_larger'
  | 'sizes_differ'
  | 'enable512e_differs'
  | 'block_size_differs'
  | 'qos_differs'
  | 'paused_manual'
  | 'paused_manual_remote'
  | 'paused_misconfigured'
  | 'paused_volume_size_mismatch'
  | 'paused_exceeded_max_snapshot_count'
  | 'paused_disconnected'
  | 'paused_cluster_full'
  | 'stopped_misconfigured'
  | 'replication_state_unknown'
  | 'snapshots_not_replicated'
  | 'volume_id_unknown'
  | 'volume_deleted'
  | 'volume_not_active'
  | 'volume_not_paired'
  | 'volume_pair_not_completed'
  | 'no_connected_cluster_pair'
  | 'mode_set_on_target'
  | 'pause_set_on_target'
  | 'value_unknown'
  | 'volume_pair_removed_here_only'
  | 'volume_key_unreadable'
  | 'volume_key_wrong_kind'
  | 'volume_key_used'
  | 'volume_key_without_pair'
  | 'volume_key_mvip_not_paired'
  | 'volume_key_pair_not_connected'
  | 'volume_key_mvip_ambiguous'
  | 'volume_shrinks'
  | 'source_grown_first'
  | 'direction_change_begun'
  | 'two_writers'
  | 'sessions_end'
  | 'target_overwritten';
