//! The scenario format: `NAME.sample.json`.

use std::collections::BTreeMap;

use super::answers::{AnswerSpec, Rule};
use crate::invocation::CallServiceResult;
use crate::json::JsonError;
use crate::network::{Limits, ParticleFacts, Peers, Setup};
use crate::value::Value;

/// One sample. Peers are written `@name` here; [`Sample::setup`] gives them keys.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Its name.
    pub name: String,
    /// The script itself, in scenarios that carry one.
    pub air: Option<String>,
    /// Who starts the particle; `@init` if not given.
    pub init_peer: Option<String>,
    /// Who is there; all if `None`.
    pub peers: Option<Vec<String>>,
    /// The particle's own facts.
    pub particle: ParticleFacts,
    /// Sizes.
    pub limits: Limits,
    /// What services answer; the first rule that fits. Names are names here too.
    pub services: Vec<Rule>,
}

/// What is wrong with sample data: where (keys and indices), and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `services.0.answer`
    pub at: String,
    /// Plain words.
    pub message: String,
}

impl Sample {
    /// A script with ids for names, and what a simulation of it starts from.
    pub fn setup(&self, script: &str) -> (String, Setup, Vec<Rule>) {
        let mut peers = Peers::default();
        let script = peers.with_ids(script).into_owned();
        let init_peer = peers.id_of(self.init_peer.as_deref().unwrap_or("@init"));
        let services = self.services.iter().map(|rule| with_ids(rule, &mut peers)).collect();
        let present = self.peers.as_ref().map(|names| names.iter().map(|name| peers.id_of(name)).collect());
        let (particle, limits) = (self.particle.clone(), self.limits);
        (script, Setup { init_peer, peers, present, particle, limits, ..Setup::default() }, services)
    }
}

fn with_ids(rule: &Rule, peers: &mut Peers) -> Rule {
    let mut text = |text: &Option<String>| text.as_ref().map(|text| peers.id_of(text));
    Rule {
        peer: text(&rule.peer),
        service: text(&rule.service),
        function: text(&rule.function),
        answer: answer_with_ids(&rule.answer, peers),
    }
}

/// Answers nest no deeper than [`MAX_NESTING`].
fn answer_with_ids(answer: &AnswerSpec, peers: &mut Peers) -> AnswerSpec {
    match answer {
        AnswerSpec::Ok(value) => AnswerSpec::Ok(peers.value_with_ids(value)),
        AnswerSpec::Err(code, value) => AnswerSpec::Err(*code, peers.value_with_ids(value)),
        AnswerSpec::Seq(answers) => {
            AnswerSpec::Seq(answers.iter().map(|answer| answer_with_ids(answer, peers)).collect())
        }
        AnswerSpec::ByArg(answers) => AnswerSpec::ByArg(
            answers.iter().map(|(key, answer)| (peers.id_of(key), answer_with_ids(answer, peers))).collect(),
        ),
        AnswerSpec::Raw(raw) => {
            AnswerSpec::Raw(CallServiceResult { ret_code: raw.ret_code, result: peers.id_of(&raw.result) })
        }
        AnswerSpec::Echo(_) | AnswerSpec::Args | AnswerSpec::Tetraplets => answer.clone(),
    }
}

/// How deep `seq` and `by_arg` may be nested in each other.
pub const MAX_NESTING: usize = 16;

