// Two clusters with many volume pairs, as the answers that a cluster gives.

const ENDS = [
  { name: 'site-a', uniqueID: 'xsm6', mvip: '192.0.2.10', access: 'readWrite' },
  { name: 'site-b', uniqueID: 'bgn0', mvip: '198.51.100.10', access: 'replicationTarget' },
];

/** `change(volume, index, end)` may break a volume. */
export function listings(pairs, change = () => {}) {
  return ENDS.map(({ name, uniqueID, mvip, access }, end) => {
    const other = ENDS[1 - end];
    const volumes = Array.from({ length: pairs }, (_, index) => {
      const volume = {
        access,
        accountID: 1,
        attributes: {},
        blockSize: 4096,
        createTime: '2026-03-02T09:24:11Z',
        deleteTime: '',
        enable512e: true,
        enableSnapMirrorReplication: false,
        fifoSize: 24,
        iqn: `iqn.2010-01.com.solidfire:${uniqueID}.volume-${index}.${index + 1}`,
        minFifoSize: 4,
        name: `volume-${index}`,
        purgeTime: '',
        qos: {
          burstIOPS: 15000,
          burstTime: 60,
          curve: {
            4096: 100,
            8192: 160,
            16384: 270,
            32768: 500,
            65536: 1000,
            131072: 1950,
            262144: 3900,
            524288: 7600,
            1048576: 15000,
          },
          maxIOPS: 15000,
          minIOPS: 50,
        },
        qosPolicyID: null,
        scsiEUIDeviceID: '78736d3600000018f47acc0100000000',
        scsiNAADeviceID: '6f47acc10000000078736d3600000018',
        sliceCount: 1,
        status: 'active',
        totalSize: 10737418240,
        virtualVolumeID: null,
        volumeAccessGroups: [],
        volumeID: index + 1,
        volumePairs: [
          {
            clusterPairID: end + 1,
            remoteReplication: {
              mode: 'Async',
              pauseLimit: 3145728000,
              remoteServiceID: 14,
              resumeDetails: '',
              snapshotReplication: { state: 'Idle', stateDetails: '' },
              state: 'Active',
              stateDetails: '',
            },
            remoteSliceID: index + 1,
            remoteVolumeID: index + 1,
            remoteVolumeName: `volume-${index}`,
            volumePairUUID: `229fcbf3-2d35-4625-865a-${String(index).padStart(12, '0')}`,
          },
        ],
      };
      change(volume, index, end);
      return volume;
    });
    const pair = {
      clusterName: other.name,
      clusterPairID: end + 1,
      clusterPairUUID: '9866fbeb-c2f8-4df3-beb9-58a5c4e49c9b',
      clusterUUID: other.uniqueID,
      latency: 2,
      mvip: other.mvip,
      status: 'Connected',
      version: '12.5.0.897',
    };
    const answers = {
      GetClusterInfo: { clusterInfo: { name, uniqueID, mvip, svip: mvip.replace(/\.10$/, '.138') } },
      GetLimits: { clusterPairsCountMax: 4 },
      ListClusterPairs: { clusterPairs: [pair] },
      ListVolumes: { volumes },
    };
    const bytes = Object.entries(answers)
      .map(([id, result]) => JSON.stringify({ id, result }) + '\n')
      .join('');
    return { name: `${name}.json`, bytes };
  });
}

/** Two clusters in no pair, with four volumes each. */
export const unpaired = () =>
  listings(4, (volume, index) => {
    volume.volumePairs = [];
    volume.access = 'readWrite';
    volume.name = `disk-${index + 1}`;
  }).map(({ name, bytes }) => ({
    name,
    bytes: bytes.replace(
      /\{"id":"ListClusterPairs".*\n/,
      '{"id":"ListClusterPairs","result":{"clusterPairs":[]}}\n',
    ),
  }));

/** A key of each kind that nobody completed. */
export const pending = () =>
  listings(2, (volume, index, end) => {
    if (index === 1) volume.volumePairs = [];
    if (index === 1 && end === 0) {
      volume.volumePairs = [
        { clusterPairID: 0, remoteVolumeID: 0, volumePairUUID: '229fcbf3-2d35-4625-865a-d04bb9455cef' },
      ];
    }
  }).map(({ name, bytes }) => ({
    name,
    bytes: bytes.replace(
      '"clusterPairs":[',
      '"clusterPairs":[{"clusterPairID":7,"clusterPairUUID":"1cea1362-4c8f-461a-be72-74566a953d2f","status":"Unconfigured"},',
    ),
  }));
