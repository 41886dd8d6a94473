//! Values that variables had in the last run, or will get by sample data.

use air_ide::hover::{Step, steps};
use air_ide::markdown::code;
use air_interpreter::value::Value;
use air_semantics::hir::{InstrId, InstrKind, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingId, BindingKind};
use air_simulation::report::{Report, Role as Held};
use air_simulation::sample::{self, AnswerSpec, Rule};

use super::Knowledge;

/// Values of one variable that are looked at.
const MAX_VALUES: usize = 3;

/// Steps from a variable to where its value was given.
const MAX_FLOW_STEPS: usize = 8;

/// A value that a variable had or will get.
pub(in super::super) struct KnownValue {
    pub value: Value,
    /// Where from: `the last run`.
    pub from: String,
}

impl Knowledge<'_> {
    /// Values of a variable: of the last run of this text, else what sample data will give.
    pub(in super::super) fn values(&self, variable: BindingId) -> Vec<KnownValue> {
        let found = match self.report() {
            Some(report) => self.of_run(report, variable),
            None => Vec::new(),
        };
        if found.is_empty() { self.of_sample(variable, MAX_FLOW_STEPS) } else { found }
    }

    fn of_run(&self, report: &Report, variable: BindingId) -> Vec<KnownValue> {
        let resolution = self.snapshot.analysis().resolution();
        let places = resolution.occurrences_of(variable).filter(|place| place.access != Access::Read);
        let mut found = Vec::new();
        for place in places {
            // Values stand in the order of the text.
            let start = u32::from(place.range.start());
            let at = report.values.partition_point(|values| values.range.start < start);
            let here = report.values.iter().skip(at).take_while(|values| values.range.start == start);
            for value in here.filter(|values| values.role != Held::Argument).flat_map(|values| &values.values)
            {
                let Some(json) = &value.value.json else { continue };
                let mut from = format!("the last run, on {}", code(&value.peer));
                if value.made_up {
                    from += ", made up";
                }
                found.push(KnownValue { value: json.value(), from });
                if found.len() == MAX_VALUES {
                    return found;
                }
            }
        }
        found
    }

    /// Values by name, out of a run of an older text: good enough to complete by.
    pub(super) fn of_old_run(&self, variable: BindingId) -> Vec<KnownValue> {
        let (hir, resolution) = (self.snapshot.analysis().hir(), self.snapshot.analysis().resolution());
        let name = resolution.binding(variable).map_or("", |binding| hir.name(binding.name));
        let Some(report) = self.run.as_ref().and_then(|run| run.result.as_ref().ok()) else {
            return Vec::new();
        };
        let same = report.values.iter().filter(|values| values.name == name && values.role != Held::Argument);
        let values = same.flat_map(|values| &values.values).filter_map(|value| value.value.json.as_ref());
        let values = values.take(MAX_VALUES).map(|json| json.value());
        values.map(|value| KnownValue { value, from: "the last run".to_owned() }).collect()
    }

    /// What sample data gives to a variable, through `ap`, folds and lenses.
    fn of_sample(&self, variable: BindingId, flow: usize) -> Vec<KnownValue> {
        let (hir, resolution) = (self.snapshot.analysis().hir(), self.snapshot.analysis().resolution());
        let Some((binding, flow)) = resolution.binding(variable).zip(flow.checked_sub(1)) else {
            return Vec::new();
        };
        if let BindingKind::Iterator(fold) = binding.kind {
            let iterable = hir.instr(fold).and_then(|fold| hir.operand(fold, Role::Iterable));
            let arrays = iterable.map(|iterable| self.of_operand(iterable, flow)).unwrap_or_default();
            let first = |known: KnownValue| {
                let value = known.value.as_array()?.first()?.clone();
                Some(KnownValue { value, from: known.from })
            };
            return arrays.into_iter().filter_map(first).collect();
        }
        let name = hir.name(binding.name);
        let given = self.sample().given.iter().filter(|(given, _)| given == name);
        let mut found: Vec<_> = given
            .filter(|_| binding.kind == BindingKind::Script && binding.writes == 0)
            .map(|(_, value)| KnownValue { value: value.clone(), from: self.file() })
            .collect();
        let writes = resolution.occurrences_of(variable).filter(|place| place.access == Access::Write);
        for place in writes.take(MAX_VALUES) {
            let Some(instr) = hir.instr(place.instr) else { continue };
            match instr.kind {
                InstrKind::Call => found.extend(self.answer(place.instr)),
                InstrKind::Ap => {
                    let source = hir.operand(instr, Role::Source);
                    found.extend(source.into_iter().flat_map(|source| self.of_operand(source, flow)));
                }
                _ => {}
            }
        }
        found.truncate(MAX_VALUES);
        found
    }

    fn of_operand(&self, operand: &Operand, flow: usize) -> Vec<KnownValue> {
        let analysis = self.snapshot.analysis();
        let Some(place) = analysis.resolution().at(operand.range.start()) else { return Vec::new() };
        let Some(path) = steps(analysis.hir(), operand, None) else { return Vec::new() };
        let values = self.of_sample(place.binding, flow).into_iter();
        let part =
            |known: KnownValue| Some(KnownValue { value: part(&known.value, &path)?, from: known.from });
        values.filter_map(part).collect()
    }

    /// What a call is answered: by its annotation, by a rule, by what the host supplies.
    fn answer(&self, call: InstrId) -> Option<KnownValue> {
        let hir = self.snapshot.analysis().hir();
        let instr = hir.instr(call)?;
        let literal = |role| hir.operand(instr, role).filter(|it| it.kind == OperandKind::Literal);
        let (service, function) = (literal(Role::Service)?, literal(Role::Function)?);
        let (service, function) = (hir.literal(service), hir.literal(function));
        let (own, _) = sample::annotations(hir);
        if let Some(rule) = own.iter().find(|rule| rule.call == Some(call)) {
            return Some(KnownValue {
                value: first_answer(&rule.answer)?,
                from: "the annotation of its call".to_owned(),
            });
        }
        let fits = |wanted: &Option<String>, given: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == "*" || wanted == given)
        };
        let peer = literal(Role::Peer).map(|peer| hir.literal(peer));
        let rule = self.sample().services.iter().find(|rule: &&Rule| {
            fits(&rule.service, service)
                && fits(&rule.function, function)
                // Which peer a variable names is not known here.
                && peer.is_none_or(|peer| fits(&rule.peer, peer))
        });
        if let Some(rule) = rule {
            return Some(KnownValue { value: first_answer(&rule.answer)?, from: self.file() });
        }
        let given = self.sample().given.iter().find(|(name, _)| service == "getDataSrv" && name == function);
        given.map(|(_, value)| KnownValue { value: value.clone(), from: self.file() })
    }
}

