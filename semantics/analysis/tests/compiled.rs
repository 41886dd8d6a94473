//! The forms in which the versions of the Aqua compiler write what an author cannot change: no lint warns of them. The
//! same mistakes, written by hand in the middle of such a script, are found.

#![allow(clippy::unwrap_used, clippy::string_slice)]

use air_analysis::Analysis;
use air_analysis::diagnostic::Severity;

/// Codes and words of a script's findings.
fn found(text: &str) -> Vec<String> {
    let analysis = Analysis::new(text);
    assert!(analysis.accepted(), "{text}\n{:#?}", analysis.diagnostics());
    let show = |found: &air_analysis::diagnostic::Diagnostic| {
        format!("{} {}", found.code.as_str(), &analysis.text[found.range])
    };
    analysis.diagnostics().iter().map(show).collect()
}

/// Of the compilers 0.10 and 0.11: plain names, numbered reporters, hops by `op noop`, errors in `%last_error%`.
const OF_0_10: &[&str] = &[
    // `on` with nothing in it that fails.
    r#"(xor
 (seq
  (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
  (xor
   (par
    (call -relay- ("logs" "write") ["hello"])
    (null)
   )
   (seq
    (seq
     (call -relay- ("op" "noop") [])
     (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 1])
    )
    (call -relay- ("op" "noop") [])
   )
  )
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 2])
)"#,
    // `if true:`, and `nil` as the result.
    r#"(xor
 (seq
  (seq
   (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
   (xor
    (match true true
     (call -relay- ("logs" "write") ["always"])
    )
    (null)
   )
  )
  (seq
   (canon %init_peer_id% $nothing  #nothing_canon)
   (call %init_peer_id% ("callbackSrv" "response") [#nothing_canon])
  )
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 1])
)"#,
];

/// Of 0.11 and 0.12: hops by canons of ephemeral streams, rethrown errors, returned streams as `fix` and `flat`.
const OF_0_11: &[&str] = &[
    r#"(seq
 (seq
  (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
  (xor
   (new $words
    (seq
     (seq
      (ap "one" $words)
      (canon %init_peer_id% $words  #-words-fix-0)
     )
     (ap #-words-fix-0 -words-flat-0)
    )
   )
   (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 0])
  )
 )
 (call %init_peer_id% ("callbackSrv" "response") [-words-flat-0])
)"#,
    // A constant condition with the way back before its `xor`, and an `on` of nothing.
    r#"(seq
 (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
 (xor
  (seq
   (seq
    (xor
     (null)
     (fail %last_error%)
    )
    (xor
     (seq
      (match false true
       (call -relay- ("logs" "write") ["never"])
      )
      (new $-ephemeral-stream-
       (new #-ephemeral-canon-
        (canon -relay- $-ephemeral-stream-  #-ephemeral-canon-)
       )
      )
     )
     (null)
    )
   )
   (call -relay- ("op" "noop") [])
  )
  (call %init_peer_id% ("errorHandlingSrv" "error") [%last_error% 0])
 )
)"#,
];

/// Of 0.12.1 and 0.13: options, parameters as `-NAME-arg-`, results as `ret-N`.
const OF_0_13: &[&str] = &[
    // `?[address.host]` of an object made in place: neither step fails.
    r#"(seq
 (call %init_peer_id% ("getDataSrv" "host") [] -host-arg-)
 (new $option-inline
  (seq
   (seq
    (xor
     (seq
      (call %init_peer_id% ("logs" "write") [-host-arg-])
      (ap "known" $option-inline)
     )
     (null)
    )
    (canon %init_peer_id% $option-inline  #option-inline-0)
   )
   (call %init_peer_id% ("callbackSrv" "response") [#option-inline-0])
  )
 )
)"#,
    // One whose value is fetched: an error leaves the option empty.
    r#"(seq
 (call %init_peer_id% ("getDataSrv" "host") [] -host-arg-)
 (new $option-inline-1
  (seq
   (seq
    (xor
     (seq
      (call -host-arg- ("names" "first") [] ret)
      (ap ret $option-inline-1)
     )
     (null)
    )
    (canon %init_peer_id% $option-inline-1  #option-inline-1-0)
   )
   (call %init_peer_id% ("callbackSrv" "response") [#option-inline-1-0])
  )
 )
)"#,
    // Compared with itself after a function was inlined that got one value twice.
    r#"(seq
 (call %init_peer_id% ("getDataSrv" "host") [] -host-arg-)
 (xor
  (mismatch -host-arg- -host-arg-
   (call -host-arg- ("logs" "write") [])
  )
  (null)
 )
)"#,
];

/// Of 0.14: `if` that keeps errors apart, `$-hop-`, `:error:`.
const OF_0_14: &[&str] = &[
    r#"(xor
 (seq
  (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
  (new -if-error-
   (xor
    (seq
     (match 1 2
      (call -relay- ("logs" "write") ["never"])
     )
     (new $-hop-
      (new #-hopc-
       (canon -relay- $-hop-  #-hopc-)
      )
     )
    )
    (seq
     (ap :error: -if-error-)
     (xor
      (match :error:.$.error_code 10001
       (null)
      )
      (fail -if-error-)
     )
    )
   )
  )
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)"#,
    // Compiled without a relay and without propagation: only the second result tells, or the variables of a `join`.
    r#"(xor
 (xor
  (match 2 -3
   (call %init_peer_id% ("op" "identity") [2] ret)
  )
  (call %init_peer_id% ("op" "identity") [-3] ret-0)
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)"#,
    r#"(new $words
 (seq
  (xor
   (match false true
    (ap "never" $words)
   )
   (ap "always" $words)
  )
  (new $words_test
   (seq
    (seq
     (fold $words words_fold_var
      (seq
       (seq
        (ap words_fold_var $words_test)
        (canon %init_peer_id% $words_test  #words_iter_canon)
       )
       (xor
        (match #words_iter_canon.length 1
         (null)
        )
        (next words_fold_var)
       )
      )
      (never)
     )
     (canon %init_peer_id% $words_test  #words_result_canon)
    )
    (ap #words_result_canon words_gate)
   )
  )
 )
)"#,
];

#[test]
fn nothing_is_said_about_what_the_compiler_writes() {
    for (version, scripts) in [("0.10", OF_0_10), ("0.11", OF_0_11), ("0.13", OF_0_13), ("0.14", OF_0_14)] {
        for script in scripts {
            assert_eq!(found(script), [""; 0], "{version}:\n{script}");
        }
    }
}

#[test]
fn the_same_mistakes_by_hand_are_found() {
    let relay = r#"(call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)"#;
    let after = |rest: &str| found(&format!("(seq {relay} {rest})"));
    // A comparison that is not the condition of an `if`, or not in the form of this compiler.
    assert_eq!(after(r#"(match 1 2 (call -relay- ("s" "f") []))"#), ["L008 1 2"]);
    assert_eq!(
        after(
            r#"(seq
 (new -if-error- (xor (match -relay- "x" (null)) (seq (ap :error: -if-error-) (fail -if-error-))))
 (xor (match 1 2 (call -relay- ("s" "f") [])) (null)))"#
        ),
        ["L008 1 2"]
    );
    assert!(after(r#"(xor (seq (null) (match 1 2 (null))) (null))"#).contains(&"L008 1 2".to_owned()));
    assert_eq!(after(r#"(match -relay- -relay- (null))"#), ["L013 -relay- -relay-"]);
    // A handler that does more than the compiler's.
    assert_eq!(
        after(r#"(xor (par (call -relay- ("s" "f") []) (null)) (call -relay- ("s" "repair") []))"#),
        ["L015 xor"]
    );
    // Streams: one whose fold waits for ever, one that is read under another name, and one that is never read.
    assert_eq!(
        after(r#"(new $status (fold $status s (seq (call s ("s" "f") []) (next s))))"#),
        ["L006 $status"]
    );
    assert_eq!(
        after(r#"(seq (canon -relay- $status #result) (call -relay- ("s" "f") [#result]))"#),
        ["L006 $status"]
    );
    assert_eq!(after(r#"(call -relay- ("s" "f") [] $status-0)"#), ["L005 $status-0"]);
    assert_eq!(after(r#"(call -relay- ("s" "f") [] my-value)"#), ["L004 my-value"]);
    // No script of the compiler, so none of its idioms.
    assert_eq!(found(r#"(xor (match true true (call "p" ("s" "f") [])) (null))"#), ["L008 true true"]);
    assert_eq!(
        found(
            r#"(xor (par (call "p" ("s" "f") []) (null)) (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))"#
        ),
        ["L015 xor"]
    );
    assert_eq!(found(r#"(seq (canon "p" $n #n_canon) (ap #n_canon _x))"#), ["L006 $n"]);
}

#[test]
fn warnings_are_what_fails() {
    let analysis = Analysis::new(r#"(call "p" ("s" "f") [] my-value)"#);
    let severities: Vec<_> = analysis.diagnostics().iter().map(|found| found.severity).collect();
    assert_eq!(severities, [Severity::Hint]);
}
