//! The operations on requests and responses.

use alloc::{format, string::String, vec::Vec};
use core::fmt::Display;

use element_pairing::{
    Secret,
    api::{
        AnyRequest, ApiError, ClusterInfo, ClusterPair, CompleteClusterPairing,
        CompleteVolumePairing, CompletedClusterPairing, GetClusterInfo, GetLimits, Id, Json,
        Limits, ListActivePairedVolumes, ListActiveVolumes, ListClusterPairs, ListVolumes, Method,
        ModifyVolume, ModifyVolumePair, ReadError, RemoveClusterPair, RemoveVolumePair, Response,
        StartClusterPairing, StartVolumePairing, StartedClusterPairing, StartedVolumePairing,
        Volume,
    },
};

use crate::{
    answer::{Answer, Outcome, parts},
    json,
    listings::wrong_argument,
};

/// Calls a macro with all methods.
macro_rules! all_methods {
    ($($macro:tt)*) => {
        $($macro)*!(
            StartClusterPairing CompleteClusterPairing ListClusterPairs RemoveClusterPair
            StartVolumePairing CompleteVolumePairing ListActivePairedVolumes ModifyVolumePair
            RemoveVolumePair GetClusterInfo GetLimits ListVolumes ListActiveVolumes ModifyVolume
        )
    };
}

pub(crate) use all_methods;

/// A request, written as the crate writes it, from the same in JSON.
pub fn write_request(input: &[u8]) -> Outcome {
    fn write<M: Method>(request: &AnyRequest<'_>) -> Result<Secret, ReadError> {
        Ok(request.read_as::<M>()?.write())
    }
    type Write = fn(&AnyRequest<'_>) -> Result<Secret, ReadError>;
    let request = AnyRequest::read(input).map_err(refused_request)?;
    macro_rules! write {
        ($($method:ident)*) => {
            match &*request.method {
                $($method::NAME => write::<$method> as Write,)*
                method => return Err(wrong_argument(&unknown_method(method))),
            }
        };
    }
    let written = all_methods!(write)(&request).map_err(refused_request)?;
    Ok(Answer::secret(written.expose()))
}

/// What a response says, in JSON: the parts are the method and the response. A key in it is what may
/// be secret.
///
/// An object that keeps its own text stands as `{"place": [start, end], "members": {…}}`, its place in
/// bytes of the response.
pub fn read_response(input: &[u8]) -> Outcome {
    let parts = parts(input);
    let [method, text] = parts.as_slice() else { return Err(wrong_argument("no response")) };
    let method = str::from_utf8(method).unwrap_or_default();
    let mut writer = Writer { json: Vec::new(), secret: Vec::new(), text };
    macro_rules! read {
        ($($method:ident)*) => {
            match method {
                $($method::NAME => Writer::read::<$method> as Read<'_>,)*
                method => return Err(wrong_argument(&unknown_method(method))),
            }
        };
    }
    all_methods!(read)(&mut writer)
        .map_err(|error| refused_text(text, error.code(), error, error.help(), error.offset()))?;
    let mut answer = json::answer_text(writer.json)?;
    answer.secret = writer.secret;
    Ok(answer)
}

fn unknown_method(method: &str) -> String {
    format!("there is no method {}", element_pairing::escape(method))
}

/// Why there is no answer: code, message, help.
pub fn refusal(code: &str, message: impl Display, help: &str) -> Answer {
    let mut answer = Answer::of("text");
    answer.add(code);
    answer.show(message);
    answer.add(help);
    answer
}

/// A text that cannot be read. Texts: code, message, help; numbers: place, line, column.
pub fn refused_text(
    text: &[u8],
    code: &str,
    message: impl Display,
    help: &str,
    offset: usize,
) -> Answer {
    let mut answer = refusal(code, message, help);
    answer.number(offset);
    let before = text.get(..offset).unwrap_or(text);
    let mut lines = before.rsplit(|&byte| byte == b'\n');
    let line = lines.next().unwrap_or_default();
    let column = line
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty()));
    answer.number(lines.count() + 1);
    answer.number(column.sum::<usize>() + 1);
    answer
}

