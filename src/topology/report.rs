//! [`Report`]: which rules are broken, where, and which could not be checked.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    sync::Arc,
    vec,
    vec::Vec,
};
use core::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::rule::{Effect, Listing, Rule, Severity};
use crate::escape::escape;

/// What an audit or the check of a call found, and what it could not check.
///
/// The order does not depend on that of the input: errors first, then as the rules stand in the
/// catalogue, then by subject; nothing stands twice.
///
/// `Display` writes a text for people, at most 80 columns wide unless a word is longer, with all
/// names from outside [escaped](crate::escape). As JSON (`Serialize`), where a member is left out if
/// it is not known:
///
/// ```json
/// {
///   "verdict": "harmful",
///   "findings": [{
///     "rule": "target_smaller",
///     "severity": "error",
///     "effect": {"kind": "state", "state": "PausedVolumeSizeMismatch"},
///     "subject": {
///       "kind": "volume_pair",
///       "cluster": {"name": "site-a", "uniqueID": "xsm6", "mvip": "192.168.139.122"},
///       "volumeID": 24, "volumeName": "BK", "volumePairUUID": "229fcbf3-2d35-4625-865a-d04bb9455cef",
///       "with": {"name": "site-b"}, "remoteVolumeID": 8
///     },
///     "values": {"sourceSize": 10737418240, "targetSize": 5368709120},
///     "message": "the source has 10737418240 bytes, the target 5368709120",
///     "help": "Grow the target to the size of the source with ModifyVolume."
///   }],
///   "unchecked": [{
///     "rule": "cluster_pair_one_sided",
///     "severity": "error",
///     "subject": {"kind": "cluster", "cluster": {"name": "site-a"}},
///     "want": {"listing": "ListClusterPairs", "cluster": {"name": "site-b"}}
///   }]
/// }
/// ```
///
/// Names in `values` and subjects are as the cluster told them, those in `message` escaped. `effect`
/// is `{"kind": "refused", "error": …}` (without `error` where its name is not public), `{"kind":
/// "state", "state": …}` or has a kind alone. A subject of kind `cluster` has `cluster` alone, a
/// `volume` besides `volumeID` and `volumeName`, a `cluster_pair` `clusterPairID`, `clusterPairUUID`
/// and `with`. `want` has a `member` where the listing was given and does not tell that one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    findings: Vec<Finding>,
    unchecked: Vec<Unchecked>,
    /// Whether it is of things as they are, not of a call.
    is_audit: bool,
}

impl Report {
    /// Of a call: puts in order what was found. Time grows with n log n.
    #[must_use]
    pub fn new(mut findings: Vec<Finding>, mut unchecked: Vec<Unchecked>) -> Self {
        findings.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        findings.dedup();
        unchecked.sort_unstable_by(|a, b| a.order().cmp(&b.order()));
        unchecked.dedup();
        Self { findings, unchecked, is_audit: false }
    }

    /// The same of things as they are.
    pub(super) fn of_audit(findings: Vec<Finding>, unchecked: Vec<Unchecked>) -> Self {
        Self { is_audit: true, ..Self::new(findings, unchecked) }
    }

    /// What is wrong, errors first.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What could not be checked, errors first.
    #[must_use]
    pub fn unchecked(&self) -> &[Unchecked] {
        &self.unchecked
    }

    /// What becomes of a call, or is wrong with things as they are. These are never
    /// [`Refused`](Verdict::Refused): there is nothing to refuse.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let broken = self.findings.iter().map(|finding| finding.rule);
        let worst = broken
            .filter(|rule| rule.severity() < Severity::Advice)
            .map(|rule| match rule.effect() {
                Effect::Refused { .. } | Effect::Unknown if !self.is_audit => Verdict::Refused,
                _ => Verdict::Harmful,
            })
            .max();
        worst.max(self.is_incomplete().then_some(Verdict::Unknown)).unwrap_or(Verdict::Clear)
    }

    /// Whether there is a finding of severity error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.first().is_some_and(|finding| finding.rule.severity() == Severity::Error)
    }

    /// Whether a rule that matters, that is one whose severity is not advice, could not be checked.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.unchecked.first().is_some_and(|unchecked| unchecked.rule.severity() < Severity::Advice)
    }
}

