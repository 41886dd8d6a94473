//! `call`: a request to a service here, a hop to a peer elsewhere, or an answer out of the data.
//!
//! The arguments' values are found before the trace is looked at, on every peer, also on those that only pass the
//! particle on: otherwise it would depend on what the data happens to hold whether an error in an argument is seen, and
//! peers would end differently (AquaVM, issue 214). An argument that is not there yet is not an error: a call for another
//! peer hops without it, one for this peer waits.
//!
//! Their tetraplets are found in a second walk, and only when the host is asked: a replayed call, by far the most
//! frequent, compares the hash of the values alone. AquaVM walks twice as well. Nothing between the two walks changes a
//! variable, so both see the same.

use std::rc::Rc;

use super::caches::hash_arguments;
use super::contents::{check_depth, value_of_raw};
use super::machine::{Flow, InstrResult, Machine};
use super::scopes::{Binding, Lookup};
use super::values::StoredValue;
use super::variables::ResolveResult;
use crate::data::{
    CallResult, Cid, ExecutedState, Provenance, RawValue, SecurityTetraplet, Sender, ServiceResult, ValueRef,
};
use crate::errors::{Catchable, ExecutionError, Uncatchable};
use crate::host::{CallRequest, CallServiceResult};
use crate::program::{NodeId, OperandIndex, Output};
use crate::recorder::Wait;
use crate::trace::{GENERATION_STUB, Generation, MergedCall};
use crate::value::{Value, object};

/// The `ret_code` that AquaVM gives a service whose answer is not JSON.
const NOT_JSON_CODE: i32 = i32::MAX;

/// Peer, service and function of a call, and its arguments as far as they are known.
struct Call {
    node: NodeId,
    peer: Rc<str>,
    service: Rc<str>,
    function: Rc<str>,
    /// `None`: some of them are not there yet.
    arguments: Option<Vec<Value>>,
    operands: (OperandIndex, u32),
    output: Output,
}

impl Call {
    fn tetraplet(&self) -> SecurityTetraplet {
        SecurityTetraplet {
            peer_pk: (*self.peer).to_owned(),
            service_id: (*self.service).to_owned(),
            function_name: (*self.function).to_owned(),
            lens: String::new(),
        }
    }

    fn has_tetraplet(&self, tetraplet: &SecurityTetraplet) -> bool {
        tetraplet.peer_pk == *self.peer
            && tetraplet.service_id == *self.service
            && tetraplet.function_name == *self.function
            && tetraplet.lens.is_empty()
    }
}

