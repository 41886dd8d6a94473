//! What stands around the script.

use expect_test::expect;

use super::render::check;

#[test]
fn nothing() {
    check(
        "",
        expect![[r#"

        ^ the script has no instruction: the smallest one is `(null)`
        = 
    "#]],
    );
}

#[test]
fn only_blanks_and_comments() {
    check(
        "\
; nothing here

",
        expect![[r#"
            ; nothing here
            ^ the script has no instruction: the smallest one is `(null)`


            = 
        "#]],
    );
}

#[test]
fn two_instructions() {
    check(
        "\
(null)
(null)
",
        expect![[r#"
            (null)
            ----- the script's first instruction is here
            (null)
            ^^^^^ a script is one instruction: put both into `(seq …)` or `(par …)`

            = null null
        "#]],
    );
}

#[test]
fn three_instructions_are_one_finding() {
    check(
        "(null) (null) (never)",
        expect![[r#"
        (null) (null) (never)
               ^^^^^ a script is one instruction: put both into `(seq …)` or `(par …)`
        ----- the script's first instruction is here
        = null null never
    "#]],
    );
}

#[test]
fn text_before() {
    check(
        "script: (null)",
        expect![[r#"
            script: (null)
                  ^ `:` is not allowed in a name: use letters, digits, `_` and `-`
            = ! null
        "#]],
    );
}

#[test]
fn text_after() {
    check(
        "(null) thanks",
        expect![[r#"
        (null) thanks
               ^^^^^^ unexpected text outside of the script's instruction: only comments are allowed there
        = null !
    "#]],
    );
}

#[test]
fn several_words_after() {
    check(
        r#"(null) and so on "really" 1 [2]"#,
        expect![[r#"
            (null) and so on "really" 1 [2]
                   ^^^^^^^^^^^^^^^^^^^^^^^^ unexpected text outside of the script's instruction: only comments are allowed there
            = null !
        "#]],
    );
}

#[test]
fn a_byte_order_mark() {
    check(
        "﻿(null)",
        expect![[r#"
        ﻿(null)
        ^ the text starts with a byte order mark: save it as UTF-8 without one
        = ! null
    "#]],
    );
}

#[test]
fn an_instruction_and_a_list() {
    check(
        r#"(null) ("a" "b")"#,
        expect![[r#"
            (null) ("a" "b")
                   ^^^^ a script is one instruction: put both into `(seq …)` or `(par …)`
            ----- the script's first instruction is here
            = null unknown
        "#]],
    );
}

#[test]
fn brackets_only() {
    check(
        "[ ] [",
        expect![[r#"
        [ ] [
        ^^^^^ unexpected text outside of the script's instruction: only comments are allowed there
        = !
    "#]],
    );
}
