//! A `)` too many: the one that a person would take out.

use expect_test::expect;

use super::render::check;

#[test]
fn at_the_end() {
    check(
        "(seq (null) (null)))",
        expect![[r#"
        (seq (null) (null)))
                           ^ `)` has no matching `(`: remove it
        = seq(null null) !
    "#]],
    );
}

#[test]
fn many_at_the_end() {
    check(
        "(null))))",
        expect![[r#"
        (null))))
              ^^^ `)` has no matching `(`: remove it
        = null !
    "#]],
    );
}

#[test]
fn on_its_own_line_at_the_end() {
    check(
        "\
(seq
 (null)
 (null)
)
)
",
        expect![[r#"
            (seq
             (null)
             (null)
            )
            )
            ^ `)` has no matching `(`: remove it

            = seq(null null) !
        "#]],
    );
}

#[test]
fn before_the_second_branch() {
    check(
        "(par (seq (null) (null))) (null))",
        expect![[r#"
        (par (seq (null) (null))) (null))
                                ^ `)` has no matching `(`: remove it
        = par(seq(null null) ! null)
    "#]],
    );
}

#[test]
fn before_the_second_branch_on_lines() {
    check(
        r#"(seq
 (call "p" ("s" "f") [] x))
 (null)
)"#,
        expect![[r#"
            (seq
             (call "p" ("s" "f") [] x))
                                      ^ `)` has no matching `(`: remove it
             (null)
            )
            = seq(call ! null)
        "#]],
    );
}

#[test]
fn before_the_body_of_a_match() {
    check(
        "(match x 1) (null))",
        expect![[r#"
        (match x 1) (null))
                  ^ `)` has no matching `(`: remove it
        = match(! null)
    "#]],
    );
}

#[test]
fn inside_of_a_fold() {
    check(
        r#"(fold xs x
 (par
  (call x ("s" "f") []))
  (next x)
 )
)"#,
        expect![[r#"
            (fold xs x
             (par
              (call x ("s" "f") []))
                                   ^ `)` has no matching `(`: remove it
              (next x)
             )
            )
            = fold(par(call ! next))
        "#]],
    );
}

#[test]
fn before_the_last_instruction_of_the_outermost_fold() {
    check(
        "(fold xs x (seq (null) (next x))) (null))",
        expect![[r#"
        (fold xs x (seq (null) (next x))) (null))
                                        ^ `)` has no matching `(`: remove it
        = fold(seq(null next) ! null)
    "#]],
    );
}

#[test]
fn in_a_column_of_its_own() {
    check(
        "\
(seq
 (seq
  (null)
  (null)
 )
 (null)
  )
)",
        expect![[r#"
            (seq
             (seq
              (null)
              (null)
             )
             (null)
              )
              ^ `)` has no matching `(`: remove it
            )
            = seq(seq(null null) null !)
        "#]],
    );
}

#[test]
fn before_the_operands() {
    check(
        r#"(call) "p" ("s" "f") [])"#,
        expect![[r#"
        (call) "p" ("s" "f") [])
             ^ `)` has no matching `(`: remove it
        = call(!)
    "#]],
    );
}

#[test]
fn between_function_and_arguments() {
    check(
        r#"(call "p" ("s" "f")) [] x)"#,
        expect![[r#"
        (call "p" ("s" "f")) [] x)
                           ^ `)` has no matching `(`: remove it
        = call(!)
    "#]],
    );
}

#[test]
fn alone() {
    check(
        ")",
        expect![[r#"
        )
        ^ `)` has no matching `(`: remove it
        = !
    "#]],
    );
}

#[test]
fn before_everything() {
    check(
        ") (null)",
        expect![[r#"
        ) (null)
        ^ `)` has no matching `(`: remove it
        = ! null
    "#]],
    );
}

#[test]
fn two_in_different_places() {
    check(
        "(seq (null)) (seq (null)) (null)))",
        expect![[r#"
        (seq (null)) (seq (null)) (null)))
                   ^ `)` has no matching `(`: remove it
                                ^ `)` has no matching `(`: remove it
        = seq(null ! seq(null ! null))
    "#]],
    );
}

#[test]
fn before_the_last_instruction_of_an_inner_fold() {
    check(
        r#"(seq
 (fold xs x
  (par
   (null)
   (next x)
  ))
  (null)
 )
 (null)
)"#,
        expect![[r#"
            (seq
             (fold xs x
              (par
               (null)
               (next x)
              ))
               ^ `)` has no matching `(`: remove it
              (null)
             )
             (null)
            )
            = seq(fold(par(null next) ! null) null)
        "#]],
    );
}
