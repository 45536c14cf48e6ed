//! A request -> the response to it.

use alloc::{borrow::Cow, boxed::Box, format, string::String, vec::Vec};
use core::fmt;

use super::{At, Simulator, object::Object, params::Params};
use crate::{
    api::{
        AnyRequest, CompleteClusterPairing, CompleteVolumePairing, ErrorName, GetClusterInfo,
        GetLimits, Id, JsonWriter, ListActivePairedVolumes, ListActiveVolumes, ListClusterPairs,
        ListVolumes, Method, ModifyVolume, ModifyVolumePair, ReadError, ReadErrorKind,
        RemoveClusterPair, RemoveVolumePair, StartClusterPairing, StartVolumePairing, write,
    },
    json::unescaped,
    secret::Secret,
    topology::{Effect, Rule, UnknownCluster},
};

/// The longest request that a simulated cluster reads, in bytes: 1 MiB, many times what any method
/// needs.
pub const MAX_REQUEST_LEN: usize = 1024 * 1024;

/// What a cluster answered.
#[derive(Debug)]
pub struct Answer {
    /// The response, JSON. It may carry a key or the secrets of an account, which is why it is a
    /// [`Secret`]: one block of the exact size, wiped when dropped.
    pub response: Secret,
    /// The rule that the request broke, if that is why the response is an error.
    pub refused: Option<Rule>,
}

/// Writes the members of a result.
pub(super) type Reply = Box<dyn Fn(&Simulator, &mut Object<'_, '_>)>;

/// Why a request is answered with an error.
pub(super) struct Refusal {
    code: i64,
    name: ErrorName,
    message: Cow<'static, str>,
    rule: Option<Rule>,
}

/// What is answered to what is no request at all. Source: JSON-RPC 2.0.
const NOT_JSON: i64 = -32700;
const NO_REQUEST: i64 = -32600;
/// Of every system error. Source: API reference.
const SYSTEM_ERROR: i64 = 500;
/// The name of an error that no public source names; no cluster answers it.
const NAME_NOT_PUBLIC: &str = "xNameNotPublic";

impl Refusal {
    pub fn new(name: ErrorName, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: SYSTEM_ERROR, name, message: message.into(), rule: None }
    }

    fn no_request(code: i64, what: impl fmt::Display) -> Self {
        Self { code, ..Self::new(NAME_NOT_PUBLIC.into(), format!("{NAME_NOT_PUBLIC}: {what}")) }
    }
}

/// The error of a text that is no request.
impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        let code = match error.kind() {
            ReadErrorKind::WrongType
            | ReadErrorKind::WrongValue
            | ReadErrorKind::MissingMember
            | ReadErrorKind::DuplicateMember => NO_REQUEST,
            _ => NOT_JSON,
        };
        Self::no_request(code, error)
    }
}

/// The error of a broken rule; clients look for the name in the message, too.
impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        let name = match rule.effect() {
            Effect::Refused { error: Some(name) } => name.into(),
            _ => chosen_name(rule),
        };
        let message = format!("{name}: {}", rule.statement());
        Self { rule: Some(rule), ..Self::new(name, message) }
    }
}

/// The name of an error that no public source has.
fn chosen_name(rule: Rule) -> ErrorName {
    match rule {
        Rule::ClusterPairLimit | Rule::ClusterPairLimitPending => ErrorName::ExceededLimit,
        Rule::ClusterKeyUnreadable
        | Rule::ClusterKeyWrongKind
        | Rule::ClusterKeyOfThisCluster
        | Rule::ClusterKeyUsed
        | Rule::ClusterKeyWithoutPair
        | Rule::VolumeKeyWithoutPair
        | Rule::VolumePairedWithItself
        | Rule::VolumePairWithinCluster => ErrorName::InvalidPairingKey,
        Rule::VolumeKeyMvipAmbiguous | Rule::ClusterPairStatusUnknown => ErrorName::MvipNotPaired,
        Rule::VolumePairingPending => ErrorName::VolumeAlreadyPaired,
        Rule::VolumeDeleted | Rule::VolumeNotActive => ErrorName::VolumeIdDoesNotExist,
        Rule::ValueUnknown => ErrorName::UnrecognizedEnumString,
        _ => NAME_NOT_PUBLIC.into(),
    }
}

/// Without a rule: that no connection to the other cluster is there.
pub(super) fn unreachable() -> Refusal {
    let message = format!("{NAME_NOT_PUBLIC}: The other cluster does not answer.");
    Refusal::new(NAME_NOT_PUBLIC.into(), message)
}

impl Simulator {
    /// Answers a request as this cluster would: the JSON of a response to the JSON of a request.
    ///
    /// What is no request is answered with a JSON-RPC error, whose code is −32700 for what is no JSON
    /// and −32600 for other JSON.
    ///
    /// The request is the caller's; of a key in it no copy is left in freed memory, and none of a key
    /// in the response.
    ///
    /// # Errors
    ///
    /// [`UnknownCluster`] where that names no cluster, or more than one.
    pub fn answer(
        &mut self,
        cluster: &str,
        request: &(impl AsRef<[u8]> + ?Sized),
    ) -> Result<Answer, UnknownCluster> {
        let at = self.find(cluster)?;
        Ok(self.answer_at(at, request.as_ref()))
    }

