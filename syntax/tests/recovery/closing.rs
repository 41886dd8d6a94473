//! A `)` is missing: said where it belongs, once.

use expect_test::expect;

use super::render::check;

#[test]
fn after_a_call_in_one_line() {
    check(
        r#"(seq (call "p" ("s" "f") [] x (null))"#,
        expect![[r#"
        (seq (call "p" ("s" "f") [] x (null))
                                     ^ `)` is missing here
             - the unclosed bracket opens here
        = seq(call null)
    "#]],
    );
}

#[test]
fn after_a_call_on_its_own_line() {
    check(
        r#"(seq
 (call "p" ("s" "f") [] x
 (null)
)"#,
        expect![[r#"
            (seq
             (call "p" ("s" "f") [] x
                                     ^ `)` is missing here
             - the unclosed bracket opens here
             (null)
            )
            = seq(call null)
        "#]],
    );
}

#[test]
fn after_a_call_with_a_comment_behind_it() {
    check(
        r#"(seq
 (call "p" ("s" "f") [] x ; the first
 (null)
)"#,
        expect![[r#"
            (seq
             (call "p" ("s" "f") [] x ; the first
                                     ^ `)` is missing here
             - the unclosed bracket opens here
             (null)
            )
            = seq(call null)
        "#]],
    );
}

#[test]
fn after_an_inner_seq() {
    check(
        "\
(xor
 (seq
  (null)
  (null)
 (null)
)",
        expect![[r#"
            (xor
             (seq
             - the unclosed bracket opens here
              (null)
              (null)
                    ^ `)` is missing here
             (null)
            )
            = xor(seq(null null) null)
        "#]],
    );
}

#[test]
fn after_an_inner_seq_in_one_line() {
    check(
        "(xor (seq (null) (null) (null))",
        expect![[r#"
        (xor (seq (null) (null) (null))
                               ^ `)` is missing here
             - the unclosed bracket opens here
        = xor(seq(null null) null)
    "#]],
    );
}

#[test]
fn after_a_fold_that_could_take_a_last_instruction() {
    check(
        "\
(fold xs x
 (fold ys y
  (par
   (next y)
   (null)
  )
 (next x)
)",
        expect![[r#"
            (fold xs x
             (fold ys y
             - the unclosed bracket opens here
              (par
               (next y)
               (null)
              )
               ^ `)` is missing here
             (next x)
            )
            = fold(fold(par(next null)) next)
        "#]],
    );
}

#[test]
fn of_two_at_the_same_place() {
    check(
        "\
(seq
 (seq
  (xor
   (null)
   (null)
 (null)
)",
        expect![[r#"
            (seq
             (seq
             - the unclosed bracket opens here
              (xor
              - the unclosed bracket opens here
               (null)
               (null)
                     ^ 2 `)` are missing here
             (null)
            )
            = seq(seq(xor(null null)) null)
        "#]],
    );
}

#[test]
fn of_two_calls_in_a_row() {
    check(
        r#"(seq
 (seq
  (call "a" ("s" "f") [] x
  (call "b" ("s" "f") [] y
 )
 (null)
)"#,
        expect![[r#"
            (seq
             (seq
             - the unclosed bracket opens here
              (call "a" ("s" "f") [] x
                                      ^ `)` is missing here
              - the unclosed bracket opens here
              (call "b" ("s" "f") [] y
             )
              ^ `)` is missing here
             (null)
            )
            = seq(seq(call call) null)
        "#]],
    );
}

#[test]
fn before_the_closer_of_the_list_around() {
    check(
        "\
(seq
 (seq
  (null)
  (null)
 (null)
)",
        expect![[r#"
            (seq
             (seq
             - the unclosed bracket opens here
              (null)
              (null)
                    ^ `)` is missing here
             (null)
            )
            = seq(seq(null null) null)
        "#]],
    );
}

#[test]
fn known_by_the_column_of_an_outer_closer() {
    check(
        "\
(xor
 (new $s
  (par
   (null)
   (null)
 )
 (null)
)",
        expect![[r#"
            (xor
             (new $s
              (par
              - the unclosed bracket opens here
               (null)
               (null)
                     ^ `)` is missing here
             )
             (null)
            )
            = xor(new(par(null null)) null)
        "#]],
    );
}

#[test]
fn at_the_end_of_the_text() {
    check(
        "(seq (null) (null)",
        expect![[r#"
        (seq (null) (null)
        ^ unclosed bracket: add the closing one
                          - the text ends here
        = seq(null null)
    "#]],
    );
}

#[test]
fn at_the_end_of_several_lines() {
    check(
        r#"(seq
 (call "p" ("s" "f") [] x)
 (null)
"#,
        expect![[r#"
            (seq
            ^ unclosed bracket: add the closing one
             (call "p" ("s" "f") [] x)
             (null)
                   - the text ends here

            = seq(call null)
        "#]],
    );
}

#[test]
fn many_at_the_end() {
    check(
        "\
(seq
 (par
  (xor
   (new $s
    (fold xs x
     (next x)",
        expect![[r#"
            (seq
             (par
             - the unclosed bracket opens here
              (xor
              - the unclosed bracket opens here
               (new $s
               - the unclosed bracket opens here
                (fold xs x
                ^ 5 unclosed brackets, of which this is the innermost: add the closing ones
                 (next x)
                         - the text ends here
            = seq(par(xor(new(fold(next)))))
        "#]],
    );
}

#[test]
fn while_typing_the_first_operand() {
    check(
        "\
(seq
 (call 
",
        expect![[r#"
            (seq
            - the unclosed bracket opens here
             (call 
             ^ 2 unclosed brackets, of which this is the innermost: add the closing ones
                  - the text ends here

            = seq(call)
        "#]],
    );
}

#[test]
fn while_typing_a_function() {
    check(
        r#"(seq (null) (call "p" ("s" "#,
        expect![[r#"
        (seq (null) (call "p" ("s" 
                              ^ 3 unclosed brackets, of which this is the innermost: add the closing ones
                    - the unclosed bracket opens here
        - the unclosed bracket opens here
                                  - the text ends here
        = seq(null call)
    "#]],
    );
}

#[test]
fn while_typing_arguments() {
    check(
        r#"(seq (null) (call "p" ("s" "f") ["a" "#,
        expect![[r#"
        (seq (null) (call "p" ("s" "f") ["a" 
                                        ^ 3 unclosed brackets, of which this is the innermost: add the closing ones
                    - the unclosed bracket opens here
        - the unclosed bracket opens here
                                            - the text ends here
        = seq(null call)
    "#]],
    );
}

#[test]
fn just_an_open_paren() {
    check(
        "(",
        expect![[r#"
        (
        ^ unclosed bracket: add the closing one
         - the text ends here
        = unknown
    "#]],
    );
}

#[test]
fn after_the_function_of_a_call() {
    check(
        r#"(call "p" ("s" "f" [] x)"#,
        expect![[r#"
        (call "p" ("s" "f" [] x)
                          ^ `)` is missing here
                  - the unclosed bracket opens here
        = call
    "#]],
    );
}

#[test]
fn after_a_key_and_value() {
    check(
        r#"(seq (ap ("k" v %map) (null))"#,
        expect![[r#"
            (seq (ap ("k" v %map) (null))
                           ^ `)` is missing here
                     - the unclosed bracket opens here
            = seq(ap null)
        "#]],
    );
}

#[test]
fn after_next() {
    check(
        "\
(fold xs x
 (par
  (null)
  (next x
 )
)",
        expect![[r#"
            (fold xs x
             (par
              (null)
              (next x
                     ^ `)` is missing here
              - the unclosed bracket opens here
             )
            )
            = fold(par(null next))
        "#]],
    );
}

#[test]
fn in_the_compilers_layout() {
    check(
        r#"(xor
 (seq
  (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
  (new $-hop-
   (new #-hopc-
    (canon -relay- $-hop- #-hopc-)
   )
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)"#,
        expect![[r#"
            (xor
             (seq
              (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
              (new $-hop-
              - the unclosed bracket opens here
               (new #-hopc-
                (canon -relay- $-hop- #-hopc-)
               )
                ^ `)` is missing here
             )
             (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
            )
            = xor(seq(call new(new(canon))) call)
        "#]],
    );
}

#[test]
fn in_lisp_layout() {
    check(
        r#"(seq
  (xor
    (call "a" ("s" "f") [] x)
    (null)
  (call "b" ("s" "f") [x]))"#,
        expect![[r#"
            (seq
              (xor
              - the unclosed bracket opens here
                (call "a" ("s" "f") [] x)
                (null)
                      ^ `)` is missing here
              (call "b" ("s" "f") [x]))
            = seq(xor(call null) call)
        "#]],
    );
}

#[test]
fn while_typing_a_call_in_between() {
    check(
        r#"(seq
 (null)
 (call 
 (null)
)"#,
        expect![[r#"
            (seq
             (null)
             (call 
                  ^ `)` is missing here
             - the unclosed bracket opens here
             (null)
            )
            = seq(null call null)
        "#]],
    );
}

#[test]
fn while_typing_a_seq_in_between() {
    check(
        r#"(par
 (null)
 (seq
 (null)
)"#,
        expect![[r#"
            (par
             (null)
             (seq
                 ^ `)` is missing here
             - the unclosed bracket opens here
             (null)
            )
            = par(null seq null)
        "#]],
    );
}
