//! One state from each side: which of them counts.

use super::handler::TraceHandler;
use super::slider::TraceResult;
use crate::data::{ApResult, CallResult, CanonResult, ExecutedState, FoldResult, ParResult, ValueRef};
use crate::errors::TraceError;

/// Where the generation of a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    Previous(u32),
    Current(u32),
    New,
}

/// What the data has for a call.
#[derive(Debug)]
pub(crate) struct MergedCall {
    pub(crate) result: CallResult,
    /// Whether it is (also) in previous data.
    pub(crate) previous: bool,
}

enum Scheme {
    Previous,
    Current,
    Both,
}

/// One state of each side, both of the expected kind.
type Pair<T> = (Option<T>, Option<T>);

impl TraceHandler {
    pub(crate) fn merge_call(&mut self) -> TraceResult<Option<MergedCall>> {
        let pair = self.take("call", |state| match state {
            ExecutedState::Call(call) => Some(call.clone()),
            _ => None,
        })?;
        let (result, scheme) = match pair {
            (None, None) => return Ok(None),
            (Some(prev), None) => (prev, Scheme::Previous),
            (None, Some(current)) => (current, Scheme::Current),
            (Some(prev), Some(current)) => merge_calls(prev, current)?,
        };
        self.map_position(&scheme);
        Ok(Some(MergedCall { result, previous: !matches!(scheme, Scheme::Current) }))
    }

    pub(crate) fn merge_ap(&mut self) -> TraceResult<Generation> {
        let pair = self.take("ap", |state| match state {
            ExecutedState::Ap(ap) => Some(ap.clone()),
            _ => None,
        })?;
        let (ap, scheme) = match pair {
            (None, None) => return Ok(Generation::New),
            (Some(prev), Some(_)) => (prev, Scheme::Both),
            (Some(prev), None) => (prev, Scheme::Previous),
            (None, Some(current)) => (current, Scheme::Current),
        };
        self.map_position(&scheme);
        match *ap.res_generations.as_slice() {
            [generation] if matches!(scheme, Scheme::Current) => Ok(Generation::Current(generation)),
            [generation] => Ok(Generation::Previous(generation)),
            _ => Err(TraceError::Generations(ApResult { res_generations: ap.res_generations })),
        }
    }

    pub(crate) fn merge_canon(&mut self) -> TraceResult<Option<CanonResult>> {
        let pair = self.take("canon", |state| match state {
            ExecutedState::Canon(canon) => Some(canon.clone()),
            _ => None,
        })?;
        Ok(Some(match pair {
            (None, None) => return Ok(None),
            (Some(one), None) | (None, Some(one)) => one,
            (Some(prev), Some(current)) => match (&prev, &current) {
                (CanonResult::RequestSentBy(_), CanonResult::Executed(_)) => current,
                (CanonResult::Executed(a), CanonResult::Executed(b)) if a != b => {
                    return Err(TraceError::IncompatibleCanons(prev, current));
                }
                _ => prev,
            },
        }))
    }

    pub(super) fn merge_par(&mut self) -> TraceResult<Pair<ParResult>> {
        self.take("par", |state| match state {
            ExecutedState::Par(par) => Some(*par),
            _ => None,
        })
    }

    pub(super) fn merge_fold(&mut self) -> TraceResult<Pair<FoldResult>> {
        self.take("fold", |state| match state {
            ExecutedState::Fold(fold) => Some(fold.clone()),
            _ => None,
        })
    }

    /// Takes the next state of both sides, also if it then turns out to be of another kind.
    fn take<T>(
        &mut self,
        expected: &'static str,
        pick: impl Fn(&ExecutedState) -> Option<T>,
    ) -> TraceResult<Pair<T>> {
        let (in_prev, in_current) = (self.prev.next(), self.current.next());
        self.fresh |= !in_prev || in_current;
        let prev = if in_prev { self.prev.last() } else { None };
        let current = if in_current { self.current.last() } else { None };
        match (prev, current) {
            (None, None) => Ok((None, None)),
            (Some(state), None) => match pick(state) {
                Some(picked) => Ok((Some(picked), None)),
                None => {
                    Err(TraceError::UnexpectedState { state: state.clone(), source: "previous", expected })
                }
            },
            (None, Some(state)) => match pick(state) {
                Some(picked) => Ok((None, Some(picked))),
                None => {
                    Err(TraceError::UnexpectedState { state: state.clone(), source: "current", expected })
                }
            },
            (Some(prev), Some(current)) => match (pick(prev), pick(current)) {
                (Some(prev), Some(current)) => Ok((Some(prev), Some(current))),
                _ => Err(TraceError::IncompatibleStates(prev.clone(), current.clone())),
            },
        }
    }

