//! `air beautify`: a script as indented text for people.
//!
//! For every script that AquaVM accepts, and with the options of AquaVM's own beautifier, the text
//! is the one that AquaVM's beautifier writes, byte for byte (`syntax/spec/language.md §5`). Ours beyond that:
//! comments kept, the compiler's idioms named, broken scripts shown as far as they were understood
//! (`?` stands for what is missing), and a [`ViewMap`] between the view and the source.
//!
//! The text cannot be parsed back.
//!
//! With idioms, lines like these stand for what the compiler made of one line of Aqua:
//!
//! ```text
//! -user-arg- <- parameter "user"           loaded from the initiator
//! hopon -relay-                            as AquaVM's patterns
//! on peer:                                 errors inside return here and go on
//! if user.$.age == 18:  …  else:           errors of the branches propagate
//! for i in xs:   for i in xs par:          `next` and the last instruction are implied
//! co call peer ("s", "f") []               nothing waits for it
//! res_gate <- join $res[0..2)              waits for two elements
//! -res-flat-0 = snapshot of $res on peer   content and order are fixed there
//! #array-inline-0 = [a, b]                 T_obj = {"name": a}
//! on error report to initiator             the frame of a compiled function
//! ```

mod comments;
mod head;
mod lines;
mod map;
mod named;
mod operands;
mod work;
mod writer;

use std::fmt;

use air_semantics::hir::{Hir, Instr};

use crate::idioms;

pub use map::{ViewLine, ViewMap, ViewSpan};

/// Views larger than this are not built: indentation makes the view of a deep script quadratic in
/// its depth, and 256 MiB is more than anyone reads.
pub const MAX_VIEW_BYTES: usize = 256 << 20;

/// What a user can choose about the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeautifyOptions {
    /// Spaces per level; 0 is allowed. AquaVM's default is 4.
    pub indent_step: usize,
    /// Write `hopon PEER` for the three instructions of a hop, as AquaVM's `--patterns` does.
    pub patterns: bool,
    /// Keep the comments of the source. Ours.
    pub comments: bool,
    /// Rewrite those idioms of the Aqua compiler that are certain; includes `patterns`. Ours.
    pub idioms: bool,
}

impl Default for BeautifyOptions {
    fn default() -> Self {
        BeautifyOptions { indent_step: 4, patterns: false, comments: false, idioms: false }
    }
}

/// A view and how it belongs to its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The text; every line ends in `\n`.
    pub text: String,
    /// Which line of the view shows which part of the source, and the other way round.
    pub map: ViewMap,
}

/// Why there is no view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeautifyError {
    /// It would be larger than `limit` bytes.
    TooLarge {
        /// [`MAX_VIEW_BYTES`].
        limit: usize,
    },
}

impl BeautifyError {
    /// Stable name, for JSON and tests.
    pub fn code(self) -> &'static str {
        match self {
            BeautifyError::TooLarge { .. } => "view-too-large",
        }
    }
}

impl fmt::Display for BeautifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BeautifyError::TooLarge { limit } => write!(
                f,
                "the beautified view would be larger than {} MiB, because the script is nested very deeply; \
                 a smaller indent step (0, for instance) makes it smaller",
                limit >> 20
            ),
        }
    }
}

impl std::error::Error for BeautifyError {}

/// Writes the view of a script.
///
/// ```
/// use air_analysis::beautify::{BeautifyOptions, beautify};
/// use air_semantics::Script;
///
/// let script = Script::new("(xor (ap 1 x) (null))");
/// let view = beautify(script.hir(), &BeautifyOptions::default()).unwrap();
/// assert_eq!(view.text, "try:\n    ap 1 x\ncatch:\n    null\n");
/// ```
///
/// Time and memory are linear in the size of the script and of the view.
pub fn beautify(hir: &Hir, options: &BeautifyOptions) -> Result<View, BeautifyError> {
    let comments = if options.comments { comments::collect(&hir.text) } else { Vec::new() };
    let idioms = if options.idioms { idioms::recognise(hir) } else { Vec::new() };
    lines::write(hir, options, &comments, &idioms, MAX_VIEW_BYTES)
}

