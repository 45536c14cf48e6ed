//! The methods that list, make, change and delete volumes.

use super::{
    At, NAME_LENGTH, PURGED_AFTER, SIZES, Simulator, VOLUMES, Volume,
    answer::{Refusal, Reply, empty},
    object::Object,
    params::{Params, integer, invalid, is, required},
};
use crate::{
    api::{Access, ErrorName, Json, VolumeStatus},
    topology::Rule,
};
use alloc::{boxed::Box, collections::BTreeSet, string::String};

/// How many volumes ModifyVolumes takes. Source: SDKs.
const MODIFIED: usize = 500;

/// Parameters of volumes that clusters know, and that change nothing here.
const PASSED_OVER: &[&str] = &[
    "associateWithQoSPolicy",
    "qosPolicyID",
    "enableSnapMirrorReplication",
    "fifoSize",
    "minFifoSize",
    "protectionScheme",
    "sliceCount",
    "createTime",
    "setCreateTime",
];

/// Cost of an operation by its size in bytes.
const CURVE: &str = concat!(
    r#"{"4096":100,"8192":160,"16384":270,"32768":500,"65536":1000,"131072":1950,"#,
    r#""262144":3900,"524288":7600,"1048576":15000}"#
);

/// Which volumes a listing has.
#[derive(Default)]
struct Choice {
    start: u64,
    limit: Option<u64>,
    ids: Option<BTreeSet<u64>>,
    accounts: Option<BTreeSet<u64>>,
    is_paired: Option<bool>,
    status: Option<VolumeStatus>,
    name: Option<String>,
}

impl Choice {
    /// With the parameters that all listings have.
    fn read(params: &mut Params<'_>) -> Result<Self, Refusal> {
        let start = params.integer("startVolumeID")?.unwrap_or_default();
        let limit = params.integer("limit")?;
        Ok(Self { start, limit, ..Self::default() })
    }

    fn has(&self, id: u64, volume: &Volume) -> bool {
        id >= self.start
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&id))
            && self.accounts.as_ref().is_none_or(|accounts| accounts.contains(&volume.account))
            && self.is_paired.is_none_or(|is_paired| is_paired != volume.pairs.is_empty())
            && self.status.as_ref().is_none_or(|status| *status == volume.status)
            && self.name.as_ref().is_none_or(|name| *name == volume.name)
    }

    fn reply(self, at: At) -> Result<Reply, Refusal> {
        Ok(Box::new(move |simulator, result| {
            let volumes = simulator.clusters[at].volumes.iter();
            let chosen = volumes.filter(|(id, volume)| self.has(**id, volume));
            let limit =
                self.limit.map_or(usize::MAX, |limit| limit.try_into().unwrap_or(usize::MAX));
            result.objects("volumes", chosen.take(limit), |object, (id, volume)| {
                simulator.write_volume(object, at, *id, volume);
            });
        }))
    }
}

/// What a call changes of a volume.
struct Change {
    access: Option<Access>,
    account: Option<u64>,
    total_size: Option<u64>,
    /// minIOPS, maxIOPS, burstIOPS.
    qos: [Option<u64>; 3],
    attributes: Option<String>,
}

impl Simulator {
    pub(super) fn list_volumes(&self, at: At, params: &mut Params<'_>) -> Result<Reply, Refusal> {
        let status = params.text("volumeStatus")?;
        let choice = Choice {
            ids: params.integers("volumeIDs")?,
            accounts: params.integers("accounts")?,
            is_paired: params.flag("isPaired")?,
            status: status.map(|status| (&*status).into()),
            name: params.text("volumeName")?,
            ..Choice::read(params)?
        };
        params.pass_over(&["includeVirtualVolumes", "protectionSchemes"]);
        choice.reply(at)
    }

    pub(super) fn list_active_volumes(
        &self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        params.pass_over(&["includeVirtualVolumes"]);
        Choice { status: Some(VolumeStatus::Active), ..Choice::read(params)? }.reply(at)
    }

    pub(super) fn list_active_paired_volumes(
        &self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let status = Some(VolumeStatus::Active);
        Choice { status, is_paired: Some(true), ..Choice::read(params)? }.reply(at)
    }

    pub(super) fn list_volumes_for_account(
        &self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let account = required("accountID", params.integer("accountID")?)?;
        self.account(at, account)?;
        params.pass_over(&["includeVirtualVolumes"]);
        Choice { accounts: Some([account].into()), ..Choice::read(params)? }.reply(at)
    }

