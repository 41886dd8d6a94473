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
             ^^^^^ unknown instruction; there are call, canon, ap, seq, par, fail, fold, xor, never, new, next, null, match and mismatch
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
         ^^ unknown instruction; there are call, canon, ap, seq, par, fail, fold, xor, never, new, next, null, match and mismatch
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
         ^^^ instructions are written in small letters: `seq`
              ^^^^ instructions are written in small letters: `null`
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
             ^^ this list is empty: an instruction must stand in it, `(null)` does nothing
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
         ^^^ an instruction's name must stand after `(`, not a string
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
              ^^^^ `call` is the name of an instruction and of nothing else
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
             ^^^^ `null` is the name of an instruction and of nothing else
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
                       ^ the second instruction is missing; `(null)` does nothing
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
                ^ the first instruction is missing; `(null)` does nothing
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
                           ^ `seq` takes two instructions, this is one too many: nest another `seq` for it
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
                               ^ `par` takes two instructions, this is one too many: nest another `par` for it
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
                   ^ the body is missing; `(null)` does nothing
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
                       ^ `new` takes no instruction here: `(new name body)`
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
                      ^ the body is missing; `(null)` does nothing
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
                                   ^ `fold` takes no instruction here: `(fold iterable iterator body last)`
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
                      ^ the body is missing; `(null)` does nothing
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
                             ^ `mismatch` takes no instruction here: `(mismatch left right body)`
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
                                 ^ `call` takes no instruction here: `(call peer (service function) [arguments] output)`
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
                         ^ the iterator of `next` must be a scalar, not a list
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
                            ^ the second instruction is missing; `(null)` does nothing
                                   ^ the target of `ap` is missing: a scalar or a stream, without a lens
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
             ^^^ `seq` takes no operand here: `(seq first second)`
        = seq(! null null)
    "#]],
    );
}
