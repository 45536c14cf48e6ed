//! [`Response`]: the JSON-RPC envelope of what a cluster answers.

use alloc::borrow::Cow;
use core::{
    error::Error,
    fmt::{self, Display},
    iter,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    Id,
    error::ReadError,
    method::{KeyFree, Method},
    name::Name,
    plain,
    read::{By, Json, Place, Reader, Value, read_whole},
    value::ErrorName,
};
use crate::escape;

/// A response to a request of the method, as it was read.
///
/// ```
/// use element_pairing::api::{CompleteVolumePairing, ErrorName, Response};
///
/// let text = r#"{"error":{"code":500,"message":"not yet","name":"xMVIPNotPaired"},"id":1}"#;
/// let error = Response::<CompleteVolumePairing>::read(text)?.outcome.unwrap_err();
/// assert_eq!(error.name, Some(ErrorName::MvipNotPaired));
/// assert_eq!(error.to_string(), "xMVIPNotPaired: not yet");
/// # Ok::<(), element_pairing::api::ReadError>(())
/// ```
pub struct Response<'a, M: Method> {
    /// The ID of the request.
    pub id: Id<'a>,
    /// What the method returned, or the error.
    pub outcome: Result<M::Output<'a>, ApiError<'a>>,
    /// Parameters that the cluster does not know, if it says so. They may hold a key.
    pub unused_parameters: Option<Json<'a>>,
    json: Json<'a>,
}

impl<'a, M: Method> Response<'a, M> {
    /// Reads a response.
    ///
    /// A key goes from the text straight into a [`Secret`](crate::Secret) of its exact size.
    ///
    /// # Errors
    ///
    /// Any [`ReadError`] but `other_method`. An error that the cluster answered is no `ReadError`,
    /// but the [`outcome`](Response::outcome).
    pub fn read(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, ReadError> {
        read_whole(text, Self::read_value)
    }

    fn read_value(reader: &mut Reader<'a>) -> Option<Self> {
        let mut result = None;
        let Envelope { id, error, unused_parameters, json } =
            Envelope::read(reader, &mut |reader| {
                result = Some(M::read_result(reader)?);
                Some(())
            })?;
        let outcome = match error {
            Some(error) => Err(error),
            None => Ok(result?),
        };
        Some(Self { id, outcome, unused_parameters, json })
    }

    /// The response's own text. It may hold a key.
    #[must_use]
    pub fn json(&self) -> Json<'a> {
        self.json
    }
}

/// What is the same for all methods.
struct Envelope<'a> {
    id: Id<'a>,
    error: Option<ApiError<'a>>,
    unused_parameters: Option<Json<'a>>,
    json: Json<'a>,
}

impl<'a> Envelope<'a> {
    /// `result` reads the result, if there is one.
    #[inline(never)]
    fn read(
        reader: &mut Reader<'a>,
        result: &mut dyn FnMut(&mut Reader<'a>) -> Option<()>,
    ) -> Option<Self> {
        let (mut id, mut error, mut unused_parameters) = (Id::Missing, None, None);
        let mut has_result = false;
        let mut read_result = |reader: &mut Reader<'a>| {
            has_result = true;
            result(reader)
        };
        let json = reader.object(&mut [
            (Name::Id, &mut id),
            (Name::Result, &mut By(&mut |reader| reader.unless_nothing(&mut read_result))),
            (Name::Error, &mut error),
            (Name::UnusedParameters, &mut unused_parameters),
        ])?;
        if error.is_none() && !has_result {
            return reader.missing(Name::Result, json);
        }
        Some(Self { id, error, unused_parameters, json })
    }
}

/// Shows no key: not the response's text, and of an error not its message.
impl<M: Method> fmt::Debug for Response<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("id", &self.id)
            .field("outcome", &self.outcome)
            .field("unused_parameters", &self.unused_parameters)
            .finish_non_exhaustive()
    }
}

/// Writes the text that the response was read from, whatever was done to its fields.
impl<M: KeyFree> Serialize for Response<'_, M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

/// Reads from JSON that `serde_json` borrows from: not from a reader or a `Value`.
impl<'de, M: Method> Deserialize<'de> for Response<'de, M> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        plain::deserialize(from, Self::read_value)
    }
}