/// Parameters that are not what the method takes: code, message, help.
pub fn refused_request(error: ReadError) -> Answer {
    refusal(error.code(), error, error.help())
}

struct Writer<'t> {
    json: Vec<u8>,
    secret: Vec<u8>,
    /// The text of the response.
    text: &'t [u8],
}

type Read<'t> = fn(&mut Writer<'t>) -> Result<(), ReadError>;

impl<'t> Writer<'t> {
    /// Writes what the text, a response to this method, says.
    fn read<M: Method>(&mut self) -> Result<(), ReadError>
    where
        M::Output<'t>: Output,
    {
        let response = Response::<M>::read(self.text)?;
        self.response(&response.id, response.outcome.as_ref().map(|it| it as &dyn Output));
        Ok(())
    }

    fn put(&mut self, json: &str) {
        self.json.extend_from_slice(json.as_bytes());
    }

    fn string(&mut self, text: &str) {
        let json = serde_json::to_vec(text);
        self.json.extend_from_slice(json.as_deref().unwrap_or(b"null"));
    }

    fn response(&mut self, id: &Id<'_>, outcome: Result<&dyn Output, &ApiError<'_>>) {
        self.put("{\"id\":");
        match id {
            Id::Missing => self.put("null"),
            Id::Integer(id) => self.put(&format!("{id}")),
            Id::Text(id) => self.string(id),
        }
        match outcome {
            Ok(output) => {
                self.put(",\"result\":");
                output.write(self);
            }
            Err(error) => {
                self.put(",\"error\":{\"message\":");
                self.string(&error.message());
                if let Some(code) = error.code {
                    self.put(&format!(",\"code\":{code}"));
                }
                if let Some(name) = &error.name {
                    self.put(",\"name\":");
                    self.string(name.as_str());
                }
                self.put("}");
            }
        }
        self.put("}");
    }

    /// An object with its place in the text.
    fn kept(&mut self, json: Json<'_>, write_members: &dyn Fn(&mut Vec<u8>)) {
        let start = (json.as_str().as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let end = start + json.as_str().len();
        self.put(&format!("{{\"place\":[{start},{end}],\"members\":"));
        write_members(&mut self.json);
        self.put("}");
    }

    fn list<T>(&mut self, name: &str, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.put(&format!("{{\"{name}\":["));
        for (index, item) in items.iter().enumerate() {
            self.put(if index > 0 { "," } else { "" });
            write(self, item);
        }
        self.put("]}");
    }
}

/// How the result of a method is written: in the shape that the API gives it.
trait Output {
    fn write(&self, writer: &mut Writer<'_>);
}

impl Output for () {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put("{}");
    }
}

impl Output for StartedClusterPairing {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put(&format!(
            "{{\"clusterPairID\":{},\"clusterPairingKey\":null}}",
            self.cluster_pair_id
        ));
        writer.secret = self.cluster_pairing_key.expose().into();
    }
}

impl Output for StartedVolumePairing {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put("{\"volumePairingKey\":null}");
        writer.secret = self.volume_pairing_key.expose().into();
    }
}

impl Output for CompletedClusterPairing {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put(&format!("{{\"clusterPairID\":{}}}", self.cluster_pair_id));
    }
}

impl Output for Vec<ClusterPair<'_>> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.list("clusterPairs", self, |writer, pair| {
            writer.kept(pair.json(), &|json| pair.write_members(json));
        });
    }
}

impl Output for Vec<Volume<'_>> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.list("volumes", self, |writer, volume| {
            writer.kept(volume.json(), &|json| volume.write_members(json));
        });
    }
}

impl Output for Option<Volume<'_>> {
    fn write(&self, writer: &mut Writer<'_>) {
        let Some(volume) = self else { return writer.put("{}") };
        writer.put("{\"volume\":");
        writer.kept(volume.json(), &|json| volume.write_members(json));
        writer.put("}");
    }
}

impl Output for ClusterInfo<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.put("{\"clusterInfo\":");
        writer.kept(self.json(), &|json| self.write_members(json));
        writer.put("}");
    }
}

impl Output for Limits<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.kept(self.json(), &|json| self.write_members(json));
    }
}
