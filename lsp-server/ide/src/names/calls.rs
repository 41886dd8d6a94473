//! Who calls whom: scripts and folds call functions of services; a fold is called by what contains it,
//! and by its `next`.

use air_analysis::Analysis;
use air_semantics::hir::{InstrId, InstrKind, OperandId, Role};
use air_semantics::resolve::BindingKind;
use air_syntax::TextRange;

use super::outside::text_of;
use super::visibility::folds_around;

/// What calls: the innermost fold around a place, or the script itself.
pub type Caller = Option<InstrId>;

/// What a `call` or a `next` goes to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Callee {
    /// A function; both names as literals, or as they are written where they are none.
    Function {
        /// Its service, a literal with quotes or a variable.
        service: String,
        /// Its name, a literal with quotes or a variable.
        name: String,
    },
    /// A fold, entered by itself or by `next`.
    Fold(InstrId),
}

/// A `call`, a `fold` or a `next` with what it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallSite {
    /// The innermost fold around it; none in the script itself.
    pub caller: Caller,
    /// The function or the fold.
    pub callee: Callee,
    /// The `call`, `fold` or `next`.
    pub instr: InstrId,
    /// What to show: the function, or the keyword of `fold` and `next`.
    pub range: TextRange,
}

/// All calls of a script, in text order.
pub fn call_sites(analysis: &Analysis) -> Vec<CallSite> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let mut found = Vec::new();
    for ((index, instr), caller) in hir.instrs.iter().enumerate().zip(folds_around(hir)) {
        let id = InstrId(index as u32);
        let (callee, range) = match instr.kind {
            InstrKind::Call => {
                let word = |role| {
                    let operands = hir.operands_of(instr).iter();
                    let (at, operand) =
                        (instr.operands.start..).zip(operands).find(|(_, it)| it.role == role)?;
                    // A literal that an `ap` hands on is one all the same.
                    let literal = text_of(analysis, OperandId(at)).map(|text| format!("\"{text}\""));
                    Some(literal.unwrap_or_else(|| hir.text_at(operand.range).to_owned()))
                };
                let (Some(service), Some(name)) = (word(Role::Service), word(Role::Function)) else {
                    continue;
                };
                let range = hir.operand(instr, Role::Function).map_or(instr.keyword, |operand| operand.range);
                (Callee::Function { service, name }, range)
            }
            InstrKind::Fold => (Callee::Fold(id), instr.keyword),
            InstrKind::Next => {
                let iterator = hir.operand(instr, Role::Iterator);
                let place = iterator.and_then(|iterator| resolution.at(iterator.range.start()));
                match place.and_then(|place| resolution.binding(place.binding)).map(|binding| binding.kind) {
                    Some(BindingKind::Iterator(fold)) => (Callee::Fold(fold), instr.keyword),
                    _ => continue,
                }
            }
            _ => continue,
        };
        found.push(CallSite { caller, callee, instr: id, range });
    }
    found.sort_by_key(|site| site.range.start());
    found
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn folds_and_functions() {
        let analysis = Analysis::new(
            "(seq (seq (ap \"list\" f) (call \"p\" (\"s\" f) [] xs))\n (fold xs i (seq (call i (s.$.id \"f\") []) (fold i j (par (next j) (next i))))))",
        );
        let hir = analysis.hir();
        let name = |id: InstrId| {
            let instr = hir.instr(id).unwrap();
            hir.text_at(hir.operand(instr, Role::Iterator).unwrap().range).to_owned()
        };
        let lines = call_sites(&analysis).into_iter().map(|site| {
            let caller = site.caller.map_or("script".to_owned(), name);
            let callee = match site.callee {
                Callee::Function { service, name } => format!("{service}.{name}"),
                Callee::Fold(id) => format!("fold {}", name(id)),
            };
            format!("{caller} -> {callee} at {}\n", hir.text_at(site.range))
        });
        expect![[r#"
            script -> "s"."list" at f
            script -> fold i at fold
            i -> s.$.id."f" at "f"
            i -> fold j at fold
            j -> fold j at next
            j -> fold i at next
        "#]]
        .assert_eq(&lines.collect::<String>());
    }
}
