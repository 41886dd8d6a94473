//! The scenario format: `NAME.sample.json`.
//!
//! ```text
//! {"name": "…", "about": "…", "tags": […],
//!  "init_peer": "@init", "peers": ["@init", "@a"], "any_peer": false,
//!  "particle": {"timestamp": 0, "ttl": 7000, "particle_id": ""},
//!  "limits": {"air_size_limit": 10, "hard_limit_enabled": true},
//!  "services": [{"peer": "@a", "service": "srv", "function": "f", "answer": {"ok": 1}}],
//!  "given": {"name": value},
//!  "order": ["@init→@a", "@a answers srv.f"], "answers": "single",
//!  "faults": ["lose @a→@init"], "behind": {"@client": "@relay"},
//!  "kind": {"@init": "client", "@relay": "node"},
//!  "expect": {"outcome": "completed", "response": […], "calls": […], …},
//!  "cases": [{"name": "…", "services": […], "given": {…}, "expect": {…}}]}
//! ```
//!
//! Comments and a comma after the last item are let pass ([`super::text`]). `given` holds what the host
//! supplies: the script's parameters (`getDataSrv`) and variables of `; air: given`. A case is the whole
//! sample with its own rules before the common ones and its own values instead of common ones.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

use super::answers::{AnswerSpec, Rule};
use super::expect::{Expect, ExpectedCall};
use super::members::{
    ANSWERS, CALL, CASE, EXPECT, LIMITS, MAX_NESTING, OUTCOMES, PARTICLE, RULE, SAMPLE, closest_or_all,
};
use super::text::{Part, whole, without_comments};
use crate::network::{Answers, NamedFault, Order, ParticleFacts, PeerKind, Schedule, Setup, SizeLimits};
use air_interpreter::CallServiceResult;
use air_interpreter::peers::Peers;
use air_interpreter::value::Value;

/// One sample. Peers are written `@name` here; [`Sample::setup`] gives them keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// What the report and `--case` call it; empty unless given.
    pub name: String,
    /// The script itself, in scenarios that carry one.
    pub air: Option<String>,
    /// Who starts the particle; `@init` if not given.
    pub init_peer: Option<String>,
    /// Who is there; all if `None`.
    pub peers: Option<Vec<String>>,
    /// Whether any text in a peer's place is a peer. Signatures are not checked then.
    pub any_peer: bool,
    /// The particle's own facts. Of [`ParticleFacts::ttl`] see [`Sample::ttl`].
    pub particle: ParticleFacts,
    /// Milliseconds that it lives, 0: for ever. `None`: [`DEFAULT_TTL_MS`], but for ever in a scenario that brings its script.
    pub ttl: Option<u32>,
    /// Sizes in bytes that an invocation refuses to exceed.
    pub limits: SizeLimits,
    /// What services answer; the first rule that fits. Names are names here too.
    pub services: Vec<Rule>,
    /// What the host supplies: parameters and outside variables by name.
    pub given: Vec<(String, Value)>,
    /// What happens first, and in which order all else does.
    pub order: Option<(Schedule, Order)>,
    /// Whether answers come together.
    pub answers: Option<Answers>,
    /// What goes wrong by name.
    pub faults: Vec<NamedFault>,
    /// Peers that are reached only through a relay: peer and relay by name.
    pub behind: Vec<(String, String)>,
    /// What runs on peers, by name. Others are nodes, but who starts the particle is a client, except in a scenario that
    /// brings its script.
    pub kinds: Vec<(String, PeerKind)>,
    /// What is expected of a run.
    pub expect: Option<Expect>,
    /// Variants, each with what it says itself, and its place in the text; [`Sample::case`] adds what is common.
    pub cases: Vec<(Sample, Range<usize>)>,
}

/// What is wrong with sample data, and where: bytes of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the text; of a problem with the whole text, all of it.
    pub range: Range<usize>,
    /// One sentence for people.
    pub message: String,
}

