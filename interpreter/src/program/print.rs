//! Instructions in the short form that error objects and messages carry.

use std::fmt::Write as _;

use super::{
    CanonSource, Constant, Declared, Failure, Iterable, NodeId, NodeKind, Operand, OperandIndex, Output,
    Program, Target,
};

impl Program {
    /// Where a script has an instruction that an error object names: bytes of its text, in the order of the text.
    pub fn places(&self, instruction: &str) -> Vec<std::ops::Range<usize>> {
        let (wanted, nodes) = (instruction.trim(), (0..).zip(&self.nodes));
        let mut places: Vec<_> = nodes
            .filter(|(id, _)| self.print(*id).trim() == wanted)
            .map(|(_, node)| node.start as usize..node.end as usize)
            .collect();
        places.sort_by_key(|place| place.start);
        places
    }

    /// `call "peer" ("service" "function") [arguments] output`, `seq`, `match a b`, … without
    /// brackets around and without the instructions inside.
    pub(crate) fn print(&self, id: NodeId) -> String {
        let mut out = String::new();
        let Some(node) = self.node(id) else { return out };
        let name = |slot| self.name(slot);
        // Writing into a string does not fail.
        let _ = match &node.kind {
            NodeKind::Call { peer, service, function, arguments: (first, count), output } => {
                let arguments: Vec<String> =
                    (*first..*first + *count).map(|index| self.print_operand(index)).collect();
                let output = match output {
                    Output::None => "",
                    Output::Scalar(slot) => name(*slot),
                    Output::Stream(stream) => name(stream.slot),
                };
                let (peer, service) = (self.print_operand(*peer), self.print_operand(*service));
                let function = self.print_operand(*function);
                write!(out, "call {peer} ({service} {function}) [{}] {output}", arguments.join(" "))
            }
            NodeKind::Seq { .. } => write!(out, "seq"),
            NodeKind::Par { .. } => write!(out, "par"),
            NodeKind::Xor { .. } => write!(out, "xor"),
            NodeKind::Match { left, right, equal, .. } => {
                let keyword = if *equal { "match" } else { "mismatch" };
                write!(out, "{keyword} {} {}", self.print_operand(*left), self.print_operand(*right))
            }
            NodeKind::Ap { source, target } => {
                let target = match target {
                    Target::Scalar(slot) => name(*slot),
                    Target::Stream(stream) => name(stream.slot),
                };
                write!(out, "ap {} {target}", self.print_operand(*source))
            }
            NodeKind::ApMap { key, value, map } => {
                write!(
                    out,
                    "ap ({} {}) {}",
                    self.print_operand(*key),
                    self.print_operand(*value),
                    name(map.slot)
                )
            }
            NodeKind::Canon { peer, source, target } => {
                let (CanonSource::Stream(source)
                | CanonSource::Map(source)
                | CanonSource::MapToScalar(source)) = source;
                write!(out, "canon {} {} {}", self.print_operand(*peer), name(source.slot), name(*target))
            }
            NodeKind::Fold { iterable, iterator, .. } => {
                let iterable = match iterable {
                    Iterable::Value(operand) => self.print_operand(*operand),
                    Iterable::Stream(stream) => name(stream.slot).to_owned(),
                };
                write!(out, "fold {iterable} {}", name(*iterator))
            }
            NodeKind::Next { iterator } => write!(out, "next {}", name(*iterator)),
            NodeKind::New { declared: Declared::Variable(slot) | Declared::Stream(slot), .. } => {
                write!(out, "new {}", name(*slot))
            }
            NodeKind::Fail(failure) => match failure {
                Failure::Literal { code, text } => write!(out, "fail {code} \"{text}\""),
                Failure::Value(operand) => write!(out, "fail {}", self.print_operand(*operand)),
                Failure::LastError => write!(out, "fail %last_error%"),
                Failure::Error => write!(out, "fail :error:"),
            },
            NodeKind::Never => write!(out, "never"),
            NodeKind::Null => write!(out, "null"),
        };
        out
    }

    /// One operand: strings in quotes without escapes, numbers as they are shortest.
    pub(crate) fn print_operand(&self, index: OperandIndex) -> String {
        let lensed = |base: &str, lens: Option<u32>| {
            let lens = lens.and_then(|lens| self.lens(lens)).map_or("", |lens| &*lens.text);
            format!("{base}{lens}")
        };
        match self.operand(index) {
            Operand::Constant(constant) => match self.constants.get(constant as usize) {
                Some(Constant::String(text)) => format!("\"{text}\""),
                Some(Constant::Integer(number)) => number.to_string(),
                Some(Constant::Float(number)) => number.to_string(),
                Some(Constant::Bool(flag)) => flag.to_string(),
                Some(Constant::EmptyArray) | None => "[]".to_owned(),
            },
            Operand::InitPeerId => "%init_peer_id%".to_owned(),
            Operand::Timestamp => "%timestamp%".to_owned(),
            Operand::Ttl => "%ttl%".to_owned(),
            Operand::Error(lens) => lensed(":error:", lens),
            Operand::LastError(lens) => lensed("%last_error%", lens),
            Operand::Scalar(slot, lens) | Operand::Canon(slot, lens) | Operand::CanonMap(slot, lens) => {
                lensed(self.name(slot), lens)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ParsedScript;

    #[test]
    fn places_of_an_instruction() {
        let text = "(seq\n (call  \"p\" (\"s\" \"f\")\n [1   x] )\n (xor (fail 1 \"no\") (fail 1 \"no\")))";
        let script = ParsedScript::new(&text.replace(" x]", "]"));
        let program = script.program().unwrap();
        let places = program.places("fail 1 \"no\"");
        assert_eq!(places.len(), 2);
        assert_eq!(program.places("call \"p\" (\"s\" \"f\") [1] ")[0].start, 6);
        assert_eq!(program.places("call \"q\" (\"s\" \"f\") [1] "), []);
    }
}