    /// What the cluster answers to the methods that list: what
    /// [`Cluster::read`](crate::topology::Cluster::read) reads.
    ///
    /// # Errors
    ///
    /// [`UnknownCluster`] where that names no cluster, or more than one.
    ///
    /// ```
    /// use core::net::Ipv4Addr;
    /// use element_pairing::{
    ///     simulator::{ClusterSpec, Options, Simulator},
    ///     topology::{Cluster, Topology},
    /// };
    ///
    /// let mut simulator = Simulator::new(7, Options::default());
    /// simulator.add_cluster(ClusterSpec::new("site-a", Ipv4Addr::new(192, 0, 2, 10)))?;
    /// let listings = simulator.listings("site-a")?;
    /// let topology: Topology = [Cluster::read(&listings)?].into_iter().collect();
    /// assert!(topology.audit().findings().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn listings(&mut self, cluster: &str) -> Result<String, UnknownCluster> {
        let at = self.find(cluster)?;
        let methods =
            [GetClusterInfo::NAME, GetLimits::NAME, ListClusterPairs::NAME, ListVolumes::NAME];
        Ok(methods
            .map(|method| {
                let request = format!(r#"{{"method":"{method}","id":"{method}"}}"#);
                let answer = self.answer_at(at, request.as_bytes());
                format!("{}\n", answer.response.expose())
            })
            .concat())
    }

    fn answer_at(&mut self, at: At, text: &[u8]) -> Answer {
        let mut unused = Vec::new();
        let request = if text.len() > MAX_REQUEST_LEN {
            let what = format_args!("more than {MAX_REQUEST_LEN} bytes");
            Err(Refusal::no_request(NO_REQUEST, what))
        } else {
            AnyRequest::read(text).map_err(Refusal::from)
        };
        let (id, outcome) = match request {
            Ok(request) => {
                let outcome = Params::read(&request).and_then(|mut params| {
                    let reply = self.call(at, request.method, &mut params)?;
                    unused.extend(params.unused());
                    Ok(reply)
                });
                (request.id, outcome)
            }
            Err(refusal) => (Id::Missing, Err(refusal)),
        };
        let response = write(&|writer: &mut JsonWriter<'_>| {
            Object::write(writer, |response| {
                match &id {
                    Id::Missing => response.json("id", "null"),
                    Id::Integer(id) => response.number("id", id),
                    Id::Text(id) => response.text("id", id),
                }
                match &outcome {
                    Ok(reply) => response.object("result", |result| reply(self, result)),
                    Err(refusal) => response.object("error", |error| {
                        error.number("code", refusal.code);
                        error.text("message", &refusal.message);
                        error.text("name", refusal.name.as_str());
                    }),
                }
                if !unused.is_empty() {
                    response.object("unusedParameters", |object| {
                        unused.iter().for_each(|(name, value)| object.json(name, value.as_str()));
                    });
                }
            });
        });
        Answer { response, refused: outcome.err().and_then(|refusal| refusal.rule) }
    }

    fn call(&mut self, at: At, method: &str, params: &mut Params<'_>) -> Result<Reply, Refusal> {
        // It may be a credential in the wrong place.
        let resolved = method.contains('\\').then(|| Secret::from(unescaped(method)));
        match resolved.as_ref().map_or(method, Secret::expose) {
            "GetAPI" => Ok(self.get_api(at)),
            GetClusterInfo::NAME => Ok(self.get_cluster_info(at)),
            "GetClusterVersionInfo" => Ok(self.get_cluster_version_info(at)),
            GetLimits::NAME => Ok(self.get_limits(at)),
            StartClusterPairing::NAME => self.start_cluster_pairing(at),
            CompleteClusterPairing::NAME => self.complete_cluster_pairing(at, params),
            ListClusterPairs::NAME => Ok(self.list_cluster_pairs(at)),
            RemoveClusterPair::NAME => self.remove_cluster_pair(at, params),
            StartVolumePairing::NAME => self.start_volume_pairing(at, params),
            CompleteVolumePairing::NAME => self.complete_volume_pairing(at, params),
            ListActivePairedVolumes::NAME => self.list_active_paired_volumes(at, params),
            ModifyVolumePair::NAME => self.modify_volume_pair(at, params),
            RemoveVolumePair::NAME => self.remove_volume_pair(at, params),
            ListVolumes::NAME => self.list_volumes(at, params),
            ListActiveVolumes::NAME => self.list_active_volumes(at, params),
            "ListVolumesForAccount" => self.list_volumes_for_account(at, params),
            "CreateVolume" => self.create_volume(at, params),
            ModifyVolume::NAME => self.modify_volume(at, params),
            "ModifyVolumes" => self.modify_volumes(at, params),
            "DeleteVolume" => self.delete_volume(at, params),
            "RestoreDeletedVolume" => self.restore_deleted_volume(at, params),
            "PurgeDeletedVolume" => self.purge_deleted_volume(at, params),
            "AddAccount" => self.add_account(at, params),
            "GetAccountByID" => self.get_account_by_id(at, params),
            "GetAccountByName" => self.get_account_by_name(at, params),
            _ => Err(Refusal::new(
                ErrorName::UnknownApiMethod,
                format!("{}: No such method", ErrorName::UnknownApiMethod),
            )),
        }
    }

    /// Refuses what breaks a rule of which no public source says what happens, unless it is allowed.
    pub(super) fn unless_allowed(&self, rule: Rule, is_broken: bool) -> Result<(), Refusal> {
        if is_broken && !self.options.allowed.contains(&rule) { Err(rule.into()) } else { Ok(()) }
    }
}

/// A result without members.
pub(super) fn empty() -> Reply {
    Box::new(|_, _| {})
}