impl Sample {
    /// A script with ids for names, and what a simulation of it starts from.
    pub fn setup(&self, script: &str) -> (String, Setup, Vec<Rule>) {
        let mut peers = Peers::default();
        let script = peers.with_ids(script).into_owned();
        let init_peer = peers.id_of(self.init_peer.as_deref().unwrap_or("@init"));
        let mut services: Vec<Rule> = self.services.iter().map(|rule| rule.with_ids(&mut peers)).collect();
        services.extend(self.given.iter().map(|(name, value)| Rule {
            peer: Some(init_peer.clone()),
            service: Some("getDataSrv".to_owned()),
            function: Some(name.clone()),
            ..Rule::always(AnswerSpec::Ok(peers.value_with_ids(value)))
        }));
        let present = self.peers.as_ref().map(|names| names.iter().map(|name| peers.id_of(name)).collect());
        let behind = self.behind.iter();
        let behind = behind.map(|(peer, relay)| (peers.id_of(peer), peers.id_of(relay))).collect();
        let mut clients = BTreeSet::new();
        if self.air.is_none() {
            clients.insert(init_peer.clone());
        }
        for (name, kind) in &self.kinds {
            let id = peers.id_of(name);
            match kind {
                PeerKind::Node => clients.remove(&id),
                PeerKind::Client => clients.insert(id),
            };
        }
        let for_ever = if self.air.is_some() { 0 } else { DEFAULT_TTL_MS };
        let particle = ParticleFacts { ttl: self.ttl.unwrap_or(for_ever), ..self.particle.clone() };
        let (schedule, order) = self.order.clone().unwrap_or_default();
        let setup = Setup {
            init_peer,
            peers,
            present,
            any_peer: self.any_peer,
            particle,
            limits: self.limits,
            schedule,
            order,
            answers: self.answers.unwrap_or_default(),
            named_faults: self.faults.clone(),
            behind,
            clients,
            ..Setup::default()
        };
        (script, setup, services)
    }

    /// The case of that name, a whole sample: its own rules before the common ones, its own values and members instead of
    /// common ones. Made when it is asked for: many cases with much in common would else take the product of both.
    pub fn case(&self, name: &str) -> Option<Sample> {
        let (own, _) = self.cases.iter().find(|(case, _)| case.name == name)?;
        let mut case = own.clone();
        case.air = self.air.clone();
        case.peers = case.peers.or_else(|| self.peers.clone());
        case.ttl = case.ttl.or(self.ttl);
        case.order = case.order.or_else(|| self.order.clone());
        case.answers = case.answers.or(self.answers);
        if case.faults.is_empty() {
            case.faults = self.faults.clone();
        }
        // Of equal names the last one counts.
        case.behind = [&*self.behind, &*own.behind].concat();
        case.kinds = [&*self.kinds, &*own.kinds].concat();
        case.expect = case.expect.or_else(|| self.expect.clone());
        case.services.extend(self.services.iter().cloned());
        let names: HashSet<&str> = own.given.iter().map(|(name, _)| name.as_str()).collect();
        let common = self.given.iter().filter(|(name, _)| !names.contains(name.as_str()));
        case.given = common.chain(&own.given).cloned().collect();
        Some(case)
    }
}

/// Milliseconds that a particle lives if nobody says otherwise: what the JS client gives.
pub const DEFAULT_TTL_MS: u32 = 7000;

/// Reads a sample; what is wrong is left out and reported. A text that is not JSON is one problem.
///
/// ```
/// let text = r#"{ "servces": [], "given": { "x": 1 } }"#;
/// let (sample, problems) = air_simulation::sample::from_json(text);
/// assert_eq!(&text[problems[0].range.clone()], "\"servces\"");
/// assert!(problems[0].message.starts_with("unknown member `servces`"));
/// assert_eq!(sample.given[0].0, "x");
/// ```
pub fn from_json(text: &str) -> (Sample, Vec<Problem>) {
    let plain = without_comments(text);
    let mut reader = Reader { problems: Vec::new() };
    let sample = match whole(&plain) {
        Ok(part) => reader.sample(part, None),
        Err((range, message)) => {
            // Comments became spaces, so that a place in one may divide a character of the text.
            let range = text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end);
            reader.problems.push(Problem { range, message: format!("not valid JSON: {message}") });
            Sample::default()
        }
    };
    (sample, reader.problems)
}

struct Reader {
    problems: Vec<Problem>,
}

/// Members of an object by their keys.
type Members<'t> = Vec<(Part<'t>, String, Part<'t>)>;

impl Reader {
    fn wrong<T>(&mut self, at: Part<'_>, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem { range: at.range(), message: message.into() });
        None
    }