/// A response to a request whose method is not known from the response: what reads saved answers.
///
/// Responses do not name their method. Who saves them can send the method's name as the ID, which
/// comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyResponse<'a> {
    /// The ID of the request.
    pub id: Id<'a>,
    place: Place<'a>,
    json: Json<'a>,
}

impl<'a> AnyResponse<'a> {
    /// Reads the responses in a text, one after the other with nothing but white space between them,
    /// as `curl … >> file` leaves them. After an error comes no more.
    ///
    /// ```
    /// use element_pairing::api::{AnyResponse, Id, ListClusterPairs, Method};
    ///
    /// let saved = "{\"id\":\"ListClusterPairs\",\"result\":{\"clusterPairs\":[]}}\n{\"id\":2}";
    /// let responses: Result<Vec<_>, _> = AnyResponse::read_all(saved).collect();
    /// let responses = responses?;
    /// assert_eq!(responses.len(), 2);
    /// assert_eq!(responses[0].id, Id::from(ListClusterPairs::NAME));
    /// assert_eq!(responses[0].read_as::<ListClusterPairs>()?.outcome, Ok(vec![]));
    /// # Ok::<(), element_pairing::api::ReadError>(())
    /// ```
    pub fn read_all(
        text: &'a (impl AsRef<[u8]> + ?Sized),
    ) -> impl Iterator<Item = Result<Self, ReadError>> + 'a {
        let mut reader = Some(Reader::new(text.as_ref()));
        iter::from_fn(move || match reader.take()? {
            Err(error) => Some(Err(error)),
            Ok(mut rest) => {
                if rest.at_end() {
                    return None;
                }
                let response = Self::read_value(&mut rest);
                let outcome = rest.outcome(response);
                reader = outcome.is_ok().then_some(Ok(rest));
                Some(outcome)
            }
        })
    }

    fn read_value(reader: &mut Reader<'a>) -> Option<Self> {
        let place = reader.place();
        let mut id = Id::Missing;
        let json = reader.object(&mut [(Name::Id, &mut id)])?;
        Some(Self { id, place, json })
    }

    /// Reads it as a response to this method. Offsets of errors count from the start of the whole
    /// text.
    ///
    /// # Errors
    ///
    /// Those of [`Response::read`].
    pub fn read_as<M: Method>(&self) -> Result<Response<'a, M>, ReadError> {
        self.place.read(Response::read_value)
    }

    /// The response's own text. It may hold a key.
    #[must_use]
    pub fn json(&self) -> Json<'a> {
        self.json
    }
}

/// An error that a cluster answers, under HTTP status 200.
///
/// `Display` writes name and message, made fit to be shown by [`escape`]; `Debug` leaves the message
/// out, because a cluster may repeat a key in it.
///
/// Source: API reference, request and response; error names: seen with public clients.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError<'a> {
    /// 500 for every system error.
    pub code: Option<i64>,
    /// The name; taken out of the message where the member is missing.
    pub name: Option<ErrorName>,
    message: Option<Json<'a>>,
}

impl<'a> ApiError<'a> {
    /// The message; empty where there is none.
    #[must_use]
    pub fn message(&self) -> Cow<'a, str> {
        self.message.map(Json::text).unwrap_or_default()
    }

    /// What errors are put in order by: nothing is copied for it.
    pub(crate) fn order(&self) -> (Option<i64>, Option<&str>, Option<&'a str>) {
        (self.code, self.name.as_ref().map(ErrorName::as_str), self.message.map(Json::as_str))
    }
}

impl<'a> Value<'a> for ApiError<'a> {
    fn empty() -> Self {
        Self { code: None, name: None, message: None }
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let mut error = Self::empty();
        reader.object(&mut [
            (Name::Code, &mut error.code),
            (Name::Name, &mut error.name),
            (Name::Message, &mut error.message),
        ])?;
        let in_message = || ErrorName::in_message(error.message?.as_str());
        error.name = error.name.take().or_else(in_message);
        Some(error)
    }
}

impl Display for ApiError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_ref().map_or("error without a name", ErrorName::as_str);
        escape(name).fmt(f)?;
        let Some(message) = self.message else { return Ok(()) };
        f.write_str(": ")?;
        let mut result = Ok(());
        message.pieces(|piece| result = result.and_then(|()| escape(piece).fmt(f)));
        result
    }
}

impl fmt::Debug for ApiError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("code", &self.code)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Error for ApiError<'_> {}