    fn map_position(&mut self, scheme: &Scheme) {
        let new = self.position();
        if !matches!(scheme, Scheme::Current) {
            self.prev_positions.insert(new, self.prev.last_position());
        }
        if !matches!(scheme, Scheme::Previous) {
            self.current_positions.insert(new, self.current.last_position());
        }
    }
}

fn merge_calls(prev: CallResult, current: CallResult) -> TraceResult<(CallResult, Scheme)> {
    use CallResult::{Executed, Failed, RequestSentBy};
    Ok(match (&prev, &current) {
        (_, RequestSentBy(_)) => (prev, Scheme::Previous),
        (RequestSentBy(_), _) => (current, Scheme::Current),
        (Executed(a), Executed(b)) => {
            let equal = match (a, b) {
                (ValueRef::Stream { cid: a, .. }, ValueRef::Stream { cid: b, .. }) => a == b,
                _ => a == b,
            };
            if !equal {
                return Err(TraceError::ValuesNotEqual(a.clone(), b.clone()));
            }
            (prev, Scheme::Both)
        }
        (Failed(a), Failed(b)) if a == b => (prev, Scheme::Previous),
        _ => return Err(TraceError::IncompatibleCallResults(prev, current)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Cid;
    use crate::trace::handler::tests::{ap, scalar, sent};

    fn merged(prev: CallResult, current: CallResult) -> Result<(CallResult, bool), TraceError> {
        let state = |call| vec![ExecutedState::Call(call)];
        let merged = TraceHandler::new(state(prev), state(current)).merge_call()?.unwrap();
        Ok((merged.result, merged.previous))
    }

    #[test]
    fn an_answer_counts_more_than_a_request() {
        assert_eq!(merged(sent("a"), scalar("x")), Ok((scalar("x"), false)));
        assert_eq!(merged(scalar("x"), sent("b")), Ok((scalar("x"), true)));
        assert_eq!(merged(sent("a"), sent("b")), Ok((sent("a"), true)));
        assert_eq!(merged(scalar("x"), scalar("x")), Ok((scalar("x"), true)));
    }

    #[test]
    fn two_answers_to_one_call_do_not_fit() {
        assert!(matches!(merged(scalar("x"), scalar("y")), Err(TraceError::ValuesNotEqual(..))));
        let failed = CallResult::Failed(Cid("x".into()));
        assert!(matches!(merged(scalar("x"), failed), Err(TraceError::IncompatibleCallResults(..))));
    }

    #[test]
    fn a_value_of_both_sides_is_in_previous_datas_generation() {
        let side = |generation: Option<u32>| generation.map(ap).into_iter().collect();
        let merged = |prev, current| TraceHandler::new(side(prev), side(current)).merge_ap();
        assert_eq!(merged(Some(1), Some(2)), Ok(Generation::Previous(1)));
        assert_eq!(merged(None, Some(2)), Ok(Generation::Current(2)));
        assert_eq!(merged(None, None), Ok(Generation::New));
    }

    #[test]
    fn states_of_another_instruction_do_not_fit() {
        let call = || vec![ExecutedState::Call(sent("a"))];
        let one = TraceHandler::new(vec![ap(0)], Vec::new()).merge_canon();
        assert!(matches!(
            one,
            Err(TraceError::UnexpectedState { source: "previous", expected: "canon", .. })
        ));
        let both = TraceHandler::new(vec![ap(0)], call()).merge_ap();
        assert!(matches!(both, Err(TraceError::IncompatibleStates(..))));
    }
}
