//! The codec: pasted text <-> [`PairingKey`].

use core::{fmt, str::FromStr};

use self::object::{Flaw, Object, ReadKey};
use crate::secret::Secret;

mod cluster;
mod error;
mod excerpt;
mod member;
mod object;
mod text;
mod told;
mod unknown;
mod volume;
mod write;

#[cfg(feature = "topology")]
pub(crate) use self::write::address_text;
pub use self::{
    cluster::ClusterPairingKey,
    error::{DecodeError, DecodeErrorText, DecodeErrorValues},
    excerpt::Excerpt,
    member::Member,
    text::{Cleaned, MAX_TEXT_LEN, Removed, RemovedKind, clean},
    told::{Told, encode_json, tell},
    unknown::UnknownMembers,
    volume::VolumePairingKey,
};

/// A pairing key of either kind.
///
/// # What is read
///
/// [`decode`](PairingKey::decode) takes what people paste: it removes what [`clean`] removes, reads
/// digits of either case, members in any order, any JSON escape and white space, and tells by the
/// members which kind of key it is: the kind whose own members it has; of a mixture, the kind of
/// which fewer are missing.
///
/// # What is promised
///
/// Text is *canonical* if it is lower-case hex digits and nothing else, of compact JSON, the members
/// in the order of their names (by bytes); its UUIDs lower-case with hyphens; its addresses as
/// [`IpAddr`](core::net::IpAddr) writes them; its integers without a sign that is not needed; in its
/// known strings and all names only `"`, `\` and the control characters below U+0020 are escaped, in
/// the shortest way (`\n`, else `\u001f`). The keys that clusters are known to make are.
///
/// * For canonical text, `encode(decode(text)) == text`, unknown members included.
/// * Any other text that is accepted reads to the same values and is written canonically.
/// * What `encode` writes reads back to an equal key, as long as it has no more than
///   [`MAX_TEXT_LEN`] digits.
///
/// Not promised: that text which is not canonical is written as it was. A cluster refuses a key that
/// was changed, so what is forwarded is [`Cleaned::digits`], never what `encode` writes. Inside the
/// value of an unknown member nothing but the white space between its parts is changed.
///
/// ```
/// use element_pairing::PairingKey;
///
/// let pasted = "“7b226d766970223a223139322e3136382e3133392e313232222c22766f6c756d654944223a312c\
///               22766f6c756d654e616d65223a2254657374222c22766f6c756d6550616972555549 44223a223639\
///               3632346663622d323032652d343332352d613536392d65633963363535633762356122 7d”";
/// let PairingKey::Volume(key) = PairingKey::decode(pasted)? else { panic!("a volume pairing key") };
/// assert_eq!(key.mvip.to_string(), "192.168.139.122");
/// assert_eq!(key.volume_id, 1);
/// assert_eq!(key.volume_name, "Test");
/// # Ok::<(), element_pairing::DecodeError>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum PairingKey {
    /// Made by StartClusterPairing, for CompleteClusterPairing.
    Cluster(ClusterPairingKey),
    /// Made by StartVolumePairing, for CompleteVolumePairing.
    Volume(VolumePairingKey),
}

impl PairingKey {
    /// Reads a key of either kind.
    ///
    /// # Errors
    ///
    /// Any [`DecodeError`] but `wrong_kind`.
    pub fn decode(text: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        Object::decode(text.as_ref(), Self::from_canonical, Self::from_object)
    }

    #[inline]
    fn from_canonical(json: &str) -> Option<Self> {
        match ClusterPairingKey::from_canonical(json) {
            Some(key) => Some(Self::Cluster(key)),
            None => VolumePairingKey::from_canonical(json).map(Self::Volume),
        }
    }

    fn from_object(object: &Object<'_>) -> Result<Self, Flaw> {
        match object.kind()? {
            KeyKind::Cluster => ClusterPairingKey::from_object(object).map(Self::Cluster),
            KeyKind::Volume => VolumePairingKey::from_object(object).map(Self::Volume),
        }
    }

    /// Writes the key canonically.
    #[must_use]
    pub fn encode(&self) -> Secret {
        match self {
            Self::Cluster(key) => key.encode(),
            Self::Volume(key) => key.encode(),
        }
    }

    /// Which kind of key this is.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Cluster(_) => KeyKind::Cluster,
            Self::Volume(_) => KeyKind::Volume,
        }
    }
}

/// The same as [`PairingKey::decode`].
impl FromStr for PairingKey {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        Self::decode(text)
    }
}

impl From<ClusterPairingKey> for PairingKey {
    fn from(key: ClusterPairingKey) -> Self {
        Self::Cluster(key)
    }
}

impl From<VolumePairingKey> for PairingKey {
    fn from(key: VolumePairingKey) -> Self {
        Self::Volume(key)
    }
}

/// A kind of pairing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Made by StartClusterPairing, for CompleteClusterPairing.
    Cluster,
    /// Made by StartVolumePairing, for CompleteVolumePairing.
    Volume,
}

impl KeyKind {
    /// `cluster` or `volume`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Volume => "volume",
        }
    }

    /// The method that makes keys of this kind.
    #[must_use]
    pub fn made_by(self) -> &'static str {
        match self {
            Self::Cluster => "StartClusterPairing",
            Self::Volume => "StartVolumePairing",
        }
    }

    /// The method that takes keys of this kind.
    #[must_use]
    pub fn taken_by(self) -> &'static str {
        match self {
            Self::Cluster => "CompleteClusterPairing",
            Self::Volume => "CompleteVolumePairing",
        }
    }
}

/// `cluster` or `volume`
impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
