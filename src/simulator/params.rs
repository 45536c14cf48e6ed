//! The parameters of a request: a parameter that a method did not ask for is one that it does not
//! use.

use alloc::{borrow::Cow, collections::BTreeSet, string::String, vec::Vec};

use super::answer::Refusal;
use crate::{
    api::{AnyRequest, ErrorName, Json},
    json::unescaped,
    secret::Secret,
};

/// The longest `attributes`, in bytes. Source: API reference, CreateVolume.
const ATTRIBUTES_LENGTH: usize = 1000;

pub(super) struct Params<'a> {
    params: Vec<Param<'a>>,
}

struct Param<'a> {
    /// As it stands between its quotes.
    name: &'a str,
    value: Json<'a>,
    is_used: bool,
}

impl<'a> Params<'a> {
    pub fn read(request: &AnyRequest<'a>) -> Result<Self, Refusal> {
        let params = request.json().members().find(|(name, _)| is(name, "params"));
        let value = params.map_or("null", |(_, value)| value.as_str());
        match (params, value.as_bytes()) {
            (Some((_, value)), [b'{', ..]) => {
                let param = |(name, value)| Param { name, value, is_used: false };
                Ok(Self { params: value.members().map(param).collect() })
            }
            (_, b"null") => Ok(Self { params: Vec::new() }),
            _ => Err(invalid("params")),
        }
    }

    /// Names and values of what no method has asked for.
    pub fn unused(&self) -> impl Iterator<Item = (&'a str, Json<'a>)> {
        self.params.iter().filter(|param| !param.is_used).map(|param| (param.name, param.value))
    }

    /// Parameters that clusters know, and that change nothing here.
    pub fn pass_over(&mut self, names: &[&str]) {
        names.iter().for_each(|name| {
            self.value(name);
        });
    }

    /// A value that is not null.
    fn value(&mut self, name: &str) -> Option<Json<'a>> {
        let param = self.params.iter_mut().find(|param| is(param.name, name))?;
        param.is_used = true;
        Some(param.value).filter(|value| value.as_str() != "null")
    }

    fn string(&mut self, name: &'static str) -> Result<Option<Cow<'a, str>>, Refusal> {
        match self.value(name) {
            Some(value) if value.as_str().starts_with('"') => Ok(Some(value.text())),
            Some(_) => Err(invalid(name)),
            None => Ok(None),
        }
    }

    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, Refusal> {
        Ok(self.string(name)?.map(Cow::into_owned))
    }

    pub fn secret(&mut self, name: &'static str) -> Result<Option<Secret>, Refusal> {
        // With escapes, the text is taken over, not copied.
        Ok(self.string(name)?.map(|text| match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }))
    }

    pub fn integer(&mut self, name: &'static str) -> Result<Option<u64>, Refusal> {
        self.value(name).map(|value| integer(value).ok_or_else(|| invalid(name))).transpose()
    }

    pub fn integers(&mut self, name: &'static str) -> Result<Option<BTreeSet<u64>>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        if !value.as_str().starts_with('[') {
            return Err(invalid(name));
        }
        value.items().map(integer).collect::<Option<_>>().map(Some).ok_or_else(|| invalid(name))
    }

    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.value(name).map(Json::as_str) {
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(invalid(name)),
            None => Ok(None),
        }
    }

    pub fn object(&mut self, name: &'static str) -> Result<Option<Json<'a>>, Refusal> {
        match self.value(name) {
            Some(value) if value.as_str().starts_with('{') => Ok(Some(value)),
            Some(_) => Err(invalid(name)),
            None => Ok(None),
        }
    }

    /// The text of the object `attributes`.
    pub fn attributes(&mut self) -> Result<Option<String>, Refusal> {
        match self.object("attributes")? {
            Some(value) if value.as_str().len() > ATTRIBUTES_LENGTH => Err(invalid("attributes")),
            value => Ok(value.map(|value| value.as_str().into())),
        }
    }
}

/// A member's value that must be there.
pub(super) fn required<T>(name: &'static str, value: Option<T>) -> Result<T, Refusal> {
    value.ok_or_else(|| {
        Refusal::new(ErrorName::MissingParameter, alloc::format!("Missing member=[{name}]"))
    })
}

pub(super) fn invalid(name: &str) -> Refusal {
    Refusal::new(ErrorName::InvalidParameter, alloc::format!("Invalid value of member=[{name}]"))
}

/// Also in quotes, as Cinder sends one.
pub(super) fn integer(value: Json<'_>) -> Option<u64> {
    let text = value.as_str();
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).parse().ok()
}

/// Whether a name as it stands between its quotes is this one.
pub(super) fn is(raw: &str, name: &str) -> bool {
    // A name may be a credential in the wrong place.
    raw == name || raw.contains('\\') && Secret::from(unescaped(raw)).expose() == name
}
