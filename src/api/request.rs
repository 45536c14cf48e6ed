//! [`Request`]: the JSON-RPC envelope of what is sent to a cluster.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Id,
    error::{ReadError, ReadErrorKind, Step},
    method::{KeyFree, Method},
    name::Name,
    plain,
    read::{By, Json, Place, Reader, read_whole},
    write::{Writer, write},
};
use crate::secret::Secret;

/// A request: to be sent by HTTPS POST to `/json-rpc/<version>` on the cluster's MVIP.
///
/// ```
/// use element_pairing::api::{RemoveClusterPair, Request};
///
/// let request = Request::new(1, RemoveClusterPair { cluster_pair_id: 3 });
/// let json = request.write();
/// assert_eq!(
///     json.expose(),
///     r#"{"method":"RemoveClusterPair","params":{"clusterPairID":3},"id":1}"#
/// );
/// assert_eq!(Request::read(json.expose())?, request);
/// # Ok::<(), element_pairing::api::ReadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<M> {
    /// What the response will have for an ID.
    pub id: Id<'static>,
    /// The method and its parameters.
    pub params: M,
}

impl<M: Method> Request<M> {
    /// A request of this method.
    pub fn new(id: impl Into<Id<'static>>, params: M) -> Self {
        Self { id: id.into(), params }
    }

    /// Writes the request as compact JSON. It may carry a key, which is why it is a [`Secret`]: one
    /// block of the exact size, wiped when dropped.
    #[must_use]
    pub fn write(&self) -> Secret {
        write_request(M::NAME, &self.id, &|writer| self.params.write_params(writer))
    }

    /// Reads a request of this method. Parameters that are not known are passed over; missing or
    /// null `params` are an empty object.
    ///
    /// # Errors
    ///
    /// Any [`ReadError`]; `other_method` where the text is a request for another one.
    pub fn read(text: &(impl AsRef<[u8]> + ?Sized)) -> Result<Self, ReadError> {
        read_whole(text, Self::read_value)
    }

    fn read_value(reader: &mut Reader<'_>) -> Option<Self> {
        let mut params = None;
        let id = read_request(reader, M::NAME, &mut |reader| {
            params = Some(M::read_params(reader)?);
            Some(())
        })?;
        Some(Self { id, params: params? })
    }
}

/// The same for all methods.
fn write_request(method: &str, id: &Id<'_>, params: &dyn Fn(&mut Writer<'_>)) -> Secret {
    write(&|writer| {
        writer.text("{\"method\":");
        writer.string(method);
        writer.text(",\"params\":");
        params(writer);
        if *id != Id::Missing {
            writer.text(",\"id\":");
            id.write(writer);
        }
        writer.text("}");
    })
}

/// The same for all methods; `params` reads the parameters. Returns the ID.
fn read_request<'a>(
    reader: &mut Reader<'a>,
    method: &'static str,
    params: &mut dyn FnMut(&mut Reader<'a>) -> Option<()>,
) -> Option<Id<'static>> {
    let mut are_missing = true;
    let any = AnyRequest::read_value(reader, &mut |reader| {
        are_missing = false;
        params(reader)
    })?;
    let start = reader.offset() - any.json.as_str().len();
    if any.method != method {
        reader.fail::<()>(ReadErrorKind::OtherMethod, start, method);
        return reader.inside(Step::Member(Name::Method));
    }
    if are_missing && let Err(error) = read_whole("{}", params) {
        reader.set_error(ReadError { offset: start, ..error });
        return reader.inside(Step::Member(Name::Params));
    }
    Some(any.id.into_owned())
}

/// Writes what [`Request::write`] does.
impl<M: KeyFree> Serialize for Request<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        plain::serialize(self.write().expose(), serializer)
    }
}

/// Reads from JSON that `serde_json` borrows from: not from a reader or a `Value`.
impl<'de, M: Method> Deserialize<'de> for Request<M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        plain::deserialize(from, Self::read_value)
    }
}

/// A request whose method is not known yet: what somebody who answers requests reads first.
///
/// ```
/// use element_pairing::api::{AnyRequest, Id, Method, RemoveVolumePair};
///
/// let any = AnyRequest::read(r#"{"method":"RemoveVolumePair","params":{"volumeID":5},"id":"a"}"#)?;
/// assert_eq!(any.method, RemoveVolumePair::NAME);
/// let request = any.read_as::<RemoveVolumePair>()?;
/// assert_eq!((request.params.volume_id, request.id), (5, Id::from("a")));
/// # Ok::<(), element_pairing::api::ReadError>(())
/// ```
///
/// `Debug` does not show it: nobody knows what is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct AnyRequest<'a> {
    /// What the response has to have for an ID.
    pub id: Id<'a>,
    /// The name of the method as it stands between its quotes, which may be a key in the wrong place;
    /// one that is written with escapes is not resolved.
    pub method: &'a str,
    place: Place<'a>,
    json: Json<'a>,
}

impl fmt::Debug for AnyRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyRequest(..)")
    }
}

impl<'a> AnyRequest<'a> {
    /// Reads a request of any method.
    ///
    /// # Errors
    ///
    /// Any [`ReadError`] but `other_method`.
    pub fn read(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, ReadError> {
        read_whole(text, |reader| Self::read_value(reader, &mut Reader::skip))
    }

    /// `params` reads the parameters, if there are any.
    #[inline(never)]
    fn read_value(
        reader: &mut Reader<'a>,
        params: &mut dyn FnMut(&mut Reader<'a>) -> Option<()>,
    ) -> Option<Self> {
        let place = reader.place();
        let (mut id, mut method) = (Id::Missing, None);
        let json = reader.object(&mut [
            (Name::Id, &mut id),
            (
                Name::Method,
                &mut By(&mut |reader| reader.raw_string().map(|it| method = Some(it.0))),
            ),
            (Name::Params, &mut By(&mut |reader| reader.unless_nothing(params))),
        ])?;
        match method {
            Some(method) => Some(Self { id, method, place, json }),
            None => reader.missing(Name::Method, json),
        }
    }

    /// Reads it as a request of this method. Offsets of errors count from the start of the text.
    ///
    /// # Errors
    ///
    /// Those of [`Request::read`].
    pub fn read_as<M: Method>(&self) -> Result<Request<M>, ReadError> {
        self.place.read(Request::read_value)
    }

    /// The request's own text. It may hold a key.
    #[must_use]
    pub fn json(&self) -> Json<'a> {
        self.json
    }
}