/// What steps take out of a value.
pub(in super::super) fn part(value: &Value, path: &[Step]) -> Option<Value> {
    let mut at = value.clone();
    for step in path {
        at = match step {
            Step::Field(field) => at.get(field)?.clone(),
            Step::Index(index) => at.as_array()?.get(*index as usize)?.clone(),
            Step::Any => match at.as_array() {
                Some(items) => items.first()?.clone(),
                None => at.as_object()?.members().first()?.1.clone(),
            },
        };
    }
    Some(at)
}

/// An answer that a rule gives first.
fn first_answer(answer: &AnswerSpec) -> Option<Value> {
    let mut answer = answer;
    // `seq` and `by_arg` nest no deeper.
    for _ in 0..=sample::members::MAX_NESTING {
        answer = match answer {
            AnswerSpec::Ok(value) => return Some(value.clone()),
            AnswerSpec::Map(values) => return values.values().next().cloned(),
            AnswerSpec::Seq(answers) => answers.first()?,
            AnswerSpec::ByArg(answers) => answers.values().next()?,
            AnswerSpec::Nth(answers, default) => answers.values().next().or(default.as_deref())?,
            _ => return None,
        };
    }
    None
}

/// A value in a few words.
pub(super) fn short(value: &Value) -> String {
    const MAX_SHORT_CHARS: usize = 40;
    let text = value.to_json();
    match text.char_indices().nth(MAX_SHORT_CHARS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use air_ide::surroundings::Surroundings as _;
    use air_syntax::TextSize;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::features::fixture::{cursor, open_at, uri};
    use crate::features::run::command::run;
    use crate::results::RunParams;

    /// Values of the variable at the cursor; with sample data open, or without.
    fn check(marked: &str, sample: &str, expected: Expect) {
        let (mut snapshot, position) = cursor(marked);
        if !sample.is_empty() {
            let sample = open_at("file:///script.sample.json", sample);
            snapshot.view.open = [Arc::clone(&sample.document)].into();
        }
        let variable = snapshot.analysis().resolution().at(snapshot.offset(position)).unwrap().binding;
        let values = Knowledge::of(&snapshot).values(variable).into_iter();
        let lines = values.map(|known| format!("{} in {}\n", short(&known.value), known.from));
        expected.assert_eq(&lines.collect::<String>());
    }

    const SAMPLE: &str = r#"{"peers": ["@a"], "given": {"g": 5, "user": {"name": "Ann"}},
        "services": [{"service": "s", "function": "f", "answer": {"seq": [{"ok": [{"id": 1}]}, {"ok": []}]}}]}"#;

    #[test]
    fn of_sample_data() {
        check(
            "(call \"p\" (\"s\" \"f\") [] $0x) ; ok = {\"a\": 1}\n",
            "",
            expect![[r#"
            {"a":1} in the annotation of its call
        "#]],
        );
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x)\n (ap $0x y))",
            SAMPLE,
            expect![[r#"
            [{"id":1}] in `script.sample.json`
        "#]],
        );
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x)\n (fold x $0i (next i)))",
            SAMPLE,
            expect![[r#"
            {"id":1} in `script.sample.json`
        "#]],
        );
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] x)\n (seq (ap x.$.[0].id y) (ap $0y z)))",
            SAMPLE,
            expect![[r#"
                1 in `script.sample.json`
            "#]],
        );
        check("(seq (call \"p\" (\"s\" \"other\") [] x)\n (ap $0x y))", SAMPLE, expect![[""]]);
        check(
            "; air: given g\n(ap $0g x)",
            SAMPLE,
            expect![[r#"
            5 in `script.sample.json`
        "#]],
        );
        check(
            "(call %init_peer_id% (\"getDataSrv\" \"user\") [] $0user)",
            SAMPLE,
            expect![[r#"
            {"name":"Ann"} in `script.sample.json`
        "#]],
        );
    }

    #[test]
    fn of_the_last_run() {
        let (snapshot, position) =
            cursor("(seq\n (ap 1 $s)\n (seq (ap 2 $s) (canon %init_peer_id% $s$0 #s)))");
        run(&snapshot, RunParams::of(uri())).unwrap();
        let variable = snapshot.analysis().resolution().at(snapshot.offset(position)).unwrap().binding;
        let around = Knowledge::of(&snapshot);
        let values: Vec<_> = around.values(variable).iter().map(|known| short(&known.value)).collect();
        assert_eq!(values, ["1", "2"]);
        let canon = snapshot
            .analysis()
            .resolution()
            .at(TextSize::of(&*snapshot.document.text) - TextSize::new(5))
            .unwrap();
        assert_eq!(
            around.steps(canon.binding, &[]),
            [(Step::Index(0), "1".into()), (Step::Index(1), "2".into())]
        );
        assert_eq!(around.init_peer().as_deref(), Some("@init"));
    }
}
