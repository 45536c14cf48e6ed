//! The operations on plans, and on runs, which JavaScript holds by their numbers.

use alloc::{format, string::String, vec::Vec};

use element_pairing::{
    api::VolumePair,
    topology::{
        Cluster,
        plan::{Goal, GoalError, NoPlan, Plan, Record, Run, StepState},
    },
};

use crate::{
    answer::{Answer, Outcome, parts},
    held::Held,
    json::{self, object},
    listings::{ReportTexts, finding_texts, read, wrong_argument},
};

/// The steps that reach a goal, or what stands against it: the parts are the goal, the record of the
/// run before or nothing, and the listings.
pub fn plan(input: &[u8]) -> Outcome {
    match planned(input)? {
        Ok(plan) => json::answer(&PlanData {
            text: format!("{plan}"),
            requests: (1..).zip(plan.steps()).map(|(number, step)| step.request(number)).collect(),
            steps: (plan.steps().iter())
                .map(|step| StepTexts {
                    subject: format!("{}", step.subject),
                    fill: step.fill().map(|fill| format!("{fill}")),
                    wait: step.wait().map(|wait| format!("{wait}")),
                    marks: step.marks.iter().map(finding_texts).collect(),
                })
                .collect(),
            report: ReportTexts::of(plan.report()),
            plan: &plan,
        }),
        Err(why) => json::answer(&NoPlanData {
            text: format!("{why}"),
            report: match &why {
                NoPlan::Forbidden(report) => Some(ReportTexts::of(report)),
                _ => None,
            },
            no_plan: &why,
        }),
    }
}

fn planned(input: &[u8]) -> Result<Result<Plan, NoPlan>, Answer> {
    let parts = parts(input);
    let [goal, record, listings @ ..] = parts.as_slice() else {
        return Err(wrong_argument("no goal"));
    };
    let text = |part| str::from_utf8(part).unwrap_or_default();
    let goal = Goal::read(text(goal)).map_err(|error| wrong_goal(&error, ""))?;
    let record = match text(record) {
        "" => Record::default(),
        record => Record::read(record).map_err(|error| wrong_goal(&error, "record"))?,
    };
    let topology = read(listings)?;
    // Any of them may be in the record of a run, where it would come to light after a call was sent.
    if topology.clusters().iter().any(has_unsafe_id) {
        return Err(Answer::of("unsafe_integer"));
    }
    Ok(topology.plan_after(&goal, &record))
}

/// Whether the listings have an ID of a pair or a volume that a JavaScript number cannot hold.
fn has_unsafe_id(cluster: &Cluster<'_>) -> bool {
    let is_unsafe = |id: u64| id > json::GREATEST_INTEGER;
    let pairs = cluster.pairs.as_deref().unwrap_or_default();
    let volumes = cluster.volumes.as_deref().unwrap_or_default();
    pairs.iter().any(|pair| is_unsafe(pair.cluster_pair_id))
        || volumes.iter().any(|volume| {
            let remote = |pair: &VolumePair<'_>| pair.remote_volume_id.is_some_and(is_unsafe);
            is_unsafe(volume.volume_id) || volume.pairs().iter().any(remote)
        })
}

/// What is wrong in a goal, or in the record beside it: code, message, help, and where it is.
fn wrong_goal(error: &GoalError, of: &str) -> Answer {
    let path = match error {
        GoalError::Wrong { path, .. } => path,
        _ => "",
    };
    let colon = if path.is_empty() && !of.is_empty() { ": " } else { "" };
    let mut answer = Answer::of("goal");
    answer.add(error.code());
    answer.show(format_args!("{of}{colon}{error}"));
    answer.add(error.help());
    answer.show(format_args!("{of}{path}"));
    answer
}

object! {
    /// A plan, and what its parts are as text.
    struct PlanData<'p> {
        plan: &'p Plan = "plan",
        text: String = "text",
        requests: Vec<String> = "requests",
        steps: Vec<StepTexts> = "steps",
        report: ReportTexts = "report",
    }
}

object! {
    struct StepTexts {
        subject: String = "subject",
        fill: Option<String> = "fill" optional,
        wait: Option<String> = "wait" optional,
        marks: Vec<[String; 2]> = "marks",
    }
}

object! {
    struct NoPlanData<'p> {
        no_plan: &'p NoPlan = "noPlan",
        text: String = "text",
        report: Option<ReportTexts> = "report" optional,
    }
}

/// A plan that is carried out.
pub struct Going {
    run: Run,
    /// The number of the step that was sent last, from 1.
    step: usize,
}

/// The plans that are carried out.
pub type Runs = Held<Going>;

/// Begins to carry out what [`plan`] made of the same input: where it stands, and its number.
pub fn begin(runs: &mut Runs, _: u32, input: &[u8]) -> Outcome {
    // Whoever carries a plan out has seen it.
    let plan = planned(input)?.map_err(|_| wrong_argument("there is no plan"))?;
    let going = Going { run: plan.run(), step: 1 };
    let mut answer = going.stands();
    answer.number(runs.keep(going) as usize);
    Ok(answer)
}

/// The request to be sent now, which may be secret: where the run stands, the number of the step, how
/// long to wait. None: where it stands.
pub fn next(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    let going = runs.get(number)?;
    let Some(call) = going.run.next_call() else { return Ok(going.stands()) };
    going.step = call.step;
    let mut answer = going.stands();
    answer.number(call.step);
    answer.number(call.delay_ms as usize);
    answer.secret = call.request.expose().into();
    Ok(answer)
}

/// Takes an answer: where the run stands.
pub fn answer(runs: &mut Runs, number: u32, response: &[u8]) -> Outcome {
    let going = runs.get(number)?;
    // What it stopped for is told by where it stands, here and below.
    let _ = going.run.answer(response);
    Ok(going.stands())
}

/// Takes that no answer came: where the run stands.
pub fn lose(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    let going = runs.get(number)?;
    let _ = going.run.lost();
    Ok(going.stands())
}

/// Ends a run: where it stands.
pub fn abort(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    let going = runs.get(number)?;
    going.run.abort();
    Ok(going.stands())
}

/// What became of each step, in JSON.
pub fn states(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    let states = runs.get(number)?.run.states();
    json::answer(&states.map(|(_, state)| state.code()).collect::<Vec<_>>())
}

/// What was done so far, in JSON.
pub fn record(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    json::answer(runs.get(number)?.run.record())
}

/// The last entry of the record, in JSON.
pub fn entry(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    json::answer(&runs.get(number)?.run.entry())
}

/// Wipes a run.
pub fn dispose(runs: &mut Runs, number: u32, _: &[u8]) -> Outcome {
    runs.drop(number);
    Ok(Answer::default())
}

impl Going {
    /// Whether all is done, why it stopped (in JSON), what became of the step that was sent last.
    fn stands(&self) -> Answer {
        let mut answer = Answer::of(if self.run.is_done() { "done" } else { "" });
        let stopped = self.run.stopped().and_then(|stopped| serde_json::to_string(stopped).ok());
        answer.add(&stopped.unwrap_or_default());
        answer.add(self.run.state(self.step).map_or("", StepState::code));
        answer
    }
}