    /// The members of an object that has no others than these.
    fn members<'t>(&mut self, part: Part<'t>, known: &[&str]) -> Members<'t> {
        let Some(members) = part.members() else {
            self.wrong::<()>(part, "expected an object");
            return Vec::new();
        };
        let mut seen = std::collections::BTreeSet::new();
        for (key, name, _) in &members {
            if !known.contains(&name.as_str()) {
                // Records of the reference have members that are not written by hand.
                let offered: Vec<&str> =
                    known.iter().copied().take_while(|name| *name != "$schema").collect();
                let offered = closest_or_all(name, &offered);
                self.wrong::<()>(*key, format!("unknown member `{name}`; {offered}"));
            } else if !seen.insert(name.clone()) {
                self.wrong::<()>(*key, "the second one of this name; the last one counts");
            }
        }
        members
    }

    fn text(&mut self, members: &Members<'_>, key: &str) -> Option<String> {
        let part = find(members, key)?;
        part.string().or_else(|| self.wrong(part, "expected a string"))
    }

    fn number(&mut self, members: &Members<'_>, key: &str) -> Option<u64> {
        let part = find(members, key)?;
        part.value().as_u64().or_else(|| self.wrong(part, "expected a positive integer"))
    }

    fn flag(&mut self, members: &Members<'_>, key: &str) -> Option<bool> {
        let part = find(members, key)?;
        part.value().as_bool().or_else(|| self.wrong(part, "expected true or false"))
    }

    fn list<'t>(&mut self, members: &Members<'t>, key: &str) -> Option<Vec<Part<'t>>> {
        let part = find(members, key)?;
        part.items().or_else(|| self.wrong(part, "expected an array"))
    }

    fn texts(&mut self, members: &Members<'_>, key: &str) -> Option<Vec<String>> {
        let items = self.list(members, key)?;
        let texts =
            items.iter().filter_map(|item| item.string().or_else(|| self.wrong(*item, "expected a string")));
        Some(texts.collect())
    }

    fn sample(&mut self, part: Part<'_>, common: Option<&Sample>) -> Sample {
        let members = self.members(part, if common.is_some() { CASE } else { SAMPLE });
        // What is small is inherited at once.
        let mut sample = common.map_or_else(Sample::default, |common| Sample {
            init_peer: common.init_peer.clone(),
            any_peer: common.any_peer,
            particle: common.particle.clone(),
            limits: common.limits,
            ..Sample::default()
        });
        sample.name = self.text(&members, "name").unwrap_or_default();
        if let Some(air) = self.text(&members, "air") {
            sample.air = Some(air);
        }
        if let Some(init_peer) = self.text(&members, "init_peer") {
            sample.init_peer = Some(init_peer);
        }
        if let Some(peers) = self.texts(&members, "peers") {
            sample.peers = Some(peers);
        }
        if let Some(any_peer) = self.flag(&members, "any_peer") {
            sample.any_peer = any_peer;
        }
        if let Some(particle) = find(&members, "particle") {
            (sample.particle, sample.ttl) = self.particle(particle);
        }
        if let Some(limits) = find(&members, "limits") {
            sample.limits = self.limits(limits);
        }
        let services = self.list(&members, "services").unwrap_or_default();
        sample.services = services.into_iter().filter_map(|rule| self.rule(rule)).collect();
        if let Some(given) = find(&members, "given") {
            let given = given.members().or_else(|| self.wrong(given, "expected an object"));
            sample.given = values(given.unwrap_or_default());
        }
        if let Some(order) = find(&members, "order") {
            sample.order = self.order(order).or(sample.order);
        }
        if let Some(answers) = self.text(&members, "answers") {
            let read = Answers::parse(&answers);
            sample.answers = read.or_else(|| {
                let at = find(&members, "answers").unwrap_or(part);
                self.wrong(at, "expected one of together, single, random:SEED")
            });
        }
        for fault in self.list(&members, "faults").unwrap_or_default() {
            match fault.string().map(|text| NamedFault::parse(&text)) {
                Some(Ok(fault)) => sample.faults.push(fault),
                Some(Err(message)) => self.wrong::<()>(fault, message).unwrap_or_default(),
                None => self.wrong::<()>(fault, "expected a string").unwrap_or_default(),
            }
        }
        if let Some(behind) = find(&members, "behind") {
            let relays = behind.members().or_else(|| self.wrong(behind, "expected an object"));
            for (_, peer, relay) in relays.unwrap_or_default() {
                match relay.string() {
                    Some(relay) => sample.behind.push((peer, relay)),
                    None => self.wrong::<()>(relay, "expected the name of the relay").unwrap_or_default(),
                }
            }
        }
        if let Some(kinds) = find(&members, "kind") {
            let kinds = kinds.members().or_else(|| self.wrong(kinds, "expected an object"));
            for (_, peer, kind) in kinds.unwrap_or_default() {
                match kind.string().and_then(|word| PeerKind::parse(&word)) {
                    Some(kind) => sample.kinds.push((peer, kind)),
                    None => self.wrong::<()>(kind, "expected node or client").unwrap_or_default(),
                }
            }
        }
        if let Some(expect) = find(&members, "expect") {
            sample.expect = Some(self.expect(expect));
        }
        let cases = self.list(&members, "cases").unwrap_or_default();
        let mut named = Vec::new();
        let mut names = HashSet::new();
        for part in cases {
            let case = self.sample(part, Some(&sample));
            if case.name.is_empty() {
                self.wrong::<()>(part, "a case needs a name");
            } else if !names.insert(case.name.clone()) {
                self.wrong::<()>(part, format!("duplicate case `{}`", case.name));
            }
            named.push((case, part.range()));
        }
        sample.cases = named;
        sample
    }

    fn particle(&mut self, part: Part<'_>) -> (ParticleFacts, Option<u32>) {
        let members = self.members(part, PARTICLE);
        let ttl = self.number(&members, "ttl");
        let ttl = ttl.and_then(|ttl| {
            let small = u32::try_from(ttl).ok();
            small.or_else(|| self.wrong(find(&members, "ttl").unwrap_or(part), "expected less than 2^32"))
        });
        let facts = ParticleFacts {
            id: self.text(&members, "particle_id").unwrap_or_default(),
            timestamp: self.number(&members, "timestamp").unwrap_or(0),
            ttl: 0,
        };
        (facts, ttl)
    }

    /// A word, or the moves of a schedule: a text or an array of texts.
    fn order(&mut self, part: Part<'_>) -> Option<(Schedule, Order)> {
        if let Some(text) = part.string() {
            if let Some(order) = Order::parse(&text) {
                return Some((Schedule::default(), order));
            }
            let schedule = Schedule::parse(&text);
            return match schedule {
                Ok(schedule) => Some((schedule, Order::Fifo)),
                Err(error) => self.wrong(part, error.message),
            };
        }
        let Some(lines) = part.items() else {
            return self.wrong(
                part,
                "expected fifo, lifo, random:SEED or the moves of an order, a text or an array",
            );
        };
        let mut schedule = Schedule::default();
        for line in lines {
            match line.string().map(|text| Schedule::parse(&text)) {
                Some(Ok(read)) => schedule.moves.extend(read.moves),
                Some(Err(error)) => self.wrong::<()>(line, error.message).unwrap_or_default(),
                None => self.wrong::<()>(line, "expected a string").unwrap_or_default(),
            }
        }
        Some((schedule, Order::Fifo))
    }

    fn limits(&mut self, part: Part<'_>) -> SizeLimits {
        let members = self.members(part, LIMITS);
        SizeLimits {
            air_size: self.number(&members, "air_size_limit"),
            particle_size: self.number(&members, "particle_size_limit"),
            call_result_size: self.number(&members, "call_result_size_limit"),
            hard: self.flag(&members, "hard_limit_enabled").unwrap_or(false),
        }
    }

    fn rule(&mut self, part: Part<'_>) -> Option<Rule> {
        let members = self.members(part, RULE);
        let Some(answer) = find(&members, "answer") else {
            // What is not an object has been reported.
            return part.members().and_then(|_| self.wrong(part, "no answer"));
        };
        Some(Rule {
            call: None,
            peer: self.text(&members, "peer"),
            service: self.text(&members, "service"),
            function: self.text(&members, "function"),
            answer: self.answer(answer, 0)?,
        })
    }

    fn answer(&mut self, part: Part<'_>, nesting: usize) -> Option<AnswerSpec> {
        let members = part.members().unwrap_or_default();
        let [(key, kind, content)] = members.as_slice() else {
            return self.wrong(part, "expected an object with one member, the kind of answer");
        };
        if nesting == MAX_NESTING {
            return self.wrong(part, "answers are nested too deeply");
        }
        let content = *content;
        let code = |code: &Value| i32::try_from(code.as_i64()?).ok();
        Some(match kind.as_str() {
            "ok" => AnswerSpec::Ok(content.value()),
            "err" => {
                let items = content.items().unwrap_or_default();
                match items.as_slice() {
                    [ret_code, value] if code(&ret_code.value()).is_some() => {
                        AnswerSpec::Err(code(&ret_code.value()).unwrap_or_default(), value.value())
                    }
                    _ => return self.wrong(content, "expected [code, value]"),
                }
            }
            "echo" => match content.value().as_u64().and_then(|number| usize::try_from(number).ok()) {
                Some(number) => AnswerSpec::Echo(number),
                None => return self.wrong(content, "expected the index of an argument"),
            },
            "args" => AnswerSpec::Args,
            "tetraplets" => AnswerSpec::Tetraplets,
            "seq" => match content.items() {
                Some(items) if !items.is_empty() => AnswerSpec::Seq(
                    items.into_iter().filter_map(|answer| self.answer(answer, nesting + 1)).collect(),
                ),
                _ => return self.wrong(content, "expected an array of at least one answer"),
            },
            "by_arg" => {
                let Some(answers) = content.members() else {
                    return self.wrong(content, "expected an object of answers");
                };
                let mut by_arg = BTreeMap::new();
                for (_, key, answer) in answers {
                    if let Some(answer) = self.answer(answer, nesting + 1) {
                        by_arg.insert(key, answer);
                    }
                }
                AnswerSpec::ByArg(by_arg)
            }
            "raw" => {
                let members = self.members(content, &["ret_code", "result"]);
                let ret_code = find(&members, "ret_code").and_then(|ret_code| code(&ret_code.value()));
                let (Some(ret_code), Some(result)) = (ret_code, self.text(&members, "result")) else {
                    return self.wrong(content, "expected {\"ret_code\": number, \"result\": text}");
                };
                AnswerSpec::Raw(CallServiceResult { ret_code, result })
            }
            _ => {
                let message = format!("unknown kind of answer `{kind}`; {}", closest_or_all(kind, ANSWERS));
                return self.wrong(*key, message);
            }
        })
    }

    fn expect(&mut self, part: Part<'_>) -> Expect {
        let members = self.members(part, EXPECT);
        let outcome = self.text(&members, "outcome");
        let known = OUTCOMES;
        if outcome.as_deref().is_some_and(|outcome| !known.contains(&outcome)) {
            self.wrong::<()>(
                find(&members, "outcome").unwrap_or(part),
                format!("expected one of {}", known.join(", ")),
            );
        }
        let values = |items: Vec<Part<'_>>| items.iter().map(Part::value).collect::<Vec<Value>>();
        let mut calls = Vec::new();
        for call in self.list(&members, "calls").unwrap_or_default() {
            let members = self.members(call, CALL);
            calls.push(ExpectedCall {
                peer: self.text(&members, "peer"),
                service: self.text(&members, "service"),
                function: self.text(&members, "function"),
                arguments: self.list(&members, "arguments").map(values),
            });
        }
        let hops = self.list(&members, "hops").map(|hops| {
            let mut pairs = Vec::new();
            for hop in hops {
                let ends: Vec<String> =
                    hop.items().unwrap_or_default().iter().filter_map(Part::string).collect();
                match <[String; 2]>::try_from(ends) {
                    Ok([from, to]) => pairs.push((from, to)),
                    Err(_) => {
                        self.wrong::<()>(hop, "expected [from, to]");
                    }
                }
            }
            pairs
        });
        let error = find(&members, "error");
        let error = error.and_then(|error| {
            error.value().as_i64().or_else(|| self.wrong(error, "expected the number of an error"))
        });
        let variables = find(&members, "values")
            .and_then(|values| values.members().or_else(|| self.wrong(values, "expected an object")));
        Expect {
            outcome,
            response: self.list(&members, "response").map(values),
            error,
            calls,
            any_order: self.flag(&members, "any_order").unwrap_or(false),
            values: variables
                .unwrap_or_default()
                .into_iter()
                .map(|(_, name, value)| (name, value.value()))
                .collect(),
            hops,
            waiting_for: self.texts(&members, "waiting_for").unwrap_or_default(),
        }
    }
}

