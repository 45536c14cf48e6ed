//! Clusters and their paired volumes, as the answers of the API.

use std::fmt::Write;

/// How many volumes a cluster has at most.
const VOLUMES: usize = 4_000;

/// Clusters on a ring, each paired with the two on either side: with four, which is the limit.
pub struct Mesh {
    /// Source and target of the volume pairs in a cluster pair.
    links: Vec<(usize, usize)>,
    /// Volume pairs, dealt out to the links.
    pairs: usize,
    /// Of each cluster: its links, and whether it is the source.
    sides: Vec<Vec<(usize, bool)>>,
}

impl Mesh {
    pub fn new(pairs: usize) -> Self {
        let clusters = (2 * pairs).div_ceil(VOLUMES).max(5);
        let next = |by| move |cluster| (cluster, (cluster + by) % clusters);
        let links = (0..clusters).map(next(1)).chain((0..clusters).map(next(2)));
        Self::of_links(clusters, links.collect(), pairs)
    }

    /// Two clusters.
    pub fn of_two(pairs: usize) -> Self {
        Self::of_links(2, vec![(0, 1)], pairs)
    }

    /// Clusters that are paired by these links, source and target each.
    pub fn of_links(clusters: usize, links: Vec<(usize, usize)>, pairs: usize) -> Self {
        let mut sides = vec![Vec::new(); clusters];
        for (link, &(source, target)) in links.iter().enumerate() {
            sides[source].push((link, true));
            sides[target].push((link, false));
        }
        Self { links, pairs, sides }
    }

    /// The saved answers of each cluster, as its file has them.
    pub fn listings(&self) -> Vec<String> {
        (0..self.sides.len()).map(|cluster| self.listing(cluster)).collect()
    }

    fn listing(&self, cluster: usize) -> String {
        let mut text = format!(
            "{}\n{}\n",
            answer("GetClusterInfo", &format!(r#"{{"clusterInfo":{}}}"#, info(cluster))),
            answer("GetLimits", r#"{"clusterPairsCountMax":4,"volumeCountMax":4000}"#)
        );
        let pairs = self.sides[cluster].iter().enumerate().map(|(at, &(link, is_source))| {
            let (source, target) = self.links[link];
            cluster_pair(at + 1, link, if is_source { target } else { source })
        });
        let pairs: Vec<_> = pairs.collect();
        let pairs = format!(r#"{{"clusterPairs":[{}]}}"#, pairs.join(","));
        writeln!(text, "{}", answer("ListClusterPairs", &pairs)).unwrap();
        text += r#"{"id":"ListVolumes","result":{"volumes":["#;
        let mut separator = "";
        for round in 0.. {
            let mut any = false;
            for (at, &(link, is_source)) in self.sides[cluster].iter().enumerate() {
                let pair = round * self.links.len() + link;
                if pair < self.pairs {
                    any = true;
                    text += separator;
                    separator = ",";
                    self.volume(&mut text, cluster, round, at, pair, is_source);
                }
            }
            if !any {
                break;
            }
        }
        text + "]}}\n"
    }

    /// The ID of a cluster's volume in the `round`th pair of a link.
    fn volume_id(&self, cluster: usize, round: usize, at: usize) -> usize {
        round * self.sides[cluster].len() + at + 1
    }

    fn volume(
        &self,
        text: &mut String,
        cluster: usize,
        round: usize,
        at: usize,
        pair: usize,
        is_source: bool,
    ) {
        let (link, _) = self.sides[cluster][at];
        let (source, target) = self.links[link];
        let other = if is_source { target } else { source };
        let there = self.sides[other].iter().position(|&(other, _)| other == link).unwrap();
        let id = self.volume_id(cluster, round, at);
        let remote = self.volume_id(other, round, there);
        let access = if is_source { "readWrite" } else { "replicationTarget" };
        let uuid = uuid(pair, 'b');
        let cluster_pair = at + 1;
        write!(
            text,
            r#"{{"access":"{access}","accountID":1,"attributes":{{}},"blockSize":4096,"createTime":"2026-06-24T15:21:59Z","currentProtectionScheme":"doubleHelix","deleteTime":"","enable512e":true,"enableSnapMirrorReplication":false,"fifoSize":24,"iqn":"iqn.2010-01.com.solidfire:{cluster:04}.volume-{pair}.{id}","minFifoSize":4,"name":"volume-{pair}","purgeTime":"","qos":{{"burstIOPS":15000,"burstTime":60,"curve":{{"4096":100,"8192":160,"16384":270,"32768":500,"65536":1000,"131072":1950,"262144":3900,"524288":7600,"1048576":15000}},"maxIOPS":15000,"minIOPS":50}},"qosPolicyID":null,"scsiEUIDeviceID":"306f746f{id:08x}f47acc0100000000","scsiNAADeviceID":"6f47acc100000000306f746f{id:08x}","sliceCount":1,"status":"active","totalSize":10737418240,"virtualVolumeID":null,"volumeAccessGroups":[],"volumeID":{id},"volumePairs":[{{"clusterPairID":{cluster_pair},"remoteReplication":{{"mode":"Async","pauseLimit":3145728000,"remoteServiceID":14,"resumeDetails":"","snapshotReplication":{{"state":"Idle","stateDetails":""}},"state":"Active","stateDetails":""}},"remoteSliceID":{remote},"remoteVolumeID":{remote},"remoteVolumeName":"volume-{pair}","volumePairUUID":"{uuid}"}}]}}"#
        )
        .unwrap();
    }
}

fn answer(method: &str, result: &str) -> String {
    format!(r#"{{"id":"{method}","result":{result}}}"#)
}

fn info(cluster: usize) -> String {
    let svip = address(cluster, 11);
    let [name, id, mvip] = identity(cluster);
    format!(r#"{{"mvip":"{mvip}","name":"{name}","svip":"{svip}","uniqueID":"{id}"}}"#)
}

fn cluster_pair(id: usize, link: usize, other: usize) -> String {
    let uuid = uuid(link, 'a');
    let [name, unique_id, mvip] = identity(other);
    format!(
        r#"{{"clusterName":"{name}","clusterPairID":{id},"clusterPairUUID":"{uuid}","clusterUUID":"{unique_id}","latency":2,"mvip":"{mvip}","status":"Connected","version":"12.5.0.897"}}"#
    )
}

/// Name, unique ID, MVIP.
fn identity(cluster: usize) -> [String; 3] {
    [format!("site-{cluster}"), format!("u{cluster:03}"), address(cluster, 10)]
}

fn address(cluster: usize, net: usize) -> String {
    format!("{net}.0.{}.{}", cluster / 256, cluster % 256)
}

/// Different for each number, and not in their order.
fn uuid(number: usize, variant: char) -> String {
    let bits = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{:08x}-{:04x}-4000-{variant}000-{number:012x}", bits >> 32, bits >> 16 & 0xFFFF)
}
