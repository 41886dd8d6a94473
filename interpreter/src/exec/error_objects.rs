//! `:error:` and `%last_error%`: what they hold, and when an error may change them.
//!
//! Two flags that go down with the first error keep the innermost instruction in them. They go up
//! again only where `xor` and `par` say so, so an error that `par` swallowed can hide a later one.

use std::rc::Rc;

use crate::data::{Provenance, SecurityTetraplet};
use crate::errors::Catchable;
use crate::value::{Value, object};

#[derive(Debug, Clone)]
pub(crate) struct ErrorObject {
    pub(crate) object: Value,
    pub(crate) tetraplet: Option<Rc<SecurityTetraplet>>,
    pub(crate) provenance: Provenance,
    /// What `fail :error:` raises again.
    pub(crate) original: Option<Catchable>,
}

impl Default for ErrorObject {
    fn default() -> Self {
        ErrorObject {
            object: object([("error_code", Value::unsigned(0)), ("message", Value::from(""))]),
            tetraplet: None,
            provenance: Provenance::Literal,
            original: None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct ErrorObjects {
    last: ErrorObject,
    last_can_set: bool,
    error: ErrorObject,
    error_can_set: bool,
}

impl Default for ErrorObjects {
    fn default() -> Self {
        ErrorObjects {
            last: ErrorObject::default(),
            last_can_set: true,
            error: ErrorObject::default(),
            error_can_set: true,
        }
    }
}

impl ErrorObjects {
    /// `%last_error%`
    pub(crate) fn last_error(&self) -> &ErrorObject {
        &self.last
    }

    /// `:error:`
    pub(crate) fn error(&self) -> &ErrorObject {
        &self.error
    }

    /// Whether this error would change anything.
    pub(crate) fn takes_notice(&self, error: &Catchable) -> bool {
        self.error_can_set || (self.last_can_set && error.sets_last_error())
    }

    /// An error leaves an instruction.
    pub(crate) fn note(
        &mut self,
        error: &Catchable,
        instruction: &str,
        tetraplet: Option<Rc<SecurityTetraplet>>,
        with_peer: bool,
        current_peer: &str,
    ) {
        let peer = match &tetraplet {
            Some(tetraplet) if with_peer => tetraplet.peer_pk.as_str(),
            _ => current_peer,
        };
        let build = |with_peer: bool| {
            let mut members: Vec<(Rc<str>, Value)> = vec![
                ("error_code".into(), Value::integer(error.code())),
                ("instruction".into(), Value::from(instruction)),
                ("message".into(), Value::string(error.to_string())),
            ];
            if with_peer {
                members.push(("peer_id".into(), Value::from(peer)));
            }
            ErrorObject {
                object: Value::object(members),
                tetraplet: tetraplet.clone(),
                provenance: Provenance::Literal,
                original: None,
            }
        };
        if self.last_can_set && error.sets_last_error() {
            self.last = build(true);
            self.last_can_set = false;
        }
        if self.error_can_set {
            self.error = build(with_peer);
            self.error_can_set = false;
        }
    }

    /// The left side of a `xor` failed; the right one begins.
    pub(crate) fn xor_right(&mut self, error: Catchable) {
        self.last_can_set = true;
        self.error.original = Some(error);
        self.error_can_set = true;
    }

    /// The right side of a `xor` is done.
    pub(crate) fn xor_end(&mut self, succeeded: bool) {
        if self.error_can_set {
            self.error = ErrorObject::default();
        }
        if succeeded {
            self.error_can_set = true;
        }
    }

    /// A `par` succeeded.
    pub(crate) fn par_end(&mut self) {
        self.last_can_set = true;
    }

    /// `fail` puts its object in place whatever the flags say.
    pub(crate) fn fail(&mut self, object: ErrorObject) {
        self.last = object;
        self.last_can_set = false;
    }

    /// `fail :error:` leaves the object as it is.
    pub(crate) fn keep_error(&mut self) {
        self.error_can_set = false;
    }
}