    pub(super) fn create_volume(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let name = required("name", params.text("name")?)?;
        let account = required("accountID", params.integer("accountID")?)?;
        self.account(at, account)?;
        let total_size = required("totalSize", params.integer("totalSize")?)?;
        // Source: API reference; before version 11 it was required.
        let enable512e = params.flag("enable512e")?.unwrap_or(true);
        let change = Change { total_size: None, ..self.read_change(at, params)? };
        if !(1..=NAME_LENGTH).contains(&name.chars().count()) {
            return Err(invalid("name"));
        }
        if !SIZES.contains(&total_size) {
            return Err(invalid("totalSize"));
        }
        if matches!(change.access, Some(Access::ReplicationTarget | Access::SnapMirrorTarget)) {
            return Err(invalid("access"));
        }
        if self.clusters[at].volumes.len() >= VOLUMES {
            let name = ErrorName::ExceededLimit;
            let message = alloc::format!("{name}: A cluster has at most {VOLUMES} volumes.");
            return Err(Refusal::new(name, message));
        }
        let mut volume = Volume { account, enable512e, ..self.new_volume(name, total_size) };
        change.apply(&mut volume);
        let id = self.clusters[at].add_volume(volume);
        Ok(Box::new(move |simulator, result| {
            simulator.object(result, at, id);
            result.number("volumeID", id);
        }))
    }

    pub(super) fn modify_volume(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        let change = self.read_change(at, params)?;
        self.may_change(at, id, &change)?;
        self.change(at, id, |volume| change.apply(volume));
        Ok(Box::new(move |simulator, result| simulator.object(result, at, id)))
    }

    /// All of the volumes, or none.
    pub(super) fn modify_volumes(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let ids = required("volumeIDs", params.integers("volumeIDs")?)?;
        let change = self.read_change(at, params)?;
        if !(1..=MODIFIED).contains(&ids.len()) {
            return Err(invalid("volumeIDs"));
        }
        ids.iter().try_for_each(|id| self.may_change(at, *id, &change))?;
        for id in &ids {
            self.change(at, *id, |volume| change.apply(volume));
        }
        Choice { ids: Some(ids), ..Choice::default() }.reply(at)
    }

    fn read_change(&self, at: At, params: &mut Params<'_>) -> Result<Change, Refusal> {
        let access = params.text("access")?.map(|access| Access::from(&*access));
        let is_known = access.as_ref().is_none_or(Access::is_known);
        self.unless_allowed(Rule::ValueUnknown, !is_known)?;
        let account = params.integer("accountID")?;
        account.map_or(Ok(()), |account| self.account(at, account).map(drop))?;
        let total_size = params.integer("totalSize")?;
        if total_size.is_some_and(|size| size > *SIZES.end()) {
            return Err(invalid("totalSize"));
        }
        let mut qos = [None; 3];
        for (name, value) in params.object("qos")?.into_iter().flat_map(Json::members) {
            let names = ["minIOPS", "maxIOPS", "burstIOPS"].into_iter().zip(&mut qos);
            for (_, told) in names.filter(|(known, _)| is(name, known)) {
                *told = Some(integer(value).ok_or_else(|| invalid("qos"))?);
            }
        }
        let attributes = params.attributes()?;
        params.pass_over(PASSED_OVER);
        Ok(Change { access, account, total_size, qos, attributes })
    }

    fn may_change(&self, at: At, id: u64, change: &Change) -> Result<(), Refusal> {
        let volume = self.usable(at, id)?;
        let shrinks = change.total_size.is_some_and(|size| size < volume.total_size);
        if shrinks { Err(Rule::VolumeShrinks.into()) } else { Ok(()) }
    }

    pub(super) fn delete_volume(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        if self.find_volume(at, id)?.status == VolumeStatus::Deleted {
            return Err(Rule::VolumeIdUnknown.into());
        }
        let now = self.now;
        self.change(at, id, |volume| {
            volume.status = VolumeStatus::Deleted;
            volume.deleted = Some(now);
        });
        Ok(Box::new(move |simulator, result| simulator.object(result, at, id)))
    }

    pub(super) fn restore_deleted_volume(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = self.deleted(at, params)?;
        self.change(at, id, |volume| {
            volume.status = VolumeStatus::Active;
            volume.deleted = None;
        });
        Ok(empty())
    }

    pub(super) fn purge_deleted_volume(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = self.deleted(at, params)?;
        self.clusters[at].volumes.remove(&id);
        Ok(empty())
    }

    /// The ID of a deleted volume; the methods that need one know no other.
    fn deleted(&self, at: At, params: &mut Params<'_>) -> Result<u64, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        let is_deleted = self.find_volume(at, id)?.status == VolumeStatus::Deleted;
        if is_deleted { Ok(id) } else { Err(Rule::VolumeIdUnknown.into()) }
    }

