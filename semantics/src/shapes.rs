//! What a script demands of each value, inferred from how it uses it.
//!
//! `users.$.[0].peer_id` in a peer's position says: `users` is an array of objects with a peer id.
//! Demands stand where values are used; a value flows from a call through `ap`, streams, canons, map
//! keys and iterators to its uses. Flow is directed: a source meets the demands of everything that it
//! reaches, and two sources that merely meet in one stream stay apart (`semantics/spec/aqua-idioms.md §4.2`).
//!
//! Collecting is linear in the script; asking for one [`Shape`] costs at most a constant, whatever the
//! script: a shape has at most [`MAX_NODES`] nodes and [`MAX_DEPTH`] levels, and what lies deeper than
//! some thousand steps of flow is not seen.

mod arms;
mod builtins;
mod collect;
mod display;
mod fields;
mod flow;

use rustc_hash::FxHashMap;

use crate::hir::{Hir, InstrId};
use crate::resolve::{BindingId, Resolution};

pub use fields::{FieldPlaces, Reach};
use flow::{Graph, NodeId};

/// The most nodes that a shape has.
pub const MAX_NODES: usize = 400;
/// The most levels that a shape has.
pub const MAX_DEPTH: usize = 9;

/// The demands of a whole script; shapes are taken out of it one by one.
#[derive(Debug, Clone)]
pub struct Shapes {
    graph: Graph,
    /// For each call with an output, the node of its result.
    sites: FxHashMap<InstrId, NodeId>,
    /// Where the script names fields.
    traces: fields::Traces,
}

/// What is demanded of one value: a tree, its root first.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// All parts of the value. Never empty; children stand after their parents.
    pub nodes: Vec<ShapeNode>,
}

/// What is demanded of one part of a value. Demands may contradict each other; all are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShapeNode {
    /// Used as a peer.
    pub peer: bool,
    /// Used as a string: name of a service or function, argument of a built-in.
    pub text: bool,
    /// Used as a text in base 58.
    pub base58: bool,
    /// Used as an integer.
    pub integer: bool,
    /// Used as an index, or an index is computed from it by adding or subtracting.
    pub index: bool,
    /// Used as an array: folded, indexed, its length taken.
    pub array: bool,
    /// How many elements it must have at least; 0 without such a demand.
    pub least: u32,
    /// What it is compared with.
    pub literals: Vec<Literal>,
    /// Its fields, in order of first use, as indices into [`Shape::nodes`].
    pub fields: Vec<(Box<str>, u32)>,
    /// Any element of it.
    pub element: Option<u32>,
    /// It is a text that is parsed as JSON, and this is demanded of what comes out.
    pub json: Option<u32>,
}

/// Something that a value is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The literal.
    pub value: LiteralValue,
    /// Above zero: the branch that looks better is taken if they are equal. Below: if they differ.
    pub weight: i32,
}

/// The literals of AIR.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum LiteralValue {
    Text(Box<str>),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    EmptyArray,
}

/// Collects the demands of a script.
///
/// ```
/// use air_semantics::Script;
/// use air_semantics::hir::InstrId;
/// use air_semantics::shapes::shapes;
///
/// let script = Script::new(r#"(seq
///  (call %init_peer_id% ("registry" "users") [] users)
///  (call users.$.[0].peer ("log" "write") [users.$.[0].name]))"#);
/// // Instructions stand in closing order: the first call is number 0.
/// let shape = shapes(script.hir(), script.resolution()).of_call(InstrId(0));
/// let user = shape.node(shape.root().element.unwrap());
/// let (name, peer) = &user.fields[0];
/// assert_eq!((&**name, shape.node(*peer).peer), ("peer", true));
/// ```
pub fn shapes(hir: &Hir, resolution: &Resolution) -> Shapes {
    collect::collect(hir, resolution)
}

impl Shapes {
    /// What is demanded of the result of that call; nothing if it has no output.
    pub fn of_call(&self, call: InstrId) -> Shape {
        self.of_calls(&[call])
    }

