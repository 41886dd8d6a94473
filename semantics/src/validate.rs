//! AquaVM's validator: what it refuses in scripts whose syntax is right.
//!
//! The rules are a set of order-dependent heuristics over names and spans, and are followed exactly,
//! quirks included: they decide whether a peer runs the script. AquaVM collects its facts whenever
//! an instruction is closed, so one pass over [`Hir::instrs`], which stand in closing order, feeds
//! all rules; each rule is a file of its own.
//!
//! AquaVM blames whole instructions. Each [`Finding`] points at the operand instead, says what is
//! related to it, and knows AquaVM's own text and span.

use air_syntax::{TextRange, TextSize};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Finding;
use crate::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, NameId, Operand, OperandKind, Role};

mod fail_code_zero;
mod instruction_after_next;
mod iterators;
mod multiple_iterables;
mod multiple_next;
mod new_on_iterator;
mod undefined_iterable;
mod undefined_variable;

/// Names, tags included, that the host supplies: defined at the start of the script.
pub type Given = FxHashSet<Box<str>>;

/// Where an instruction starts, against others: the upper half is its place in the text; the lower half tells those
/// apart that stand in the place of one instruction ([`accepts`]).
type Place = u64;

/// What the rules have seen of a script.
struct Rules {
    variables: undefined_variable::Variables,
    iterators: iterators::Iterators,
    marks: instruction_after_next::Marks,
    zeroes: Vec<Finding>,
}

impl Rules {
    fn new(hir: &Hir, given: &Given) -> Rules {
        Rules {
            variables: undefined_variable::Variables::new(hir, given),
            iterators: iterators::Iterators::new(hir),
            marks: instruction_after_next::Marks::default(),
            zeroes: Vec::new(),
        }
    }

    #[inline]
    fn close(&mut self, hir: &Hir, id: InstrId, instr: &Instr, place: Place) {
        self.variables.close(hir, id, instr, place);
        self.marks.close(hir, id, instr);
        match instr.kind {
            InstrKind::Fold | InstrKind::Next | InstrKind::New => {
                self.iterators.close(hir, id, instr, place);
            }
            InstrKind::Fail => self.zeroes.extend(fail_code_zero::check(hir, id, instr)),
            _ => {}
        }
    }
}

fn place(instr: &Instr) -> Place {
    Place::from(u32::from(instr.range.start())) << 32
}

/// All findings, rule by rule in the order in which AquaVM reports them, in text order within a
/// rule. Linear in the script. Empty exactly when AquaVM accepts the script, if its syntax is right.
///
/// ```
/// use air_semantics::finding::Rule;
/// use air_semantics::validate::{Given, validate};
/// use air_semantics::Script;
///
/// let script = Script::new("(call relay (\"service\" \"function\") [])");
/// assert_eq!(validate(script.hir(), &Given::default())[0].rule, Rule::UndefinedVariable);
/// assert!(validate(script.hir(), &Given::from_iter(["relay".into()])).is_empty());
/// ```
pub fn validate(hir: &Hir, given: &Given) -> Vec<Finding> {
    let mut rules = Rules::new(hir, given);
    for (index, instr) in hir.instrs.iter().enumerate() {
        rules.close(hir, InstrId(index as u32), instr, place(instr));
    }
    let Rules { variables, iterators, marks, mut zeroes } = rules;
    let mut findings = variables.report(hir);
    findings.extend(undefined_iterable::report(hir, &iterators));
    findings.extend(multiple_next::report(hir, &iterators));
    findings.extend(new_on_iterator::report(hir, &iterators));
    findings.extend(multiple_iterables::report(hir, &iterators));
    findings.append(&mut zeroes);
    findings.extend(marks.report(hir));
    findings
}

/// Whether nothing would be found with another script in the place of an instruction. Both have been lowered, so this
/// costs a look at each instruction and nothing else.
pub fn accepts(hir: &Hir, given: &Given, at: InstrId, mut instead: Hir) -> bool {
    let Some(replaced) = hir.instr(at) else { return false };
    let mut rules = Rules::new(hir, given);
    rename(&mut instead, hir, |name| {
        rules.iterators.add_name();
        rules.variables.add_name(given.contains(name));
    });
    // In closing order all that is in an instruction stands before it, and nothing else in between.
    let inside = |instr: &&Instr| instr.range.start() >= replaced.range.start();
    let (before, after) = hir.instrs.split_at_checked(at.0 as usize + 1).unwrap_or_default();
    let inner = before.iter().rev().take_while(inside).count();
    let before = before.get(..before.len() - inner).unwrap_or_default();
    for instr in before {
        rules.close(hir, InstrId(0), instr, place(instr));
    }
    for instr in &instead.instrs {
        rules.close(&instead, InstrId(0), instr, place(replaced) | place(instr) >> 32);
    }
    for instr in after {
        rules.close(hir, InstrId(0), instr, place(instr));
    }
    let Rules { variables, iterators, marks, zeroes } = rules;
    variables.all_defined()
        && undefined_iterable::first(&iterators).next().is_none()
        && multiple_next::further(&iterators).next().is_none()
        && new_on_iterator::inside(&iterators).next().is_none()
        && multiple_iterables::inside(&iterators).next().is_none()
        && zeroes.is_empty()
        && marks.none_blamed()
}

