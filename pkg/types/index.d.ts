import type { PairingKeyHandle, PairingKeyKind, PairingKeyMember, Text } from './key.js';

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
 * - `harmful`: the cluster takes it, and it does harm.
 * - `refused`: the cluster answers an error, or nobody knows that it does not.
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

/** A pairing key: digits and nothing else, or a handle, which gives its digits. */
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
  /** Quality of service, as the listing has it. */
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
