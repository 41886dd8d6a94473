//! `(call peer (service function) [arguments] output)`

use super::node::{AstNode, child, nodes};
use super::operand::{Operand, operands};
use crate::SyntaxKind;

nodes! {
    /// Calls a function on a peer.
    Call = CALL;
    /// `(service function)`
    FunctionRef = FUNCTION_REF;
    /// `[ … ]`
    Arguments = ARGUMENTS;
}

impl Call {
    /// The peer that runs the function.
    pub fn peer(&self) -> Option<Operand> {
        let mut before = self.syntax().children_with_tokens().take_while(|element| {
            !matches!(element.kind(), SyntaxKind::FUNCTION_REF | SyntaxKind::ARGUMENTS)
        });
        before.find_map(Operand::cast)
    }

    /// Service and function.
    pub fn function_ref(&self) -> Option<FunctionRef> {
        child(self.syntax())
    }

    /// The service of [`Call::function_ref`].
    pub fn service(&self) -> Option<Operand> {
        self.function_ref()?.service()
    }

    /// The function of [`Call::function_ref`].
    pub fn function(&self) -> Option<Operand> {
        self.function_ref()?.function()
    }

    /// The bracketed list, if it is there.
    pub fn arguments(&self) -> Option<Arguments> {
        child(self.syntax())
    }

    /// The scalar or stream that takes the result; `None` if the result is dropped.
    pub fn output(&self) -> Option<Operand> {
        let mut rest = self
            .syntax()
            .children_with_tokens()
            .skip_while(|element| element.kind() != SyntaxKind::ARGUMENTS);
        rest.find_map(Operand::cast)
    }
}

impl FunctionRef {
    /// First operand.
    pub fn service(&self) -> Option<Operand> {
        operands(self.syntax()).next()
    }

    /// Second operand.
    pub fn function(&self) -> Option<Operand> {
        operands(self.syntax()).nth(1)
    }
}

impl Arguments {
    /// The values, in order.
    pub fn values(&self) -> impl Iterator<Item = Operand> {
        operands(self.syntax())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::{Instruction, Script};

    fn call(text: &str) -> Call {
        let script = Script::cast(crate::parse(text).syntax()).unwrap();
        match script.instruction() {
            Some(Instruction::Call(call)) => call,
            other => panic!("{other:?}"),
        }
    }

    fn texts(call: &Call) -> [Option<String>; 4] {
        [call.peer(), call.service(), call.function(), call.output()].map(|part| part.map(|part| part.text()))
    }

    #[test]
    fn all_parts_of_a_call() {
        let call = call("(call p.$.id (\"s\" f) [a [] \"b\"] $out)");
        assert_eq!(texts(&call), ["p.$.id", "\"s\"", "f", "$out"].map(|text| Some(text.to_owned())));
        let values: Vec<_> = call.arguments().unwrap().values().map(|value| value.text()).collect();
        assert_eq!(values, ["a", "[]", "\"b\""]);
    }

    #[test]
    fn missing_parts_are_none() {
        assert_eq!(texts(&call("(call (\"s\") [])")), [None, Some("\"s\"".to_owned()), None, None]);
        assert_eq!(texts(&call("(call")), [None, None, None, None]);
        assert!(call("(call p").arguments().is_none());
    }
}
