//! Heads of lists, and children that are missing or too many.

use expect_test::expect;

use super::render::check;

#[test]
fn a_misspelt_name() {
    check(
        r#"(seq (cal "p" ("s" "f") [] x) (null))"#,
        expect![[r#"
        (seq (cal "p" ("s" "f") [] x) (null))
              ^^^ unknown instruction, did you mean `call`?
        = seq(unknown null)
    "#]],
    );
}

#[test]
fn swapped_letters() {
    check(
        "(sqe (null) (null))",
        expect![[r#"
        (sqe (null) (null))
         ^^^ unknown instruction, did you mean `seq`?
        = unknown(null null)
    "#]],
    );
}

#[test]
fn an_unknown_name_keeps_its_children() {
    check(
        "(embed [] (#a (null)) (seq (null) (null)))",
        expect![[r#"
            (embed [] (#a (null)) (seq (null) (null)))
             ^^^^^ unknown instruction; expected one of call, canon, ap, seq, par, fail, fold, xor, never, new, next, null, match or mismatch
            = unknown(unknown(null) seq(null null))
        "#]],
    );
}

#[test]
fn a_name_of_another_language() {
    check(
        "(if x (null) (never))",
        expect![[r#"
        (if x (null) (never))
         ^^ unknown instruction; expected one of call, canon, ap, seq, par, fail, fold, xor, never, new, next, null, match or mismatch
        = unknown(null never)
    "#]],
    );
}

#[test]
fn capital_letters() {
    check(
        "(SEQ (Null) (null))",
        expect![[r#"
        (SEQ (Null) (null))
         ^^^ instruction names are lower-case: write `seq`
              ^^^^ instruction names are lower-case: write `null`
        = unknown(unknown null)
    "#]],
    );
}

#[test]
fn an_empty_list() {
    check(
        "(seq () (null))",
        expect![[r#"
        (seq () (null))
             ^^ `()` is empty: write an instruction, or `(null)` to do nothing
        = seq(unknown null)
    "#]],
    );
}

#[test]
fn a_string_for_a_name() {
    check(
        r#"("s" "f")"#,
        expect![[r#"
        ("s" "f")
         ^^^ expected the name of an instruction after `(`, found a string
        = unknown
    "#]],
    );
}

#[test]
fn a_keyword_as_a_name() {
    check(
        r#"(call call ("s" "f") [])"#,
        expect![[r#"
        (call call ("s" "f") [])
              ^^^^ `call` is the name of an instruction: choose another name
        = call(!)
    "#]],
    );
}

#[test]
fn a_keyword_as_the_name_of_new() {
    check(
        "(new null (null))",
        expect![[r#"
        (new null (null))
             ^^^^ `null` is the name of an instruction: choose another name
        = new(! null)
    "#]],
    );
}

#[test]
fn a_missing_second_branch() {
    check(
        "(seq (null))",
        expect![[r#"
            (seq (null))
                       ^ the second instruction is missing: add one, or `(null)` to do nothing
            = seq(null)
        "#]],
    );
}

#[test]
fn missing_branches() {
    check(
        "(par)",
        expect![[r#"
            (par)
                ^ the first instruction is missing: add one, or `(null)` to do nothing
            = par
        "#]],
    );
}

#[test]
fn a_third_branch() {
    check(
        "(seq (null) (null) (never))",
        expect![[r#"
        (seq (null) (null) (never))
                           ^ `seq` takes two instructions: nest another `seq` for the rest
        = seq(null null never)
    "#]],
    );
}

#[test]
fn a_third_and_fourth_branch() {
    check(
        "(par (null) (null) (never) (null))",
        expect![[r#"
            (par (null) (null) (never) (null))
                               ^ `par` takes two instructions: nest another `par` for the rest
            = par(null null never null)
        "#]],
    );
}

#[test]
fn new_without_body() {
    check(
        "(new $s)",
        expect![[r#"
            (new $s)
                   ^ the body is missing: add one, or `(null)` to do nothing
            = new
        "#]],
    );
}

#[test]
fn new_with_two_bodies() {
    check(
        "(new $s (null) (null))",
        expect![[r#"
        (new $s (null) (null))
                       ^ unexpected instruction in `new`: expected `(new name body)`
        = new(null null)
    "#]],
    );
}

#[test]
fn fold_without_body() {
    check(
        "(fold xs x)",
        expect![[r#"
            (fold xs x)
                      ^ the body is missing: add one, or `(null)` to do nothing
            = fold
        "#]],
    );
}

#[test]
fn fold_with_three_instructions() {
    check(
        "(fold xs x (next x) (null) (never))",
        expect![[r#"
        (fold xs x (next x) (null) (never))
                                   ^ unexpected instruction in `fold`: expected `(fold iterable iterator body last)`
        = fold(next null never)
    "#]],
    );
}

#[test]
fn match_without_body() {
    check(
        "(match x y)",
        expect![[r#"
            (match x y)
                      ^ the body is missing: add one, or `(null)` to do nothing
            = match
        "#]],
    );
}

#[test]
fn mismatch_with_two_bodies() {
    check(
        "(mismatch x y (null) (null))",
        expect![[r#"
        (mismatch x y (null) (null))
                             ^ unexpected instruction in `mismatch`: expected `(mismatch left right body)`
        = mismatch(null null)
    "#]],
    );
}

#[test]
fn an_instruction_in_a_call() {
    check(
        r#"(call "p" ("s" "f") [] x (null))"#,
        expect![[r#"
        (call "p" ("s" "f") [] x (null))
                                 ^ unexpected instruction in `call`: expected `(call peer (service function) [arguments] output)`
        = call(null)
    "#]],
    );
}

#[test]
fn an_instruction_in_next() {
    check(
        "(fold xs x (next (null)))",
        expect![[r#"
        (fold xs x (next (null)))
                         ^ the iterator of `next` must be a scalar, not `(`
        = fold(next(null))
    "#]],
    );
}

#[test]
fn a_scalar_for_a_branch() {
    check(
        "(seq x (null))",
        expect![[r#"
            (seq x (null))
                 ^ the first instruction must be an instruction in parentheses, not a scalar
            = seq(! null)
        "#]],
    );
}

#[test]
fn a_string_for_both_branches() {
    check(
        r#"(xor "a" "b")"#,
        expect![[r#"
            (xor "a" "b")
                 ^^^^^^^ the first instruction must be an instruction in parentheses, not a string
            = xor(!)
        "#]],
    );
}

#[test]
fn errors_in_two_branches_are_two() {
    check(
        "(seq (seq (null)) (ap x))",
        expect![[r#"
            (seq (seq (null)) (ap x))
                            ^ the second instruction is missing: add one, or `(null)` to do nothing
                                   ^ the target of `ap` is missing: expected a scalar or a stream without a lens
            = seq(seq(null) ap)
        "#]],
    );
}

#[test]
fn a_doubled_name() {
    check(
        r#"(seq seq (null) (null))"#,
        expect![[r#"
        (seq seq (null) (null))
             ^^^ unexpected operand of `seq`: expected `(seq first second)`
        = seq(! null null)
    "#]],
    );
}
