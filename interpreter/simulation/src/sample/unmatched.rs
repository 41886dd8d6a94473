//! Sample data that the script can never ask for: a rule of a service that no call names, a `given` that nothing reads.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use air_semantics::Script;
use air_semantics::closest::Closest;
use air_semantics::directives::DirectiveKind;
use air_semantics::hir::{InstrKind, OperandKind, Role};

use super::scenario::Problem;
use super::text::{Part, whole, without_comments};

/// A name of a call; `None` is a variable, which may be any.
type Name<'s> = Option<&'s str>;

/// What a script asks for.
struct Asked<'s> {
    /// Functions by service.
    services: BTreeMap<&'s str, BTreeSet<Name<'s>>>,
    /// Functions of calls whose service is a variable.
    of_any: BTreeSet<Name<'s>>,
    functions: BTreeSet<Name<'s>>,
    given: BTreeSet<&'s str>,
    /// Peers that are written in the script; `None` if some come out of variables.
    peers: Option<BTreeSet<&'s str>>,
    closest: RefCell<Closest>,
}

/// Rules and given values that cannot fit, each at its place in the text of the sample data, with the closest name. What
/// may fit and was not asked for in one run is not among them.
pub fn unmatched(text: &str, script: &Script) -> Vec<Problem> {
    let plain = without_comments(text);
    let mut found = Vec::new();
    let Ok(sample) = whole(&plain) else { return found };
    let asked = Asked::of(script);
    let init_peer = |sample: Part<'_>| {
        let members = sample.members().unwrap_or_default();
        members.iter().rev().find(|(_, key, _)| key == "init_peer").and_then(|(_, _, name)| name.string())
    };
    let common = init_peer(sample).unwrap_or_else(|| "@init".to_owned());
    asked.look(sample, &common, &mut found);
    let cases = sample.members().unwrap_or_default().into_iter().filter(|(_, key, _)| key == "cases");
    for case in cases.flat_map(|(_, _, cases)| cases.items().unwrap_or_default()) {
        asked.look(case, &init_peer(case).unwrap_or_else(|| common.clone()), &mut found);
    }
    found.sort_by_key(|problem| problem.range.start);
    found
}

impl<'s> Asked<'s> {
    fn of(script: &'s Script) -> Self {
        let hir = script.hir();
        let mut services: BTreeMap<&'s str, BTreeSet<Name<'s>>> = BTreeMap::new();
        let mut of_any = BTreeSet::new();
        let mut functions = BTreeSet::new();
        let mut peers = Some(BTreeSet::new());
        for instr in &hir.instrs {
            match hir.operand(instr, Role::Peer).map(|peer| (peer.kind, peer)) {
                Some((OperandKind::Literal, peer)) => {
                    if let Some(peers) = &mut peers {
                        peers.insert(hir.literal(peer));
                    }
                }
                Some((OperandKind::InitPeerId, _)) | None => {}
                Some(_) => peers = None,
            }
        }
        for instr in hir.instrs.iter().filter(|instr| instr.kind == InstrKind::Call) {
            let name = |role| {
                let operand = hir.operand(instr, role)?;
                (operand.kind == OperandKind::Literal).then(|| hir.literal(operand))
            };
            let function = name(Role::Function);
            match name(Role::Service) {
                Some(service) => services.entry(service).or_default().insert(function),
                None => of_any.insert(function),
            };
            functions.insert(function);
        }
        let mut given = BTreeSet::new();
        for directive in script.directives() {
            let DirectiveKind::Given(ranges) = &directive.kind else { continue };
            let name =
                |range: &air_syntax::TextRange| script.text.get(std::ops::Range::<usize>::from(*range));
            given.extend(ranges.iter().filter_map(name));
        }
        Asked { services, of_any, functions, given, peers, closest: RefCell::default() }
    }