/// What becomes of a call, or is wrong now, by the worst that was found. Findings of severity advice
/// and rules of that severity that could not be checked change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// All that matters was seen, and nothing stands against it.
    Clear,
    /// Nothing stands against it in what was seen, but something that matters was not seen.
    Unknown,
    /// The cluster takes it, and it does harm: replication does not run, something is left behind,
    /// data or sessions are lost (a rule of effect state, order or loss). Of an audit: something is
    /// wrong, whatever the effect.
    Harmful,
    /// The cluster answers an error (a rule of effect refused), or nobody knows that it does not (one
    /// of effect unknown: each finding says which).
    Refused,
}

impl Verdict {
    /// `clear`, `unknown`, `harmful` or `refused`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Unknown => "unknown",
            Self::Harmful => "harmful",
            Self::Refused => "refused",
        }
    }
}

/// A rule that is broken, and where.
///
/// ```
/// use std::sync::Arc;
/// use element_pairing::topology::{ClusterName, Finding, Part, Rule, Subject};
///
/// let cluster = Arc::new(ClusterName { name: Some("site-a".into()), ..ClusterName::default() });
/// let subject = Subject { cluster, part: Part::Cluster };
/// let values = [("pairs", 5_u64.into()), ("limit", 4_u64.into())];
/// let finding = Finding::new(Rule::ClusterPairLimit, subject, values);
/// assert_eq!(
///     finding.to_string(),
///     "cluster site-a: it has 5 cluster pairs that are not pending; the limit is 4"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// Where it is broken. Of a pair that both clusters list, the side that the report names is one
    /// and the same whatever the order of the input.
    pub subject: Subject,
    /// What was found, by the names that [`Rule::values`] has; one that is not known is left out.
    pub values: Vec<(&'static str, Value)>,
}

impl Finding {
    /// A finding of a rule.
    #[must_use]
    pub fn new(
        rule: Rule,
        subject: Subject,
        values: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Self {
        Self { rule, subject, values: values.into_iter().collect() }
    }

    /// The same with those of the values that the rule has.
    pub(super) fn of_known(
        rule: Rule,
        subject: Subject,
        mut values: Vec<(&'static str, Value)>,
    ) -> Self {
        values.retain(|(name, _)| rule.values().any(|known| known == *name));
        Self { rule, subject, values }
    }

    /// What is wrong, to stand after the subject: not a whole sentence, without a full stop.
    #[must_use]
    pub fn message(&self) -> String {
        let mut message = String::new();
        for (text, name) in self.rule.message() {
            message.push_str(text);
            let Some(name) = name else { continue };
            match self.value(name) {
                Some(value) => message.push_str(&value.to_string()),
                None => message.push_str("unknown"),
            }
        }
        message
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.rule.help()
    }

    /// The value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn order(&self) -> impl Ord + '_ {
        (self.rule.severity(), self.rule, &self.subject, &self.values)
    }
}

/// Subject and message.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.message())
    }
}

/// A rule that could not be checked, and what for want of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unchecked {
    /// The rule.
    pub rule: Rule,
    /// Where it could not be checked: a cluster or cluster pair rather than each volume in it, so
    /// that what was not seen does not outgrow what was.
    pub subject: Subject,
    /// What is missing.
    pub want: Want,
}

impl Unchecked {
    fn order(&self) -> impl Ord + '_ {
        (self.rule.severity(), self.rule, &self.subject, &self.want)
    }
}

/// Subject, and what is missing.
impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is missing", self.subject, self.want)
    }
}

/// A listing that was not given, or not whole, or a member that it does not tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Want {
    /// Of which cluster.
    pub cluster: Arc<ClusterName>,
    /// Which listing.
    pub listing: Listing,
    /// The member that some of its objects do not have, if the listing was given.
    pub member: Option<&'static str>,
}

