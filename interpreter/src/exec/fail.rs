//! `fail`: an error made by the script.

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
                // An undefined variable is an error here, not a reason to wait.
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
