//! A value from a shape.

use std::rc::Rc;

use air_semantics::shapes::{Literal, LiteralValue, Shape, ShapeNode};

use air_interpreter::value::Value;

/// Parts that a value has at most before its arrays become as short as they may.
pub const MAX_NODES: usize = 400;

/// What values are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Ids of the peers that stand where a peer is needed.
    pub peers: Vec<String>,
    /// Elements of an array, if not more are needed.
    pub array_length: u32,
}

/// A value of that shape; `name` says where it comes from, and texts in it are named after it.
pub fn value(shape: &Shape, name: &str, world: &World) -> Value {
    // In 64 bits everywhere: WebAssembly's words are shorter.
    let seed = name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    Maker { shape, world, left: MAX_NODES as isize, peer: seed }.make(0, name)
}

struct Maker<'s> {
    shape: &'s Shape,
    world: &'s World,
    /// How many parts may still be made; below zero arrays are as short as they may be.
    left: isize,
    /// Which peer is next.
    peer: u64,
}

impl Maker<'_> {
    /// Recursion is as deep as a shape, which is limited.
    fn make(&mut self, index: u32, name: &str) -> Value {
        self.left -= 1;
        let shape = self.shape;
        let node = shape.node(index);
        let wanted = node.literals.iter().filter(|literal| literal.weight > 0);
        // Of equal weights the first one written.
        let wanted = wanted.reduce(|best, next| if next.weight > best.weight { next } else { best });
        match wanted {
            Some(Literal { value: LiteralValue::EmptyArray, .. }) if node.element.is_some() => {}
            Some(literal) => return literal_value(&literal.value),
            None => {}
        }
        if let Some(parsed) = node.json {
            return Value::string(self.make(parsed, name).to_json());
        }
        if node.peer {
            return self.next_peer();
        }
        if node.is_array() {
            return self.array(node, name);
        }
        if !node.fields.is_empty() {
            let members = node
                .fields
                .iter()
                .map(|(field, part)| (Rc::from(&**field), self.make(*part, &format!("{name}.{field}"))));
            return Value::object(members.collect());
        }
        if node.base58 {
            return Value::string(bs58::encode(name.as_bytes()).into_string());
        }
        if let Some(value) = other_than(&node.literals) {
            return value;
        }
        if node.index {
            return Value::unsigned(0);
        }
        if node.integer {
            return Value::unsigned(1);
        }
        let unwanted = |text: &str| {
            let is =
                |literal: &Literal| matches!(&literal.value, LiteralValue::Text(other) if **other == *text);
            node.literals.iter().any(is)
        };
        if unwanted(name) { Value::string(format!("{name}-0")) } else { Value::from(name) }
    }

    fn next_peer(&mut self) -> Value {
        let peers = &self.world.peers;
        let at = self.peer.checked_rem(peers.len() as u64).unwrap_or_default() as usize;
        let peer = peers.get(at);
        self.peer = self.peer.wrapping_add(1);
        peer.map_or_else(|| Value::from("peer"), |peer| Value::from(peer.as_str()))
    }

    fn array(&mut self, node: &ShapeNode, name: &str) -> Value {
        let usual = self.world.array_length.max(node.least).max(1);
        let mut items = Vec::new();
        for at in 0..usual {
            // What is demanded may be too much as well: nested arrays multiply.
            let needed = at == 0 || (at < node.least && self.left > -4 * MAX_NODES as isize);
            if self.left <= 0 && !needed {
                break;
            }
            let name = format!("{name}[{at}]");
            items.push(match node.element {
                Some(element) => self.make(element, &name),
                None => {
                    self.left -= 1;
                    Value::string(name)
                }
            });
        }
        Value::array(items)
    }
}

fn literal_value(literal: &LiteralValue) -> Value {
    match literal {
        LiteralValue::Text(text) => Value::from(&**text),
        LiteralValue::Integer(number) => Value::integer(*number),
        LiteralValue::Float(number) => Value::float(*number),
        LiteralValue::Boolean(flag) => Value::Bool(*flag),
        LiteralValue::EmptyArray => Value::array(Vec::new()),
    }
}

/// A number or boolean of the same kind as the literals, and none of them.
fn other_than(literals: &[Literal]) -> Option<Value> {
    match literals.first()?.value {
        LiteralValue::Boolean(_) => {
            let is = |flag: bool| literals.iter().any(|literal| literal.value == LiteralValue::Boolean(flag));
            Some(Value::Bool(!is(true)))
        }
        LiteralValue::Integer(_) => {
            let is = |number| literals.iter().any(|literal| literal.value == LiteralValue::Integer(number));
            (1..=literals.len() as i64 + 1).find(|number| !is(*number)).map(Value::integer)
        }
        LiteralValue::Float(_) => Some(Value::float(1.5)),
        LiteralValue::EmptyArray | LiteralValue::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;
    use air_semantics::hir::InstrId;
    use air_semantics::shapes::shapes;
    use expect_test::{Expect, expect};

    use super::{World, value};

    /// What the first call of a script gets.
    fn check(text: &str, array_length: u32, expected: Expect) {
        let analysis = Script::new(text);
        let shapes = shapes(analysis.hir(), analysis.resolution());
        let world = World { peers: vec!["A".into(), "B".into(), "C".into()], array_length };
        expected.assert_eq(&value(&shapes.of_call(InstrId(0)), "call", &world).to_json());
    }

    #[test]
    fn values_say_where_they_come_from() {
        check(
            r#"(seq (call "p" ("s" "call") [] x)
               (seq (call x.$.peers.[0] ("s" "g") [x.$.users.[0].name x.$.plain])
               (seq (match x.$.state "ok" (null)) (call "p" ("math" "add") [x.$.number 1] y))))"#,
            2,
            expect![[
                r#"{"number":1,"peers":["B","C"],"plain":"call.plain","state":"ok","users":[{"name":"call.users[0].name"},{"name":"call.users[1].name"}]}"#
            ]],
        );
    }

    #[test]
    fn texts_hold_what_is_parsed_out_of_them() {
        check(
            r#"(seq (call "p" ("s" "call") [] x)
               (seq (call "p" ("json" "parse") [x] y)
                    (xor (match y.$.bad true (fail 1 "bad")) (null))))"#,
            2,
            expect![[r#""{\"bad\":false}""#]],
        );
    }

    #[test]
    fn large_values_stay_small() {
        let text = r#"(seq (call "p" ("s" "call") [] x) (ap x.$.[0].[99].[0].[99].[0].[0].[0].[99].a y))"#;
        let analysis = Script::new(text);
        let shapes = shapes(analysis.hir(), analysis.resolution());
        let world = World { peers: Vec::new(), array_length: 50 };
        let value = value(&shapes.of_call(InstrId(0)), "call", &world);
        assert_eq!(value.depth(), 8);
        let parts = value.to_json().matches("call[").count();
        assert!((super::MAX_NODES..6 * super::MAX_NODES).contains(&parts), "{parts}");
    }

    #[test]
    fn numbers_avoid_what_leads_into_errors() {
        check(
            r#"(seq (call "p" ("s" "call") [] x)
               (seq (xor (match x.$.code 1 (fail 1 "bad")) (null))
                    (xor (match x.$.state "failed" (fail 1 "bad")) (null))))"#,
            2,
            expect![[r#"{"code":2,"state":"call.state"}"#]],
        );
    }
}