/// `ListClusterPairs of site-b`, `access in ListVolumes of site-b`
impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.member.iter().try_for_each(|member| write!(f, "{member} in "))?;
        write!(f, "{} of {}", self.listing.method(), self.cluster)
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The cluster that it is on.
    pub cluster: Arc<ClusterName>,
    /// What of the cluster.
    pub part: Part,
}

/// A cluster, or what of it a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// The cluster itself.
    Cluster,
    /// A cluster pair.
    ClusterPair {
        /// The number that this cluster has for it.
        id: u64,
        /// Its `clusterPairUUID`.
        uuid: Option<Name>,
        /// The other cluster.
        with: Option<Arc<ClusterName>>,
    },
    /// A volume.
    Volume {
        /// Its ID on this cluster.
        id: u64,
        /// Its name.
        name: Option<Name>,
    },
    /// A volume pair.
    VolumePair {
        /// The ID of the volume on this cluster.
        id: u64,
        /// Its name.
        name: Option<Name>,
        /// The `volumePairUUID`.
        uuid: Option<Name>,
        /// The other cluster.
        with: Option<Arc<ClusterName>>,
        /// The ID of the volume there.
        remote_id: Option<u64>,
    },
}

/// `volume 24 (BK) of site-a`
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cluster, part } = self;
        let named = |name: &Option<Name>| match name {
            Some(name) => format!(" ({name})"),
            None => String::new(),
        };
        match part {
            Part::Cluster if **cluster == ClusterName::default() => cluster.fmt(f),
            Part::Cluster => write!(f, "cluster {cluster}"),
            Part::Volume { id, name } => write!(f, "volume {id}{} of {cluster}", named(name)),
            Part::ClusterPair { id, with, .. } => {
                write!(f, "cluster pair {id} of {cluster}")?;
                with.iter().try_for_each(|with| write!(f, " with {with}"))
            }
            Part::VolumePair { id, name, with, remote_id, .. } => {
                write!(f, "volume pair {id}{} of {cluster}", named(name))?;
                match (remote_id, with) {
                    (Some(id), Some(with)) => write!(f, " with {id} of {with}"),
                    (Some(id), None) => write!(f, " with {id}"),
                    (None, Some(with)) => write!(f, " with {with}"),
                    (None, None) => Ok(()),
                }
            }
        }
    }
}

/// What is known of who a cluster is. Findings of one cluster share it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ClusterName {
    /// Its name.
    pub name: Option<Name>,
    /// Its unique ID.
    pub unique_id: Option<Name>,
    /// Its management virtual IP.
    pub mvip: Option<Name>,
}

/// Its name and unique ID, `site-a (xsm6)`, or what of them is known, else its MVIP.
impl fmt::Display for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.unique_id, &self.mvip) {
            (Some(name), Some(id), _) => write!(f, "{name} ({id})"),
            (Some(one), ..) | (None, Some(one), _) | (None, None, Some(one)) => one.fmt(f),
            (None, None, None) => f.write_str("a cluster without a name"),
        }
    }
}

/// A name, or another short text from outside, cut to what no true name exceeds: a report repeats
/// names, and must not grow beyond its findings.
///
/// `Display` writes it [escaped](crate::escape).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(Box<str>);

impl Name {
    /// Of a longer text, this many characters and `…` are kept. Names in Element have 64 at most.
    pub const MAX_CHARS: usize = 128;

    /// The text as it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        match text.char_indices().nth(Self::MAX_CHARS).and_then(|(end, _)| text.get(..end)) {
            Some(start) => Self(format!("{start}…").into()),
            None => Self(text.into()),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(&self.0).fmt(f)
    }
}

/// A value in a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Value {
    /// A number; what of, the rule's message says.
    Number(u64),
    /// A text.
    Text(Name),
    /// A cluster.
    Cluster(Arc<ClusterName>),
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Arc<ClusterName>> for Value {
    fn from(cluster: Arc<ClusterName>) -> Self {
        Self::Cluster(cluster)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Cluster(cluster) => cluster.fmt(f),
        }
    }
}

