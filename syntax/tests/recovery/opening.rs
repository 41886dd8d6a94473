//! A `(` that is missing or too many.

use expect_test::expect;

use super::render::check;

#[test]
fn before_an_instruction() {
    check(
        r#"(seq
 call "p" ("s" "f") [] x)
 (null)
)"#,
        expect![[r#"
            (seq
             call "p" ("s" "f") [] x)
             ^^^^ `(` is missing before `call`
             (null)
            )
            = seq(call null)
        "#]],
    );
}

#[test]
fn before_null() {
    check(
        "(seq null) (null))",
        expect![[r#"
        (seq null) (null))
             ^^^^ `(` is missing before `null`
        = seq(null null)
    "#]],
    );
}

#[test]
fn around_null() {
    check(
        "(seq null (null))",
        expect![[r#"
        (seq null (null))
             ^^^^ `(` is missing before `null`
        = seq(null null)
    "#]],
    );
}

#[test]
fn around_both_branches() {
    check(
        "(xor null never)",
        expect![[r#"
            (xor null never)
                 ^^^^ `(` is missing before `null`
                      ^^^^^ `(` is missing before `never`
            = xor(null never)
        "#]],
    );
}

#[test]
fn around_a_whole_call() {
    check(
        r#"(seq call "p" ("s" "f") [] x (null))"#,
        expect![[r#"
        (seq call "p" ("s" "f") [] x (null))
             ^^^^ `(` is missing before `call`
        = seq(call null)
    "#]],
    );
}

#[test]
fn at_the_very_start() {
    check(
        r#"call "p" ("s" "f") [] x)"#,
        expect![[r#"
        call "p" ("s" "f") [] x)
        ^^^^ `(` is missing before `call`
        = call
    "#]],
    );
}

#[test]
fn around_the_whole_script() {
    check(
        "null",
        expect![[r#"
        null
        ^^^^ `(` is missing before `null`
        = null
    "#]],
    );
}

#[test]
fn before_service_and_function() {
    check(
        r#"(call "p" "s" "f") [] x)"#,
        expect![[r#"
        (call "p" "s" "f") [] x)
                  ^ parentheses are missing around the service and the function: `(service function)`
        = call
    "#]],
    );
}

#[test]
fn around_service_and_function() {
    check(
        r#"(call "p" "s" "f" [] x)"#,
        expect![[r#"
        (call "p" "s" "f" [] x)
                  ^ parentheses are missing around the service and the function: `(service function)`
        = call
    "#]],
    );
}

#[test]
fn around_next_in_a_fold() {
    check(
        "\
(fold xs x
 (par
  (null)
  next x
 )
)",
        expect![[r#"
            (fold xs x
             (par
              (null)
              next x
              ^^^^ `(` is missing before `next`
             )
            )
            = fold(par(null next))
        "#]],
    );
}

#[test]
fn doubled() {
    check(
        "((null)",
        expect![[r#"
        ((null)
        ^ `(` is never closed and opens nothing: remove it
        = ! null
    "#]],
    );
}

#[test]
fn doubled_before_a_call() {
    check(
        r#"(seq
 ((call "p" ("s" "f") [] x)
 (null)
)"#,
        expect![[r#"
            (seq
             ((call "p" ("s" "f") [] x)
             ^ `(` is never closed and opens nothing: remove it
             (null)
            )
            = seq(! call null)
        "#]],
    );
}

#[test]
fn doubled_and_closed_twice() {
    check(
        "((null))",
        expect![[r#"
        ((null))
        ^ expected the name of an instruction after `(`, found `(`
        = unknown(null)
    "#]],
    );
}

#[test]
fn many() {
    check(
        "((((((",
        expect![[r#"
            ((((((
            ^^^^^^ `(` is never closed and opens nothing: remove it
            = !
        "#]],
    );
}

#[test]
fn doubled_before_a_function() {
    check(
        r#"(seq (call "p" (("s" "f") [] x) (null))"#,
        expect![[r#"
        (seq (call "p" (("s" "f") [] x) (null))
                       ^ `(` is never closed and opens nothing: remove it
        = seq(call(!) null)
    "#]],
    );
}

#[test]
fn before_a_key_and_value() {
    check(
        r#"(seq
 (ap "k" v) %map)
 (null)
)"#,
        expect![[r#"
            (seq
             (ap "k" v) %map)
                      ^ `)` has no matching `(`: remove it
             (null)
            )
            = seq(ap(!) null)
        "#]],
    );
}
