//! Comparisons whose outcome is known: of two constants, and of kinds of values that are never equal.

use air_semantics::control_flow::holds;
use air_semantics::hir::{AccessorKind, Instr, InstrId, InstrKind, Lens, Operand, OperandKind, Role};
use air_semantics::resolve::{Access, BindingKind};

use crate::lint::page::*;
use crate::lint::{Context, Fixing, Lint, Looks, Report};

pub(crate) static ENTRY: Entry = entry(
    "L008",
    "constant-match",
    Severity::Warning,
    Page {
        summary: "a comparison that always or never holds",
        what: prose!(
            "Both sides of a `match` or `mismatch` are constants, or of kinds that are never equal:
a number (such as `list.length`) and a string, a canonicalised stream and anything but a list, `%ttl%` and a
fraction. Whole numbers and fractions are never equal: `1` and `1.0` differ."
        ),
        why: prose!(
            "Either the body always runs, and the comparison has no effect, or the comparison always
fails, and the body never runs."
        ),
        example: r#"(match 1 1
 (call %init_peer_id% ("service" "function") []))"#,
        fix: "Keep only the body, or compare with a variable.",
        fixed: r#"(call %init_peer_id% ("service" "function") [])"#,
    },
);

pub(super) const LINT: Lint = Lint {
    code: Code::ConstantMatch,
    looks: &[Looks::Instr(&[InstrKind::Match, InstrKind::Mismatch], look)],
    fix: Fixing::Offered,
};

fn look(context: &Context<'_>, id: InstrId, instr: &Instr, report: &mut Report<'_>) {
    let Some(holds) = holds(context.hir, instr) else { return unequal(context, instr, report) };
    let [Some(left), Some(right)] = [Role::Left, Role::Right].map(|role| context.operand(instr, role)) else {
        return;
    };
    // The source compares constants, or a function is called with one, and the compiler leaves that to the run.
    if context.is_compiled_if(id) {
        return;
    }
    let mut message = verdict(context, instr, [left, right], holds);
    if numbers_of_two_kinds(left, right) {
        message += ": whole numbers and fractions are never equal";
    }
    let finding = report.add(Code::ConstantMatch, left.range.cover(right.range), message);
    let body = context.child(instr, 0).and_then(|body| context.instr(body));
    if holds && let Some(body) = body {
        let title = format!("replace `{}` by its body", context.keyword(instr));
        finding.safe(title, context.unwrap(instr.range, body.range));
    }
}

/// `match` of `1` and `2` never holds
fn verdict(context: &Context<'_>, instr: &Instr, sides: [&Operand; 2], holds: bool) -> String {
    let [left, right] = sides.map(|side| context.shown(side.range));
    let always = if holds { "always" } else { "never" };
    format!("`{}` of `{left}` and `{right}` {always} holds", context.keyword(instr))
}

/// A kind of value; values of two kinds are never equal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    /// A number, and whether it can be neither a fraction nor negative.
    Number {
        natural: bool,
    },
    Text,
    Truth,
    List,
    Object,
}

impl ValueKind {
    fn name(self) -> &'static str {
        match self {
            ValueKind::Number { .. } => "a number",
            ValueKind::Text => "a string",
            ValueKind::Truth => "a boolean",
            ValueKind::List => "a list",
            ValueKind::Object => "an object",
        }
    }
}

/// Two sides that are not both constants, but of kinds that are never equal.
fn unequal(context: &Context<'_>, instr: &Instr, report: &mut Report<'_>) {
    let [Some(left), Some(right)] = [Role::Left, Role::Right].map(|role| context.operand(instr, role)) else {
        return;
    };
    let [Some(one), Some(other)] = [left, right].map(|operand| sort(context, operand)) else { return };
    let never_natural = |operand: &Operand| match operand.kind {
        OperandKind::Int(value) => value < 0,
        OperandKind::Float(_) => true,
        _ => false,
    };
    let natural = |sort| sort == ValueKind::Number { natural: true };
    let why = match (one, other) {
        (ValueKind::Number { .. }, ValueKind::Number { .. }) => {
            if !(natural(one) && never_natural(right) || natural(other) && never_natural(left)) {
                return;
            }
            let operand = if natural(one) { left } else { right };
            format!("`{}` is never negative or a fraction", context.shown(operand.range))
        }
        _ if one == other => return,
        _ => format!("{} is never equal to {}", one.name(), other.name()),
    };
    let verdict = verdict(context, instr, [left, right], instr.kind == InstrKind::Mismatch);
    report.add(Code::ConstantMatch, left.range.cover(right.range), format!("{verdict}: {why}"));
}

