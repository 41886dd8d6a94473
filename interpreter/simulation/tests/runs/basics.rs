//! Values of calls, copies, streams, canons and maps, on one peer and on several.

use expect_test::expect;

use super::check;

#[test]
fn a_call_and_what_it_gives() {
    check(
        r#""services":[{"function":"load","answer":{"ok":{"name":"tea","price":3.5}}}]"#,
        r##"(seq
 (call "@shop" ("db" "load") ["tea"] item)
 (call %init_peer_id% ("ui" "load") [item.$.price] seen)
)
"##,
        expect![[r#"
            (seq
             (call "@shop" ("db" "load") ["tea"] item) ; item = {"name": "tea", "price": 3.5} on @shop
             (call %init_peer_id% ("ui" "load") [item.$.price] seen) ; seen = {"name": "tea", "price": 3.5}
            )
            => completed: the script reached its end on @init
            => 3/3 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn annotations_answer() {
    check(
        "",
        r##"(seq
 (call "@shop" ("db" "find") ["tea"] item) ; ok={"id": 17}
 (call "@shop" ("db" "stock") [item.$.id] count) ; ok=4
)
"##,
        expect![[r#"
            (seq
             (call "@shop" ("db" "find") ["tea"] item) ; ok={"id": 17} ; item = {"id": 17} on @shop
             (call "@shop" ("db" "stock") [item.$.id] count) ; ok=4 ; count = 4 on @shop
            )
            => unheard: the script reached its end on @shop, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 3/3 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn copies_and_lenses() {
    check(
        r#""services":[{"function":"load","answer":{"ok":{"list":[10,20]}}}]"#,
        r##"(seq
 (call %init_peer_id% ("db" "load") [] o)
 (seq
  (ap o.$.list.[1] second)
  (ap second again)
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("db" "load") [] o) ; o = {"list": [10, 20]}
             (seq
              (ap o.$.list.[1] second) ; second = 20
              (ap second again) ; again = 20
             )
            )
            => completed: the script reached its end on @init
            => 5/5 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn values_of_the_particle() {
    check(
        r#""particle":{"timestamp":11,"ttl":22,"particle_id":"p"}"#,
        r##"(seq
 (ap %init_peer_id% me)
 (seq
  (ap %timestamp% now)
  (ap %ttl% left)
 )
)
"##,
        expect![[r#"
            (seq
             (ap %init_peer_id% me) ; me = "@init"
             (seq
              (ap %timestamp% now) ; now = 11
              (ap %ttl% left) ; left = 22
             )
            )
            => completed: the script reached its end on @init
            => 5/5 instructions, 0/0 calls
        "#]],
    );
}

#[test]
fn streams_and_canons() {
    check(
        "",
        r##"(seq
 (seq
  (ap 1 $s)
  (ap 2 $s)
 )
 (seq
  (canon "@keeper" $s #all)
  (ap #all.$.[1] last)
 )
)
"##,
        expect![[r#"
            (seq
             (seq
              (ap 1 $s) ; $s = 1
              (ap 2 $s) ; $s = 2
             )
             (seq
              (canon "@keeper" $s #all) ; #all = [1, 2] on @keeper
              (ap #all.$.[1] last) ; last = 2 on @keeper
             )
            )
            => unheard: the script reached its end on @keeper, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 7/7 instructions, 0/0 calls
        "#]],
    );
}

#[test]
fn maps() {
    check(
        "",
        r##"(seq
 (seq
  (ap ("tea" 3) %prices)
  (ap ("cake" 4) %prices)
 )
 (seq
  (canon %init_peer_id% %prices #%prices)
  (canon %init_peer_id% %prices all)
 )
)
"##,
        expect![[r#"
            (seq
             (seq
              (ap ("tea" 3) %prices) ; %prices = {"key": "tea", "value": 3}
              (ap ("cake" 4) %prices) ; %prices = {"key": "cake", "value": 4}
             )
             (seq
              (canon %init_peer_id% %prices #%prices) ; #%prices = {"cake": [4], "tea": [3]}
              (canon %init_peer_id% %prices all) ; all = {"cake": 4, "tea": 3}
             )
            )
            => completed: the script reached its end on @init
            => 7/7 instructions, 0/0 calls
        "#]],
    );
}

#[test]
fn peers_write_into_one_stream() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (par
  (call "@a" ("s" "echo") ["from a"] $all)
  (call "@b" ("s" "echo") ["from b"] $all)
 )
 (canon %init_peer_id% $all #all)
)
"##,
        expect![[r#"
            (seq
             (par
              (call "@a" ("s" "echo") ["from a"] $all) ; $all = "from a" on @a
              (call "@b" ("s" "echo") ["from b"] $all) ; $all = "from b" on @b
             )
             (canon %init_peer_id% $all #all) ; #all = ["from a"]
            )
            => completed: the script reached its end on @init
            => 5/5 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn there_and_back() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (seq
  (call "@relay" ("op" "noop") [])
  (call "@far" ("s" "echo") ["hello"] answer)
 )
 (seq
  (call "@relay" ("op" "noop") [])
  (call %init_peer_id% ("callbackSrv" "response") [answer])
 )
)
"##,
        expect![[r#"
            (seq
             (seq
              (call "@relay" ("op" "noop") []) ; called on @relay
              (call "@far" ("s" "echo") ["hello"] answer) ; answer = "hello" on @far
             )
             (seq
              (call "@relay" ("op" "noop") []) ; called on @relay
              (call %init_peer_id% ("callbackSrv" "response") [answer]) ; called
             )
            )
            => completed: response "hello"
            => 7/7 instructions, 4/4 calls
        "#]],
    );
}

#[test]
fn a_peer_out_of_data() {
    check(
        r#""services":[{"function":"who","answer":{"ok":{"peer":"@b"}}},{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "who") [] who)
 (call who.$.peer ("s" "echo") ["hi"] said)
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "who") [] who) ; who = {"peer": "@b"}
             (call who.$.peer ("s" "echo") ["hi"] said) ; said = "hi" on @b
            )
            => unheard: the script reached its end on @b, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 3/3 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn restricted_names() {
    check(
        r#""services":[{"function":"echo","answer":{"echo":0}}]"#,
        r##"(seq
 (call %init_peer_id% ("s" "echo") ["outer"] x)
 (new x
  (call %init_peer_id% ("s" "echo") ["inner"] x)
 )
)
"##,
        expect![[r#"
            (seq
             (call %init_peer_id% ("s" "echo") ["outer"] x) ; x = "outer"
             (new x
              (call %init_peer_id% ("s" "echo") ["inner"] x) ; x = "inner"
             )
            )
            => completed: the script reached its end on @init
            => 4/4 instructions, 2/2 calls
        "#]],
    );
}

#[test]
fn built_in_services() {
    check(
        "",
        r##"(seq
 (seq
  (call %init_peer_id% ("math" "add") [2 3] sum)
  (call %init_peer_id% ("cmp" "gt") [sum 4] more)
 )
 (seq
  (call "@a" ("op" "concat_strings") ["a" "b"] text)
  (call "@a" ("array" "length") [[]] none)
 )
)
"##,
        expect![[r#"
            (seq
             (seq
              (call %init_peer_id% ("math" "add") [2 3] sum) ; sum = 5
              (call %init_peer_id% ("cmp" "gt") [sum 4] more) ; more = true
             )
             (seq
              (call "@a" ("op" "concat_strings") ["a" "b"] text) ; text = "ab" on @a
              (call "@a" ("array" "length") [[]] none) ; none = 0 on @a
             )
            )
            => unheard: the script reached its end on @a, but nothing tells @init, which waits until the particle's life is over (7000 ms)
            => 7/7 instructions, 4/4 calls
        "#]],
    );
}

#[test]
fn what_is_given() {
    check(
        r#""given":{"count":3}"#,
        r##"; air: given count
(call %init_peer_id% ("math" "add") [count 1] more)
"##,
        expect![[r#"
            ; air: given count
            (call %init_peer_id% ("math" "add") [count 1] more) ; more = 4
            => completed: the script reached its end on @init
            => 1/1 instructions, 1/1 calls
        "#]],
    );
}

#[test]
fn parameters_of_a_compiled_function() {
    check(
        r#""given":{"-relay-":"@relay","name":"Ann"}"#,
        r##"(xor
 (seq
  (seq
   (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
   (call %init_peer_id% ("getDataSrv" "name") [] -name-arg-)
  )
  (seq
   (new $-hop-
    (new #-hopc-
     (canon -relay- $-hop- #-hopc-)
    )
   )
   (call %init_peer_id% ("callbackSrv" "response") [-name-arg-])
  )
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)
"##,
        expect![[r#"
            (xor
             (seq
              (seq
               (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-) ; -relay- = "@relay"
               (call %init_peer_id% ("getDataSrv" "name") [] -name-arg-) ; -name-arg- = "Ann"
              )
              (seq
               (new $-hop-
                (new #-hopc-
                 (canon -relay- $-hop- #-hopc-) ; #-hopc- = [] on @relay
                )
               )
               (call %init_peer_id% ("callbackSrv" "response") [-name-arg-]) ; called
              )
             )
             (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]) ; not run: only after an error in the first branch
            )
            => completed: response "Ann"
            => 10/11 instructions, 3/4 calls
        "#]],
    );
}

#[test]
fn long_values_are_cut() {
    check(
        r#""services":[{"function":"long","answer":{"ok":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22]]}}]"#,
        r##"(call %init_peer_id% ("s" "long") [] long)
"##,
        expect![[r#"
            (call %init_peer_id% ("s" "long") [] long) ; long = ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", [1, 2, 3, 4, 5, 6, 7, 8, … 14 more]]
            => completed: the script reached its end on @init
            => 1/1 instructions, 1/1 calls
        "#]],
    );
}