impl Machine<'_> {
    pub(super) fn enter_call(
        &mut self,
        id: NodeId,
        (peer, service, function): (OperandIndex, OperandIndex, OperandIndex),
        operands: (OperandIndex, u32),
        output: Output,
    ) -> Flow {
        let triplet = self.string_of(peer).and_then(|peer| {
            let service = self.string_of(service)?;
            Ok((peer, service, self.string_of(function)?))
        });
        let (peer, service, function) = match triplet {
            Ok(triplet) => triplet,
            Err(error) => return self.wait_or_fail(error).into(),
        };
        if let Output::Scalar(slot) = output {
            let iterated = self.state.iterators.get(slot as usize).is_some_and(Option::is_some);
            match self.state.scopes.get(slot) {
                Lookup::Value(_) if !self.state.scopes.can_set(slot) => {
                    return Flow::failed(Uncatchable::Shadowing(self.name(slot)));
                }
                Lookup::Absent if iterated => {
                    return Flow::failed(Uncatchable::IterableShadowing(self.name(slot)));
                }
                Lookup::Value(_) if iterated => {
                    return Flow::failed(Uncatchable::VariableAndIterator(self.name(slot)));
                }
                _ => {}
            }
        }
        let mut call = Call { node: id, peer, service, function, arguments: None, operands, output };
        let result = self.call(&mut call);
        if result.is_err() {
            // From here on errors go with the peer that the call is for, even if another one finds them.
            self.scratch.error_tetraplet = Some(Rc::new(call.tetraplet()));
        }
        result.into()
    }

    fn call(&mut self, call: &mut Call) -> InstrResult {
        let (first, count) = call.operands;
        let mut missing = None;
        match (first..first + count)
            .map(|operand| self.value_of(operand))
            .collect::<ResolveResult<Vec<Value>>>()
        {
            Ok(arguments) => call.arguments = Some(arguments),
            Err(error) => match &*error {
                ExecutionError::Catchable(Catchable::VariableNotFound(name)) => missing = Some(name.clone()),
                _ => return Err(error),
            },
        }
        let merged = self.state.trace.merge_call();
        let kept = match self.traced(call.node, merged)? {
            None => None,
            Some(MergedCall { result: CallResult::Failed(cid), .. }) => {
                return self.replay_failure(call, cid);
            }
            Some(MergedCall { result: CallResult::Executed(value), previous }) => {
                return self.replay_value(call, value, previous);
            }
            Some(MergedCall { result: CallResult::RequestSentBy(sender), .. }) => {
                if let Sender::PeerIdWithCallId { peer_id, call_id } = &sender
                    && peer_id.as_str() == &*self.state.current_peer
                {
                    if let Some(result) = self.run.call_results.remove(&call_id.to_string()) {
                        return self.take_result(call, &result);
                    }
                    self.state.suspension.waits_for(*call_id);
                    self.wait(Wait::Host(*call_id));
                    self.write_call(CallResult::RequestSentBy(sender));
                    return Ok(());
                }
                if call.peer != self.state.current_peer {
                    self.wait(Wait::Peer { peer: &call.peer, sent_now: false });
                    self.write_call(CallResult::RequestSentBy(sender));
                    return Ok(());
                }
                Some(sender)
            }
        };
        if call.peer != self.state.current_peer {
            self.wait(Wait::Peer { peer: &call.peer, sent_now: true });
            self.run.next_peers.insert(call.peer.clone());
            self.write_call(CallResult::RequestSentBy(Sender::PeerId(self.state.sender.clone())));
            return Ok(());
        }
        let Some(arguments) = call.arguments.take() else {
            self.wait(Wait::Variable(missing.as_deref().unwrap_or_default()));
            if let Some(sender) = kept {
                self.write_call(CallResult::RequestSentBy(sender));
            }
            return Ok(());
        };
        // The second walk: see above.
        let tetraplets = (first..first + count)
            .map(|operand| self.resolve(operand).map(|resolved| resolved.origin.all()))
            .collect::<ResolveResult<Vec<_>>>()?;
        // A number that begins anew could meet the answer to another call.
        let call_id = self.state.last_request_id.checked_add(1).ok_or(Uncatchable::CallIdsSpent)?;
        self.state.last_request_id = call_id;
        self.state.suspension.waits_for(call_id);
        self.wait(Wait::Host(call_id));
        let request = CallRequest {
            service_id: (*call.service).to_owned(),
            function_name: (*call.function).to_owned(),
            arguments,
            tetraplets,
        };
        self.watch(|recorder, place| recorder.requested(place, call_id, &request));
        self.run.requests.insert(call_id, request);
        self.write_call(CallResult::RequestSentBy(Sender::PeerIdWithCallId {
            peer_id: self.state.sender.clone(),
            call_id,
        }));
        Ok(())
    }

    /// The host has the answer. An error does not take the completeness down here, only when it is found in the data
    /// again: AquaVM's behaviour, which shows in folds over streams.
    fn take_result(&mut self, call: &Call, result: &CallServiceResult) -> InstrResult {
        self.state.trace.set_fresh();
        if result.ret_code != 0 {
            let cid = self.track_failure(call, result.ret_code, &result.result)?;
            self.collect(call, &cid);
            self.write_call(CallResult::Failed(cid));
            return Err(local_service_error(result.ret_code, &result.result));
        }
        let value = match crate::json::parse(&result.result) {
            Ok(value) => value,
            Err(error) => {
                let message = format!(
                    "call_service result 'ret_code: {}, result: '{}'' can't be serialized or deserialized with an \
                     error: {error}",
                    result.ret_code, result.result
                );
                // AquaVM does not list this failure for signing when it makes it, only when it finds it in its data: it is
                // signed one run later, and another peer that gets the data before refuses it (9). The same here.
                self.state.suspension.unsteady = true;
                let cid = self.track_failure(call, NOT_JSON_CODE, &message)?;
                self.write_call(CallResult::Failed(cid));
                return Err(local_service_error(NOT_JSON_CODE, &message));
            }
        };
        check_depth(&value)?;
        let (slot, stream) = match call.output {
            Output::None => {
                let cid = Cid::of(&value.to_json());
                self.write_call(CallResult::Executed(ValueRef::Unused(cid)));
                return Ok(());
            }
            Output::Scalar(slot) => (Some(slot), None),
            Output::Stream(stream) => (None, Some(stream)),
        };
        let value_cid = self.track_value(&value);
        let (cid, tetraplet) = self.track_service_result(call, value_cid)?;
        let provenance = Provenance::ServiceResult { cid: cid.clone() };
        let stored = StoredValue { value, tetraplet, provenance, position: self.state.trace.position() };
        let value = match (slot, stream) {
            (_, Some(stream)) => {
                self.add_to_stream(stream, stored, Generation::New)?;
                ValueRef::Stream { cid: cid.clone(), generation: GENERATION_STUB }
            }
            (slot, None) => {
                if let Some(slot) = slot {
                    self.bind(slot, Binding::Scalar(stored))?;
                }
                ValueRef::Scalar(cid.clone())
            }
        };
        self.collect(call, &cid);
        self.write_call(CallResult::Executed(value));
        Ok(())
    }

    /// The data has a value. It counts only for a call with the same arguments, peer, service and function.
    fn replay_value(&mut self, call: &Call, value: ValueRef, previous: bool) -> InstrResult {
        match (&value, call.output) {
            (ValueRef::Scalar(cid), Output::Scalar(slot)) => {
                let stored = self.load(call, cid)?;
                self.bind(slot, Binding::Scalar(stored))?;
                self.collect(call, cid);
            }
            (ValueRef::Stream { cid, generation }, Output::Stream(stream)) => {
                let stored = self.load(call, cid)?;
                let generation = if previous {
                    Generation::Previous(*generation)
                } else {
                    Generation::Current(*generation)
                };
                self.add_to_stream(stream, stored, generation)?;
                self.collect(call, cid);
            }
            (ValueRef::Unused(_), Output::None) => {}
            _ => return Err(Uncatchable::CallResultKind(value).into()),
        }
        self.write_call(CallResult::Executed(value));
        Ok(())
    }

    /// The data has a failure.
    fn replay_failure(&mut self, call: &Call, cid: Cid) -> InstrResult {
        let (raw, _) = self.look_up(call, &cid)?;
        let value = value_of_raw(&raw, &cid)?;
        let malformed = |what: &str| Uncatchable::MalformedFailure(what.to_owned());
        let fields =
            value.as_object().ok_or_else(|| malformed("invalid type, expected struct CallServiceFailed"))?;
        let code = fields.get("ret_code").ok_or_else(|| malformed("missing field `ret_code`"))?;
        let code = code.as_i64().and_then(|code| i32::try_from(code).ok());
        let code = code.ok_or_else(|| malformed("invalid type, expected i32"))?;
        let message = fields.get("message").ok_or_else(|| malformed("missing field `message`"))?;
        let message = message.as_str().ok_or_else(|| malformed("invalid type, expected a string"))?;
        let error = local_service_error(code, message);
        self.state.complete = false;
        self.collect(call, &cid);
        self.write_call(CallResult::Failed(cid));
        Err(error)
    }

    fn load(&mut self, call: &Call, cid: &Cid) -> ResolveResult<StoredValue> {
        let (raw, tetraplet) = self.look_up(call, cid)?;
        let value = value_of_raw(&raw, cid)?.clone();
        let provenance = Provenance::ServiceResult { cid: cid.clone() };
        Ok(StoredValue { value, tetraplet, provenance, position: self.state.trace.position() })
    }

    fn argument_hash(&mut self, call: &Call) -> Result<Cid, Uncatchable> {
        let arguments = call.arguments.as_ref().ok_or(Uncatchable::AnswerWithoutArguments)?;
        let text = &mut self.scratch.text;
        Ok(if self.state.caches.keep {
            self.state.caches.arguments.get(arguments, text)
        } else {
            hash_arguments(arguments, text)
        })
    }

    fn write_call(&mut self, call: CallResult) {
        self.write(ExecutedState::Call(call));
    }

    /// A service result out of the stores; it has to be of this call with these arguments.
    fn look_up(&mut self, call: &Call, cid: &Cid) -> ResolveResult<(Rc<RawValue>, Rc<SecurityTetraplet>)> {
        let hash = self.argument_hash(call)?;
        let missing = |kind, cid: &Cid| Uncatchable::NotInStore { kind, cid: cid.0.clone() };
        let result = self.state.stores.service_results.get(cid);
        let result = result.ok_or_else(|| missing("service result aggregate", cid))?;
        let value = self.state.stores.values.get(&result.value_cid);
        let value = value.ok_or_else(|| missing("value", &result.value_cid))?;
        let tetraplet = self.state.stores.tetraplets.get(&result.tetraplet_cid);
        let tetraplet = tetraplet.ok_or_else(|| missing("tetraplet", &result.tetraplet_cid))?;

        if *result.argument_hash != *hash.0 {
            return Err(Uncatchable::ParametersMismatch {
                what: "call argument_hash",
                expected: hash.to_string(),
                got: result.argument_hash.to_string(),
            }
            .into());
        }
        if !call.has_tetraplet(tetraplet) {
            return Err(Uncatchable::ParametersMismatch {
                what: "call tetraplet",
                expected: format!("{:?}", call.tetraplet()),
                got: format!("{tetraplet:?}"),
            }
            .into());
        }
        Ok((value.clone(), tetraplet.clone()))
    }

    fn track_failure(&mut self, call: &Call, code: i32, message: &str) -> Result<Cid, Uncatchable> {
        let value = object([("message", Value::from(message)), ("ret_code", Value::integer(code.into()))]);
        let value_cid = self.track_value(&value);
        Ok(self.track_service_result(call, value_cid)?.0)
    }

    fn track_service_result(
        &mut self,
        call: &Call,
        value_cid: Cid,
    ) -> Result<(Cid, Rc<SecurityTetraplet>), Uncatchable> {
        let argument_hash = self.argument_hash(call)?.0;
        let last = self.scratch.last_tetraplet.as_ref().map(|(last, _)| last);
        let tetraplet = match last.filter(|last| call.has_tetraplet(last)) {
            Some(last) => last.clone(),
            None => Rc::new(call.tetraplet()),
        };
        let tetraplet_cid = self.track_tetraplet(&tetraplet);
        let result = ServiceResult { value_cid, argument_hash, tetraplet_cid };
        let cid = self.state.stores.service_results.add(Cid::of(&result.hashed_text()), Rc::new(result));
        Ok((cid, tetraplet))
    }

    /// Peers sign what they produced.
    fn collect(&mut self, call: &Call, cid: &Cid) {
        if call.peer == self.state.current_peer {
            self.state.produced.push(cid.clone());
        }
    }
}

