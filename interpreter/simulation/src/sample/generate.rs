//! Sample data to start from: everything that a script needs from outside, filled with made-up values.

use std::fmt::Write;

use air_semantics::hir::{Hir, Instr, InstrId, InstrKind, Operand, OperandKind, Role};
use air_semantics::resolve::Resolution;
use air_semantics::shapes::{Shapes, shapes};
use air_syntax::LineIndex;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::make_up::{World, value};
use air_interpreter::json;
use air_interpreter::value::Value;

/// A comment to be put into a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// Where: a byte of the script.
    pub at: usize,
    /// ` ; ok = …`
    pub text: String,
}

/// A complete `NAME.sample.json` for a script, with comments that say what is needed and where.
///
/// `name` is the sample's name. Peers are `@init`, `@relay` and some more.
pub fn skeleton(hir: &Hir, resolution: &Resolution, name: &str) -> String {
    let needs = needs(hir, resolution);
    let mut out = String::new();
    let text = |text: &str| Value::from(text).to_json();
    out.push_str(
        "// What this script needs from outside. All values are made up from how the script uses them.\n",
    );
    let _ = write!(out, "{{\n  \"name\": {},\n  \"init_peer\": \"@init\",\n", text(name));
    out.push_str("  // Without \"peers\", every peer that the script names can be reached.\n");
    out.push_str("  \"given\": {");
    section(&mut out, needs.iter().filter(|need| need.given), |need| {
        format!("{}: {}", text(&need.function), indented(&need.value, 4))
    });
    out.push_str(
        "},\n  // The first rule that fits answers; without \"peer\" on every peer.\n  \"services\": [",
    );
    section(&mut out, needs.iter().filter(|need| !need.given), |need| {
        let mut rule = String::from("{");
        for (key, name) in [("service", &need.service), ("function", &need.function)] {
            if name != "*" {
                let _ = write!(rule, "\"{key}\": {}, ", text(name));
            }
        }
        let _ = write!(rule, "\"answer\": {{\"ok\": {}}}}}", indented(&need.value, 4));
        rule
    });
    out.push_str("]\n}\n");
    out
}

/// An annotation for each call that needs an answer, where nothing else is on its line.
pub fn annotate(hir: &Hir, resolution: &Resolution) -> Vec<Insertion> {
    let shapes = shapes(hir, resolution);
    let mut insertions = Vec::new();
    let mut lines = FxHashSet::default();
    let mut calls: Vec<(InstrId, &Instr)> = calls(hir).collect();
    // Of several calls that end on one line the last one has the comment.
    calls.sort_by_key(|(_, instr)| std::cmp::Reverse(instr.range.end()));
    for (id, instr) in calls {
        let end = usize::from(instr.range.end());
        let rest = hir.text.get(end..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let at = end + line.trim_end().len();
        // A comment is there already, or other instructions begin.
        if line.contains([';', '(']) || !lines.insert(at) {
            continue;
        }
        let (_, function) = names(hir, instr);
        let value = value(&shapes.of_call(id), &function, &world());
        insertions.push(Insertion { at, text: format!(" ; ok = {}", value.to_json()) });
    }
    insertions.reverse();
    insertions
}

/// Something that a script needs from outside.
struct Need {
    service: String,
    function: String,
    /// A parameter or an outside variable.
    given: bool,
    value: Value,
    /// What is said of it.
    about: String,
}

fn needs(hir: &Hir, resolution: &Resolution) -> Vec<Need> {
    let shapes = shapes(hir, resolution);
    let lines = LineIndex::new(&hir.text);
    let line = |operand: &Operand| lines.line_col(operand.range.start(), air_syntax::Encoding::Utf8).line + 1;
    let mut order: Vec<(String, String)> = Vec::new();
    let mut sites: FxHashMap<(String, String), Vec<(InstrId, u32)>> = FxHashMap::default();
    let mut all: Vec<(InstrId, &Instr)> = calls(hir).collect();
    all.sort_by_key(|(_, instr)| instr.range.start());
    for (id, instr) in all {
        let Some(output) = hir.operand(instr, Role::Output) else { continue };
        let key = names(hir, instr);
        let sites = sites.entry(key.clone()).or_default();
        if sites.is_empty() {
            order.push(key);
        }
        sites.push((id, line(output)));
    }
    let mut needs = outside(hir, resolution, &shapes);
    for key in order {
        let Some(sites) = sites.get(&key) else { continue };
        let (service, function) = key;
        let ids: Vec<InstrId> = sites.iter().map(|(id, _)| *id).collect();
        let shape = shapes.of_calls(&ids);
        let lines: Vec<String> = sites.iter().take(5).map(|(_, line)| line.to_string()).collect();
        let more = if sites.len() > 5 { ", …" } else { "" };
        needs.push(Need {
            value: value(&shape, &function, &world()),
            about: format!("line {}{more}: {shape}", lines.join(", ")),
            given: service == "getDataSrv",
            service,
            function,
        });
    }
    needs
}

/// Variables that are read and that nothing in the script writes.
fn outside(hir: &Hir, resolution: &Resolution, shapes: &Shapes) -> Vec<Need> {
    super::given::outside(hir, resolution)
        .into_iter()
        .map(|(variable, name)| {
            let shape = shapes.of_variable(variable);
            Need {
                value: value(&shape, name, &world()),
                about: format!("variable from outside: {shape}"),
                given: true,
                service: String::new(),
                function: name.to_owned(),
            }
        })
        .collect()
}

/// The calls that nothing answers by itself and whose answer is kept.
fn calls(hir: &Hir) -> impl Iterator<Item = (InstrId, &Instr)> {
    (0_u32..).zip(&hir.instrs).map(|(id, instr)| (InstrId(id), instr)).filter(|(_, instr)| {
        instr.kind == InstrKind::Call && hir.operand(instr, Role::Output).is_some() && {
            let (service, function) = names(hir, instr);
            (service.as_str(), function.as_str()) != ("getDataSrv", "-relay-")
                && !super::layers::answers_itself(&service, &function)
        }
    })
}

/// Service and function; `*` for one that a variable gives.
fn names(hir: &Hir, instr: &Instr) -> (String, String) {
    let name = |role| match hir.operand(instr, role) {
        Some(operand) if operand.kind == OperandKind::Literal => hir.literal(operand).to_owned(),
        _ => "*".to_owned(),
    };
    (name(Role::Service), name(Role::Function))
}

/// Peers by their names, so that files stay readable.
fn world() -> World {
    World { peers: crate::make_up::PEER_NAMES.map(|name| format!("@{name}")).to_vec(), array_length: 2 }
}

fn section<'n>(out: &mut String, needs: impl Iterator<Item = &'n Need>, show: impl Fn(&Need) -> String) {
    let mut empty = true;
    for need in needs {
        if !std::mem::take(&mut empty) {
            out.push(',');
        }
        let _ = write!(out, "\n    // {}\n    {}", need.about, show(need));
    }
    if !empty {
        out.push_str("\n  ");
    }
}

