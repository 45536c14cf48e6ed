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
    json::{self, object},
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

object! {
    struct Tables {
        max_text_length: usize = "maxTextLength",
        max_json_length: usize = "maxJsonLength",
        texts: Texts = "texts",
        members: Vec<MemberData> = "members",
        kinds: [KindData; 2] = "kinds",
        methods: Vec<MethodData> = "methods",
        rules: Vec<RuleData> = "rules",
    }
}

object! {
    /// What is said about texts that are no keys, and about what was removed from one.
    struct Texts {
        /// By code: message and help.
        errors: Members<[&'static str; 2]> = "errors",
        /// By code.
        removed: Members<&'static str> = "removed",
        /// Of one character and of more.
        removed_texts: [&'static str; 2] = "removedTexts",
    }
}

/// Written as an object.
struct Members<V>(Vec<(&'static str, V)>);

impl<V: Serialize> Serialize for Members<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

fn texts() -> Texts {
    Texts {
        errors: Members(
            DecodeError::TEXTS.iter().map(|text| (text.code, [text.message, text.help])).collect(),
        ),
        removed: Members(RemovedKind::ALL.iter().map(|kind| (kind.code(), kind.text())).collect()),
        removed_texts: Removed::TEXTS,
    }
}

object! {
    struct MemberData {
        name: &'static str = "name",
        meaning: &'static str = "meaning",
        secret: bool = "secret",
        kinds: Vec<&'static str> = "kinds",
    }
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

object! {
    struct KindData {
        kind: &'static str = "kind",
        made_by: &'static str = "madeBy",
        taken_by: &'static str = "takenBy",
    }
}

fn kind(kind: KeyKind) -> KindData {
    KindData { kind: kind.name(), made_by: kind.made_by(), taken_by: kind.taken_by() }
}

object! {
    struct MethodData {
        method: &'static str = "method",
        params: &'static [&'static str] = "params",
    }
}

fn methods() -> Vec<MethodData> {
    macro_rules! methods {
        ($($method:ident)*) => {
            vec![$(MethodData { method: $method::NAME, params: $method::PARAMS }),*]
        };
    }
    all_methods!(methods)
}

object! {
    struct RuleData {
        code: &'static str = "code",
        statement: &'static str = "statement",
        severity: &'static str = "severity",
        effect: Effect = "effect",
        effect_meaning: &'static str = "effectMeaning",
        help: &'static str = "help",
        source: &'static str = "source",
        audit_needs: Option<Vec<NeedData>> = "auditNeeds" optional,
        check_needs: Option<Vec<NeedData>> = "checkNeeds" optional,
    }
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

object! {
    struct NeedData {
        side: &'static str = "side",
        listing: &'static str = "listing",
    }
}

fn need(need: &Need) -> NeedData {
    let side = match need.side {
        Side::Here => "here",
        Side::Remote => "remote",
    };
    NeedData { side, listing: need.listing.method() }
}