/// Reads a sample; what is wrong is left out and reported.
///
/// # Errors
/// If the text is no JSON.
pub fn from_json(text: &str) -> Result<(Sample, Vec<Problem>), JsonError> {
    let value = crate::json::parse(text)?;
    let mut reader = Reader { problems: Vec::new() };
    let sample = reader.sample(&value);
    Ok((sample, reader.problems))
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn wrong<T>(&mut self, at: &str, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem { at: at.to_owned(), message: message.into() });
        None
    }

    /// A member that may be absent, read by `read`.
    fn member<T>(
        &mut self,
        value: &Value,
        (at, key): (&str, &str),
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let member = value.get(key)?;
        read(member).or_else(|| self.wrong(&path(at, key), format!("expected {expected}")))
    }

    fn text(&mut self, value: &Value, at: (&str, &str)) -> Option<String> {
        self.member(value, at, "a string", |value| value.as_str().map(str::to_owned))
    }

    fn number(&mut self, value: &Value, at: (&str, &str)) -> Option<u64> {
        self.member(value, at, "a positive integer", Value::as_u64)
    }

    fn list<'v>(&mut self, value: &'v Value, key: &str) -> Option<&'v [Value]> {
        let member = value.get(key)?;
        member.as_array().or_else(|| self.wrong(key, "expected an array"))
    }

    fn sample(&mut self, value: &Value) -> Sample {
        if value.as_object().is_none() {
            self.wrong::<()>("", "expected an object");
            return Sample::default();
        }
        let nothing = Value::object(Vec::new());
        let (particle, limits) =
            (value.get("particle").unwrap_or(&nothing), value.get("limits").unwrap_or(&nothing));
        let peers = self.list(value, "peers").map(|peers| {
            let names = peers.iter().enumerate().filter_map(|(at, peer)| {
                let name = peer.as_str().map(str::to_owned);
                name.or_else(|| self.wrong(&format!("peers.{at}"), "expected a string"))
            });
            names.collect()
        });
        let services = self.list(value, "services").unwrap_or_default();
        let services = services
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| self.rule(rule, &format!("services.{at}")))
            .collect();
        Sample {
            name: self.text(value, ("", "name")).unwrap_or_default(),
            air: self.text(value, ("", "air")),
            init_peer: self.text(value, ("", "init_peer")),
            peers,
            particle: ParticleFacts {
                id: self.text(particle, ("particle", "particle_id")).unwrap_or_default(),
                timestamp: self.number(particle, ("particle", "timestamp")).unwrap_or(0),
                ttl: self
                    .member(particle, ("particle", "ttl"), "an integer below 2^32", |ttl| {
                        u32::try_from(ttl.as_u64()?).ok()
                    })
                    .unwrap_or(0),
            },
            limits: Limits {
                air_size: self.number(limits, ("limits", "air_size_limit")),
                particle_size: self.number(limits, ("limits", "particle_size_limit")),
                call_result_size: self.number(limits, ("limits", "call_result_size_limit")),
                hard: self
                    .member(limits, ("limits", "hard_limit_enabled"), "a boolean", Value::as_bool)
                    .unwrap_or(false),
            },
            services,
        }
    }

    fn rule(&mut self, value: &Value, at: &str) -> Option<Rule> {
        let Some(answer) = value.get("answer") else { return self.wrong(at, "no answer") };
        Some(Rule {
            peer: self.text(value, (at, "peer")),
            service: self.text(value, (at, "service")),
            function: self.text(value, (at, "function")),
            answer: self.answer(answer, &path(at, "answer"), 0)?,
        })
    }

    fn answer(&mut self, value: &Value, at: &str, nesting: usize) -> Option<AnswerSpec> {
        let Some([(kind, content)]) = value.as_object().map(crate::value::Object::members) else {
            return self.wrong(at, "expected an object with one member, the kind of answer");
        };
        if nesting == MAX_NESTING {
            return self.wrong(at, "answers are nested too deeply");
        }
        let at = path(at, kind);
        let code = |code: &Value| i32::try_from(code.as_i64()?).ok();
        Some(match (&**kind, content) {
            ("ok", value) => AnswerSpec::Ok(value.clone()),
            ("err", value) => match value.as_array() {
                Some([ret_code, value]) if code(ret_code).is_some() => {
                    AnswerSpec::Err(code(ret_code).unwrap_or_default(), value.clone())
                }
                _ => return self.wrong(&at, "expected [code, value]"),
            },
            ("echo", number) => match number.as_u64().and_then(|number| usize::try_from(number).ok()) {
                Some(number) => AnswerSpec::Echo(number),
                None => return self.wrong(&at, "expected the index of an argument"),
            },
            ("args", _) => AnswerSpec::Args,
            ("tetraplets", _) => AnswerSpec::Tetraplets,
            ("seq", Value::Array(_)) => {
                let answers = content.as_array().unwrap_or_default();
                if answers.is_empty() {
                    return self.wrong(&at, "expected at least one answer");
                }
                let answers = answers.iter().enumerate();
                AnswerSpec::Seq(
                    answers
                        .filter_map(|(n, answer)| {
                            self.answer(answer, &path(&at, &n.to_string()), nesting + 1)
                        })
                        .collect(),
                )
            }
            ("by_arg", Value::Object(answers)) => {
                let mut by_arg = BTreeMap::new();
                for (key, answer) in answers.members() {
                    if let Some(answer) = self.answer(answer, &path(&at, key), nesting + 1) {
                        by_arg.insert(key.to_string(), answer);
                    }
                }
                AnswerSpec::ByArg(by_arg)
            }
            ("raw", raw) => {
                let ret_code = raw.get("ret_code").and_then(code);
                let result = raw.get("result").and_then(Value::as_str);
                let (Some(ret_code), Some(result)) = (ret_code, result) else {
                    return self.wrong(&at, "expected {\"ret_code\": number, \"result\": text}");
                };
                AnswerSpec::Raw(CallServiceResult { ret_code, result: result.to_owned() })
            }
            _ => {
                return self.wrong(
                    &at,
                    "no kind of answer; these are: ok, err, echo, args, tetraplets, seq, by_arg, raw",
                );
            }
        })
    }
}

fn path(at: &str, key: &str) -> String {
    if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
}