/// Short values on one line, others pretty.
fn indented(value: &Value, indent: usize) -> String {
    let line = value.to_json();
    if line.len() <= 60 {
        return line;
    }
    json::print_pretty(value).replace('\n', &format!("\n{}", " ".repeat(indent)))
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;
    use expect_test::expect;

    use super::{annotate, skeleton};
    use crate::sample::from_json;

    const SCRIPT: &str = r#"(seq
 (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
 (seq
  (call %init_peer_id% ("getDataSrv" "users") [] -users-arg-)
  (fold -users-arg- user
   (seq
    (seq
     (call user.$.peer ("profile" "read") [user.$.id] profile)
     (call outside ("op" "concat_strings") [profile.$.name.first "!"] greeting))
    (next user)))))
"#;

    #[test]
    fn a_skeleton_has_everything() {
        let analysis = Script::new(SCRIPT);
        let text = skeleton(analysis.hir(), analysis.resolution(), "hello");
        expect![[r#"
            // What this script needs from outside. All values are made up from how the script uses them.
            {
              "name": "hello",
              "init_peer": "@init",
              // Without "peers", every peer that the script names can be reached.
              "given": {
                // variable from outside: peer
                "outside": "@peer_1",
                // line 4: [{peer: peer, id: any}]
                "users": [
                  {
                    "id": "users[0].id",
                    "peer": "@peer_3"
                  },
                  {
                    "id": "users[1].id",
                    "peer": "@peer_4"
                  }
                ]
              },
              // The first rule that fits answers; without "peer" on every peer.
              "services": [
                // line 8: {name: {first: string}}
                {"service": "profile", "function": "read", "answer": {"ok": {"name":{"first":"read.name.first"}}}}
              ]
            }
        "#]].assert_eq(&text);
        let (sample, problems) = from_json(&text);
        assert_eq!(problems, []);
        assert_eq!((sample.given.len(), sample.services.len()), (2, 1));
    }

    #[test]
    fn annotations_go_to_the_ends_of_lines() {
        let analysis = Script::new(SCRIPT);
        let mut text = SCRIPT.to_owned();
        for insertion in annotate(analysis.hir(), analysis.resolution()).iter().rev() {
            text.insert_str(insertion.at, &insertion.text);
        }
        expect![[r#"
            (seq
             (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
             (seq
              (call %init_peer_id% ("getDataSrv" "users") [] -users-arg-) ; ok = [{"id":"users[0].id","peer":"@peer_3"},{"id":"users[1].id","peer":"@peer_4"}]
              (fold -users-arg- user
               (seq
                (seq
                 (call user.$.peer ("profile" "read") [user.$.id] profile) ; ok = {"name":{"first":"read.name.first"}}
                 (call outside ("op" "concat_strings") [profile.$.name.first "!"] greeting))
                (next user)))))
        "#]].assert_eq(&text);
        let annotated = Script::new(text.as_str());
        let (rules, problems) = crate::sample::annotations(annotated.hir());
        assert_eq!((rules.len(), problems.len()), (2, 0));
    }

    #[test]
    fn scripts_that_need_nothing_have_an_empty_one() {
        let analysis = Script::new("(null)");
        let (sample, problems) = from_json(&skeleton(analysis.hir(), analysis.resolution(), "x"));
        assert_eq!((problems.len(), sample.services.len(), sample.given.len()), (0, 0, 0));
    }
}
