//! Words and strings that the lexer refuses, and missing spaces.

use expect_test::expect;

use super::render::check;

#[test]
fn a_plus_in_a_name() {
    check(
        "(ap a+b x)",
        expect![[r#"
            (ap a+b x)
                 ^ `+` cannot stand in a name, only letters, digits, `_` and `-`
            = ap
        "#]],
    );
}

#[test]
fn a_comma() {
    check(
        r#"(call "p" ("s", "f") [])"#,
        expect![[r#"
            (call "p" ("s", "f") [])
                          ^ operands are separated by spaces, not by commas
            = call
        "#]],
    );
}

#[test]
fn an_old_lens() {
    check(
        "(ap x[0] y)",
        expect![[r#"
        (ap x[0] y)
             ^ a lens starts with `.$.`: write `name.$.[0]`
        = ap
    "#]],
    );
}

#[test]
fn a_field_without_dollar() {
    check(
        "(ap x.field y)",
        expect![[r#"
        (ap x.field y)
             ^^^^^^ a lens is `.length`, or starts with `.$.`, as in `x.$.field`
        = ap
    "#]],
    );
}

#[test]
fn a_lens_without_end() {
    check(
        "(ap x.$.[0 y)",
        expect![[r#"
        (ap x.$.[0 y)
                ^^ `]` is missing in this lens
        = ap
    "#]],
    );
}

#[test]
fn a_lens_with_nothing() {
    check(
        "(ap x.$ y)",
        expect![[r#"
        (ap x.$ y)
             ^^ `.$` needs something behind it: `.$.field` or `.$.[0]`
        = ap
    "#]],
    );
}

#[test]
fn a_lens_on_a_name_of_one_letter() {
    check(
        "(ap #c.$.x y)",
        expect![[r#"
            (ap #c.$.x y)
                ^^^^^^ AquaVM takes no lens on a tagged name of one letter: use a longer name
            = ap
        "#]],
    );
}

#[test]
fn an_empty_stream_name() {
    check(
        "(ap x $)",
        expect![[r#"
        (ap x $)
              ^ a name is missing after the tag
        = ap
    "#]],
    );
}

#[test]
fn a_number_with_a_lens() {
    check(
        "(ap 1.length x)",
        expect![[r#"
            (ap 1.length x)
                  ^ `l` cannot stand in a number: digits and one dot only; a name of digits takes no lens
            = ap
        "#]],
    );
}

#[test]
fn a_large_number() {
    check(
        "(ap 9223372036854775808 x)",
        expect![[r#"
        (ap 9223372036854775808 x)
            ^^^^^^^^^^^^^^^^^^^ this number is too large, the limit is 9223372036854775807
        = ap
    "#]],
    );
}

#[test]
fn a_long_float() {
    check(
        "(ap 1.23456789012 x)",
        expect![[r#"
        (ap 1.23456789012 x)
            ^^^^^^^^^^^^^ this number is too long: 11 characters at most when there is a dot in it
        = ap
    "#]],
    );
}

#[test]
fn a_leading_dot() {
    check(
        "(ap .5 x)",
        expect![[r#"
        (ap .5 x)
            ^ nothing stands before this dot: write `0.5` for a number, `name.$.field` for a lens
        = ap
    "#]],
    );
}

#[test]
fn a_comment_without_space() {
    check(
        "\
(ap x y;comment
)",
        expect![[r#"
            (ap x y;comment
                   ^ a space is missing here
            )
            = ap
        "#]],
    );
}

#[test]
fn an_instruction_without_space() {
    check(
        "(seq(null) (null))",
        expect![[r#"
        (seq(null) (null))
            ^ a space is missing here
        = seq(null null)
    "#]],
    );
}

#[test]
fn an_instruction_glued_to_a_string() {
    check(
        r#"(call"p" ("s" "f") [])"#,
        expect![[r#"
        (call"p" ("s" "f") [])
             ^ a space is missing here
        = call
    "#]],
    );
}

#[test]
fn both_glued() {
    check(
        r#"(seq(call"p" ("s" "f") [] x)(null))"#,
        expect![[r#"
        (seq(call"p" ("s" "f") [] x)(null))
            ^ a space is missing here
                 ^ a space is missing here
        = seq(call null)
    "#]],
    );
}

#[test]
fn a_name_glued_to_a_list() {
    check(
        "(fold xs x(next x))",
        expect![[r#"
        (fold xs x(next x))
                  ^ a space is missing here
        = fold(next)
    "#]],
    );
}

#[test]
fn a_keyword_glued_to_an_array() {
    check(
        "(match[] x (null))",
        expect![[r#"
        (match[] x (null))
              ^ a space is missing here
        = match(null)
    "#]],
    );
}

#[test]
fn a_string_without_end() {
    check(
        r#"(seq
 (call "p" ("s" "f) [] x)
 (null)
)"#,
        expect![[r#"
            (seq
             (call "p" ("s" "f) [] x)
                            ^^ this string has no closing quote
             (null)
            )
            = seq(call null)
        "#]],
    );
}

#[test]
fn a_string_without_end_on_the_last_line() {
    check(
        r#"(call "p" ("s" "f") ["a" "b] x)"#,
        expect![[r#"
        (call "p" ("s" "f") ["a" "b] x)
                                 ^^ this string has no closing quote
        = call
    "#]],
    );
}

#[test]
fn a_string_without_end_and_calls_behind() {
    check(
        r#"(seq
 (call "p" ("s" "f) [] x)
 (call "p" ("s" "f") [] y)
)"#,
        expect![[r#"
            (seq
             (call "p" ("s" "f) [] x)
                            ^^ this string has no closing quote
             (call "p" ("s" "f") [] y)
            )
            = seq(call call)
        "#]],
    );
}

#[test]
fn a_string_without_start() {
    check(
        r#"(seq
 (call p" ("s" "f") [] x)
 (null)
)"#,
        expect![[r#"
            (seq
             (call p" ("s" "f") [] x)
                    ^ a quote cannot stand in a name; a quote before it is missing, or a space
             (null)
            )
            = seq(call null)
        "#]],
    );
}

#[test]
fn a_string_without_start_before_a_paren() {
    check(
        r#"(call "p" ("s" f") [])"#,
        expect![[r#"
        (call "p" ("s" f") [])
                        ^ a quote cannot stand in a name; a quote before it is missing, or a space
        = call
    "#]],
    );
}

#[test]
fn two_broken_words_are_two() {
    check(
        "(ap a+b c+d)",
        expect![[r#"
            (ap a+b c+d)
                 ^ `+` cannot stand in a name, only letters, digits, `_` and `-`
                     ^ `+` cannot stand in a name, only letters, digits, `_` and `-`
            = ap
        "#]],
    );
}

#[test]
fn a_broken_word_for_a_branch() {
    check(
        "(seq a+b (null))",
        expect![[r#"
            (seq a+b (null))
                  ^ `+` cannot stand in a name, only letters, digits, `_` and `-`
            = seq(! null)
        "#]],
    );
}

#[test]
fn a_broken_head() {
    check(
        "(se+q (null) (null))",
        expect![[r#"
            (se+q (null) (null))
               ^ `+` cannot stand in a name, only letters, digits, `_` and `-`
            = unknown(null null)
        "#]],
    );
}

#[test]
fn a_string_without_end_before_another() {
    check(
        r#"(seq
 (call "p" ("s" "print) ["it"])
 (null)
)"#,
        expect![[r#"
            (seq
             (call "p" ("s" "print) ["it"])
                            ^^^^^^ this string has no closing quote
             (null)
            )
            = seq(call null)
        "#]],
    );
}

#[test]
fn a_doubled_opening_quote() {
    check(
        r#"(call "p" (""s" "f") [])"#,
        expect![[r#"
        (call "p" (""s" "f") [])
                   ^ this string has no closing quote
        = call
    "#]],
    );
}

#[test]
fn a_doubled_closing_quote() {
    check(
        r#"(call "p" ("s"" "f") [])"#,
        expect![[r#"
        (call "p" ("s"" "f") [])
                      ^ this string has no closing quote
        = call
    "#]],
    );
}
