//! Errors: where they begin, what catches them, what they keep from running.

use expect_test::expect;

use super::check;

#[test]
fn nobody_catches_it() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call "@a" ("s" "boom") [] x)
 (call %init_peer_id% ("s" "echo") [x] y)
)
"##,
        expect![[r#"
            (seq
             (call "@a" ("s" "boom") [] x) ; error 10000 on @a: the service failed with 7: out of tea
             (call %init_peer_id% ("s" "echo") [x] y) ; not run: after error 10000 at line 2
            )
            => failed: error 10000 at line 2: the service failed with 7: out of tea
            => 2/3 instructions, 1/2 calls
        "#]],
    );
}

#[test]
fn somebody_catches_it() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}}]"#,
        r##"(xor
 (seq
  (call "@a" ("s" "boom") [] x)
  (ap x y)
 )
 (ap :error:.$.message why)
)
"##,
        expect![[r#"
            (xor
             (seq
              (call "@a" ("s" "boom") [] x) ; error 10000 on @a: the service failed with 7: out of tea (caught at line 1)
              (ap x y) ; not run: after error 10000 at line 3
             )
             (ap :error:.$.message why) ; why = "Local service error, ret_code is 7, erro…" on @a
            )
            => unheard: the script reached its end on @a, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 4/5 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn one_branch_of_two() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call %init_peer_id% ("s" "boom") [] x)
  (call %init_peer_id% ("s" "echo") ["fine"] y)
 )
 (ap y z)
)
"##,
        expect![[r#"
            (seq
             (par
              (call %init_peer_id% ("s" "boom") [] x) ; error 10000: the service failed with 7: out of tea (caught at line 2)
              (call %init_peer_id% ("s" "echo") ["fine"] y) ; y = "fine"
             )
             (ap y z) ; z = "fine"
            )
            => completed: the script reached its end on @init
            => 5/5 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn both_branches() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}}]"#,
        r##"(xor
 (par
  (call %init_peer_id% ("s" "boom") [1] x)
  (call %init_peer_id% ("s" "boom") [2] y)
 )
 (null)
)
"##,
        expect![[r#"
            (xor
             (par
              (call %init_peer_id% ("s" "boom") [1] x) ; error 10000: the service failed with 7: out of tea (caught at line 2)
              (call %init_peer_id% ("s" "boom") [2] y) ; error 10000: the service failed with 7: out of tea (caught at line 1)
             )
             (null)
            )
            => completed: the script reached its end on @init
            => 5/5 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn handed_to_the_handler() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}}]"#,
        r##"(xor
 (seq
  (call %init_peer_id% ("s" "boom") [] x)
  (call %init_peer_id% ("callbackSrv" "response") [x])
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)
"##,
        expect![[r#"
            (xor
             (seq
              (call %init_peer_id% ("s" "boom") [] x) ; error 10000: the service failed with 7: out of tea (caught at line 1)
              (call %init_peer_id% ("callbackSrv" "response") [x]) ; not run: after error 10000 at line 3
             )
             (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]) ; called
            )
            => failed: error 10000 at line 3: the service failed with 7: out of tea
            => 4/5 instructions, 2/3 calls
        "#]],
    );
}

