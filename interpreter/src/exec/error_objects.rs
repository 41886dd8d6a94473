//! `:error:` and `%last_error%`: what they hold, and when an error may change them.
//!
//! Each error passes all the instructions around it on its way out, and the innermost one is to stay in the objects. So
//! two flags go down with the first error. They go up again only where `xor` and `par` say so, and a `par` that swallows
//! an error does not lift the one of `:error:`: the error of its branch can hide a later one, in AquaVM and here.
//! `%last_error%` ignores failed comparisons, because scripts use them as conditions.

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

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::exec::tests::check;

    #[test]
    fn before_any_error_both_say_so() {
        check(
            r##"(call "a" ("s" "f") [:error: %last_error%])"##,
            &[],
            expect![[r#"
            a: asks s.f({"error_code":0,"message":""}, {"error_code":0,"message":""})
            0: call requested by a, number 1
        "#]],
        );
    }

    #[test]
    fn the_innermost_instruction_is_named() {
        check(
            r##"(xor (seq (null) (match 1 2 (null))) (call "a" ("s" "f") [:error: %last_error%.$.error_code]))"##,
            &[],
            expect![[r#"
                a: asks s.f({"error_code":10001,"instruction":"match 1 2","message":"compared values do not match"}, 0)
                0: call requested by a, number 1
            "#]],
        );
    }

    #[test]
    fn an_error_that_par_swallowed_hides_a_later_one() {
        check(
            r##"(seq (par (fail 1 "first") (null)) (xor (fail 2 "second") (call "a" ("s" "f") [:error:.$.message])))"##,
            &[],
            expect![[r#"
                a: asks s.f("fail with '{\"error_code\":1,\"instruction\":\"fail 1 \\\"first\\\"\",\"message\":\"first\",\"peer_id\":\"a\"}' is used without corresponding xor")
                0: par, 0 states left, 0 right
                1: call requested by a, number 1
            "#]],
        );
    }

    #[test]
    fn after_a_handled_error_only_last_error_stays() {
        check(
            r##"(seq (xor (fail 1 "x") (null)) (call "a" ("s" "f") [:error:.$.error_code %last_error%.$.error_code]))"##,
            &[],
            expect![[r#"
                a: asks s.f(0, 1)
                0: call requested by a, number 1
            "#]],
        );
    }
}
