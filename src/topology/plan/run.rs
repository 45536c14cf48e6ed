//! [`Run`]: a plan as it is carried out, without I/O.

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::{error::Error, fmt};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    super::{ClusterName, report::known},
    Plan,
    record::{Entry, EntryState, Pending, Record, Wish},
    step::{PairId, Step, Task, Wait},
};
use crate::{
    api::{
        ApiError, CompleteClusterPairing, ErrorName, Id, ListClusterPairs, ListVolumes, Method,
        ModifyVolume, ReadError, RemoveVolumePair, Response, StartClusterPairing,
        StartVolumePairing, StateClass, Volume,
    },
    escape,
    key::{ClusterPairingKey, VolumePairingKey},
    secret::Secret,
};

/// A plan as it is carried out: it says what is to be sent, and takes the answers. It does no I/O, and
/// keeps no clock.
///
/// A key that a cluster returns is held until the request that carries it is written, and no longer;
/// it is wiped then, and when the run is dropped.
///
/// The run stops at the first error. What was done, what was not, and what is unknown is in
/// [`states`](Run::states), and in the [`record`](Run::record) for the next plan.
#[derive(Debug)]
pub struct Run {
    steps: Vec<Step>,
    before: Vec<Option<Wish>>,
    record: Record,
    /// The steps that are done.
    at: usize,
    phase: Phase,
    key: Option<Secret>,
    /// The IDs of cluster pairs, by the step that returned them.
    ids: Vec<(usize, u64)>,
    /// How often the question was asked that is asked now.
    asked: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Ready,
    Sent,
    Stopped(Stopped),
}

/// A request that is to be sent now.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextCall {
    /// The number of the step, from 1.
    pub step: usize,
    /// The cluster that it is sent to.
    pub cluster: Arc<ClusterName>,
    /// The body of the request. It may hold a key.
    pub request: Secret,
    /// How long to wait before it is sent, in milliseconds.
    pub delay_ms: u32,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepState {
    /// It is done, or what was waited for has come.
    Done,
    /// It was sent, and no answer came that could be read: neither done nor undone.
    Unknown,
    /// The cluster answered an error, or what was waited for did not come.
    Failed,
    /// It was not sent.
    NotDone,
}

impl StepState {
    /// `done`, `unknown`, `failed` or `not_done`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::NotDone => "not_done",
        }
    }
}

/// Why a run ended before its last step was done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stopped {
    /// The number of the step, from 1.
    pub step: usize,
    /// Why.
    pub cause: Cause,
}

/// Why a run ended before its last step was done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The cluster answered an error; its name, if it has one. Its message may hold a key, so it is
    /// in the answer alone.
    Refused(Option<ErrorName>),
    /// The answer cannot be read, so nobody knows whether the call was done.
    Unreadable(ReadError),
    /// The answer is one to another request.
    OtherAnswer,
    /// No answer came, so nobody knows whether the call was done.
    Lost,
    /// What was waited for did not come; what was there instead, as far as it was told.
    TimedOut(Option<String>),
    /// The caller ended the run.
    Aborted,
}

impl Stopped {
    /// `refused`, the code of the [`ReadError`], `other_answer`, `lost`, `timed_out` or `aborted`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Refused(_) => "refused",
            Cause::Unreadable(error) => error.code(),
            Cause::OtherAnswer => "other_answer",
            Cause::Lost => "lost",
            Cause::TimedOut(_) => "timed_out",
            Cause::Aborted => "aborted",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match &self.cause {
            Cause::Refused(_) => {
                "Ask the clusters for their listings anew; then plan again with this run's record, \
                 or undo it."
            }
            Cause::TimedOut(Some(_)) => {
                "All calls so far are done: see what holds up the clusters, and plan again."
            }
            _ => {
                "The call may be done or not: ask the clusters for their listings anew, and plan \
                 again with this run's record."
            }
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {}: ", self.step)?;
        match &self.cause {
            Cause::Refused(Some(name)) => {
                write!(f, "the cluster answered {}", escape(name.as_str()))
            }
            Cause::Refused(None) => f.write_str("the cluster answered an error without a name"),
            Cause::Unreadable(error) => write!(f, "the answer cannot be read: {error}"),
            Cause::OtherAnswer => f.write_str("the answer is one to another request"),
            Cause::Lost => f.write_str("no answer came"),
            Cause::TimedOut(Some(state)) => {
                write!(f, "what was waited for did not come: {}", escape(state))
            }
            Cause::TimedOut(None) => f.write_str("what was waited for did not come"),
            Cause::Aborted => f.write_str("the run was ended"),
        }
    }
}

