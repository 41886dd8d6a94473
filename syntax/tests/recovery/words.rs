//! Words and strings that the lexer refuses, and missing spaces.

use expect_test::expect;

use super::render::check;

#[test]
fn a_plus_in_a_name() {
    check(
        "(ap a+b x)",
        expect![[r#"
            (ap a+b x)
                 ^ `+` is not allowed in a name: use letters, digits, `_` and `-`
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
                ^^ `]` is missing in the lens
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
             ^^ `.$` alone is not a lens: write `.$.field` or `.$.[0]`
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
                  ^ `l` is not allowed in a number: use digits and one dot; a name of digits takes no lens
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
            ^^^^^^^^^^^^^^^^^^^ the number is too large: at most 9223372036854775807
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
            ^^^^^^^^^^^^^ the number is too long: a number with a dot has at most 11 characters
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
            ^ the dot has nothing before it: write `0.5` for a number, `name.$.field` for a lens
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
                            ^^ unclosed string: the closing quote is missing
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
                                 ^^ unclosed string: the closing quote is missing
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
                            ^^ unclosed string: the closing quote is missing
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
                    ^ a quote is not allowed in a name: a space or the quote before it is missing
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
                        ^ a quote is not allowed in a name: a space or the quote before it is missing
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
                 ^ `+` is not allowed in a name: use letters, digits, `_` and `-`
                     ^ `+` is not allowed in a name: use letters, digits, `_` and `-`
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
                  ^ `+` is not allowed in a name: use letters, digits, `_` and `-`
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
               ^ `+` is not allowed in a name: use letters, digits, `_` and `-`
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
                            ^^^^^^ unclosed string: the closing quote is missing
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
                   ^ unclosed string: the closing quote is missing
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
                      ^ unclosed string: the closing quote is missing
        = call
    "#]],
    );
}