    /// Functions that calls of a service name; of any service if it is `None`.
    fn of_service(&self, service: Option<&str>) -> Vec<&BTreeSet<Name<'s>>> {
        match service {
            None => vec![&self.functions],
            Some(service) => self.services.get(service).into_iter().chain([&self.of_any]).collect(),
        }
    }

    fn closest<'n>(&self, name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        self.closest.borrow_mut().to(name, names)
    }

    fn look(&self, sample: Part<'_>, init_peer: &str, found: &mut Vec<Problem>) {
        for (_, key, value) in sample.members().unwrap_or_default() {
            match key.as_str() {
                "services" => {
                    let mut before: Vec<[Option<String>; 3]> = Vec::new();
                    for rule in value.items().unwrap_or_default() {
                        found.extend(self.rule(rule).or_else(|| shadowed(rule, &mut before)));
                        let peer =
                            rule.members().unwrap_or_default().into_iter().find(|(_, key, _)| key == "peer");
                        let peer = peer.and_then(|(_, _, peer)| Some((peer, peer.string()?)));
                        found.extend(peer.and_then(|(at, peer)| self.peer(at, &peer, init_peer)));
                    }
                }
                "kind" | "behind" => {
                    for (at, name, _) in value.members().unwrap_or_default() {
                        found.extend(self.peer(at, &name, init_peer));
                    }
                }
                "given" => {
                    for (at, name, _) in value.members().unwrap_or_default() {
                        found.extend(self.given(at, &name));
                    }
                }
                _ => {}
            }
        }
    }

    fn rule(&self, rule: Part<'_>) -> Option<Problem> {
        let members = rule.members()?;
        let member = |key: &str| {
            let (_, _, part) = members.iter().rev().find(|(_, name, _)| name == key)?;
            let text = part.string().filter(|text| text != "*")?;
            Some((*part, text))
        };
        let (service, function) = (member("service"), member("function"));
        let functions = self.of_service(service.as_ref().map(|(_, service)| &**service));
        if !functions.iter().all(|functions| functions.is_empty()) {
            // The service is right, or any is.
            let (part, wanted) = function?;
            if functions.iter().any(|names| names.contains(&Some(&*wanted)) || names.contains(&None)) {
                return None;
            }
            let named = service.map(|(_, service)| format!("{service}.")).unwrap_or_default();
            let names = functions.iter().flat_map(|names| names.iter().flatten().copied());
            let closest = self.closest(&wanted, names);
            return Some(never(part, &format!("no call asks for `{named}{wanted}`"), closest));
        }
        let (part, what, name) = match (service, function) {
            (Some((part, service)), _) => (part, format!("no call asks the service `{service}`"), service),
            (None, Some((part, function))) => (part, format!("no call asks for `{function}`"), function),
            (None, None) => (rule, "the script calls no service".to_owned(), String::new()),
        };
        Some(never(part, &what, self.closest(&name, self.services.keys().copied())))
    }

    /// A peer that the script never names.
    fn peer(&self, at: Part<'_>, name: &str, init_peer: &str) -> Option<Problem> {
        let peers = self.peers.as_ref()?;
        if name == "*" || name == init_peer || peers.contains(name) {
            return None;
        }
        let closest = self.closest(name, peers.iter().copied().chain([init_peer]));
        Some(never(at, &format!("the script never goes to `{name}`"), closest))
    }

    fn given(&self, at: Part<'_>, name: &str) -> Option<Problem> {
        let functions = self.of_service(Some("getDataSrv"));
        let read = functions.iter().any(|names| names.contains(&Some(name)) || names.contains(&None));
        if read || self.given.contains(name) {
            return None;
        }
        let names = functions.iter().flat_map(|names| names.iter().flatten().copied());
        let closest = self.closest(name, names.chain(self.given.iter().copied()));
        Some(never(at, &format!("nothing reads `{name}`"), closest))
    }
}

