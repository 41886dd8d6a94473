//! `fail`: an error made by the script.
//!
//! Of a literal, `peer_id` is the peer that started the particle, not the one that runs: the object has the tetraplet of a
//! literal. `fail :error:` raises the caught error with its own code; `fail %last_error%` wraps its object in 10006.

use std::rc::Rc;

use super::error_objects::ErrorObject;
use super::machine::{Flow, Machine};
use super::resolve::Origin;
use super::values::with_lens;
use super::variables::ResolveResult;
use crate::data::{Provenance, SecurityTetraplet};
use crate::errors::{Catchable, ErrorObjectError, ExecutionError, Uncatchable};
use crate::program::{Failure, NodeId};
use crate::value::{Number, Value, object};

impl Machine<'_> {
    pub(super) fn enter_fail(&mut self, id: NodeId, failure: &Failure) -> Flow {
        let raised = match failure {
            Failure::Literal { code, text } => {
                let made = object([
                    ("error_code", Value::integer(*code)),
                    ("instruction", Value::string(self.run.program.print(id))),
                    ("message", Value::from(&**text)),
                    ("peer_id", self.state.init_peer.clone()),
                ]);
                self.raise_object(made, self.state.literal_tetraplet.clone(), Provenance::Literal)
            }
            Failure::Value(operand) => match self.resolve(*operand) {
                Ok(resolved) => check(&resolved.value).map(|()| {
                    let tetraplet = match resolved.origin {
                        Origin::One(tetraplet) => tetraplet,
                        Origin::Lensed(tetraplet, lens) => with_lens(&tetraplet, lens),
                        Origin::Elements(_) => self.state.literal_tetraplet.clone(),
                    };
                    self.raise_object(resolved.value, tetraplet, resolved.provenance)
                }),
                // `fail` alone does not wait for its variable: in AquaVM an undefined one is an error (10003) here.
                Err(error) => Err(error),
            }
            .unwrap_or_else(|error| error),
            Failure::LastError => {
                let last = self.state.errors.last_error().clone();
                self.raise_checked(last)
            }
            Failure::Error => {
                let error = self.state.errors.error().clone();
                let original = error.original.clone();
                let raised = self.raise_checked(error);
                match (original, &*raised) {
                    (Some(original), ExecutionError::Catchable(Catchable::UserError(_))) => {
                        self.state.errors.keep_error();
                        original.into()
                    }
                    (None, ExecutionError::Catchable(Catchable::UserError(_))) => {
                        self.state.errors.keep_error();
                        raised
                    }
                    _ => raised,
                }
            }
        };
        Flow::Failed(raised)
    }

    fn raise_checked(&mut self, error: ErrorObject) -> Box<ExecutionError> {
        match check(&error.object) {
            Ok(()) => {
                let tetraplet = error.tetraplet.unwrap_or_else(|| self.state.literal_tetraplet.clone());
                self.raise_object(error.object, tetraplet, error.provenance)
            }
            Err(error) => error,
        }
    }

    fn raise_object(
        &mut self,
        object: Value,
        tetraplet: Rc<SecurityTetraplet>,
        provenance: Provenance,
    ) -> Box<ExecutionError> {
        self.state.errors.fail(ErrorObject {
            object: object.clone(),
            tetraplet: Some(tetraplet),
            provenance,
            original: None,
        });
        self.state.complete = false;
        Catchable::UserError(object).into()
    }
}

/// Whether an object says what went wrong: a non-zero integer `error_code` and a string `message`.
fn check(value: &Value) -> ResolveResult<()> {
    let object = value.as_object().ok_or_else(|| ErrorObjectError::NotAnObject(value.clone()))?;
    let code =
        object.get("error_code").ok_or_else(|| ErrorObjectError::NoField(value.clone(), "error_code"))?;
    let code = match code {
        Value::Number(Number::Unsigned(code)) => {
            i64::try_from(*code).map_err(|_| Uncatchable::ErrorCodeRange(*code))?
        }
        Value::Number(Number::Negative(code)) => *code,
        _ => return Err(ErrorObjectError::FieldType(value.clone(), "error_code", "integer").into()),
    };
    if code == 0 {
        return Err(ErrorObjectError::ZeroCode.into());
    }
    let message = object.get("message").ok_or_else(|| ErrorObjectError::NoField(value.clone(), "message"))?;
    if message.as_str().is_none() {
        return Err(ErrorObjectError::FieldType(value.clone(), "message", "string").into());
    }
    Ok(())
}

impl From<ErrorObjectError> for Box<ExecutionError> {
    fn from(error: ErrorObjectError) -> Self {
        Catchable::InvalidErrorObject(error).into()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn a_literal_error_ends_the_script() {
        check(
            r##"(seq (fail 7 "no tea") (call "a" ("s" "f") []))"##,
            &[],
            expect![[r#"
            a: error 10006: fail with '{"error_code":7,"instruction":"fail 7 \"no tea\"","message":"no tea","peer_id":"a"}' is used without corresponding xor
        "#]],
        );
    }

    #[test]
    fn an_object_of_a_service_is_raised_as_it_is() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (xor (fail x) (call "a" ("s" "g") [:error:.$.error_code %last_error%.$.message])))"##,
            &[r#"{"error_code":5,"message":"m","more":1}"#],
            expect![[r#"
                a: asks s.f()
                a: asks s.g(10006, "m")
                0: call {"error_code":5,"message":"m","more":1} <a:s:f>
                1: call requested by a, number 2
            "#]],
        );
    }

    #[test]
    fn the_error_that_was_caught_is_raised_again() {
        check(
            r##"(xor (call "a" ("s" "f") []) (fail :error:))"##,
            &[r#"!"x""#],
            expect![[r#"
            a: asks s.f()
            a: error 10000: Local service error, ret_code is 1, error message is '"x"'
            0: call failed {"message":"\"x\"","ret_code":1} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn an_object_without_a_code_cannot_be_raised() {
        check(
            r##"(seq (call "a" ("s" "f") [] x) (fail x))"##,
            &[r#"{"message":"m"}"#],
            expect![[r#"
            a: asks s.f()
            a: error 10008: scalar '{"message":"m"}' must have field with name 'error_code'
            0: call {"message":"m"} <a:s:f>
        "#]],
        );
    }

    #[test]
    fn a_variable_that_is_not_there_is_an_error_not_a_wait() {
        check(
            r##"(seq (par (call "b" ("s" "f") [] x) (null)) (fail x))"##,
            &[],
            expect![[r#"
            a: sends to b; error 10003: variable with name 'x' wasn't defined during script execution
            b: asks s.f(); error 10003: variable with name 'x' wasn't defined during script execution
            0: par, 1 states left, 0 right
            1: call requested by b, number 1
        "#]],
        );
    }
}
