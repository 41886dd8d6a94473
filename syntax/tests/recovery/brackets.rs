//! `[` and `]`.

use expect_test::expect;

use super::render::check;

#[test]
fn arguments_without_end() {
    check(
        r#"(call "p" ("s" "f") ["a" "b")"#,
        expect![[r#"
        (call "p" ("s" "f") ["a" "b")
                                    ^ `]` is missing here
                            - the unclosed bracket opens here
        = call
    "#]],
    );
}

#[test]
fn arguments_without_end_before_the_output() {
    check(
        r#"(seq (call "p" ("s" "f") ["a" x) (null))"#,
        expect![[r#"
        (seq (call "p" ("s" "f") ["a" x) (null))
                                       ^ `]` is missing here
                                 - the unclosed bracket opens here
        = seq(call null)
    "#]],
    );
}

#[test]
fn arguments_without_end_before_an_instruction() {
    check(
        r#"(seq (call "p" ("s" "f") ["a" (null))"#,
        expect![[r#"
        (seq (call "p" ("s" "f") ["a" (null))
                                     ^ `]` is missing here
                                 - the unclosed bracket opens here
        = seq(call null)
    "#]],
    );
}

#[test]
fn arguments_without_start() {
    check(
        r#"(call "p" ("s" "f") "a" "b"] x)"#,
        expect![[r#"
            (call "p" ("s" "f") "a" "b"] x)
                                ^ `[` is missing here: the arguments of a call stand in brackets, `[a b]` or `[]`
            = call
        "#]],
    );
}

#[test]
fn arguments_without_brackets() {
    check(
        r#"(call "p" ("s" "f") "a" "b")"#,
        expect![[r#"
            (call "p" ("s" "f") "a" "b")
                                ^ `[` is missing here: the arguments of a call stand in brackets, `[a b]` or `[]`
            = call
        "#]],
    );
}

#[test]
fn no_arguments_at_all() {
    check(
        r#"(call "p" ("s" "f"))"#,
        expect![[r#"
        (call "p" ("s" "f"))
                           ^ `[arguments]` is missing: expected a list in brackets, `[]` if there are none
        = call
    "#]],
    );
}

#[test]
fn no_arguments_but_an_output() {
    check(
        r#"(call "p" ("s" "f") x)"#,
        expect![[r#"
        (call "p" ("s" "f") x)
                           ^ `[arguments]` is missing: expected a list in brackets, `[]` if there are none
        = call
    "#]],
    );
}

#[test]
fn only_a_closing_bracket() {
    check(
        r#"(call "p" ("s" "f") ] x)"#,
        expect![[r#"
            (call "p" ("s" "f") ] x)
                                ^ `[` is missing here: the arguments of a call stand in brackets, `[a b]` or `[]`
            = call
        "#]],
    );
}

#[test]
fn a_paren_for_a_bracket() {
    check(
        r#"(call "p" ("s" "f") ["a") x)"#,
        expect![[r#"
        (call "p" ("s" "f") ["a") x)
                                ^ expected `]`, found `)`
        = call
    "#]],
    );
}

#[test]
fn a_bracket_for_a_paren() {
    check(
        r#"(call "p" ("s" "f"] ["a"] x)"#,
        expect![[r#"
        (call "p" ("s" "f"] ["a"] x)
                          ^ expected `)`, found `]`
        = call
    "#]],
    );
}

#[test]
fn a_surplus_bracket() {
    check(
        "(ap x] y)",
        expect![[r#"
        (ap x] y)
             ^ `]` has no matching `[`: remove it
        = ap(!)
    "#]],
    );
}

#[test]
fn a_surplus_bracket_after_arguments() {
    check(
        r#"(call "p" ("s" "f") []] x)"#,
        expect![[r#"
        (call "p" ("s" "f") []] x)
                              ^ `]` has no matching `[`: remove it
        = call(!)
    "#]],
    );
}

#[test]
fn a_filled_array_as_a_value() {
    check(
        "(ap [1 2] x)",
        expect![[r#"
        (ap [1 2] x)
            ^^^^^ `[]` is the only array that can be written: collect elements in a stream with `ap`
        = ap(!)
    "#]],
    );
}

#[test]
fn a_filled_array_as_an_argument() {
    check(
        r#"(call "p" ("s" "f") [["a"] "b"])"#,
        expect![[r#"
        (call "p" ("s" "f") [["a"] "b"])
                             ^^^^^ `[]` is the only array that can be written: collect elements in a stream with `ap`
        = call(!)
    "#]],
    );
}

#[test]
fn an_unclosed_empty_array() {
    check(
        "(ap [ x)",
        expect![[r#"
        (ap [ x)
            ^ `]` is missing here
        = ap(!)
    "#]],
    );
}

#[test]
fn an_array_as_a_peer() {
    check(
        r#"(call [] ("s" "f") [])"#,
        expect![[r#"
        (call [] ("s" "f") [])
              ^^ the peer must be a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens, not an array
        = call(!)
    "#]],
    );
}

#[test]
fn a_list_as_an_argument() {
    check(
        r#"(call "p" ("s" "f") [("a")])"#,
        expect![[r#"
        (call "p" ("s" "f") [("a")])
                             ^ an argument must be a literal, a scalar, a canon stream or map, an error, or `[]`, not `(`
        = call(unknown)
    "#]],
    );
}

#[test]
fn an_instruction_as_an_argument() {
    check(
        r#"(call "p" ("s" "f") [(null)])"#,
        expect![[r#"
            (call "p" ("s" "f") [(null)])
                                 ^ an argument must be a literal, a scalar, a canon stream or map, an error, or `[]`, not `(`
            = call(null)
        "#]],
    );
}

#[test]
fn a_doubled_opening_bracket() {
    check(
        r#"(call "p" ("s" "f") [["a"] x)"#,
        expect![[r#"
        (call "p" ("s" "f") [["a"] x)
                             ^ `[` is never closed and opens nothing: remove it
        = call(!)
    "#]],
    );
}

#[test]
fn a_doubled_bracket_of_an_empty_array() {
    check(
        r#"(ap [[] x)"#,
        expect![[r#"
        (ap [[] x)
            ^ `[` is never closed and opens nothing: remove it
        = ap(!)
    "#]],
    );
}

#[test]
fn an_empty_array_without_start() {
    check(
        r#"(match x ] (null))"#,
        expect![[r#"
        (match x ] (null))
                 ^ `[` is missing here: the arguments of a call stand in brackets, `[a b]` or `[]`
        = match(null)
    "#]],
    );
}
