//! What waits and for what; what is made up when nobody answers.

use expect_test::expect;

use super::{check, check_made_up};

#[test]
fn a_peer_that_is_not_there() {
    check(
        r#""peers":["@init","@b"],"services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call "@gone" ("s" "echo") [1] x)
  (call "@b" ("s" "echo") [2] y)
 )
 (call %init_peer_id% ("s" "echo") [x] z)
)
"##,
        expect![[r#"
            (seq
             (par
              (call "@gone" ("s" "echo") [1] x) ; not run: @gone is unreachable
              (call "@b" ("s" "echo") [2] y) ; y = 2 on @b
             )
             (call %init_peer_id% ("s" "echo") [x] z) ; not run: waits for x, which line 3 sets on @gone
            )
            => waiting: line 6: waits for x, which line 3 sets on @gone
            => 3/5 instructions, 1/3 calls
        "#]],
    );
}

#[test]
fn a_branch_that_goes_on_without() {
    check(
        r#""peers":["@init","@b"],"services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call "@gone" ("s" "echo") [1] x)
  (call "@b" ("s" "echo") [2] y)
 )
 (call %init_peer_id% ("callbackSrv" "response") [y])
)
"##,
        expect![[r#"
            (seq
             (par
              (call "@gone" ("s" "echo") [1] x) ; not run: @gone is unreachable
              (call "@b" ("s" "echo") [2] y) ; y = 2 on @b
             )
             (call %init_peer_id% ("callbackSrv" "response") [y]) ; called
            )
            => completed: response 2; one branch still waits
            => 4/5 instructions, 2/3 calls
        "#]],
    );
}

#[test]
fn never() {
    check(
        "",
        r##"(seq
 (par
  (never)
  (never)
 )
 (seq
  (null)
  (ap 1 x)
 )
)
"##,
        expect![[r#"
            (seq
             (par
              (never) ; waits: never ends
              (never) ; waits: never ends
             )
             (seq ; not run: line 3 has not completed: never ends
              (null)
              (ap 1 x)
             )
            )
            => waiting: line 3: never ends
            => 4/7 instructions, 0/0 calls
        "#]],
    );
}

#[test]
fn a_stream_that_stays_empty() {
    check(
        "",
        r##"(new $s
 (seq
  (fold $s i
   (seq
    (ap i x)
    (next i)
   )
  )
  (ap 1 done)
 )
)
"##,
        expect![[r#"
            (new $s
             (seq
              (fold $s i
               (seq ; not run: waits for more values in $s
                (ap i x)
                (next i)
               )
              )
              (ap 1 done) ; not run: line 3 has not completed: waits for more values in $s
             )
            )
            => waiting: line 3: waits for more values in $s
            => 3/7 instructions, 0/0 calls
        "#]],
    );
}

#[test]
fn the_last_peer_on_the_way() {
    check(
        r#""peers":["@init"]"#,
        r##"(seq
 (call "@gone" ("op" "noop") [])
 (seq
  (ap 1 x)
  (ap 2 y)
 )
)
"##,
        expect![[r#"
            (seq
             (call "@gone" ("op" "noop") []) ; not run: @gone is unreachable
             (seq ; not run: line 2 has not completed: @gone is unreachable
              (ap 1 x)
              (ap 2 y)
             )
            )
            => waiting: line 2: @gone is unreachable
            => 1/5 instructions, 0/1 calls
        "#]],
    );
}

#[test]
fn a_value_in_another_branch() {
    check(
        r#""peers":["@init"],"services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(par
 (call "@gone" ("s" "echo") [1] key)
 (seq
  (match key 1
   (ap "one" word)
  )
  (ap word said)
 )
)
"##,
        expect![[r#"
            (par
             (call "@gone" ("s" "echo") [1] key) ; not run: @gone is unreachable
             (seq
              (match key 1 ; waits for key, which line 2 sets on @gone
               (ap "one" word) ; not run: waits for key, which line 2 sets on @gone
              )
              (ap word said) ; not run: line 4 has not completed: waits for key, which line 2 sets on @gone
             )
            )
            => waiting: line 2: @gone is unreachable
            => 3/6 instructions, 0/1 calls
        "#]],
    );
}

#[test]
fn a_race_with_a_timeout() {
    check(
        r#""peers":["@init"],"services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call "@gone" ("s" "echo") ["late"] $r)
  (call %init_peer_id% ("peer" "timeout") [1000 "timed out"] $r)
 )
 (seq
  (canon %init_peer_id% $r #race)
  (call %init_peer_id% ("callbackSrv" "response") [#race.$.[0]])
 )
)
"##,
        expect![[r#"
            (seq
             (par
              (call "@gone" ("s" "echo") ["late"] $r) ; not run: @gone is unreachable
              (call %init_peer_id% ("peer" "timeout") [1000 "timed out"] $r) ; $r = "timed out"
             )
             (seq
              (canon %init_peer_id% $r #race) ; #race = ["timed out"]
              (call %init_peer_id% ("callbackSrv" "response") [#race.$.[0]]) ; called
             )
            )
            => completed: response "timed out"; one branch still waits
            => 6/7 instructions, 2/3 calls
        "#]],
    );
}

#[test]
fn made_up_records() {
    check_made_up(
        r##"(seq
 (call "some peer" ("users" "all") [] users)
 (fold users u
  (seq
   (call u.$.peer_id ("users" "greet") [u.$.name] answer)
   (next u)
  )
 )
)
"##,
        expect![[r#"
            (seq
             (call "some peer" ("users" "all") [] users) ; users = [{"name": "all[0].name", "peer_id": "@peer_4"}, {"name": "all[1].name", "peer_id": "@peer_5"}] on some peer (made up)
             (fold users u ; u = {"name": "all[0].name", "peer_id": "@peer_4"}, {"name": "all[1].name", "peer_id": "@peer_5"}
              (seq
               (call u.$.peer_id ("users" "greet") [u.$.name] answer) ; answer = "greet" on @peer_4, "greet" on @peer_5 (made up)
               (next u)
              )
             )
            )
            => unheard: the script reached its end on @peer_5, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 6/6 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn made_up_parameters() {
    check_made_up(
        r##"(xor
 (seq
  (call %init_peer_id% ("getDataSrv" "count") [] -count-arg-)
  (seq
   (call %init_peer_id% ("math" "add") [-count-arg- 1] more)
   (call %init_peer_id% ("callbackSrv" "response") [more])
  )
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)
"##,
        expect![[r#"
            (xor
             (seq
              (call %init_peer_id% ("getDataSrv" "count") [] -count-arg-) ; -count-arg- = 1 (made up)
              (seq
               (call %init_peer_id% ("math" "add") [-count-arg- 1] more) ; more = 2
               (call %init_peer_id% ("callbackSrv" "response") [more]) ; called
              )
             )
             (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]) ; not run: only after an error in the first branch
            )
            => completed: response 2
            => 6/7 instructions, 3/4 calls
        "#]],
    );
}

#[test]
fn made_up_variables_from_outside() {
    check_made_up(
        r##"; air: given worker
(call worker.$.host ("w" "start") [worker.$.name] id)
"##,
        expect![[r#"
            ; air: given worker
            (call worker.$.host ("w" "start") [worker.$.name] id) ; id = "start" on @peer_2 (made up)
            => unheard: the script reached its end on @peer_2, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 1/1 instructions, 1/1 calls
        "#]],
    );
}
