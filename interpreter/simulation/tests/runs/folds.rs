//! Elements, iterations, recursion; what folds leave out.

use expect_test::expect;

use super::check;

#[test]
fn over_an_array() {
    check(
        r#""services":[{"function":"list","answer":{"ok":["a","b","c"]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (seq
   (call %init_peer_id% ("s" "echo") [x] y)
   (next x)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = ["a", "b", "c"]
             (fold xs x ; x = "a", "b", "c"
              (seq
               (call %init_peer_id% ("s" "echo") [x] y) ; y = "a", "b", "c"
               (next x)
              )
             )
            )
            => completed: the script reached its end on @init
            => 6/6 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn over_nothing() {
    check(
        r#""services":[{"function":"list","answer":{"ok":[]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (seq
   (call %init_peer_id% ("s" "echo") [x] y)
   (next x)
  )
  (null)
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = []
             (fold xs x
              (seq ; not run: the fold has no elements
               (call %init_peer_id% ("s" "echo") [x] y)
               (next x)
              )
              (null) ; not run: the fold has no elements
             )
            )
            => completed: the script reached its end on @init
            => 3/7 instructions, 1/2 calls
        "#]],
    );
}

#[test]
fn many_elements() {
    check(
        r#""services":[{"function":"list","answer":{"ok":[1,2,3,4,5,6,7]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (par
   (call "@a" ("s" "echo") [x] y)
   (next x)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = [1, 2, 3, 4, 5, 6, 7]
             (fold xs x ; x = 1, 2, 3, … ×7
              (par
               (call "@a" ("s" "echo") [x] y) ; y = 1, 2, 3, … ×7 on @a
               (next x)
              )
             )
            )
            => unheard: the script reached its end on @a, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 6/6 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn nested() {
    check(
        r#""services":[{"function":"list","answer":{"ok":[[1,2],[3]]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (seq
   (fold x y
    (seq
     (call %init_peer_id% ("s" "echo") [y] z)
     (next y)
    )
   )
   (next x)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = [[1, 2], [3]]
             (fold xs x ; x = [1, 2], [3]
              (seq
               (fold x y ; y = 1, 2, 3
                (seq
                 (call %init_peer_id% ("s" "echo") [y] z) ; z = 1, 2, 3
                 (next y)
                )
               )
               (next x)
              )
             )
            )
            => completed: the script reached its end on @init
            => 9/9 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn peers_of_a_list() {
    check(
        r#""services":[{"function":"list","answer":{"ok":["@a","@b"]}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] peers)
 (fold peers p
  (par
   (call p ("s" "echo") [p] $answers)
   (next p)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] peers) ; peers = ["@a", "@b"]
             (fold peers p ; p = "@a", "@b"
              (par
               (call p ("s" "echo") [p] $answers) ; $answers = "@a" on @a, "@b" on @b
               (next p)
              )
             )
            )
            => unheard: the script reached its end on @a, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 6/6 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn over_a_stream() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (seq
  (ap "x" $s)
  (ap "y" $s)
 )
 (fold $s i
  (seq
   (call %init_peer_id% ("s" "echo") [i] y)
   (next i)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (seq
              (ap "x" $s) ; $s = "x"
              (ap "y" $s) ; $s = "y"
             )
             (fold $s i ; i = "x", "y"
              (seq
               (call %init_peer_id% ("s" "echo") [i] y) ; y = "x", "y"
               (next i)
              )
             )
            )
            => waiting: line 6: waits for more values in $s
            => 8/8 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn a_stream_that_feeds_itself() {
    check(
        "",
        r##"(seq
 (ap 0 $s)
 (fold $s i
  (par
   (seq
    (call %init_peer_id% ("math" "add") [i 1] n)
    (xor
     (match n 3
      (null)
     )
     (ap n $s)
    )
   )
   (next i)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (ap 0 $s) ; $s = 0
             (fold $s i ; i = 0, 1, 2
              (par
               (seq
                (call %init_peer_id% ("math" "add") [i 1] n) ; n = 1, 2, 3
                (xor
                 (match n 3
                  (null)
                 )
                 (ap n $s) ; $s = 1, 2
                )
               )
               (next i)
              )
             )
            )
            => completed: the script reached its end on @init
            => 11/11 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn elements_that_come_from_elsewhere() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call "@a" ("s" "echo") ["one"] $s)
  (call "@b" ("s" "echo") ["two"] $s)
 )
 (fold $s i
  (par
   (seq
    (ap i $seen)
    (call "@c" ("s" "echo") [i] out)
   )
   (next i)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (par
              (call "@a" ("s" "echo") ["one"] $s) ; $s = "one" on @a
              (call "@b" ("s" "echo") ["two"] $s) ; $s = "two" on @b
             )
             (fold $s i ; i = "one", "two"
              (par
               (seq
                (ap i $seen) ; $seen = "one" on @a, "two" on @b
                (call "@c" ("s" "echo") [i] out) ; out = "one", "two" on @c
               )
               (next i)
              )
             )
            )
            => unheard: the script reached its end on @c, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 10/10 instructions, 3/3 calls
        "#]],
    );
}

#[test]
fn a_gate_that_opens() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call "@a" ("s" "echo") ["one"] $s)
  (call "@b" ("s" "echo") ["two"] $s)
 )
 (seq
  (new $gate
   (fold $s i
    (seq
     (seq
      (ap i $gate)
      (canon %init_peer_id% $gate #gate)
     )
     (xor
      (match #gate.length 2
       (null)
      )
      (next i)
     )
    )
    (never)
   )
  )
  (call %init_peer_id% ("callbackSrv" "response") ["both"])
 )
)
"##,
        expect![[r#"
            (seq
             (par
              (call "@a" ("s" "echo") ["one"] $s) ; $s = "one" on @a
              (call "@b" ("s" "echo") ["two"] $s) ; $s = "two" on @b
             )
             (seq
              (new $gate
               (fold $s i ; i = "one", "two"
                (seq
                 (seq
                  (ap i $gate) ; $gate = "one" on @a, "two" on @b
                  (canon %init_peer_id% $gate #gate) ; #gate = ["one"], ["one", "two"]
                 )
                 (xor
                  (match #gate.length 2
                   (null)
                  )
                  (next i)
                 )
                )
                (never)
               )
              )
              (call %init_peer_id% ("callbackSrv" "response") ["both"]) ; called
             )
            )
            => completed: response "both"
            => 17/17 instructions, 3/3 calls
        "#]],
    );
}

#[test]
fn a_gate_that_stays_shut() {
    check(
        "",
        r##"(seq
 (ap "one" $s)
 (seq
  (new $gate
   (fold $s i
    (seq
     (seq
      (ap i $gate)
      (canon %init_peer_id% $gate #gate)
     )
     (xor
      (match #gate.length 2
       (null)
      )
      (next i)
     )
    )
    (never)
   )
  )
  (call %init_peer_id% ("callbackSrv" "response") ["both"])
 )
)
"##,
        expect![[r#"
            (seq
             (ap "one" $s) ; $s = "one"
             (seq
              (new $gate
               (fold $s i ; i = "one"
                (seq
                 (seq
                  (ap i $gate) ; $gate = "one"
                  (canon %init_peer_id% $gate #gate) ; #gate = ["one"]
                 )
                 (xor
                  (match #gate.length 2
                   (null) ; not run: #gate.length = 1 is not 2
                  )
                  (next i)
                 )
                )
                (never) ; waits: never ends [0]
               )
              )
              (call %init_peer_id% ("callbackSrv" "response") ["both"]) ; not run: line 18 has not completed: never ends
             )
            )
            => waiting: line 18: never ends
            => 13/15 instructions, 0/1 calls
        "#]],
    );
}

#[test]
fn backwards() {
    check(
        r#""services":[{"function":"list","answer":{"ok":["a","b","c"]}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (seq
   (next x)
   (ap x $back)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = ["a", "b", "c"]
             (fold xs x ; x = "a", "b", "c"
              (seq
               (next x)
               (ap x $back) ; $back = "c", "b", "a"
              )
             )
            )
            => completed: the script reached its end on @init
            => 6/6 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn the_end_of_a_fold() {
    check(
        r#""services":[{"function":"list","answer":{"ok":["a","b","c"]}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (seq
   (ap x $s)
   (next x)
  )
  (canon %init_peer_id% $s #s)
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = ["a", "b", "c"]
             (fold xs x ; x = "a", "b", "c"
              (seq
               (ap x $s) ; $s = "a", "b", "c"
               (next x)
              )
              (canon %init_peer_id% $s #s) ; #s = ["a", "b", "c"]
             )
            )
            => completed: the script reached its end on @init
            => 7/7 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn leaving_early() {
    check(
        r#""services":[{"function":"list","answer":{"ok":["a","b","c"]}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "list") [] xs)
 (fold xs x
  (xor
   (match x "b"
    (ap x found)
   )
   (next x)
  )
  (call %init_peer_id% ("s" "not_found") [])
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "list") [] xs) ; xs = ["a", "b", "c"]
             (fold xs x ; x = "a", "b"
              (xor
               (match x "b"
                (ap x found) ; found = "b"
               )
               (next x)
              )
              (call %init_peer_id% ("s" "not_found") []) ; not run: the fold did not reach its end
             )
            )
            => completed: the script reached its end on @init
            => 7/8 instructions, 1/2 calls
        "#]],
    );
}