/// What an operand's value surely is.
fn sort(context: &Context<'_>, operand: &Operand) -> Option<ValueKind> {
    use OperandKind::*;
    let natural = ValueKind::Number { natural: true };
    match (&operand.lens, operand.kind) {
        (Some(Lens::Length), _) => Some(natural),
        (Some(lens), Error | LastError) => {
            let [only] = context.hir.accessors_of(lens) else { return None };
            match (only.kind, context.text(only.range)) {
                // A `fail` gives `%last_error%` any code that is not 0.
                (AccessorKind::Field, "error_code") if operand.kind == Error => Some(natural),
                (AccessorKind::Field, "error_code") => Some(ValueKind::Number { natural: false }),
                (AccessorKind::Field, "message") => Some(ValueKind::Text),
                (AccessorKind::Field, "instruction" | "peer_id") if operand.kind == Error => {
                    Some(ValueKind::Text)
                }
                _ => None,
            }
        }
        (Some(_), _) => None,
        (None, Ttl | Timestamp) => Some(natural),
        (None, Int(_) | Float(_)) => Some(ValueKind::Number { natural: false }),
        (None, Literal | InitPeerId) => Some(ValueKind::Text),
        (None, Bool(_)) => Some(ValueKind::Truth),
        (None, EmptyArray | Canon(_)) => Some(ValueKind::List),
        (None, CanonMap(_) | Error | LastError) => Some(ValueKind::Object),
        (None, Scalar(_)) => set_to(context, operand),
        (None, Stream(_) | StreamMap(_)) => None,
    }
}

/// Of a scalar that is set once, by `ap` of what has a kind.
fn set_to(context: &Context<'_>, operand: &Operand) -> Option<ValueKind> {
    let (id, binding) = context.variable(operand)?;
    if binding.writes != 1 || matches!(binding.kind, BindingKind::Iterator(_)) || context.is_given(binding) {
        return None;
    }
    let instr = context.instr(context.places(id, Access::Write).next()?.instr)?;
    let source = context.operand(instr, Role::Source).filter(|_| instr.kind == InstrKind::Ap)?;
    if matches!(source.kind, OperandKind::Scalar(_)) && source.lens != Some(Lens::Length) {
        return None;
    }
    sort(context, source)
}

fn numbers_of_two_kinds(left: &Operand, right: &Operand) -> bool {
    use OperandKind::{Float, Int};
    matches!((left.kind, right.kind), (Int(_), Float(_)) | (Float(_), Int(_)))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::code::Code;
    use crate::testing::check_lint;

    fn check(text: &str, expected: expect_test::Expect) {
        check_lint(Code::ConstantMatch, text, expected);
    }

    #[test]
    fn always_and_never() {
        check(
            r#"(seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))"#,
            expect![[r#"
                | (seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))
                |             ^^^^^^^ L008 `match` of `"a"` and `"a"` always holds
                fix: replace `match` by its body: "(seq (null) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))"
                | (seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))
                |                                            ^^^ L008 `mismatch` of `1` and `1` never holds
                | (seq (match "a" "a" (null)) (seq (mismatch 1 1 (null)) (match 1 1.0 (null))))
                |                                                               ^^^^^ L008 `match` of `1` and `1.0` never holds: whole numbers and fractions are never equal
            "#]],
        );
    }

    #[test]
    fn comments_are_not_lost() {
        check(
            "(match [] [] ; why\n (null))",
            expect![[r#"
            | (match [] [] ; why
            |        ^^^^^ L008 `match` of `[]` and `[]` always holds
        "#]],
        );
    }

    #[test]
    fn kinds_that_are_never_equal() {
        check(
            r#"(seq (canon "p" $s #s)
 (par (match #s.length "0" (null))
 (par (mismatch "x" #s (null))
 (par (match %ttl% 1.5 (null))
 (seq (ap #s.length n)
 (par (match n -1 (null))
 (xor (fail 1 "x") (match :error:.$.error_code "10006" (null)))))))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn kinds_that_may_be_equal() {
        check(
            r#"(seq (canon "p" $s #s) (par (match #s [] (null)) (par (match #s.length 0 (null)) (xor (fail 1 "x") (par (match %last_error%.$.error_code -1 (null)) (match :error:.$.message "x" (null)))))))"#,
            expect![[r#"
                nothing
            "#]],
        );
        // Set in two ways, in a fold, or by the host.
        check(
            r#"(seq (xor (ap 1 x) (ap "y" x)) (seq (match x "y" (null)) (seq (ap [] l) (fold l i (seq (match i 1 (null)) (next i))))))"#,
            expect![[r#"
                nothing
            "#]],
        );
    }

    #[test]
    fn variables_may_be_anything() {
        check(
            "(new x (match x 1 (match %ttl% 1 (null))))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