    fn find_volume(&self, at: At, id: u64) -> Result<&Volume, Refusal> {
        self.clusters[at].volumes.get(&id).ok_or_else(|| Rule::VolumeIdUnknown.into())
    }

    /// The volume, if it can be paired and modified.
    pub(super) fn usable(&self, at: At, id: u64) -> Result<&Volume, Refusal> {
        let volume = self.find_volume(at, id)?;
        match volume.status {
            VolumeStatus::Active => {}
            VolumeStatus::Deleted => self.unless_allowed(Rule::VolumeDeleted, true)?,
            _ => self.unless_allowed(Rule::VolumeNotActive, true)?,
        }
        Ok(volume)
    }

    /// The member `volume` of a result.
    fn object(&self, result: &mut Object<'_, '_>, at: At, id: u64) {
        if let Some(volume) = self.clusters[at].volumes.get(&id) {
            result.object("volume", |object| self.write_volume(object, at, id, volume));
        }
    }

    fn write_volume(&self, object: &mut Object<'_, '_>, at: At, id: u64, volume: &Volume) {
        let cluster = &self.clusters[at];
        let iqn = format_args!("iqn.2010-01.com.solidfire:{}.{id}", cluster.unique_id);
        let device = format_args!("6f47acc100000000{:08x}{id:08x}", cluster.uuid.as_fields().0);
        object.text("access", volume.access.as_str());
        object.number("accountID", volume.account);
        object.json("attributes", &volume.attributes);
        object.number("blockSize", volume.block_size);
        object.time("createTime", Some(volume.created));
        object.text("currentProtectionScheme", "doubleHelix");
        object.time("deleteTime", volume.deleted);
        object.flag("enable512e", volume.enable512e);
        object.flag("enableSnapMirrorReplication", false);
        object.text("iqn", &alloc::fmt::format(iqn));
        object.text("name", &volume.name);
        object.time("purgeTime", volume.deleted.map(|time| time.saturating_add(PURGED_AFTER)));
        object.object("qos", |qos| {
            qos.number("burstIOPS", volume.qos.burst);
            qos.number("burstTime", 60);
            qos.json("curve", CURVE);
            qos.number("maxIOPS", volume.qos.max);
            qos.number("minIOPS", volume.qos.min);
        });
        object.plain("scsiEUIDeviceID", format_args!("{device}"));
        object.plain("scsiNAADeviceID", format_args!("{device}"));
        object.number("sliceCount", 1);
        object.text("status", volume.status.as_str());
        object.number("totalSize", volume.total_size);
        object.json("virtualVolumeID", "null");
        object.json("volumeAccessGroups", "[]");
        object.uuid("volumeConsistencyGroupUUID", volume.uuid);
        object.number("volumeID", id);
        object.objects("volumePairs", &volume.pairs, |object, pair| {
            let remote = pair.remote.as_ref();
            let state = self.state(at, volume, pair);
            object.number("clusterPairID", remote.map_or(0, |remote| remote.cluster_pair));
            object.object("remoteReplication", |replication| {
                replication.text("mode", pair.mode.as_str());
                replication.number("pauseLimit", 3_145_728_000_u64);
                replication.number("remoteServiceID", 1);
                replication.text("resumeDetails", "");
                replication.object("snapshotReplication", |snapshots| {
                    snapshots.text("state", "Idle");
                    snapshots.text("stateDetails", "");
                });
                replication.text("state", state.as_str());
                replication.text("stateDetails", "");
            });
            object.number("remoteSliceID", remote.map_or(0, |remote| remote.volume));
            object.number("remoteVolumeID", remote.map_or(0, |remote| remote.volume));
            object.text("remoteVolumeName", remote.map_or("", |remote| &remote.name));
            object.uuid("volumePairUUID", pair.uuid);
        });
        object.uuid("volumeUUID", volume.uuid);
    }
}

impl Change {
    fn apply(&self, volume: &mut Volume) {
        let set = |value: &mut u64, new: Option<u64>| *value = new.unwrap_or(*value);
        if let Some(access) = &self.access {
            volume.access = access.clone();
        }
        if let Some(attributes) = &self.attributes {
            volume.attributes.clone_from(attributes);
        }
        set(&mut volume.account, self.account);
        set(&mut volume.total_size, self.total_size);
        let [min, max, burst] = self.qos;
        set(&mut volume.qos.min, min);
        set(&mut volume.qos.max, max);
        set(&mut volume.qos.burst, burst);
    }
}
