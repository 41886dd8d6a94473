//! The nine rules of the canonical layout, one by one; the options; every place of a comment.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice)]

use air_analysis::format::{FormatOptions, LineEnding, MAX_INDENT, edits, format};
use air_semantics::text_edit::apply;
use expect_test::{Expect, expect};

const CANON: FormatOptions = FormatOptions { indent_width: 1, compact: false, line_ending: LineEnding::Lf };

/// Formats, and makes sure that formatting again changes nothing and that the edits agree.
fn formatted(options: &FormatOptions, text: &str) -> String {
    let once = format(&air_syntax::parse(text), text, options).unwrap();
    let twice = format(&air_syntax::parse(&once.text), &once.text, options).unwrap();
    assert_eq!(twice.text, once.text, "not idempotent");
    assert!(!twice.changed);
    assert_eq!(once.changed, once.text != text);
    assert_eq!(apply(text, &edits(text, &once.text)), once.text, "edits");
    once.text
}

fn check(text: &str, expect: Expect) {
    expect.assert_eq(&formatted(&CANON, text));
}

/// The text must stay as it is.
fn stays(text: &str) {
    assert_eq!(formatted(&CANON, text), text);
}

#[test]
fn rule_1_children_on_their_own_lines_brackets_below_their_openers() {
    check(
        "(xor (seq (call %init_peer_id% (\"a\" \"b\") [] x) (null)) (null))",
        expect![[r#"
            (xor
             (seq
              (call %init_peer_id% ("a" "b") [] x)
              (null)
             )
             (null)
            )
        "#]],
    );
    // The human shape.
    check(
        "(seq\n    (null)\n    (seq\n        (null)\n        (null)))",
        expect![[r#"
            (seq
             (null)
             (seq
              (null)
              (null)
             )
            )
        "#]],
    );
}

#[test]
fn rule_2_one_blank_a_level() {
    let text = "(seq (null) (par (null) (never)))";
    let wide = |indent_width| formatted(&FormatOptions { indent_width, ..CANON }, text);
    expect![[r#"
        (seq
            (null)
            (par
                (null)
                (never)
            )
        )
    "#]]
    .assert_eq(&wide(4));
    assert_eq!(wide(0), wide(1));
    assert_eq!(wide(200), wide(8));
    assert!(wide(8).contains("\n                (never)\n        )\n)\n"));
}

#[test]
fn rule_3_leaves_on_one_line_however_wide() {
    let wide = format!("(call p (\"s\" \"f\") [{}] x)\n", ["argument"; 40].join(" "));
    assert_eq!(formatted(&CANON, &wide.replace(' ', "\n    ")), wide);
    check(
        "(seq (fail\n1\n\"no\") (seq (ap\n (\"k\" v)\n%m) (seq (canon p $s\n#s) (next\nx))))",
        expect![[r#"
            (seq
             (fail 1 "no")
             (seq
              (ap ("k" v) %m)
              (seq
               (canon p $s #s)
               (next x)
              )
             )
            )
        "#]],
    );
}

#[test]
fn rule_4_one_blank_between_tokens() {
    check(
        "( call\tp\u{a0}(  \"s\"\"f\"  )[ a  b [ ] [] x.$.y.[0]! ]$out )",
        expect![[r#"
            (call p ("s" "f") [a b [] [] x.$.y.[0]!] $out)
        "#]],
    );
    // The compiler doubles the space before the result of a canon.
    check(
        "(canon %init_peer_id% $res  #res)",
        expect![[r#"
            (canon %init_peer_id% $res #res)
        "#]],
    );
}

#[test]
fn rule_5_heads_stay_on_their_line() {
    check(
        "(new\n$s (fold\nxs\nx (match x\n1 (mismatch x [] (next x))) (null)))",
        expect![[r#"
            (new $s
             (fold xs x
              (match x 1
               (mismatch x []
                (next x)
               )
              )
              (null)
             )
            )
        "#]],
    );
}

#[test]
fn rule_6_annotations_stay_on_their_call() {
    check(
        "(seq\n(call \"p\" (\"s\" \"f\") [] x)    ; ok = {\"a\": 1}\n(call \"p\" (\"s\" \"g\") []); err = {}\n)",
        expect![[r#"
            (seq
             (call "p" ("s" "f") [] x) ; ok = {"a": 1}
             (call "p" ("s" "g") []) ; err = {}
            )
        "#]],
    );
    // All on one line: what follows the inner bracket belongs to the inner call.
    check(
        "(seq (seq (call \"p\" (\"s\" \"f\") []) ; ok = 1\n(null)) (null)) ; of the whole",
        expect![[r#"
            (seq
             (seq
              (call "p" ("s" "f") []) ; ok = 1
              (null)
             )
             (null)
            ) ; of the whole
        "#]],
    );
}

#[test]
fn rule_7_one_blank_line_between_children() {
    check(
        "\n\n; header\n\n\n\n(seq\n\n\n (null)\n\n\n\n (seq\n  (null) ; one\n\n\n  ; two\n\n  (null)\n\n )\n\n)\n\n\n; end\n\n",
        expect![[r#"
            ; header

            (seq
             (null)

             (seq
              (null) ; one

              ; two

              (null)
             )
            )

            ; end
        "#]],
    );
}

#[test]
fn rule_8_bytes() {
    // Tabs, spaces at line ends, CRLF; but strings stay, line breaks and all.
    assert_eq!(
        formatted(
            &CANON,
            "(seq\t\r\n\t(call p (\"s\r\n \t\" \"f  \") [007 +1.50]) ; ok \t\r\n\t; own\r\n\t(null))"
        ),
        "(seq\n (call p (\"s\r\n \t\" \"f  \") [007 +1.50]) ; ok\n ; own\n (null)\n)\n"
    );
    assert!(!formatted(&CANON, "(seq\r\n (null)\r\n (null)\r\n)\r\n").contains('\r'));
    // A lone CR breaks lines for editors, but does not end a comment.
    check(
        "(seq\r(null)\r\r; own\r\n(null))",
        expect![[r#"
            (seq
             (null)

             ; own
             (null)
            )
        "#]],
    );
    assert_eq!(formatted(&CANON, ""), "");
    assert_eq!(formatted(&CANON, " \n\t\n"), "");
    assert_eq!(formatted(&CANON, "\n ; only\n\n\n;; this"), "; only\n\n;; this\n");
}

#[test]
fn rule_9_a_broken_word_does_not_take_in_the_bracket_behind_it() {
    check(
        "(call a (b c) [ %[x% ] )",
        expect![[r#"
            (call a (b c) [%[x% ])
        "#]],
    );
}

#[test]
fn rule_9_broken_instructions_stay_sound_ones_inside_do_not() {
    check(
        "(seq\n      (foo   bar)\n   (par   (null)\n(null)   ) )",
        expect![[r#"
            (seq
                  (foo   bar)
               (par
                (null)
                (null)
               ) )"#]],
    );
    // In the middle of a line: relative to the column of the bracket.
    check(
        "(foo  é (par (null) (null)) (par (null) (null)))",
        expect![[r#"
            (foo  é (par
                     (null)
                     (null)
                    ) (par
                       (null)
                       (null)
                      ))"#]],
    );
    // Tabs of the indentation are kept, so that columns agree however wide they are.
    check(
        "(foo\n\t(par (null) (null)))",
        expect![[r#"
            (foo
            	(par
            	 (null)
            	 (null)
            	))"#]],
    );
    // Half a file, strange bytes.
    stays("\u{feff}(nul  )");
    stays("(call p (\"s\" \"f  )  \n  ");
    stays("(((( ; x");
    stays(") )  )");
    stays("\0  \0");
}

#[test]
fn missing_and_wrong_operands_do_not_hinder() {
    check(
        "(seq (call   p (\"s\"  f) [$s  a+b])  (canon  p $s  x  ) y  z)",
        expect![[r#"
            (seq
             (call p ("s" f) [$s a+b])
             (canon p $s x)
             y z
            )
        "#]],
    );
    // A keyword among them does: most likely its bracket was lost.
    stays("(seq (null  x  y  call)   (null) )");
    check(
        "(seq (call   p) (xor (null)))",
        expect![[r#"
            (seq
             (call p)
             (xor
              (null)
             )
            )
        "#]],
    );
    check(
        "(seq )(null  )",
        expect![[r#"
        (seq)
        (null)
    "#]],
    );
}

/// Every place of a comment, on its own line and trailing.
#[test]
fn comments_everywhere() {
    check(
        r#"
; before
( ; after the bracket
   seq ; after the head
   ; own line before the first child
 (fold ; after fold
   ; own line in the head
   xs ; after the iterable
   x ; after the iterator
  (call ; after call
    p ( ; in the function
      "s";after the service
      ; own line before the function
      "f" ; after the function
      ) ; after the pair
      [ ; in the arguments
      a ; after a
      ; own line before b
      b ;after b
      ; after the last
      ] ; after the arguments
      out ; after the output
      ; own line before the bracket
  ) ; after the call

  ; own line between children
  (next x);after next
  ; own line before the bracket of fold
 ) (ap ( "k" ; in an entry
   v) %m) ;after ap
 ; own line before the last bracket
) ; after the script
; the end"#,
        expect![[r#"
            ; before
            ( ; after the bracket
             seq ; after the head
             ; own line before the first child
             (fold ; after fold
              ; own line in the head
              xs ; after the iterable
              x ; after the iterator
              (call ; after call
               p ( ; in the function
                "s" ;after the service
                ; own line before the function
                "f" ; after the function
               ) ; after the pair
               [ ; in the arguments
                a ; after a
                ; own line before b
                b ;after b
                ; after the last
               ] ; after the arguments
               out ; after the output
               ; own line before the bracket
              ) ; after the call

              ; own line between children
              (next x) ;after next
              ; own line before the bracket of fold
             )
             (ap ("k" ; in an entry
               v) %m) ;after ap
             ; own line before the last bracket
            ) ; after the script
            ; the end
        "#]],
    );
    check(
        "(seq (call p (\"s\" \"f\") [[;in an empty list\n] x.$.y ; lens\n z]) (null))",
        expect![[r#"
            (seq
             (call p ("s" "f") [[ ;in an empty list
               ] x.$.y ; lens
               z])
             (null)
            )
        "#]],
    );
}

#[test]
fn comments_keep_text_and_semicolons() {
    stays(";;; three\n;none\n; \u{1f600} wide\n;\n(null) ;; two\n");
    // No space before the semicolon, where a token ends by itself.
    check(
        "(null);x",
        expect![[r#"
        (null) ;x
    "#]],
    );
}

#[test]
fn compiler_headers_stay() {
    stays("; This file is generated\n; by a compiler\n;\n; do not edit\n\n(null)\n");
}

#[test]
fn fmt_off_and_on() {
    check(
        "(seq\n; air: fmt off\n   (call p  (\"s\"   \"f\")\n []) ; aligned\n\n\n   (par (null)\n (null))\n   ; air: fmt on\n   (null))",
        expect![[r#"
            (seq
             ; air: fmt off
               (call p  ("s"   "f")
             []) ; aligned


               (par (null)
             (null))
               ; air: fmt on
             (null)
            )
        "#]],
    );
    // Regions need not respect brackets.
    check(
        "(seq (par (null) ;; air: fmt off\n   (null)   )\n  (xor  ; air: fmt on\n (null) (null)))",
        expect![[r#"
            (seq
             (par
              (null) ;; air: fmt off
               (null)   )
              (xor  ; air: fmt on
              (null)
              (null)
             )
            )
        "#]],
    );
    // Up to the end.
    check(
        "(seq ; air: fmt off\n   (null)\n(null)  )  \n\n",
        expect![[r#"
        (seq ; air: fmt off
           (null)
        (null)  )  

    "#]],
    );
    // In broken surroundings.
    check(
        "(foo\n  ; air: fmt off\n  (seq  (null) (null))\n  ; air: fmt on\n  (seq  (null) (null)))",
        expect![[r#"
            (foo
              ; air: fmt off
              (seq  (null) (null))
              ; air: fmt on
              (seq
               (null)
               (null)
              ))"#]],
    );
}

#[test]
fn compact_puts_closing_brackets_behind() {
    let compact = FormatOptions { compact: true, ..CANON };
    let check = |text: &str, expect: Expect| expect.assert_eq(&formatted(&compact, text));
    check(
        "(xor\n (seq\n  (call p (\"s\" \"f\") [])\n  (fold xs x\n   (next x)\n  )\n )\n (null)\n)\n",
        expect![[r#"
            (xor
             (seq
              (call p ("s" "f") [])
              (fold xs x
               (next x)))
             (null))
        "#]],
    );
    // A comment keeps the bracket from following it; and a trailing one its bracket.
    check(
        "(seq (seq (null) (null) ; last\n) ; inner\n (seq (null) (null))) ; outer",
        expect![[r#"
        (seq
         (seq
          (null)
          (null) ; last
         ) ; inner
         (seq
          (null)
          (null))) ; outer
    "#]],
    );
    // Back and forth.
    let text = "(seq\n (seq\n  (null) ; a\n\n  ; b\n  (null)\n ) ; c\n (null)\n) ; d\n";
    assert_eq!(formatted(&CANON, &formatted(&compact, text)), text);
}

#[test]
fn crlf_on_demand() {
    let crlf = FormatOptions { line_ending: LineEnding::Crlf, ..CANON };
    let text = formatted(&crlf, "; a\r\n\r\n(seq (null) ; b\n (null))");
    assert_eq!(text, "; a\r\n\r\n(seq\r\n (null) ; b\r\n (null)\r\n)\r\n");
    assert_eq!(LineEnding::of(&text), LineEnding::Crlf);
    assert_eq!(formatted(&CANON, &text), text.replace("\r\n", "\n"));
}

#[test]
fn indentation_is_bounded() {
    let depth = 3_000;
    let text = format!("{}(null){}", "(new $s ".repeat(depth), ")".repeat(depth));
    let text = formatted(&CANON, &text);
    let widest = text.lines().map(|line| line.len() - line.trim_start().len()).max();
    assert_eq!(widest, Some(MAX_INDENT));
    assert!(text.len() < 2 * depth * (MAX_INDENT + 10));
}

/// Hostile texts on a small stack: in time, without a loss.
#[test]
fn giants() {
    let n = 50_000;
    let texts = [
        format!("{}(null){}", "(seq ".repeat(n), ")".repeat(n)),
        format!("{}(null){}", "(seq (null) ".repeat(8_000), ")".repeat(8_000)),
        "(seq ".repeat(n),
        "(".repeat(n),
        ")".repeat(n),
        "[".repeat(n),
        "(call \"".repeat(n),
        "; c\n".repeat(n),
        // Islands in broken surroundings, all on one line, the first far to the right.
        format!("(foo {}", "(seq(null)(null))".repeat(n)),
        format!("(foo {} {}", "x".repeat(n), "(seq(null)(null))".repeat(1_000)),
    ];
    let check = move || {
        for text in texts {
            let formatted = format(&air_syntax::parse(&text), &text, &CANON).unwrap();
            assert!(formatted.text.len() >= text.len());
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(check).unwrap().join().unwrap();
}
