//! [`VolumePairingKey`].

use alloc::string::String;
use core::{net::IpAddr, str::FromStr};

use uuid::Uuid;

use super::{
    KeyKind,
    error::DecodeError,
    member::Member,
    object::{Flaw, ReadKey, Values},
    unknown::UnknownMembers,
    write::{ObjectWriter, Output, WriteKey},
};
use crate::secret::Secret;

/// The key that StartVolumePairing makes and CompleteVolumePairing takes. It works once.
///
/// It has no credentials; the user guide asks to keep it safe all the same.
///
/// Source of the members: the key printed in the API reference for StartVolumePairing.
///
/// ```
/// use element_pairing::{UnknownMembers, VolumePairingKey};
/// use uuid::uuid;
///
/// let key = VolumePairingKey {
///     mvip: [192, 168, 139, 122].into(),
///     volume_id: 1,
///     volume_name: "Test".into(),
///     volume_pair_uuid: uuid!("69624fcb-202e-4325-a569-ec9c655c7b5a"),
///     unknown: UnknownMembers::default(),
/// };
/// let digits = key.encode();
/// assert_eq!(VolumePairingKey::decode(digits.expose())?, key);
/// # Ok::<(), element_pairing::DecodeError>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct VolumePairingKey {
    /// `mvip`: management virtual IP of the cluster that made the key.
    pub mvip: IpAddr,
    /// `volumeID`: ID of the volume that the key was made for, on the cluster that made it.
    pub volume_id: u64,
    /// `volumeName`: name of that volume.
    pub volume_name: String,
    /// `volumePairUUID`: the same on both clusters once the volumes are paired.
    pub volume_pair_uuid: Uuid,
    /// Members that this version does not know.
    pub unknown: UnknownMembers,
}

impl VolumePairingKey {
    /// Reads a volume pairing key, as [`PairingKey::decode`](super::PairingKey::decode) does.
    ///
    /// # Errors
    ///
    /// Any [`DecodeError`]; `wrong_kind` for a cluster pairing key.
    pub fn decode(text: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        Self::decode_key(text.as_ref())
    }

    /// Writes the key canonically.
    #[must_use]
    pub fn encode(&self) -> Secret {
        self.encode_key()
    }
}

impl ReadKey for VolumePairingKey {
    const KIND: KeyKind = KeyKind::Volume;

    #[inline]
    fn from_values<'a>(mut values: impl Values<'a>) -> Result<Self, Flaw> {
        let mvip = values.value(Member::Mvip)?;
        let volume_id = values.value(Member::VolumeId)?;
        let volume_name = values.value(Member::VolumeName)?;
        let volume_pair_uuid = values.value(Member::VolumePairUuid)?;
        let unknown = values.unknown()?;
        let mvip = mvip.address()?;
        let volume_id = volume_id.integer()?;
        let volume_pair_uuid = volume_pair_uuid.uuid()?;
        Ok(Self { mvip, volume_id, volume_name: volume_name.string(), volume_pair_uuid, unknown })
    }
}

impl WriteKey for VolumePairingKey {
    #[inline]
    fn write(&self, object: &mut ObjectWriter<'_, impl Output>) {
        object.address(Member::Mvip, self.mvip);
        object.unsigned(Member::VolumeId, self.volume_id);
        object.string(Member::VolumeName, &self.volume_name);
        object.uuid(Member::VolumePairUuid, self.volume_pair_uuid);
    }

    #[inline]
    fn unknown(&self) -> &UnknownMembers {
        &self.unknown
    }
}

/// The same as [`VolumePairingKey::decode`].
impl FromStr for VolumePairingKey {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        Self::decode(text)
    }
}