impl Error for Stopped {}

impl Serialize for Stopped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", &self.step)?;
        map.serialize_entry("code", self.code())?;
        if let Cause::Refused(name) = &self.cause {
            known(&mut map, "error", name)?;
        }
        map.serialize_entry("message", &format!("{self}"))?;
        map.serialize_entry("help", self.help())?;
        map.end()
    }
}

/// What an answer tells.
enum Told {
    Done(Returned),
    /// What was asked for is not so yet, but on its way.
    Moving,
    /// What is so instead.
    NotYet(Option<String>),
}

/// What a call returned, as far as it is needed later.
#[derive(Default)]
struct Returned {
    /// Of a cluster pair.
    id: Option<u64>,
    key: Option<Secret>,
    /// That the key has, which may be one that cannot be read: it is forwarded all the same.
    uuid: Option<String>,
}

impl Run {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            steps: plan.steps,
            before: plan.before.into_iter().map(Some).collect(),
            record: plan.earlier,
            at: 0,
            phase: Phase::Ready,
            key: None,
            ids: Vec::new(),
            asked: 0,
        }
    }

    /// The request to be sent now; none when all is done, after the run stopped, and while the answer
    /// to the one before is awaited.
    pub fn next_call(&mut self) -> Option<NextCall> {
        if self.phase != Phase::Ready {
            return None;
        }
        let step = self.steps.get(self.at)?;
        let number = self.at + 1;
        let cluster = Arc::clone(step.cluster());
        let request = step.filled(number, &mut self.key);
        // A request without its key would be nonsense. It was lost if it is not there.
        let wait = step.wait().filter(|_| self.asked > 0);
        let delay_ms = wait.map_or(0, |wait| wait.every_ms);
        if step.wait().is_none() {
            let before = step.unit.and_then(|unit| self.before.get_mut(unit)?.take());
            self.record.0.push(Entry {
                step: number as u64,
                cluster: (&*step.address).into(),
                method: step.method().into(),
                state: EntryState::Unknown,
                before,
                pending: pending(step),
            });
        }
        self.phase = Phase::Sent;
        Some(NextCall { step: number, cluster, request, delay_ms })
    }

    /// Takes the answer to the request that was sent.
    ///
    /// # Errors
    ///
    /// Why the run stopped, also if that was before.
    pub fn answer(&mut self, response: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Stopped> {
        let Some(step) = self.steps.get(self.at).filter(|_| self.phase == Phase::Sent) else {
            return self.outcome();
        };
        match self.told(&step.task, response.as_ref()) {
            Ok(Told::Done(returned)) => {
                self.keep(returned);
                self.note(EntryState::Done);
                self.at += 1;
                self.asked = 0;
                self.phase = Phase::Ready;
                Ok(())
            }
            Ok(Told::Moving) => {
                self.asked = self.asked.max(1);
                self.phase = Phase::Ready;
                Ok(())
            }
            Ok(Told::NotYet(state)) => self.ask_again(state),
            Err(cause) => self.stop(*cause),
        }
    }

    /// Takes that no answer came: the call may be done or not. A question is asked again.
    ///
    /// # Errors
    ///
    /// Why the run stopped, also if that was before.
    pub fn lost(&mut self) -> Result<(), Stopped> {
        if self.phase != Phase::Sent {
            return self.outcome();
        }
        match self.steps.get(self.at).and_then(Step::wait) {
            Some(_) => self.ask_again(None),
            None => self.stop(Cause::Lost),
        }
    }

    /// Ends the run. A request that was sent and not answered is unknown.
    pub fn abort(&mut self) {
        if self.at < self.steps.len() && !matches!(self.phase, Phase::Stopped(_)) {
            // The caller knows.
            let _ = self.stop(Cause::Aborted);
        }
    }

    /// Whether all steps are done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.at == self.steps.len()
    }

    /// Why the run stopped, if it did.
    #[must_use]
    pub fn stopped(&self) -> Option<&Stopped> {
        match &self.phase {
            Phase::Stopped(stopped) => Some(stopped),
            _ => None,
        }
    }

    /// The steps, and what became of each.
    pub fn states(&self) -> impl ExactSizeIterator<Item = (&Step, StepState)> {
        let steps = self.steps.iter().enumerate();
        steps.map(|(index, step)| (step, self.state_of(index, step)))
    }

    /// What became of the step of this number, from 1: what [`states`](Run::states) has, at once.
    #[must_use]
    pub fn state(&self, number: usize) -> Option<StepState> {
        let index = number.checked_sub(1)?;
        Some(self.state_of(index, self.steps.get(index)?))
    }

    fn state_of(&self, index: usize, step: &Step) -> StepState {
        let is_question = step.wait().is_some();
        match &self.phase {
            _ if index < self.at => StepState::Done,
            _ if index > self.at => StepState::NotDone,
            Phase::Ready => StepState::NotDone,
            Phase::Sent if is_question => StepState::NotDone,
            Phase::Sent => StepState::Unknown,
            Phase::Stopped(Stopped { cause: Cause::Refused(_) | Cause::TimedOut(_), .. }) => {
                StepState::Failed
            }
            Phase::Stopped(_) if is_question => StepState::NotDone,
            Phase::Stopped(_) if self.is_sent(index) => StepState::Unknown,
            Phase::Stopped(_) => StepState::NotDone,
        }
    }

    /// What was done so far, for the next plan.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The last entry of the record: what was sent, and since it was answered, what became of it.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.record.0.last()
    }

    fn is_sent(&self, index: usize) -> bool {
        self.entry().is_some_and(|entry| {
            entry.step == index as u64 + 1 && entry.state == EntryState::Unknown
        })
    }

    fn outcome(&self) -> Result<(), Stopped> {
        self.stopped().map_or(Ok(()), |stopped| Err(stopped.clone()))
    }

    fn stop(&mut self, cause: Cause) -> Result<(), Stopped> {
        if let Cause::Refused(name) = &cause {
            self.note(EntryState::Refused(name.clone()));
        }
        self.key = None;
        let stopped = Stopped { step: self.at + 1, cause };
        self.phase = Phase::Stopped(stopped.clone());
        Err(stopped)
    }

    fn ask_again(&mut self, state: Option<String>) -> Result<(), Stopped> {
        let times = self.steps.get(self.at).and_then(Step::wait).map_or(0, |wait: Wait| wait.times);
        self.asked += 1;
        if self.asked >= times {
            return self.stop(Cause::TimedOut(state));
        }
        self.phase = Phase::Ready;
        Ok(())
    }

    /// Notes what became of the call that was sent.
    fn note(&mut self, state: EntryState) {
        let step = self.at as u64 + 1;
        let is_question = self.steps.get(self.at).is_none_or(|step| step.wait().is_some());
        if let Some(entry) = self.record.0.last_mut().filter(|_| !is_question)
            && entry.step == step
        {
            entry.state = state;
        }
    }

    fn told(&self, task: &Task, response: &[u8]) -> Result<Told, Box<Cause>> {
        let number = self.at + 1;
        match task {
            Task::StartClusterPairing { .. } => {
                let started = result::<StartClusterPairing>(number, response)?;
                let key = started.cluster_pairing_key;
                let made = ClusterPairingKey::decode(key.expose()).ok();
                let uuid = made.map(|key| key.cluster_pair_uuid.to_string());
                let id = Some(started.cluster_pair_id);
                return Ok(Told::Done(Returned { id, key: Some(key), uuid }));
            }
            Task::CompleteClusterPairing { .. } => {
                let completed = result::<CompleteClusterPairing>(number, response)?;
                let id = Some(completed.cluster_pair_id);
                return Ok(Told::Done(Returned { id, ..Returned::default() }));
            }
            Task::StartVolumePairing(_) => {
                let key = result::<StartVolumePairing>(number, response)?.volume_pairing_key;
                let made = VolumePairingKey::decode(key.expose()).ok();
                let uuid = made.map(|key| key.volume_pair_uuid.to_string());
                return Ok(Told::Done(Returned { id: None, key: Some(key), uuid }));
            }
            Task::ModifyVolume(_) => {
                result::<ModifyVolume>(number, response)?;
            }
            // They return nothing.
            Task::RemoveClusterPair(_)
            | Task::CompleteVolumePairing { .. }
            | Task::RemoveVolumePair(_)
            | Task::ModifyVolumePair(_) => result::<RemoveVolumePair>(number, response)?,
            Task::Connected(id) => {
                let pairs = result::<ListClusterPairs>(number, response)?;
                let id = match id {
                    PairId::Known(id) => Some(id),
                    PairId::Of(step) => {
                        let made = self.ids.iter().find(|(by, _)| by == step);
                        made.map(|(_, id)| id)
                    }
                };
                let pair = pairs.iter().find(|pair| Some(&pair.cluster_pair_id) == id);
                let status = pair.and_then(|pair| pair.status.as_ref()).map(|it| it.as_str());
                return Ok(match status {
                    Some(status) if Wait::CONNECTED.until.contains(&status) => {
                        Told::Done(Returned::default())
                    }
                    other => Told::NotYet(other.map(Into::into)),
                });
            }
            Task::Replicating(ids) => {
                let volumes = result::<ListVolumes>(number, response)?;
                return Ok(replicating(ids, &volumes));
            }
        }
        Ok(Told::Done(Returned::default()))
    }

    fn keep(&mut self, returned: Returned) {
        self.ids.extend(returned.id.map(|id| (self.at, id)));
        if returned.key.is_none() {
            return;
        }
        self.key = returned.key;
        let pending = self.record.0.last_mut().and_then(|entry| entry.pending.as_mut());
        if let Some(Pending::Cluster { uuid, .. } | Pending::Volume { uuid, .. }) = pending {
            *uuid = returned.uuid;
        }
    }
}