    /// What is demanded of a value that all these calls give.
    pub fn of_calls(&self, calls: &[InstrId]) -> Shape {
        let nodes: Vec<NodeId> = calls.iter().filter_map(|call| self.sites.get(call).copied()).collect();
        self.graph.shape(&nodes)
    }

    /// What is demanded of the values of that variable; of a stream, the stream as an array.
    pub fn of_variable(&self, variable: BindingId) -> Shape {
        self.graph.shape(&[NodeId(variable.0)])
    }
}

impl Shape {
    /// A part; nothing is demanded of parts that do not exist.
    pub fn node(&self, index: u32) -> &ShapeNode {
        const NOTHING: &ShapeNode = &ShapeNode {
            peer: false,
            text: false,
            base58: false,
            integer: false,
            index: false,
            array: false,
            least: 0,
            literals: Vec::new(),
            fields: Vec::new(),
            element: None,
            json: None,
        };
        self.nodes.get(index as usize).unwrap_or(NOTHING)
    }

    /// The whole value.
    pub fn root(&self) -> &ShapeNode {
        self.node(0)
    }
}

impl ShapeNode {
    /// Whether nothing is demanded.
    pub fn is_any(&self) -> bool {
        !(self.peer || self.text || self.base58 || self.integer || self.index || self.array)
            && self.literals.is_empty()
            && self.fields.is_empty()
            && self.element.is_none()
            && self.json.is_none()
    }