/// The last member of that name.
/// Values by their names; of several of one name the last one counts.
fn values(members: Members<'_>) -> Vec<(String, Value)> {
    let mut names = HashSet::new();
    let mut new: Vec<(String, Value)> = Vec::new();
    for (_, name, value) in members.into_iter().rev() {
        if names.insert(name.clone()) {
            new.push((name, value.value()));
        }
    }
    new.reverse();
    new
}

fn find<'t>(members: &Members<'t>, key: &str) -> Option<Part<'t>> {
    members.iter().rev().find(|(_, name, _)| name == key).map(|(_, _, part)| *part)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::from_json;

    #[test]
    fn a_place_inside_of_a_comment_divides_no_character() {
        for text in ["[ // é", "[ /* 😀 */", "{\"a\": /* é"] {
            let (_, problems) = from_json(text);
            assert!(text.get(problems[0].range.clone()).is_some(), "{text} {problems:?}");
        }
    }

    #[test]
    fn a_later_value_of_a_name_counts_and_takes_its_place() {
        let (sample, _) = from_json(
            r#"{"given": {"a": 1, "b": 2, "a": 3}, "cases": [{"name": "one", "given": {"b": 4}}]}"#,
        );
        let shown = |given: &[(String, air_interpreter::value::Value)]| {
            given
                .iter()
                .map(|(name, value)| format!("{name}={}", value.to_json()))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(shown(&sample.given), "b=2 a=3");
        assert_eq!(shown(&sample.case("one").unwrap().given), "a=3 b=4");
    }

    /// Each problem: the line, and its place under it.
    fn check(text: &str, expected: Expect) {
        let (_, problems) = from_json(text);
        let mut shown = String::new();
        for problem in problems {
            let start = text.get(..problem.range.start).unwrap().rfind('\n').map_or(0, |at| at + 1);
            let line = text.get(start..).unwrap().lines().next().unwrap();
            let marks = "^".repeat(problem.range.len().max(1));
            let blanks = " ".repeat(problem.range.start - start);
            let _ = writeln!(shown, "| {line}\n| {blanks}{marks} {}", problem.message);
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn problems_have_places() {
        check(
            r#"{
  "nam": "x", // comment
  "init_peer": 1,
  "particle": {"ttl": 4294967296},
  "services": [
    {"service": "s"},
    {"answer": {"okay": 1}},
    {"answer": {"seq": [{"ok": 1}, {"err": 2}]}},
    7,
  ],
  "expect": {"outcome": "done", "hops": [["@a"]]},
  "cases": [{"name": "a"}, {"name": "a"}, {}]
}"#,
            expect![[r#"
                |   "nam": "x", // comment
                |   ^^^^^ unknown member `nam`; did you mean `name`?
                |   "init_peer": 1,
                |                ^ expected a string
                |   "particle": {"ttl": 4294967296},
                |                       ^^^^^^^^^^ expected less than 2^32
                |     {"service": "s"},
                |     ^^^^^^^^^^^^^^^^ no answer
                |     {"answer": {"okay": 1}},
                |                 ^^^^^^ unknown kind of answer `okay`; expected one of ok, err, echo, args, tetraplets, seq, by_arg, raw
                |     {"answer": {"seq": [{"ok": 1}, {"err": 2}]}},
                |                                            ^ expected [code, value]
                |     7,
                |     ^ expected an object
                |   "expect": {"outcome": "done", "hops": [["@a"]]},
                |                         ^^^^^^ expected one of completed, failed, waiting, stopped, unheard
                |   "expect": {"outcome": "done", "hops": [["@a"]]},
                |                                          ^^^^^^ expected [from, to]
                |   "cases": [{"name": "a"}, {"name": "a"}, {}]
                |                            ^^^^^^^^^^^^^ duplicate case `a`
                |   "cases": [{"name": "a"}, {"name": "a"}, {}]
                |                                           ^^ a case needs a name
            "#]],
        );
    }

    #[test]
    fn no_json_is_one_problem() {
        check(
            "{\n  \"a\": [1, }\n",
            expect![[r#"
            |   "a": [1, }
            |            ^ not valid JSON: expected `,` or `]`
        "#]],
        );
    }

    #[test]
    fn cases_are_the_whole_with_their_own() {
        let text = r#"{
            "services": [{"function": "f", "answer": {"ok": 0}}],
            "given": {"a": 1, "b": 2},
            "cases": [
                {"name": "one", "services": [{"function": "f", "answer": {"ok": 1}}], "given": {"b": 3}},
                {"name": "two", "init_peer": "@other"}
            ]}"#;
        let (sample, problems) = from_json(text);
        assert_eq!(problems, []);
        let one = sample.case("one").unwrap();
        assert_eq!(one.services.len(), 2);
        assert_eq!(one.services[1], sample.services[0]);
        let given: Vec<_> = one.given.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(given, ["a=1", "b=3"]);
        assert_eq!(sample.case("two").unwrap().init_peer.as_deref(), Some("@other"));
        assert_eq!(sample.case("three"), None);
    }
}