#[test]
fn after_the_response() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}}]"#,
        r##"(seq
 (call %init_peer_id% ("callbackSrv" "response") ["here you are"])
 (call %init_peer_id% ("s" "boom") [])
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("callbackSrv" "response") ["here you are"]) ; called
             (call %init_peer_id% ("s" "boom") []) ; error 10000: the service failed with 7: out of tea
            )
            => completed: response "here you are"; then failed: error 10000 at line 3: the service failed with 7: out of tea
            => 3/3 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn raised_by_the_script() {
    check(
        "",
        r##"(xor
 (fail 42 "enough")
 (ap :error:.$.error_code code)
)
"##,
        expect![[r#"
            (xor
             (fail 42 "enough") ; error 10006: fails with 42: enough (caught at line 1)
             (ap :error:.$.error_code code) ; code = 10006
            )
            => completed: the script reached its end on @init
            => 3/3 instructions, 0/0 calls
        "#]],
    );
}

#[test]
fn raised_again() {
    check(
        r#""services":[{"function":"boom","answer":{"err":[7,"out of tea"]}}]"#,
        r##"(xor
 (call %init_peer_id% ("s" "boom") [] x)
 (seq
  (null)
  (fail :error:)
 )
)
"##,
        expect![[r#"
            (xor
             (call %init_peer_id% ("s" "boom") [] x) ; error 10000: the service failed with 7: out of tea (caught at line 1)
             (seq
              (null)
              (fail :error:) ; again error 10000: the service failed with 7: out of tea
             )
            )
            => failed: error 10000 at line 5: the service failed with 7: out of tea
            => 5/5 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn a_lens_that_does_not_fit() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "echo") ["text"] x)
 (ap x.$.field y)
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "echo") ["text"] x) ; x = "text"
             (ap x.$.field y) ; error 10007: value '"text"' is not an map-type to match field accessor with field_name = 'field'
            )
            => failed: error 10007 at line 3: value '"text"' is not an map-type to match field accessor with field_name = 'field'
            => 3/3 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn branches_of_a_comparison() {
    check(
        r#""services":[{"function":"load","answer":{"ok":3}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "load") [] x)
 (xor
  (match x 4
   (ap "four" word)
  )
  (xor
   (mismatch x 3
    (ap "other" word)
   )
   (ap "three" word)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "load") [] x) ; x = 3
             (xor
              (match x 4
               (ap "four" word) ; not run: x = 3 is not 4
              )
              (xor
               (mismatch x 3
                (ap "other" word) ; not run: x = 3 equals 3
               )
               (ap "three" word) ; word = "three"
              )
             )
            )
            => completed: the script reached its end on @init
            => 7/9 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn a_fold_over_no_list() {
    check(
        r#""services":[{"function":"load","answer":{"ok":9}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "load") [] xs)
 (fold xs x
  (seq
   (ap x y)
   (next x)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "load") [] xs) ; xs = 9
             (fold xs x ; error 10005: expression 'xs' returned non-array value '9' for fold iterable
              (seq ; not run: after error 10005 at line 3
               (ap x y)
               (next x)
              )
             )
            )
            => failed: error 10005 at line 3: expression 'xs' returned non-array value '9' for fold iterable
            => 3/6 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn a_variable_set_twice() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "echo") [1] x)
 (call %init_peer_id% ("s" "echo") [2] x)
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "echo") [1] x) ; x = 1
             (call %init_peer_id% ("s" "echo") [2] x) ; error 20007: trying to shadow variable 'x', but shadowing is allowed only inside fold blocks
            )
            => failed: error 20007 at line 3: trying to shadow variable 'x', but shadowing is allowed only inside fold blocks
            => 3/3 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn errors_in_some_iterations() {
    check(
        r#""services":[{"function":"list","answer":{"ok":["a","b","c"]}},{"function":"check","answer":{"by_arg":{"b":{"err":[1,"not b"]},"*":{"ok":true}}}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (seq
   (xor
    (call %init_peer_id% ("s" "check") [x] ok)
    (ap x $bad)
   )
   (next x)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = ["a", "b", "c"]
             (fold xs x ; x = "a", "b", "c"
              (seq
               (xor
                (call %init_peer_id% ("s" "check") [x] ok) ; ok = true, true · error 10000: the service failed with 1: not b (caught at line 5)
                (ap x $bad) ; $bad = "b"
               )
               (next x)
              )
             )
            )
            => completed: the script reached its end on @init
            => 8/8 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn no_such_service() {
    check(
        "",
        r##"(call %init_peer_id% ("weather" "today") [] w)
"##,
        expect![[r#"
            (call %init_peer_id% ("weather" "today") [] w) ; error 10000: the service failed with 1: No service found for service call: serviceId='weather', fnName='today' args='[]'
            => failed: error 10000 at line 1: the service failed with 1: No service found for service call: serviceId='weather', fnName='today' args='[]'
            => 1/1 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn no_script_at_all() {
    check(
        "",
        r##"(seq
 (call %init_peer_id% ("s" "f") [nowhere])
 (null)
)
"##,
        expect![[r#"
            (seq ; not run: AquaVM rejects the script
             (call %init_peer_id% ("s" "f") [nowhere])
             (null)
            )
            => failed: error 1: air can't be parsed
            => 0/3 instructions, 0/1 calls
        "#]],
    );
}

/// AquaVM loses the values and crashes, here or in a later invocation.
#[test]
fn streams_that_are_lost() {
    check(
        r#""init_peer": "@a", "services": [{"function": "f", "answer": {"ok": [1, 2]}}, {"function": "g", "answer": {"ok": 1}}]"#,
        r#"(seq (call "@a" ("s" "f") [] l)
 (seq
  (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (seq (ap 0 $s) (next i)))))
  (call "@a" ("s" "g") [] x)))"#,
        expect![[r#"
            (seq (call "@a" ("s" "f") [] l) ; l = [1, 2]
             (seq
              (fold l i (seq (xor (match i 2 (ap i $s)) (null)) (new $s (seq (ap 0 $s) (next i))))) ; i = 1, 2 · $s = 2 · $s = 0, 0 · error 29008: values of a stream were lost when it was written to outside of an open `new` of its name · AquaVM itself crashes here: error 29008 is a word of this tool for it
              (call "@a" ("s" "g") [] x))) ; called
            => failed: error 29008 at line 3: values of a stream were lost when it was written to outside of an open `new` of its name
            => 14/14 instructions, 2/2 calls
        "#]],
    );
    check(
        r#""init_peer": "@a", "services": [{"function": "list", "answer": {"ok": [1, 2, 3]}}]"#,
        r#"(seq (call "@a" ("s" "list") [] v)
 (seq (fold v i (seq (xor (match i 3 (ap 1 $s)) (null)) (new $s (next i))) (null))
  (canon "@a" $s #c)))"#,
        expect![[r#"
            (seq (call "@a" ("s" "list") [] v) ; v = [1, 2, 3]
             (seq (fold v i (seq (xor (match i 3 (ap 1 $s)) (null)) (new $s (next i))) (null)) ; i = 1, 2, 3 · $s = 1 · error 29008: values of a stream were lost when it was written to outside of an open `new` of its name · AquaVM itself crashes here: error 29008 is a word of this tool for it
              (canon "@a" $s #c))) ; not run: the particle never reached this place
            => failed: error 29008 at line 2: values of a stream were lost when it was written to outside of an open `new` of its name
            => 12/13 instructions, 1/1 calls
        "#]],
    );
}