/// What a method returned, if the response is one to the request of this number.
fn result<M: Method>(number: usize, response: &[u8]) -> Result<M::Output<'_>, Box<Cause>> {
    let response = Response::<M>::read(response).map_err(Cause::Unreadable)?;
    match response.id {
        Id::Integer(id) if id == number as i64 => {}
        Id::Missing => {}
        _ => return Err(Cause::OtherAnswer.into()),
    }
    response.outcome.map_err(|ApiError { name, .. }| Cause::Refused(name).into())
}

/// Whether these volumes are replicated, all of them.
fn replicating(ids: &[u64], volumes: &[Volume<'_>]) -> Told {
    let mut volumes: Vec<_> = volumes.iter().collect();
    volumes.sort_unstable_by_key(|volume| volume.volume_id);
    let mut told = Told::Done(Returned::default());
    for id in ids {
        let place = volumes.binary_search_by_key(id, |volume| volume.volume_id);
        let volume = place.ok().and_then(|place| volumes.get(place));
        let pair = volume.and_then(|volume| volume.pairs().first());
        let state = pair.and_then(|pair| pair.remote_replication.as_ref()?.state.as_ref());
        match state {
            Some(state) if Wait::REPLICATING.until.contains(&state.as_str()) => {}
            Some(state) if state.class() == Some(StateClass::Progress) => told = Told::Moving,
            state => return Told::NotYet(state.map(|state| state.as_str().into())),
        }
    }
    told
}

fn pending(step: &Step) -> Option<Pending> {
    match &step.task {
        Task::StartClusterPairing { listed } => {
            Some(Pending::Cluster { uuid: None, listed: listed.clone() })
        }
        Task::StartVolumePairing(params) => {
            Some(Pending::Volume { volume_id: params.volume_id, uuid: None })
        }
        _ => None,
    }
}
