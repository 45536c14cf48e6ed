//! [`ClusterPairingKey`].

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

/// The key that StartClusterPairing makes and CompleteClusterPairing takes. It works once.
///
/// Source of the members: the key printed in the API reference for StartClusterPairing.
///
/// ```
/// use element_pairing::{ClusterPairingKey, UnknownMembers};
/// use uuid::uuid;
///
/// let key = ClusterPairingKey {
///     cluster_pair_id: 1,
///     cluster_pair_uuid: uuid!("1cea1362-4c8f-461a-be72-74566a953d2f"),
///     cluster_unique_id: "xsm6".into(),
///     mvip: [192, 168, 139, 122].into(),
///     name: "AutoTest2-c0uR".into(),
///     password: "iY!".into(),
///     rpc_connection_id: 913_142_649,
///     username: "__SF_pair_P".into(),
///     unknown: UnknownMembers::default(),
/// };
/// let digits = key.encode();
/// assert_eq!(ClusterPairingKey::decode(digits.expose())?, key);
/// # Ok::<(), element_pairing::DecodeError>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct ClusterPairingKey {
    /// `clusterPairID`: ID of the pending pair on the cluster that made the key. The other cluster
    /// numbers the pair itself.
    pub cluster_pair_id: u64,
    /// `clusterPairUUID`: the same on both clusters once they are paired.
    pub cluster_pair_uuid: Uuid,
    /// `clusterUniqueID`: unique ID of the cluster that made the key. ListClusterPairs shows it as
    /// `clusterUUID`, GetClusterInfo as `uniqueID`.
    pub cluster_unique_id: String,
    /// `mvip`: management virtual IP of the cluster that made the key.
    pub mvip: IpAddr,
    /// `name`: name of the cluster that made the key.
    pub name: String,
    /// `password`: what the other cluster logs in with.
    pub password: Secret,
    /// `rpcConnectionID`. Whether it has a sign is not known: the one public key has 913142649.
    pub rpc_connection_id: i64,
    /// `username`: whom the other cluster logs in as; begins with `__SF_pair_`.
    pub username: Secret,
    /// Members that this version does not know.
    pub unknown: UnknownMembers,
}

impl ClusterPairingKey {
    /// Reads a cluster pairing key, as [`PairingKey::decode`](super::PairingKey::decode) does.
    ///
    /// # Errors
    ///
    /// Any [`DecodeError`]; `wrong_kind` for a volume pairing key.
    pub fn decode(text: impl AsRef<[u8]>) -> Result<Self, DecodeError> {
        Self::decode_key(text.as_ref())
    }

    /// Writes the key canonically.
    #[must_use]
    pub fn encode(&self) -> Secret {
        self.encode_key()
    }
}

impl ReadKey for ClusterPairingKey {
    const KIND: KeyKind = KeyKind::Cluster;

    #[inline]
    fn from_values<'a>(mut values: impl Values<'a>) -> Result<Self, Flaw> {
        let cluster_pair_id = values.value(Member::ClusterPairId)?;
        let cluster_pair_uuid = values.value(Member::ClusterPairUuid)?;
        let cluster_unique_id = values.value(Member::ClusterUniqueId)?;
        let mvip = values.value(Member::Mvip)?;
        let name = values.value(Member::Name)?;
        let password = values.value(Member::Password)?;
        let rpc_connection_id = values.value(Member::RpcConnectionId)?;
        let username = values.value(Member::Username)?;
        let unknown = values.unknown()?;
        // What can fail first: then there is nothing to drop.
        let cluster_pair_id = cluster_pair_id.integer()?;
        let cluster_pair_uuid = cluster_pair_uuid.uuid()?;
        let mvip = mvip.address()?;
        let rpc_connection_id = rpc_connection_id.integer()?;
        Ok(Self {
            cluster_pair_id,
            cluster_pair_uuid,
            cluster_unique_id: cluster_unique_id.string(),
            mvip,
            name: name.string(),
            password: password.secret(),
            rpc_connection_id,
            username: username.secret(),
            unknown,
        })
    }
}

impl WriteKey for ClusterPairingKey {
    #[inline]
    fn write(&self, object: &mut ObjectWriter<'_, impl Output>) {
        object.unsigned(Member::ClusterPairId, self.cluster_pair_id);
        object.uuid(Member::ClusterPairUuid, self.cluster_pair_uuid);
        object.string(Member::ClusterUniqueId, &self.cluster_unique_id);
        object.address(Member::Mvip, self.mvip);
        object.string(Member::Name, &self.name);
        object.string(Member::Password, self.password.expose());
        object.signed(Member::RpcConnectionId, self.rpc_connection_id);
        object.string(Member::Username, self.username.expose());
    }

    #[inline]
    fn unknown(&self) -> &UnknownMembers {
        &self.unknown
    }
}

/// The same as [`ClusterPairingKey::decode`].
impl FromStr for ClusterPairingKey {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        Self::decode(text)
    }
}