/// For people: the findings of a rule together, then what is missing and for which rules.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts = vec![];
        for (severity, one, many) in [
            (Severity::Error, "error", "errors"),
            (Severity::Warning, "warning", "warnings"),
            (Severity::Advice, "piece of advice", "pieces of advice"),
        ] {
            let found = self.findings.iter().filter(|found| found.rule.severity() == severity);
            match found.count() {
                0 => {}
                1 => counts.push(format!("1 {one}")),
                count => counts.push(format!("{count} {many}")),
            }
        }
        match (counts.as_slice(), self.unchecked.is_empty()) {
            ([], true) => writeln!(f, "Nothing found.")?,
            ([], false) => writeln!(f, "Nothing found in what was seen.")?,
            (counts, _) => writeln!(f, "{}.", counts.join(", "))?,
        }

        for findings in self.findings.chunk_by(|a, b| a.rule == b.rule) {
            let Some(rule) = findings.first().map(|finding| finding.rule) else { continue };
            writeln!(f, "\n{:LABEL$}{rule}", rule.severity().code())?;
            paragraph(f, "Rule", rule.statement())?;
            let effect = rule.effect();
            // These speak of a call.
            let of_call = matches!(effect, Effect::Refused { .. } | Effect::Order);
            if self.is_audit && of_call {
                paragraph(f, "Source", rule.source())?;
            } else {
                let named = effect.name().map(|name| format!(": {name}")).unwrap_or_default();
                let effect = format!("{}{named} ({})", effect.meaning(), rule.source());
                paragraph(f, "Effect", &effect)?;
            }
            for (index, finding) in findings.iter().enumerate() {
                paragraph(f, if index == 0 { "Found" } else { "" }, &finding.to_string())?;
            }
            paragraph(f, "To do", rule.help())?;
        }

        if !self.unchecked.is_empty() {
            writeln!(f, "\nNot checked")?;
        }
        for missing in self.missing().chunk_by(|(a, _), (b, _)| a == b) {
            let Some(((member, listings, rules), _)) = missing.first() else { continue };
            let has_all = listings.contains(&Listing::Volumes);
            let needed = |listing: &&Listing| **listing != Listing::PairedVolumes || !has_all;
            let methods: Vec<_> =
                listings.iter().filter(needed).map(|listing| listing.method()).collect();
            let member = member.map(|(_, name)| format!("{name} in ")).unwrap_or_default();
            let clusters: Vec<_> = missing.iter().map(|(_, cluster)| cluster.to_string()).collect();
            let missing = format!("{member}{} of {}", methods.join(", "), clusters.join(", "));
            paragraph(f, "Missing", &missing)?;
            let codes: Vec<_> = rules.iter().map(|rule| rule.code()).collect();
            paragraph(f, "for", &codes.join(", "))?;
        }
        Ok(())
    }
}

