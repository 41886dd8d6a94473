//! Makes a recording.

use air_interpreter::recorder::Iteration;
use air_interpreter::{CallServiceResult, json};
use air_semantics::Script;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::index::index;
use super::record::Recording;
use super::tape::{Tape, own};
use crate::network::Answer;
use crate::run::{Changing, RunProblem, RunRequest, Taped, run_taped};

/// So many moments are kept; a run that has more is stopped there, and its report says so.
pub const MAX_MOMENTS: u32 = 4_000_000;

/// A run to be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordRequest {
    /// The run.
    pub run: RunRequest,
    /// Answers that are other ones than the run itself would give.
    pub changes: Vec<Change>,
    /// At most so many moments; 0 stands for [`MAX_MOMENTS`].
    pub max_moments: u32,
}

/// Another answer to one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The peer that asked, as reports show it.
    pub peer: String,
    /// The call's number on it.
    pub id: u32,
    /// 0: success.
    pub ret_code: i32,
    /// The answer, as JSON.
    pub result: String,
}

/// Runs a script and records it. The same request gives the same recording.
///
/// # Errors
/// Those of [`crate::run::run`]; and if a changed answer is not JSON.
pub fn record(request: &RecordRequest) -> Result<Recording, RunProblem> {
    for change in &request.changes {
        json::parse(&change.result)
            .map_err(|error| RunProblem { message: format!("`{}` is not JSON: {error}", change.result) })?;
    }
    let most = match request.max_moments {
        0 => MAX_MOMENTS,
        most => most.min(MAX_MOMENTS),
    };
    let mut change = |changing: Changing<'_, '_>| {
        let Changing { call, answer } = changing;
        let mine = |change: &&Change| change.id == call.id && call.peers.show(&call.peer.id) == change.peer;
        let Some(change) = request.changes.iter().find(mine) else { return };
        let result = CallServiceResult { ret_code: change.ret_code, result: change.result.clone() };
        *answer = match answer {
            Answer::Later { at, .. } => Answer::Later { at: *at, result },
            _ => Answer::Now(result),
        };
    };
    let taped = run_taped(&request.run, &mut change, &|| Tape::new(most as usize))?;
    Ok(Recording::of(Script::to_run(request.run.text.as_str()), taped))
}

impl Recording {
    fn of(script: Script, taped: Taped<Tape>) -> Recording {
        let Taped { report, tape, peers, shift } = taped;
        let mut recording = Recording {
            shown_peers: tape.peers.iter().map(|id| peers.show(id).into_owned()).collect(),
            script,
            report,
            moments: tape.moments,
            invocations: tape.invocations,
            bases: Vec::new(),
            of_event: FxHashMap::default(),
            all_peers: peers,
            iterations: tape.iterations,
            bindings: tape.bindings,
            failures: tape.failures,
            writes: tape.writes,
            asked: tape.asked,
            waited: tape.waited,
            stops: Vec::new(),
            all_stops: Vec::new(),
            bound: FxHashMap::default(),
            failed: Vec::new(),
            wrote: FxHashMap::default(),
            first_bound: FxHashMap::default(),
            asked_at: FxHashMap::default(),
        };
        let count = recording.hir().instrs.len();
        for moment in &mut recording.moments {
            moment.instr = own(moment.instr, shift, count);
        }
        for iterations in &mut recording.iterations {
            let shifted = |at: &Iteration| Iteration { fold: own(at.fold, shift, count), ..*at };
            *iterations = iterations.iter().map(shifted).collect();
        }
        index(&mut recording);
        recording
    }
}
