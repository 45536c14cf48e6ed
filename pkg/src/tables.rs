//! What the crate has as tables.

use alloc::{string::String, vec, vec::Vec};

use element_pairing::{
    DecodeError, KeyKind, MAX_TEXT_LEN, Member, Removed, RemovedKind,
    api::{
        CompleteClusterPairing, CompleteVolumePairing, GetClusterInfo, GetLimits,
        ListActivePairedVolumes, ListActiveVolumes, ListClusterPairs, ListVolumes, MAX_JSON_LEN,
        Method, ModifyVolume, ModifyVolumePair, RemoveClusterPair, RemoveVolumePair,
        StartClusterPairing, StartVolumePairing,
    },
    escape,
    topology::{Effect, Need, Rule, Side},
};
use serde::{Serialize, Serializer};

use crate::{
    answer::{Answer, Outcome},
    json,
    messages::all_methods,
};

/// Text from outside, fit to be shown.
pub fn escape_text(text: &[u8]) -> Outcome {
    let mut answer = Answer::default();
    answer.show(escape(&String::from_utf8_lossy(text)));
    Ok(answer)
}

/// The limits, the members of keys, the kinds of key, the methods, the rules.
pub fn tables(_: &[u8]) -> Outcome {
    json::answer(&Tables {
        max_text_length: MAX_TEXT_LEN,
        max_json_length: MAX_JSON_LEN,
        texts: texts(),
        members: Member::all().map(member).collect(),
        kinds: KINDS.map(kind),
        methods: methods(),
        rules: Rule::all().map(rule).collect(),
    })
}

const KINDS: [KeyKind; 2] = [KeyKind::Cluster, KeyKind::Volume];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tables {
    max_text_length: usize,
    max_json_length: usize,
    texts: Texts,
    members: Vec<MemberData>,
    kinds: [KindData; 2],
    methods: Vec<MethodData>,
    rules: Vec<RuleData>,
}

/// What is said about texts that are no keys, and about what was removed from one.
#[derive(Serialize)]
struct Texts {
    /// By code: message and help.
    #[serde(serialize_with = "object")]
    errors: Vec<(&'static str, [&'static str; 2])>,
    /// By code.
    #[serde(serialize_with = "object")]
    removed: Vec<(&'static str, &'static str)>,
    /// Of one character and of more.
    #[serde(rename = "removedTexts")]
    removed_texts: [&'static str; 2],
}

fn object<S: Serializer, V: Serialize>(
    members: &[(&'static str, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
}

fn texts() -> Texts {
    Texts {
        errors: DecodeError::TEXTS
            .iter()
            .map(|text| (text.code, [text.message, text.help]))
            .collect(),
        removed: RemovedKind::ALL.iter().map(|kind| (kind.code(), kind.text())).collect(),
        removed_texts: Removed::TEXTS,
    }
}

#[derive(Serialize)]
struct MemberData {
    name: &'static str,
    meaning: &'static str,
    secret: bool,
    kinds: Vec<&'static str>,
}

fn member(member: Member) -> MemberData {
    MemberData {
        name: member.name(),
        meaning: member.meaning(),
        secret: member.is_secret(),
        kinds: (KINDS.iter().filter(|kind| member.belongs_to(**kind)))
            .map(|kind| kind.name())
            .collect(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KindData {
    kind: &'static str,
    made_by: &'static str,
    taken_by: &'static str,
}

fn kind(kind: KeyKind) -> KindData {
    KindData { kind: kind.name(), made_by: kind.made_by(), taken_by: kind.taken_by() }
}

#[derive(Serialize)]
struct MethodData {
    method: &'static str,
    params: &'static [&'static str],
}

fn methods() -> Vec<MethodData> {
    macro_rules! methods {
        ($($method:ident)*) => {
            vec![$(MethodData { method: $method::NAME, params: $method::PARAMS }),*]
        };
    }
    all_methods!(methods)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleData {
    code: &'static str,
    statement: &'static str,
    severity: &'static str,
    effect: Effect,
    effect_meaning: &'static str,
    help: &'static str,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit_needs: Option<Vec<NeedData>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check_needs: Option<Vec<NeedData>>,
}

fn rule(rule: Rule) -> RuleData {
    let needs = |needs: Option<&[Need]>| Some(needs?.iter().map(need).collect());
    RuleData {
        code: rule.code(),
        statement: rule.statement(),
        severity: rule.severity().code(),
        effect: rule.effect(),
        effect_meaning: rule.effect().meaning(),
        help: rule.help(),
        source: rule.source(),
        audit_needs: needs(rule.audit_needs()),
        check_needs: needs(rule.check_needs()),
    }
}

#[derive(Serialize)]
struct NeedData {
    side: &'static str,
    listing: &'static str,
}

fn need(need: &Need) -> NeedData {
    let side = match need.side {
        Side::Here => "here",
        Side::Remote => "remote",
    };
    NeedData { side, listing: need.listing.method() }
}