fn local_service_error(ret_code: i32, message: &str) -> Box<ExecutionError> {
    Catchable::LocalServiceError { ret_code, message: message.into() }.into()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn a_service_of_this_peer_is_asked_and_answers() {
        check(
            r##"(call "a" ("s" "f") [1 "x"] y)"##,
            &[r#"{"b":1, "a":2}"#],
            expect![[r#"
            a: asks s.f(1, "x")
            a: done
            0: call {"a":2,"b":1} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn a_call_for_another_peer_sends_the_particle_there() {
        check(
            r##"(seq (call "b" ("s" "f") [] x) (call "a" ("s" "g") [x]))"##,
            &["1", "2"],
            expect![[r#"
            a: sends to b
            b: asks s.f()
            b: sends to a
            a: asks s.g(1)
            a: done
            0: call 1 <b:s:f>
            1: call, result not kept
        "#]],
        );
    }

    #[test]
    fn outputs_a_scalar_a_stream_none() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (seq (call "a" ("s" "f") [] $s) (call "a" ("s" "f") [])))"##,
            &["1", "2", "3"],
            expect![[r#"
                a: asks s.f()
                a: asks s.f()
                a: asks s.f()
                a: done
                0: call 1 <a:s:f>
                1: call into stream, generation 0: 2 <a:s:f>
                2: call, result not kept
            "#]],
        );
    }

    #[test]
    fn it_waits_here_for_arguments_and_hops_without_them() {
        check(
            r##"(par (call "b" ("s" "f") [] x) (par (call "a" ("s" "g") [x]) (call "c" ("s" "g") [x])))"##,
            &[],
            expect![[r#"
                a: sends to b; sends to c
                b: asks s.f(); sends to a
                c: sends to a
                a: done
                a: done
                0: par, 1 states left, 3 right
                1: call sent by a
                2: par, 1 states left, 1 right
                3: call sent by b
                4: call sent by a
            "#]],
        );
    }

    #[test]
    fn a_failed_service_is_an_error() {
        check(
            r##"(call "a" ("s" "f") [] x)"##,
            &[r#"!"out of tea""#],
            expect![[r#"
            a: asks s.f()
            a: error 10000: Local service error, ret_code is 1, error message is '"out of tea"'
            0: call failed {"message":"\"out of tea\"","ret_code":1} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn an_answer_that_is_not_json_is_an_error() {
        check(
            r##"(call "a" ("s" "f") [] x)"##,
            &["tea"],
            expect![[r#"
            a: asks s.f()
            a: error 10000: Local service error, ret_code is 2147483647, error message is 'call_service result 'ret_code: 0, result: 'tea'' can't be serialized or deserialized with an error: expected ident at line 1 column 2'
            0: call failed {"message":"call_service result 'ret_code: 0, result: 'tea'' can't be serialized or deserialized with an error: expected ident at line 1 column 2","ret_code":2147483647} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn a_lens_error_in_an_argument_leaves_no_state() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (call "b" ("s" "g") [x.$.no]))"##,
            &["{}"],
            expect![[r#"
            a: asks s.f()
            a: error 10007: value '{}' does not contain element with field name = 'no'
            0: call {} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn a_peer_has_to_be_a_string() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (call x ("s" "g") []))"##,
            &["5"],
            expect![[r#"
            a: asks s.f()
            a: error 10011: call cannot resolve non-String triplet variable part `x` with value '5'
            0: call 5 <a:s:f>
        "#]],
        );
    }

    #[test]
    fn a_scalar_cannot_be_set_twice() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (call "a" ("s" "g") [] x))"##,
            &["1"],
            expect![[r#"
            a: asks s.f()
            a: error 20007: trying to shadow variable 'x', but shadowing is allowed only inside fold blocks
            0: call requested by a, number 1
        "#]],
        );
    }
}
