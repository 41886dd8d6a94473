//! Values and peers as readers see them.

use super::json::Json;
use super::places::Places;
use super::types::{Iteration, Shown, Tetraplet};
use crate::shorten::{MAX_LINE_BYTES, MAX_STRING_CHARS, shorten};
use air_interpreter::data::SecurityTetraplet;
use air_interpreter::peers::Peers;
use air_interpreter::recorder;
use air_interpreter::value::Value;

/// Shows values with the names of peers in the place of their ids.
#[derive(Debug)]
pub(crate) struct Show<'a> {
    pub(crate) peers: &'a Peers,
    pub(crate) places: &'a Places<'a>,
    pub(crate) value_bytes: u64,
}

impl Show<'_> {
    /// A peer.
    pub(crate) fn peer(&self, id: &str) -> String {
        self.peers.show(id).into_owned()
    }

    /// A value; `size` is that of its text.
    pub(crate) fn value(&self, value: &Value, size: u64) -> Shown {
        let json = (size <= self.value_bytes).then(|| Json::from(&self.peers.show_value(value)));
        Shown { json, short: self.short(value), size }
    }

    /// A value in one line.
    pub(crate) fn short(&self, value: &Value) -> String {
        let mut out = String::new();
        self.write(value, 0, &mut out);
        out
    }

    /// What is nested deeper than a line can show is left out, so recursion ends soon.
    fn write(&self, value: &Value, depth: u32, out: &mut String) {
        let mut list = |brackets: [char; 2], count: usize, item: &mut dyn FnMut(usize, &mut String)| {
            out.push(brackets[0]);
            for index in 0..count {
                if index > 0 {
                    out.push_str(", ");
                }
                if out.len() > MAX_LINE_BYTES || depth > 3 {
                    out.push_str(&format!("… {} more", count - index));
                    break;
                }
                item(index, out);
            }
            out.push(brackets[1]);
        };
        match value {
            Value::String(text) => {
                let shown = self.peers.show(text);
                out.push_str(&Value::string(&*shorten(&shown, MAX_STRING_CHARS)).to_json());
            }
            Value::Array(_) => {
                let items = value.as_array().unwrap_or_default();
                list(['[', ']'], items.len(), &mut |index, out| {
                    if let Some(item) = items.get(index) {
                        self.write(item, depth + 1, out);
                    }
                });
            }
            Value::Object(object) => {
                let members = object.members();
                list(['{', '}'], members.len(), &mut |index, out| {
                    if let Some((key, item)) = members.get(index) {
                        self.write(&Value::string(key.clone()), depth + 1, out);
                        out.push_str(": ");
                        self.write(item, depth + 1, out);
                    }
                });
            }
            other => out.push_str(&other.to_json()),
        }
    }

    /// Where folds stand.
    pub(crate) fn iterations(&self, iterations: &[recorder::Iteration]) -> Vec<Iteration> {
        let show = |at: &recorder::Iteration| Iteration {
            fold: self.places.instr(at.fold).start,
            round: at.round,
            index: at.index,
        };
        iterations.iter().map(show).collect()
    }

    /// Where a value comes from.
    pub(crate) fn tetraplet(&self, tetraplet: &SecurityTetraplet) -> Tetraplet {
        Tetraplet {
            peer_pk: self.peer(&tetraplet.peer_pk),
            service_id: tetraplet.service_id.clone(),
            function_name: tetraplet.function_name.clone(),
            lens: tetraplet.lens.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn short(json: &str) -> String {
        let hir_of = air_semantics::Script::new("(null)");
        let (mut peers, places) = (Peers::default(), Places::new(hir_of.hir()));
        let id = peers.named("relay");
        let show = Show { peers: &peers, places: &places, value_bytes: 10 };
        show.short(&air_interpreter::json::parse(&json.replace("RELAY", &id)).unwrap())
    }

    #[test]
    fn one_line() {
        expect![[r#"["@relay", {"a": 1.0, "b": [null, true]}]"#]]
            .assert_eq(&short(r#"["RELAY",{"b":[null,true],"a":1.0}]"#));
        let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        expect!["[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, … 79 more]"]
            .assert_eq(&short(&format!("[{}]", many.join(","))));
        expect!["[[[[[… 1 more]]]]]"].assert_eq(&short(&format!("[[[[[[[[{:?}]]]]]]]]", "x")));
        expect![[r#""жжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжж…""#]]
            .assert_eq(&short(&format!("{:?}", "ж".repeat(100))));
    }
}