/// Gives the names of one script the numbers that they have in another; the caller hears of those that it lacks.
fn rename(script: &mut Hir, other: &Hir, mut new: impl FnMut(&str)) {
    // All names of large scripts need not be looked up for the few of a small one.
    let wanted: FxHashMap<&str, u32> = script.names().zip(0..).collect();
    let mut numbers = vec![None; script.name_ranges.len()];
    for (known, name) in other.names().enumerate() {
        if let Some(number) = wanted.get(name).and_then(|own| numbers.get_mut(*own as usize)) {
            *number = Some(NameId(known as u32));
        }
    }
    let mut next = other.name_ranges.len() as u32;
    for (number, name) in numbers.iter_mut().zip(script.names()) {
        if number.is_none() {
            *number = Some(NameId(next));
            next += 1;
            new(name);
        }
    }
    let renumber = |name: &mut NameId| {
        if let Some(Some(number)) = numbers.get(name.0 as usize) {
            *name = *number;
        }
    };
    for operand in &mut script.operands {
        match &mut operand.kind {
            OperandKind::Scalar(name)
            | OperandKind::Stream(name)
            | OperandKind::StreamMap(name)
            | OperandKind::Canon(name)
            | OperandKind::CanonMap(name) => renumber(name),
            _ => {}
        }
    }
    for accessor in &mut script.accessors {
        if let AccessorKind::Variable(name) = &mut accessor.kind {
            renumber(name);
        }
    }
}

/// The operand's name without its lens: what a finding underlines.
fn name_range(hir: &Hir, operand: &Operand) -> TextRange {
    let Some(name) = operand.kind.name() else { return operand.range };
    TextRange::at(operand.range.start(), TextSize::of(hir.name(name)))
}

/// The name in that role, with its place.
fn named(hir: &Hir, instr: &Instr, role: Role) -> Option<(NameId, TextRange)> {
    let operand = hir.operand(instr, role)?;
    Some((operand.kind.name()?, name_range(hir, operand)))
}

/// The range of an instruction's operand in that role, or of its keyword.
fn role_range(hir: &Hir, id: InstrId, role: Role) -> TextRange {
    let Some(instr) = hir.instr(id) else { return TextRange::default() };
    named(hir, instr, role).map_or(instr.keyword, |(_, range)| range)
}

/// Whether a fold walks a stream or a stream map, whose end is not known beforehand.
fn walks_stream(hir: &Hir, fold: &Instr) -> bool {
    hir.operand(fold, Role::Iterable)
        .is_some_and(|operand| matches!(operand.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Script;

    /// Each instruction by each piece: the short way says what the long one says.
    #[test]
    fn a_replaced_instruction() {
        let scripts = [
            "(seq (ap 1 x) (seq (ap x.$.[x] y) (par (ap y z) (null))))",
            "(seq (ap [] s) (fold s i (seq (ap i z) (next i))))",
            "(seq (ap 1 $s) (fold $s i (par (ap i x) (next i))))",
            "(seq (ap 1 $s) (seq (fold $s i (seq (null) (next i))) (fold $s i (seq (xor (next i) (null)) (null)))))",
            "(new x (seq (seq (ap 1 x) (ap x k)) (seq (fold x i (null)) (fold x j (seq (ap k x) (next j))))))",
            "; air: given g\n(seq (ap g x) (call x (\"s\" \"f\") [g] y))",
        ];
        let pieces = [
            "(null)",
            "(ap 1 x)",
            "(ap x y)",
            "(ap i z)",
            "(ap g new)",
            "(ap new g)",
            "(next i)",
            "(next j)",
            "(new i (null))",
            "(fold x i (next i))",
            "(fold $s i (seq (next i) (null)))",
            "(fail 0 \"\")",
            "(xor (next i) (next i))",
            "(seq (ap 1 x) (ap x i))",
            "(seq (ap x x) (ap 1 x))",
            "(match x y (next i))",
            "(seq (ap 1 new) (ap new x))",
            "(fold x new (seq (ap new y) (next new)))",
            "(canon \"p\" $s #s)",
        ];
        let (mut good, mut bad) = (0, 0);
        for script in scripts {
            let script = Script::new(script);
            let given = script.given().clone();
            let instrs = script.hir().instrs.iter().map(|instr| script.hir().text_at(instr.range).to_owned());
            let own: Vec<_> = instrs.collect();
            for (index, instr) in script.hir().instrs.iter().enumerate() {
                for piece in pieces.iter().copied().chain(own.iter().map(String::as_str)) {
                    let mut text = script.text.to_string();
                    text.replace_range(std::ops::Range::<usize>::from(instr.range), piece);
                    let after = Script::new(text.as_str());
                    let expected = validate(after.hir(), after.given()).is_empty();
                    let piece = Script::new(Arc::from(piece));
                    let found = accepts(script.hir(), &given, InstrId(index as u32), piece.hir().clone());
                    assert_eq!(found, expected, "{text}");
                    *(if found { &mut good } else { &mut bad }) += 1;
                }
            }
        }
        assert!(good > 100 && bad > 100, "{good} {bad}");
    }
}