/// One instruction as its line in the view, without its children; empty for `seq`, which has none.
pub(crate) fn line(hir: &Hir, instr: &Instr) -> String {
    let mut writer = writer::Writer::new("", &[], 0, MAX_VIEW_BYTES);
    head::head(&mut writer, hir, instr);
    writer.out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::Analysis;

    fn check(text: &str, options: &BeautifyOptions, view: Expect) {
        view.assert_eq(&beautify(Analysis::new(text).hir(), options).unwrap().text);
    }

    fn plain() -> BeautifyOptions {
        BeautifyOptions { indent_step: 2, ..BeautifyOptions::default() }
    }

    #[test]
    fn every_instruction() {
        let script = r#"
(new %m
 (seq
  (xor
   (par
    (call %init_peer_id% ("s" "f") ["a b" 007 1.50 true [] %ttl%] $out)
    (call "p" (s f) []))
   (fail -3 "no"))
  (seq
   (seq (ap ("k" :error:.$.message) %m) (canon "p" %m #%c))
   (fold #%c i
    (seq
     (match i.$[0]["k"].a! -0 (ap %timestamp% x))
     (seq (mismatch #%c.$.k [] (fail %last_error%)) (next i)))
    (never)))))"#
            .replace("[\"k\"]", "[k]");
        check(
            &script,
            &plain(),
            expect![[r#"
            new %m:
              try:
                par:
                  $out <- call %init_peer_id% ("s", "f") ["a b", 7, 1.5, true, [], %ttl%]
                |
                  call "p" (s, f) []
              catch:
                fail -3 "no"
              ap ("k" :error:.$.message) %m
              canon "p" %m #%c
              fold #%c i:
                match i.$.[0].[k].a 0:
                  ap %timestamp% x
                mismatch #%c.$.k []:
                  fail %last_error%
                next i
              last:
                never
        "#]],
        );
    }

    #[test]
    fn hops_by_pattern_only() {
        let script = "(seq (new $s (new #c (canon peer $s #c))) (new $s (new #cc (canon #cc.$.p $s #cc))))";
        check(
            script,
            &BeautifyOptions { patterns: true, ..plain() },
            expect![[r#"
            hopon peer
            new $s:
              new #cc:
                canon #cc.$.p $s #cc
        "#]],
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        let script = r#"; head
(seq ; both
 ; first
 (call "p" ("s" "f") []) ; ok = 1
 (par ; apart
  (call "p" ; peer
   ("s" "g") [])
  (new $s (null)) ; left done
  ; dangling
 ) ; par done
)
; tail"#;
        check(
            script,
            &BeautifyOptions { comments: true, ..plain() },
            expect![[r#"
            ; head
            ; both
            ; first
            call "p" ("s", "f") [] ; ok = 1
            par: ; apart
              call "p" ("s", "g") [] ; peer
            |
              new $s:
                null ; left done
              ; dangling
            ; par done
            ; tail
        "#]],
        );
    }

    #[test]
    fn broken_scripts_as_far_as_understood() {
        let script = r#"(seq (par (call "p" ("s") [x]) (sek (null) 5)) (fold xs (xor (ap $s"#;
        check(
            script,
            &plain(),
            expect![[r#"
                par:
                  call "p" ("s", ?) [x]
                |
                  ? sek
                    null
                fold xs ?:
                  try:
                    ap ? ?
                  catch:
                    ?
            "#]],
        );
        check("", &plain(), expect![[r#""#]]);
        check(
            "(seq) (new)",
            &plain(),
            expect![[r#"
            ?
            ?
            new ?:
              ?
        "#]],
        );
    }

    #[test]
    fn idioms_by_name() {
        let script = r#"
(xor
 (seq
  (seq
   (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
   (call %init_peer_id% ("getDataSrv" "peers") [] -peers-arg-))
  (new $found
   (seq
    (par
     (fold -peers-arg- p-0
      (par
       (xor
        (seq
         (new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-)))
         (call p-0 ("store" "get") [] $found))
        (seq
         (new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-)))
         (fail :error:)))
       (next p-0))
      (never))
     (null))
    (seq
     (new $found_test
      (seq
       (seq
        (fold $found found_fold_var
         (seq
          (seq
           (ap found_fold_var $found_test)
           (canon %init_peer_id% $found_test #found_iter_canon))
          (xor (match #found_iter_canon.length 2 (null)) (next found_fold_var)))
         (never))
        (canon %init_peer_id% $found_test #found_result_canon))
       (ap #found_result_canon found_gate)))
     (seq
      (new -if-error-
       (xor
        (match found_gate.$.[0].name "ann"
         (par (call %init_peer_id% ("run-console" "print") ["ann"]) (null)))
        (seq
         (ap :error: -if-error-)
         (xor
          (match :error:.$.error_code 10001 (null))
          (fail -if-error-)))))
      (seq
       (seq (canon %init_peer_id% $found #-found-fix-0) (ap #-found-fix-0 -found-flat-0))
       (call %init_peer_id% ("callbackSrv" "response") [-found-flat-0])))))))
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#;
        check(
            script,
            &BeautifyOptions { idioms: true, ..plain() },
            expect![[r#"
            try:
              -relay- <- parameter "-relay-"
              -peers-arg- <- parameter "peers"
              new $found:
                for p-0 in -peers-arg- par:
                  on p-0:
                    hopon -relay-
                    $found <- call p-0 ("store", "get") []
                found_gate <- join $found[0..2)
                if found_gate.$.[0].name == "ann":
                  co call %init_peer_id% ("run-console", "print") ["ann"]
                -found-flat-0 = snapshot of $found on %init_peer_id%
                return -found-flat-0
            on error report to initiator
        "#]],
        );
    }

    #[test]
    fn what_is_only_likely_stays_as_it_is() {
        let script = "(fold xs i (seq (ap i $s) (next i)) (null))";
        check(
            script,
            &BeautifyOptions { idioms: true, ..plain() },
            expect![[r#"
            fold xs i:
              ap i $s
              next i
            last:
              null
        "#]],
        );
    }

    #[test]
    fn positions_both_ways() {
        let script = "(seq (null) (call peer (\"s\" \"f\") [x.$[0]] out))";
        let view = beautify(Analysis::new(script).hir(), &plain()).unwrap();
        assert_eq!(view.text, "null\nout <- call peer (\"s\", \"f\") [x.$.[0]]\n");
        let there = |word: &str| {
            let at = u32::try_from(script.find(word).unwrap()).unwrap();
            view.text.get(usize::from(view.map.source_to_view(at.into()))..).unwrap()
        };
        assert!(there("null").starts_with("null"));
        assert!(there("peer").starts_with("peer"));
        assert!(there("out").starts_with("out <-"));
        assert!(there("call").starts_with("out <-"), "the line of the call");
        let back = |word: &str| {
            let at = u32::try_from(view.text.find(word).unwrap()).unwrap();
            script.get(usize::from(view.map.view_to_source(at.into()))..).unwrap()
        };
        assert!(back("peer").starts_with("peer ("));
        assert!(back("out").starts_with("out))"));
        assert!(back("[x").starts_with("(call"));
    }
}