    /// Whether it is an array, as far as is known.
    pub fn is_array(&self) -> bool {
        self.array || self.element.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::shapes;
    use crate::Script;
    use crate::hir::{InstrId, InstrKind, Role};

    /// Each call that has an output, and what is demanded of its result.
    fn check(text: &str, expected: Expect) {
        let script = Script::new(text);
        assert!(script.hir().roots.len() == 1, "{text}");
        let (hir, resolution) = (script.hir(), script.resolution());
        let shapes = shapes(hir, resolution);
        let mut shown = String::new();
        let mut calls: Vec<_> = hir
            .instrs
            .iter()
            .enumerate()
            .filter(|(_, instr)| instr.kind == InstrKind::Call)
            .filter_map(|(id, instr)| Some((hir.operand(instr, Role::Output)?, InstrId(id as u32))))
            .collect();
        calls.sort_by_key(|(output, _)| output.range.start());
        for (output, id) in calls {
            let _ = writeln!(shown, "{}: {}", hir.text_at(output.range), shapes.of_call(id));
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn lenses_and_peers() {
        check(
            r#"(seq (call "p" ("s" "f") [] users)
               (seq (call users.$.[0].peer_id ("s" "g") [users.$.[2].name])
                    (call users.$.[0].relays.[0]! (users.$.[1].service "h") [])))"#,
            expect![[r#"
                users: [{peer_id: peer, name: any, relays: [peer], service: string}; ≥3]
            "#]],
        );
    }

    #[test]
    fn folds_streams_and_canons() {
        check(
            r#"(seq (call "p" ("s" "f") [] list)
               (seq (fold list i (par (call i.$.id ("s" "g") [] $out) (next i)))
               (seq (canon "p" $out #out)
               (seq (ap #out copy)
                    (fold copy j (seq (call "p" ("op" "concat_strings") [j.$.name]) (next j)))))))"#,
            expect![[r#"
                list: [{id: peer}]
                $out: {name: string}
            "#]],
        );
    }

    #[test]
    fn sources_that_meet_in_a_stream_stay_apart() {
        check(
            r#"(seq (call "p" ("s" "f") [] a)
               (seq (call "p" ("s" "g") [] b)
               (seq (seq (ap a $log) (ap b.$.[0].text $log))
               (seq (canon "p" $log #log)
                    (call "p" ("op" "concat_strings") [#log.$.[0]])))))"#,
            expect![[r#"
                a: string
                b: [{text: string}]
            "#]],
        );
    }

    #[test]
    fn maps() {
        check(
            r#"(seq (call "p" ("s" "f") [] a)
               (seq (call "p" ("s" "g") [] b)
               (seq (seq (ap ("first" a) %m) (ap ("second" b) %m))
               (seq (seq (canon "p" %m obj) (canon "p" %m #%m))
               (seq (call obj.$.first ("s" "h") [])
               (seq (fold #%m.$.second.[0] i (next i))
                    (fold %m kv (seq (call "p" ("math" "add") [kv.$.value.n 1]) (next kv)))))))))"#,
            expect![[r#"
                a: peer & {n: integer}
                b: [any] & {n: integer}
            "#]],
        );
    }

    #[test]
    fn json_text() {
        check(
            r#"(seq (call "p" ("s" "f") [] text)
               (seq (call "p" ("json" "parse") [text.$.body] parsed)
                    (fold parsed.$.peers p (seq (call p ("s" "g") []) (next p)))))"#,
            expect![[r#"
                text: {body: JSON of {peers: [peer]}}
                parsed: {peers: [peer]}
            "#]],
        );
    }

    #[test]
    fn literals_prefer_the_branch_that_looks_good() {
        check(
            r#"(seq (call "p" ("s" "f") [] r)
               (seq (xor (match r.$.ok true (null)) (fail 1 "no"))
               (seq (xor (match r.$.status "error" (call "p" ("s" "on_error") [])) (null))
                    (xor (mismatch r.$.code 0 (fail 2 "bad")) (null)))))"#,
            expect![[r#"
                r: {ok: true, status: not "error", code: 0}
            "#]],
        );
    }

    #[test]
    fn a_gate_wants_its_elements() {
        check(
            r#"(seq (call "p" ("s" "f") [] peers)
               (seq (par (fold peers i (par (call i ("s" "g") [] $all) (next i)) (never)) (null))
               (new $test
                (seq (fold $all j
                      (seq (seq (ap j $test) (canon "p" $test #test))
                           (xor (match #test.length 5 (null)) (next j)))
                      (never))
                     (seq (canon "p" $test #gate) (ap #gate.$.[0].name x))))))"#,
            expect![[r#"
                peers: [peer; ≥5]
                $all: {name: any}
            "#]],
        );
    }

    #[test]
    fn an_index_is_small() {
        check(
            r#"(seq (call "p" ("s" "f") [] n)
               (seq (call "p" ("s" "g") [] list)
               (seq (call "p" ("math" "add") [n 1] more)
               (seq (call "p" ("math" "sub") [more 1] index)
                    (call "p" ("s" "h") [list.$.[index]])))))"#,
            expect![[r#"
                n: index
                list: [any]
                more: index
                index: index
            "#]],
        );
    }

    #[test]
    fn scopes_keep_equal_names_apart() {
        check(
            r#"(seq (new $s (seq (call "p" ("s" "f") [] $s) (fold $s i (seq (call i ("s" "g") []) (next i)))))
                    (seq (call "p" ("s" "f") [] $s) (fold $s i (seq (call "p" (i "g") []) (next i)))))"#,
            expect![[r#"
                $s: peer
                $s: string
            "#]],
        );
    }

    #[test]
    fn endless_flow_ends() {
        check(
            r#"(seq (call "p" ("s" "f") [] $s)
               (fold $s i (seq (seq (ap i.$.next $s) (ap i $s)) (next i))))"#,
            expect![[r#"
                $s: {next: {next: {next: {next: {next: {next: {next: {next: any}}}}}}}}
            "#]],
        );
    }

    #[test]
    fn large_scripts_take_linear_time() {
        // Every variable flows on into all that follow, and one has many fields.
        let mut text = String::from("(call \"p\" (\"s\" \"f\") [] v0)");
        for n in 0..20_000 {
            text = format!("(seq {text} (ap v{n}.$.f{n} v{}))", n + 1);
            if text.len() > 400_000 {
                break;
            }
        }
        let script = Script::new(text.as_str());
        let shapes = shapes(script.hir(), script.resolution());
        for id in 0..script.hir().instrs.len() {
            assert!(shapes.of_call(InstrId(id as u32)).nodes.len() <= super::MAX_NODES);
        }
    }
}
