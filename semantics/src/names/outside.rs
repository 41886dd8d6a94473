//! Names of what lies outside of a script: peers, services and their functions.

use air_syntax::TextRange;

use crate::hir::{Hir, Instr, InstrKind, Operand, OperandKind, Role};

/// What an outside name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutsideKind {
    /// A peer, by its id.
    Peer,
    /// A service, by its id.
    Service,
    /// A function of a service.
    Function,
}

/// A literal that names something outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideName<'h> {
    /// What it is.
    pub kind: OutsideKind,
    /// The text between the quotes.
    pub name: &'h str,
    /// The service of a function, where that is a literal too.
    pub service: Option<&'h str>,
    /// Of a function: how many arguments it gets there.
    pub arity: usize,
    /// Of a function: whether the result is kept.
    pub output: bool,
    /// The literal, with its quotes.
    pub range: TextRange,
}

/// All of them, call by call in closing order.
pub fn outside_names(hir: &Hir) -> Vec<OutsideName<'_>> {
    let mut found = Vec::new();
    for instr in &hir.instrs {
        if !matches!(instr.kind, InstrKind::Call | InstrKind::Canon) {
            continue;
        }
        let arity = hir.operands_of(instr).iter().filter(|operand| operand.role == Role::Argument).count();
        let output = hir.operand(instr, Role::Output).is_some();
        let service = literal(hir, instr, Role::Service);
        let kinds = [
            (OutsideKind::Peer, Role::Peer),
            (OutsideKind::Service, Role::Service),
            (OutsideKind::Function, Role::Function),
        ];
        for (kind, role) in kinds {
            let Some(operand) = literal(hir, instr, role) else { continue };
            let name = hir.literal(operand);
            if !name.is_empty() {
                let service = service.filter(|_| kind == OutsideKind::Function);
                let service = service.map(|service| hir.literal(service));
                found.push(OutsideName { kind, name, service, arity, output, range: operand.range });
            }
        }
    }
    found
}

fn literal<'h>(hir: &'h Hir, instr: &Instr, role: Role) -> Option<&'h Operand> {
    hir.operand(instr, role).filter(|operand| operand.kind == OperandKind::Literal)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::Analysis;

    #[test]
    fn literals_by_their_places() {
        let analysis = Analysis::new(
            "(seq (call \"p\" (\"srv\" \"f\") [\"a\" 1] x) (par (canon \"q\" $s #s) (call p (srv \"g\") [])))",
        );
        let lines = outside_names(analysis.hir()).into_iter().map(|it| {
            format!(
                "{:?} {} of {:?}, {} arguments, output {}\n",
                it.kind, it.name, it.service, it.arity, it.output
            )
        });
        expect![[r#"
            Peer p of None, 2 arguments, output true
            Service srv of None, 2 arguments, output true
            Function f of Some("srv"), 2 arguments, output true
            Peer q of None, 0 arguments, output false
            Function g of None, 0 arguments, output false
        "#]]
        .assert_eq(&lines.collect::<String>());
    }
}
