//! Operands that are missing, too many or of a kind that does not fit.

use expect_test::expect;

use super::render::check;

#[test]
fn no_peer() {
    check(
        r#"(call ("s" "f") [] x)"#,
        expect![[r#"
        (call ("s" "f") [] x)
             ^ the peer is missing: expected a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens
        = call
    "#]],
    );
}

#[test]
fn no_function() {
    check(
        r#"(call "p" ("s") [] x)"#,
        expect![[r#"
        (call "p" ("s") [] x)
                      ^ the function is missing: expected a string, a scalar, or a canon stream or map with a lens
        = call
    "#]],
    );
}

#[test]
fn no_service_and_function() {
    check(
        r#"(call "p" [] x)"#,
        expect![[r#"
        (call "p" [] x)
                 ^ `(service function)` is missing: expected a pair in parentheses, `("service" "function")`
        = call
    "#]],
    );
}

#[test]
fn an_empty_function() {
    check(
        r#"(call "p" () [])"#,
        expect![[r#"
        (call "p" () [])
                   ^ the service is missing: expected a string, a scalar, or a canon stream or map with a lens
        = call
    "#]],
    );
}

#[test]
fn an_empty_call() {
    check(
        "(call)",
        expect![[r#"
        (call)
             ^ the peer is missing: expected a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens
        = call
    "#]],
    );
}

#[test]
fn three_in_the_function() {
    check(
        r#"(call "p" ("s" "f" "g") [])"#,
        expect![[r#"
            (call "p" ("s" "f" "g") [])
                               ^^^ `(service function)` takes a service and a function and nothing more
            = call
        "#]],
    );
}

#[test]
fn two_outputs() {
    check(
        r#"(call "p" ("s" "f") [] x y)"#,
        expect![[r#"
            (call "p" ("s" "f") [] x y)
                                     ^ unexpected operand of `call`: expected `(call peer (service function) [arguments] output)`
            = call(!)
        "#]],
    );
}

#[test]
fn three_outputs_are_one_finding() {
    check(
        r#"(call "p" ("s" "f") [] x y z)"#,
        expect![[r#"
            (call "p" ("s" "f") [] x y z)
                                     ^^^ unexpected operand of `call`: expected `(call peer (service function) [arguments] output)`
            = call(!)
        "#]],
    );
}

#[test]
fn a_canon_as_output() {
    check(
        r#"(call "p" ("s" "f") [] #c)"#,
        expect![[r#"
        (call "p" ("s" "f") [] #c)
                               ^^ the output must be a scalar or a stream without a lens, not a canon stream
        = call(!)
    "#]],
    );
}

#[test]
fn an_output_with_a_lens() {
    check(
        r#"(call "p" ("s" "f") [] x.$.y)"#,
        expect![[r#"
        (call "p" ("s" "f") [] x.$.y)
                               ^^^^^ the output must be a scalar or a stream without a lens, not a scalar with a lens
        = call(!)
    "#]],
    );
}

#[test]
fn a_number_as_peer() {
    check(
        r#"(call 42 ("s" "f") [])"#,
        expect![[r#"
        (call 42 ("s" "f") [])
              ^^ the peer must be a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens, not an integer
        = call(!)
    "#]],
    );
}

#[test]
fn a_canon_as_peer() {
    check(
        r#"(call #c ("s" "f") [])"#,
        expect![[r#"
        (call #c ("s" "f") [])
              ^^ the peer must be a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens, not a canon stream; take one element with a lens
        = call(!)
    "#]],
    );
}

#[test]
fn a_stream_as_argument() {
    check(
        r#"(call "p" ("s" "f") ["a" $s x %m])"#,
        expect![[r#"
        (call "p" ("s" "f") ["a" $s x %m])
                                 ^^ an argument must be a literal, a scalar, a canon stream or map, an error, or `[]`, not a stream; canonicalise it first, `(canon peer $stream #canon)`
                                      ^^ an argument must be a literal, a scalar, a canon stream or map, an error, or `[]`, not a stream map; canonicalise it first, `(canon peer $stream #canon)`
        = call(! !)
    "#]],
    );
}

#[test]
fn a_stream_with_a_lens() {
    check(
        "(ap $stream.$.[0] x)",
        expect![[r#"
        (ap $stream.$.[0] x)
            ^^^^^^^^^^^^^ the value of `ap` must be a literal, a scalar, a canon stream, a canon map with a lens, an error, or `[]`, not a stream with a lens; a stream takes no lens: canonicalise it first, `(canon peer $stream #canon)`
        = ap(!)
    "#]],
    );
}

#[test]
fn a_stream_map_with_a_lens() {
    check(
        r#"(call "p" ("s" "f") [%map.length])"#,
        expect![[r#"
        (call "p" ("s" "f") [%map.length])
                             ^^^^^^^^^^^ an argument must be a literal, a scalar, a canon stream or map, an error, or `[]`, not a stream map with a lens; a stream takes no lens: canonicalise it first, `(canon peer $stream #canon)`
        = call(!)
    "#]],
    );
}

#[test]
fn ap_without_target() {
    check(
        "(ap x)",
        expect![[r#"
        (ap x)
             ^ the target of `ap` is missing: expected a scalar or a stream without a lens
        = ap
    "#]],
    );
}

#[test]
fn ap_without_anything() {
    check(
        "(ap)",
        expect![[r#"
        (ap)
           ^ the value of `ap` is missing: expected a literal, a scalar, a canon stream, a canon map with a lens, an error, or `[]`
        = ap
    "#]],
    );
}

#[test]
fn ap_with_two_targets() {
    check(
        "(ap x y z)",
        expect![[r#"
            (ap x y z)
                    ^ unexpected operand of `ap`: expected `(ap value target)`
            = ap(!)
        "#]],
    );
}

#[test]
fn a_pair_without_its_parentheses() {
    check(
        "(ap key value %map)",
        expect![[r#"
            (ap key value %map)
                          ^^^^ `ap` of a pair needs parentheses: `(ap (key value) %map)`
            = ap(!)
        "#]],
    );
}

#[test]
fn ap_into_a_map_without_a_key() {
    check(
        "(ap v %map)",
        expect![[r#"
            (ap v %map)
                  ^^^^ the target of `ap` must be a scalar or a stream without a lens, not a stream map; a map takes a key and a value: `(ap (key value) %map)`
            = ap(!)
        "#]],
    );
}

#[test]
fn ap_with_a_key_into_a_stream() {
    check(
        r#"(ap ("k" v) $s)"#,
        expect![[r#"
            (ap ("k" v) $s)
                        ^^ the map of `ap (key value)` must be a stream map (`%name`), not a stream; a stream takes no key: `(ap value $stream)`
            = ap(!)
        "#]],
    );
}

#[test]
fn ap_with_half_an_entry() {
    check(
        r#"(ap ("k") %map)"#,
        expect![[r#"
        (ap ("k") %map)
                ^ the value is missing: expected a literal, a scalar, a canon stream, a canon map with a lens, an error, or `[]`
        = ap
    "#]],
    );
}

#[test]
fn ap_from_a_canon_map() {
    check(
        "(ap #%map x)",
        expect![[r#"
        (ap #%map x)
            ^^^^^ the value of `ap` must be a literal, a scalar, a canon stream, a canon map with a lens, an error, or `[]`, not a canon map; take one element with a lens
        = ap(!)
    "#]],
    );
}

#[test]
fn a_float_as_key() {
    check(
        "(ap (1.5 v) %map)",
        expect![[r#"
        (ap (1.5 v) %map)
             ^^^ the key must be a string, an integer, a scalar, or a canon stream with a lens, not a number with a dot
        = ap(!)
    "#]],
    );
}

#[test]
fn canon_without_peer() {
    check(
        "(canon $s #c)",
        expect![[r#"
        (canon $s #c)
              ^ the peer is missing: expected a string, `%init_peer_id%`, a scalar, or a canon stream or map with a lens
        = canon
    "#]],
    );
}

#[test]
fn canon_without_source() {
    check(
        r#"(canon "p" #c)"#,
        expect![[r#"
        (canon "p" #c)
                  ^ the source of `canon` is missing: expected a stream or a stream map
        = canon
    "#]],
    );
}

#[test]
fn canon_with_something_between() {
    check(
        r#"(canon "p" x $s #c)"#,
        expect![[r#"
            (canon "p" x $s #c)
                       ^ unexpected operand of `canon`: expected `(canon peer $stream #canon)`
            = canon(!)
        "#]],
    );
}

#[test]
fn canon_of_a_map_into_a_stream() {
    check(
        r#"(canon "p" %m #c)"#,
        expect![[r#"
        (canon "p" %m #c)
                      ^^ the target of `canon` must be a canon map (`#%name`) or a scalar, not a canon stream
        = canon(!)
    "#]],
    );
}

#[test]
fn canon_of_a_stream_into_a_scalar() {
    check(
        r#"(canon "p" $s x)"#,
        expect![[r#"
        (canon "p" $s x)
                      ^ the target of `canon` must be a canon stream (`#name`), not a scalar
        = canon(!)
    "#]],
    );
}

#[test]
fn fail_with_a_lens_on_an_error() {
    check(
        "(fail %last_error%.$.message)",
        expect![[r#"
        (fail %last_error%.$.message)
              ^^^^^^^^^^^^^^^^^^^^^^ the error that `fail` raises must be a code and a text, a scalar, a canon stream with a lens, `%last_error%` or `:error:`, not `%last_error%` with a lens; remove the lens
        = fail(!)
    "#]],
    );
}

#[test]
fn fail_with_a_code_only() {
    check(
        "(fail 1)",
        expect![[r#"
        (fail 1)
               ^ the text after the error code is missing: expected a string
        = fail
    "#]],
    );
}

#[test]
fn fail_with_a_variable_text() {
    check(
        "(fail 1 text)",
        expect![[r#"
        (fail 1 text)
                ^^^^ the text after the error code must be a string, not a scalar
        = fail(!)
    "#]],
    );
}

#[test]
fn fail_with_a_text_only() {
    check(
        r#"(fail "oops")"#,
        expect![[r#"
        (fail "oops")
              ^^^^^^ the error that `fail` raises must be a code and a text, a scalar, a canon stream with a lens, `%last_error%` or `:error:`, not a string
        = fail(!)
    "#]],
    );
}

#[test]
fn fail_with_a_wrong_code() {
    check(
        r#"(fail "1" "oops")"#,
        expect![[r#"
        (fail "1" "oops")
              ^^^ the error that `fail` raises must be a code and a text, a scalar, a canon stream with a lens, `%last_error%` or `:error:`, not a string
        = fail(!)
    "#]],
    );
}

#[test]
fn fold_over_a_literal() {
    check(
        r#"(fold "xs" x (next x))"#,
        expect![[r#"
        (fold "xs" x (next x))
              ^^^^ the iterable of `fold` must be a scalar, a stream, a stream map, a canon stream without a lens, a canon map, or `[]`, not a string
        = fold(! next)
    "#]],
    );
}

#[test]
fn fold_over_a_canon_with_a_lens() {
    check(
        "(fold #cs.$.xs x (next x))",
        expect![[r#"
        (fold #cs.$.xs x (next x))
              ^^^^^^^^ the iterable of `fold` must be a scalar, a stream, a stream map, a canon stream without a lens, a canon map, or `[]`, not a canon stream with a lens
        = fold(! next)
    "#]],
    );
}

#[test]
fn fold_without_iterator() {
    check(
        "(fold xs (next x))",
        expect![[r#"
        (fold xs (next x))
                ^ the iterator of `fold` is missing: expected a scalar
        = fold(next)
    "#]],
    );
}

#[test]
fn fold_with_a_stream_as_iterator() {
    check(
        "(fold xs $x (next x))",
        expect![[r#"
        (fold xs $x (next x))
                 ^^ the iterator of `fold` must be a scalar, not a stream
        = fold(! next)
    "#]],
    );
}

#[test]
fn new_without_name() {
    check(
        "(new (null))",
        expect![[r#"
        (new (null))
            ^ the name that `new` declares is missing: expected a scalar, a stream, a stream map, a canon stream or a canon map, without a lens
        = new(null)
    "#]],
    );
}

#[test]
fn new_of_a_literal() {
    check(
        r#"(new "s" (null))"#,
        expect![[r#"
        (new "s" (null))
             ^^^ the name that `new` declares must be a scalar, a stream, a stream map, a canon stream or a canon map, without a lens, not a string
        = new(! null)
    "#]],
    );
}

#[test]
fn new_of_two_names() {
    check(
        "(new $s $t (null))",
        expect![[r#"
            (new $s $t (null))
                    ^^ unexpected operand of `new`: expected `(new name body)`
            = new(! null)
        "#]],
    );
}

#[test]
fn next_of_nothing() {
    check(
        "(next)",
        expect![[r#"
        (next)
             ^ the iterator of `next` is missing: expected a scalar
        = next
    "#]],
    );
}

#[test]
fn next_of_two() {
    check(
        "(next x y)",
        expect![[r#"
            (next x y)
                    ^ unexpected operand of `next`: expected `(next iterator)`
            = next(!)
        "#]],
    );
}

#[test]
fn next_of_a_stream() {
    check(
        "(next $x)",
        expect![[r#"
        (next $x)
              ^^ the iterator of `next` must be a scalar, not a stream
        = next(!)
    "#]],
    );
}

#[test]
fn match_of_one_value() {
    check(
        "(match x (null))",
        expect![[r#"
        (match x (null))
                ^ the right side is missing: expected a literal, a scalar, a canon stream or map, an error, or `[]`
        = match(null)
    "#]],
    );
}

#[test]
fn match_of_three_values() {
    check(
        "(match x y z (null))",
        expect![[r#"
            (match x y z (null))
                       ^ unexpected operand of `match`: expected `(match left right body)`
            = match(! null)
        "#]],
    );
}

#[test]
fn match_of_a_stream() {
    check(
        r#"(match $s "x" (null))"#,
        expect![[r#"
        (match $s "x" (null))
               ^^ the left side must be a literal, a scalar, a canon stream or map, an error, or `[]`, not a stream; canonicalise it first, `(canon peer $stream #canon)`
        = match(! null)
    "#]],
    );
}

#[test]
fn null_with_an_operand() {
    check(
        "(null x)",
        expect![[r#"
            (null x)
                  ^ `null` takes no operands
            = null(!)
        "#]],
    );
}

#[test]
fn two_wrong_ones_in_one_match() {
    check(
        "(match $s %m (null))",
        expect![[r#"
            (match $s %m (null))
                   ^^ the left side must be a literal, a scalar, a canon stream or map, an error, or `[]`, not a stream; canonicalise it first, `(canon peer $stream #canon)`
                      ^^ the right side must be a literal, a scalar, a canon stream or map, an error, or `[]`, not a stream map; canonicalise it first, `(canon peer $stream #canon)`
            = match(! null)
        "#]],
    );
}