/// A member that a listing does not tell, or none if listings are missing; the listings; for which
/// rules.
type Missing = (Option<(Listing, &'static str)>, Vec<Listing>, Vec<Rule>);

impl Report {
    /// What is missing of a cluster together, and clusters of which the same is missing together: one
    /// that was not given lacks everything.
    fn missing(&self) -> Vec<(Missing, &ClusterName)> {
        let wanted = self.unchecked.iter().map(|Unchecked { rule, want, .. }| {
            let member = want.member.map(|member| (want.listing, member));
            ((&*want.cluster, member), want.listing, *rule)
        });
        let mut wanted: Vec<_> = wanted.collect();
        wanted.sort_unstable();
        let of_one = |wanted: &[((&'_ ClusterName, _), Listing, Rule)]| {
            let mut listings: Vec<_> = wanted.iter().map(|(_, listing, _)| *listing).collect();
            listings.dedup();
            let mut rules: Vec<_> = wanted.iter().map(|(.., rule)| *rule).collect();
            rules.sort_unstable();
            rules.dedup();
            (listings, rules)
        };
        let mut missing: Vec<_> = wanted
            .chunk_by(|(a, ..), (b, ..)| a == b)
            .filter_map(|wanted| {
                let ((cluster, member), ..) = *wanted.first()?;
                let (listings, rules) = of_one(wanted);
                Some(((member, listings, rules), cluster))
            })
            .collect();
        missing.sort_unstable();
        missing
    }
}

const WIDTH: usize = 80;
/// The width of the first column.
const LABEL: usize = 9;

/// Writes a text beside its label, broken at blanks.
pub(super) fn paragraph(f: &mut fmt::Formatter<'_>, label: &str, text: &str) -> fmt::Result {
    write!(f, "{label:LABEL$}")?;
    let mut column = LABEL;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column == LABEL {
            // The first word of a line, however long.
        } else if column + 1 + length > WIDTH {
            write!(f, "\n{:LABEL$}  ", "")?;
            column = LABEL + 2;
        } else {
            f.write_str(" ")?;
            column += 1;
        }
        f.write_str(word)?;
        column += length;
    }
    f.write_str("\n")
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("verdict", self.verdict().code())?;
        map.serialize_entry("findings", &self.findings)?;
        map.serialize_entry("unchecked", &self.unchecked)?;
        map.end()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule", &self.rule)?;
        map.serialize_entry("severity", self.rule.severity().code())?;
        map.serialize_entry("effect", &self.rule.effect())?;
        map.serialize_entry("subject", &self.subject)?;
        map.serialize_entry("values", &Values(&self.values))?;
        map.serialize_entry("message", &self.message())?;
        map.serialize_entry("help", self.help())?;
        map.end()
    }
}

struct Values<'a>(&'a [(&'static str, Value)]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.code())?;
        match self {
            Self::Refused { error } => known(&mut map, "error", error)?,
            Self::State(state) => map.serialize_entry("state", state)?,
            _ => {}
        }
        map.end()
    }
}

impl Serialize for Unchecked {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule", &self.rule)?;
        map.serialize_entry("severity", self.rule.severity().code())?;
        map.serialize_entry("subject", &self.subject)?;
        map.serialize_entry("want", &self.want)?;
        map.end()
    }
}

impl Serialize for Want {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("listing", self.listing.method())?;
        known(&mut map, "member", &self.member)?;
        map.serialize_entry("cluster", &*self.cluster)?;
        map.end()
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let kind = match self.part {
            Part::Cluster => "cluster",
            Part::ClusterPair { .. } => "cluster_pair",
            Part::Volume { .. } => "volume",
            Part::VolumePair { .. } => "volume_pair",
        };
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("cluster", &*self.cluster)?;
        match &self.part {
            Part::Cluster => {}
            Part::ClusterPair { id, uuid, with } => {
                map.serialize_entry("clusterPairID", id)?;
                known(&mut map, "clusterPairUUID", uuid)?;
                known(&mut map, "with", &with.as_deref())?;
            }
            Part::Volume { id, name } => {
                map.serialize_entry("volumeID", id)?;
                known(&mut map, "volumeName", name)?;
            }
            Part::VolumePair { id, name, uuid, with, remote_id } => {
                map.serialize_entry("volumeID", id)?;
                known(&mut map, "volumeName", name)?;
                known(&mut map, "volumePairUUID", uuid)?;
                known(&mut map, "with", &with.as_deref())?;
                known(&mut map, "remoteVolumeID", remote_id)?;
            }
        }
        map.end()
    }
}

impl Serialize for ClusterName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        known(&mut map, "name", &self.name)?;
        known(&mut map, "uniqueID", &self.unique_id)?;
        known(&mut map, "mvip", &self.mvip)?;
        map.end()
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::Cluster(cluster) => cluster.serialize(serializer),
        }
    }
}

/// Writes a member if its value is known.
pub(super) fn known<M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    value: &Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.iter().try_for_each(|value| map.serialize_entry(name, value))
}
