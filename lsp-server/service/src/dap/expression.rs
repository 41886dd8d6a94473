//! Expressions in AIR's own words: names with lenses, literals, and comparisons of two of them.

use air_interpreter::Value;
use air_interpreter::value::object;
use air_semantics::Script;
use air_semantics::hir::{AccessorKind, Hir, InstrId, InstrKind, Lens, Operand, OperandKind, Role};
use air_simulation::recording::{MomentId, Recording};

use super::message::Refusal;

/// Where an expression is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'r> {
    pub(super) recording: &'r Recording,
    pub(super) at: MomentId,
    pub(super) instr: Option<InstrId>,
}

/// Longer expressions are not read.
const MAX_BYTES: usize = 10_000;

impl Scene<'_> {
    /// The value of an expression: `name`, `name.$.field`, a literal, `A == B`, `A != B`.
    pub(super) fn value(&self, expression: &str) -> Result<Value, Refusal> {
        let expression = expression.trim();
        if expression.len() > MAX_BYTES {
            return Err("the expression is too long".into());
        }
        let compares = [("==", true), ("!=", false)].into_iter();
        let mut sides = compares.filter_map(|(sign, equal)| Some((split(expression, sign)?, equal)));
        if let Some(((left, right), equal)) = sides.next() {
            return Ok(Value::Bool((self.value(left)? == self.value(right)?) == equal));
        }
        for (word, equal) in [("match ", true), ("mismatch ", false)] {
            if let Some(rest) = expression.trim_matches(['(', ')']).strip_prefix(word) {
                let script = Script::new(format!("({word}{rest} (null))"));
                let (left, right) = (operand(&script, Role::Left)?, operand(&script, Role::Right)?);
                let (left, right) = (self.operand(script.hir(), left)?, self.operand(script.hir(), right)?);
                return Ok(Value::Bool((left == right) == equal));
            }
        }
        // A stream has no lens and stands nowhere where a value may; it is shown as an array.
        let is_word = !expression.contains(|sign: char| sign.is_whitespace() || sign == '(');
        let rest = expression.strip_prefix(['$', '%']).unwrap_or_default();
        if is_word && !rest.is_empty() && !rest.contains('%') {
            return self.named(expression);
        }
        let script = Script::new(format!("(ap {expression} -it-)"));
        let source = operand(&script, Role::Source)?;
        self.operand(script.hir(), source)
    }

    /// Whether a condition holds: anything but `false` and `null`.
    pub(super) fn holds(&self, condition: &str) -> bool {
        self.value(condition).is_ok_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
    }

    fn named(&self, name: &str) -> Result<Value, Refusal> {
        let held = self.recording.value_of(name, self.at, self.instr);
        let held = held.ok_or_else(|| Refusal(format!("`{name}` has no value here")))?;
        let value = match held.is_stream() {
            true => Value::array(held.all().map(|value| value.binding.value.clone()).collect()),
            false => held.last().clone(),
        };
        Ok(self.recording.show_value(&value))
    }

    fn operand(&self, hir: &Hir, operand: &Operand) -> Result<Value, Refusal> {
        let run = &self.recording.report;
        let mut value = match operand.kind {
            OperandKind::Literal => Value::string(hir.literal(operand)),
            OperandKind::Int(number) => Value::integer(number),
            OperandKind::Float(number) => Value::float(number),
            OperandKind::Bool(value) => Value::Bool(value),
            OperandKind::EmptyArray => Value::array(Vec::new()),
            OperandKind::InitPeerId => Value::string(run.init_peer.as_str()),
            OperandKind::Ttl => Value::unsigned(u64::from(run.schedule.ttl)),
            OperandKind::LastError | OperandKind::Error => self.last_error(),
            OperandKind::Timestamp => return Err("`%timestamp%` is not recorded".into()),
            OperandKind::Scalar(name)
            | OperandKind::Stream(name)
            | OperandKind::StreamMap(name)
            | OperandKind::Canon(name)
            | OperandKind::CanonMap(name) => self.named(hir.name(name))?,
        };
        let Some(lens) = &operand.lens else { return Ok(value) };
        if *lens == Lens::Length {
            let length = value.as_array().map(<[Value]>::len).ok_or("only arrays have a length")?;
            return Ok(Value::unsigned(length as u64));
        }
        for accessor in hir.accessors_of(lens) {
            let text = hir.text_at(accessor.range);
            let found = match accessor.kind {
                AccessorKind::Field => value.get(text).cloned(),
                AccessorKind::Index(index) => item(&value, u64::from(index)),
                AccessorKind::Variable(name) => match self.named(hir.name(name))? {
                    Value::String(field) => value.get(&field).cloned(),
                    index => index.as_u64().and_then(|index| item(&value, index)),
                },
            };
            value = found.ok_or_else(|| Refusal(format!("there is no `{text}` in it")))?;
        }
        Ok(value)
    }

    fn last_error(&self) -> Value {
        let errors = self.recording.errors(self.at);
        let last = errors.last().and_then(|at| self.recording.failure(*at));
        let (code, message) = last.map_or((0, ""), |last| (last.code, &*last.message));
        let message = self.recording.show(message).into_owned();
        object([("error_code", Value::integer(code)), ("message", Value::string(message))])
    }
}

fn item(value: &Value, index: u64) -> Option<Value> {
    value.as_array()?.get(usize::try_from(index).ok()?).cloned()
}

/// The one operand of this role in a script of one instruction.
fn operand(script: &Script, role: Role) -> Result<&Operand, Refusal> {
    let hir = script.hir();
    let known = |kind: InstrKind| matches!(kind, InstrKind::Ap | InstrKind::Match | InstrKind::Mismatch);
    let one = match hir.roots.as_slice() {
        [root] => hir.instr(*root).filter(|instr| known(instr.kind)),
        _ => None,
    };
    let clean = script.parse.ok();
    one.filter(|_| clean)
        .and_then(|instr| hir.operand(instr, role))
        .ok_or_else(|| "this is no expression: names with lenses, literals, `A == B` and `A != B` are".into())
}

/// Both sides of a sign that stands outside of quotes.
fn split<'e>(expression: &'e str, sign: &str) -> Option<(&'e str, &'e str)> {
    let mut places = expression.match_indices(sign).map(|(at, _)| at);
    let at =
        places.find(|at| expression.get(..*at).is_some_and(|before| before.matches('"').count() % 2 == 0))?;
    Some((expression.get(..at)?, expression.get(at + sign.len()..)?))
}