/// A rule all of whose calls a rule before it answers.
fn shadowed(rule: Part<'_>, before: &mut Vec<[Option<String>; 3]>) -> Option<Problem> {
    const MAX_RULES_COMPARED: usize = 1_000;
    let members = rule.members()?;
    let own = ["peer", "service", "function"].map(|wanted| {
        let member = members.iter().rev().find(|(_, key, _)| key == wanted);
        member.and_then(|(_, _, part)| part.string()).filter(|text| text != "*")
    });
    let covers = |rule: &[Option<String>; 3]| {
        rule.iter().zip(&own).all(|(theirs, own)| theirs.is_none() || theirs == own)
    };
    if before.iter().any(covers) {
        let message = "a rule before it answers all of its calls".to_owned();
        return Some(Problem { range: rule.range(), message });
    }
    if before.len() < MAX_RULES_COMPARED {
        before.push(own);
    }
    None
}

fn never(at: Part<'_>, what: &str, closest: Option<&str>) -> Problem {
    let closest = closest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
    Problem { range: at.range(), message: format!("{what}{closest}") }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(script: &str, sample: &str, expected: Expect) {
        let script = Script::to_run(script);
        let found = unmatched(sample, &script);
        let shown: Vec<String> = found
            .into_iter()
            .map(|it| format!("{}: {}\n", sample.get(it.range).unwrap(), it.message))
            .collect();
        expected.assert_eq(&shown.concat());
    }

    const SCRIPT: &str = r#"; air: given outside
(seq (call %init_peer_id% ("getDataSrv" "list") [] list) (seq (call "@a" ("srv" "load") [outside] x) (call "@a" ("dyn" x) [])))"#;

    #[test]
    fn what_fits_is_not_told() {
        let sample = r#"{"services": [{"service": "srv", "function": "load", "answer": {"ok": 1}}, {"function": "load", "answer": {"ok": 1}},
            {"service": "dyn", "function": "whatever", "answer": {"ok": 1}}, {"service": "*", "answer": {"ok": 1}}],
            "given": {"list": 1, "outside": 2}}"#;
        check(SCRIPT, sample, expect![""]);
    }

    #[test]
    fn misspelt() {
        let sample = r#"{"services": [{"service": "srv", "function": "lod", "answer": {"ok": 1}}, {"service": "svr", "answer": {"ok": 1}}],
            "given": {"lst": 1, "zz": 2}, "cases": [{"name": "c", "given": {"outsid": 3}}]}"#;
        check(
            SCRIPT,
            sample,
            expect![[r#"
            "lod": no call asks for `srv.lod`; did you mean `load`?
            "svr": no call asks the service `svr`; did you mean `srv`?
            "lst": nothing reads `lst`; did you mean `list`?
            "zz": nothing reads `zz`
            "outsid": nothing reads `outsid`; did you mean `outside`?
        "#]],
        );
    }

    #[test]
    fn peers_that_are_not_in_the_script_and_rules_after_others() {
        let script = r#"(seq (call "@shop" ("srv" "load") [] x) (call %init_peer_id% ("srv" "show") [x]))"#;
        let sample = r#"{"init_peer": "@me", "services": [{"peer": "@shpo", "service": "srv", "answer": {"ok": 1}},
            {"peer": "@me", "function": "show", "answer": {"ok": 1}}, {"service": "srv", "answer": {"ok": 1}},
            {"service": "srv", "function": "load", "answer": {"ok": 2}}], "kind": {"@sho": "client", "@me": "node"}}"#;
        check(
            script,
            sample,
            expect![[r#"
            "@shpo": the script never goes to `@shpo`; did you mean `@shop`?
            {"service": "srv", "function": "load", "answer": {"ok": 2}}: a rule before it answers all of its calls
            "@sho": the script never goes to `@sho`; did you mean `@shop`?
        "#]],
        );
        // A variable may be any peer.
        let sample = r#"{"services": [{"peer": "@b", "function": "f", "answer": {"ok": 1}}]}"#;
        check(r#"(call peer ("s" "f") [])"#, sample, expect![""]);
    }

    #[test]
    fn no_sample_data() {
        check(SCRIPT, "{", expect![""]);
        check(
            "(null)",
            "{\"services\": [{\"function\": \"f\", \"answer\": {\"ok\": 1}}]}",
            expect![[r#"
            "f": no call asks for `f`
        "#]],
        );
    }
}
