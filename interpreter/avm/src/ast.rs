//! A script's tree as AquaVM's `ast` prints it: its types through serde's default form.
//!
//! An enum's variant is an object with one member, or a string if it holds nothing; the two empty structs, of `null` and
//! `never`, are `null`. Positions are bytes of the text.

use std::fmt::Write as _;

use air_interpreter::{ParsedScript, Value, json};
use air_semantics::Script;
use air_semantics::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, Operand, OperandKind, Role};
use air_syntax::TextRange;

/// The tree of a script that AquaVM accepts, else its report of errors.
pub fn ast(text: &str) -> String {
    let script = Script::without_directives(text);
    let hir = script.hir();
    match hir.roots.as_slice() {
        [root] if script.accepted() => Printer { hir, out: String::new() }.print(*root),
        _ => match ParsedScript::of(&script).program() {
            Err(report) => report.to_owned(),
            // What is accepted has one root.
            Ok(_) => String::new(),
        },
    }
}

struct Printer<'a> {
    hir: &'a Hir,
    out: String,
}

/// What is still to be printed; scripts nest deeper than stacks are.
enum Step {
    Instruction(InstrId),
    Text(&'static str),
    /// `,"span":{…}` of an instruction.
    Span(TextRange),
}

/// How the enum of an operand is made.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Arguments and sides of a comparison: variables are an enum of their own.
    Value,
    /// All others: each kind of variable is a variant.
    Plain,
    /// Of a stream map: numbers are integers.
    Key,
    /// Of `fail`: error variables have no lens.
    Failure,
}

impl Printer<'_> {
    fn print(mut self, root: InstrId) -> String {
        let mut steps = vec![Step::Instruction(root)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Text(text) => self.out.push_str(text),
                Step::Span(range) => self.span(range),
                Step::Instruction(id) => {
                    let hir = self.hir;
                    if let Some(instr) = hir.instr(id) {
                        let rest = self.open(instr);
                        steps.extend(rest.into_iter().rev());
                    }
                }
            }
        }
        self.out
    }

    /// Prints an instruction up to the first one inside; what follows is returned.
    fn open(&mut self, instr: &Instr) -> Vec<Step> {
        let children = self.hir.children_of(instr);
        match instr.kind {
            InstrKind::Call => self.call(instr),
            InstrKind::Canon => self.canon(instr),
            InstrKind::Ap => self.ap(instr),
            InstrKind::Fail => self.fail(instr),
            InstrKind::Never => self.out.push_str(r#"{"Never":null}"#),
            InstrKind::Null => self.out.push_str(r#"{"Null":null}"#),
            InstrKind::Next => {
                self.out.push_str(r#"{"Next":{"iterator":"#);
                self.name_of(instr, Role::Iterator);
                self.out.push_str("}}");
            }
            InstrKind::Seq => return self.pair("Seq", children),
            InstrKind::Par => return self.pair("Par", children),
            InstrKind::Xor => return self.pair("Xor", children),
            InstrKind::Match => return self.comparison("Match", instr),
            InstrKind::Mismatch => return self.comparison("MisMatch", instr),
            InstrKind::New => {
                self.out.push_str(r#"{"New":{"argument":"#);
                self.operand_of(instr, Role::Declared, Form::Plain);
                self.out.push_str(r#","instruction":"#);
                return steps(children.first(), [Step::Span(instr.range), Step::Text("}}")]);
            }
            InstrKind::Fold => return self.fold(instr),
            InstrKind::Unknown => self.out.push_str(r#""Error""#),
        }
        Vec::new()
    }

    fn pair(&mut self, name: &str, children: &[InstrId]) -> Vec<Step> {
        let _ = write!(self.out, "{{\"{name}\":[");
        let mut rest = steps(children.first(), [Step::Text(",")]);
        rest.extend(steps(children.get(1), [Step::Text("]}")]));
        rest
    }

    fn comparison(&mut self, name: &str, instr: &Instr) -> Vec<Step> {
        let _ = write!(self.out, "{{\"{name}\":{{\"left_value\":");
        self.operand_of(instr, Role::Left, Form::Value);
        self.out.push_str(r#","right_value":"#);
        self.operand_of(instr, Role::Right, Form::Value);
        self.out.push_str(r#","instruction":"#);
        steps(self.hir.children_of(instr).first(), [Step::Text("}}")])
    }

    fn fold(&mut self, instr: &Instr) -> Vec<Step> {
        let iterable = self.hir.operand(instr, Role::Iterable);
        let (name, is_named) = match iterable.map(|iterable| iterable.kind) {
            Some(OperandKind::Stream(_)) => ("FoldStream", true),
            Some(OperandKind::StreamMap(_)) => ("FoldStreamMap", true),
            _ => ("FoldScalar", false),
        };
        let _ = write!(self.out, "{{\"{name}\":{{\"iterable\":");
        if is_named {
            self.name_of(instr, Role::Iterable);
        } else {
            self.operand_of(instr, Role::Iterable, Form::Plain);
        }
        self.out.push_str(r#","iterator":"#);
        self.name_of(instr, Role::Iterator);
        self.out.push_str(r#","instruction":"#);
        let children = self.hir.children_of(instr);
        let mut rest = steps(children.first(), [Step::Text(r#","last_instruction":"#)]);
        let last = children.get(1);
        if last.is_none() {
            rest.push(Step::Text("null"));
        }
        rest.extend(steps(last, [Step::Span(instr.range), Step::Text("}}")]));
        rest
    }

    fn call(&mut self, instr: &Instr) {
        self.out.push_str(r#"{"Call":{"triplet":{"peer_id":"#);
        self.operand_of(instr, Role::Peer, Form::Plain);
        self.out.push_str(r#","service_id":"#);
        self.operand_of(instr, Role::Service, Form::Plain);
        self.out.push_str(r#","function_name":"#);
        self.operand_of(instr, Role::Function, Form::Plain);
        self.out.push_str(r#"},"args":["#);
        let hir = self.hir;
        let arguments = hir.operands_of(instr).iter().filter(|operand| operand.role == Role::Argument);
        for (at, argument) in arguments.enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.operand(argument, Form::Value);
        }
        self.out.push_str(r#"],"output":"#);
        match hir.operand(instr, Role::Output) {
            Some(output) => self.operand(output, Form::Plain),
            None => self.out.push_str(r#""None""#),
        }
        self.out.push_str("}}");
    }

    fn canon(&mut self, instr: &Instr) {
        let kind = |role| self.hir.operand(instr, role).map(|operand| operand.kind);
        let (name, source, target) = match (kind(Role::Source), kind(Role::Target)) {
            (_, Some(OperandKind::CanonMap(_))) => ("CanonMap", "stream_map", "canon_stream_map"),
            (_, Some(OperandKind::Scalar(_))) => ("CanonStreamMapScalar", "stream_map", "scalar"),
            _ => ("Canon", "stream", "canon_stream"),
        };
        let _ = write!(self.out, "{{\"{name}\":{{\"peer_id\":");
        self.operand_of(instr, Role::Peer, Form::Plain);
        let _ = write!(self.out, ",\"{source}\":");
        self.name_of(instr, Role::Source);
        let _ = write!(self.out, ",\"{target}\":");
        self.name_of(instr, Role::Target);
        self.out.push_str("}}");
    }

    fn ap(&mut self, instr: &Instr) {
        if self.hir.operand(instr, Role::Key).is_some() {
            self.out.push_str(r#"{"ApMap":{"key":"#);
            self.operand_of(instr, Role::Key, Form::Key);
            self.out.push_str(r#","value":"#);
            self.operand_of(instr, Role::Value, Form::Plain);
            self.out.push_str(r#","map":"#);
            self.name_of(instr, Role::Target);
        } else {
            self.out.push_str(r#"{"Ap":{"argument":"#);
            self.operand_of(instr, Role::Source, Form::Plain);
            self.out.push_str(r#","result":"#);
            self.operand_of(instr, Role::Target, Form::Plain);
        }
        self.out.push_str("}}");
    }

    fn fail(&mut self, instr: &Instr) {
        self.out.push_str(r#"{"Fail":"#);
        let (code, text) = (self.hir.operand(instr, Role::FailCode), self.hir.operand(instr, Role::FailText));
        if let (Some(Operand { kind: OperandKind::Int(code), .. }), Some(text)) = (code, text) {
            let _ = write!(self.out, "{{\"Literal\":{{\"ret_code\":{code},\"error_message\":");
            self.string(self.hir.literal(text));
            self.out.push_str("}}");
        } else {
            self.operand_of(instr, Role::Failure, Form::Failure);
        }
        self.out.push('}');
    }

    fn operand_of(&mut self, instr: &Instr, role: Role, form: Form) {
        let hir = self.hir;
        match hir.operand(instr, role) {
            Some(operand) => self.operand(operand, form),
            // Accepted scripts have all their operands.
            None => self.out.push_str("null"),
        }
    }

    fn operand(&mut self, operand: &Operand, form: Form) {
        let variable = match operand.kind {
            OperandKind::InitPeerId => return self.out.push_str(r#""InitPeerId""#),
            OperandKind::Timestamp => return self.out.push_str(r#""Timestamp""#),
            OperandKind::Ttl => return self.out.push_str(r#""TTL""#),
            OperandKind::EmptyArray => return self.out.push_str(r#""EmptyArray""#),
            OperandKind::LastError | OperandKind::Error => return self.error(operand, form),
            OperandKind::Bool(value) => {
                let _ = write!(self.out, "{{\"Boolean\":{value}}}");
                return;
            }
            OperandKind::Int(value) => {
                let (open, close) = if form == Form::Key { ("", "") } else { (r#"{"Number":"#, "}") };
                let _ = write!(self.out, "{open}{{\"Int\":{value}}}{close}");
                return;
            }
            OperandKind::Float(value) => {
                self.out.push_str(r#"{"Number":{"Float":"#);
                json::print(&Value::float(value), &mut self.out);
                return self.out.push_str("}}");
            }
            OperandKind::Literal => {
                self.out.push_str(r#"{"Literal":"#);
                self.string(self.hir.literal(operand));
                return self.out.push('}');
            }
            OperandKind::Scalar(_) => "Scalar",
            OperandKind::Stream(_) => "Stream",
            OperandKind::StreamMap(_) => "StreamMap",
            OperandKind::Canon(_) => "CanonStream",
            OperandKind::CanonMap(_) => "CanonStreamMap",
        };
        let lambda = if operand.lens.is_some() { "WithLambda" } else { "" };
        let _ = match form {
            Form::Value => write!(self.out, "{{\"Variable{lambda}\":{{\"{variable}\":"),
            _ => write!(self.out, "{{\"{variable}{lambda}\":"),
        };
        self.name(operand);
        self.out.push_str(if form == Form::Value { "}}" } else { "}" });
    }

    fn error(&mut self, operand: &Operand, form: Form) {
        let is_last = operand.kind == OperandKind::LastError;
        if form == Form::Failure {
            return self.out.push_str(if is_last { r#""LastError""# } else { r#""Error""# });
        }
        self.out.push_str(if is_last { r#"{"LastError":"# } else { r#"{"Error":{"lens":"# });
        match &operand.lens {
            Some(lens) => self.lens(lens),
            None => self.out.push_str("null"),
        }
        self.out.push_str(if is_last { "}" } else { "}}" });
    }

    fn name_of(&mut self, instr: &Instr, role: Role) {
        let hir = self.hir;
        match hir.operand(instr, role) {
            Some(operand) => self.name(operand),
            None => self.out.push_str("null"),
        }
    }

    /// A variable: name with its sign, lens if there is one, position.
    fn name(&mut self, operand: &Operand) {
        let name = operand.kind.name().map_or("", |name| self.hir.name(name));
        self.out.push_str(r#"{"name":"#);
        self.string(name);
        if let Some(lens) = &operand.lens {
            self.out.push_str(r#","lambda":"#);
            self.lens(lens);
        }
        let _ = write!(self.out, ",\"position\":{}}}", usize::from(operand.range.start()));
    }

    fn lens(&mut self, lens: &Lens) {
        if *lens == Lens::Length {
            return self.out.push_str(r#"{"Functor":"Length"}"#);
        }
        self.out.push_str(r#"{"ValuePath":["#);
        let hir = self.hir;
        for (at, accessor) in hir.accessors_of(lens).iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            let name = hir.text_at(accessor.range);
            match accessor.kind {
                AccessorKind::Index(index) => {
                    let _ = write!(self.out, "{{\"ArrayAccess\":{{\"idx\":{index}}}}}");
                    continue;
                }
                AccessorKind::Field => self.out.push_str(r#"{"FieldAccessByName":{"field_name":"#),
                AccessorKind::Variable(_) => self.out.push_str(r#"{"FieldAccessByScalar":{"scalar_name":"#),
            }
            self.string(name);
            self.out.push_str("}}");
        }
        self.out.push_str("]}");
    }

    fn span(&mut self, range: TextRange) {
        let (left, right) = (usize::from(range.start()), usize::from(range.end()));
        let _ = write!(self.out, ",\"span\":{{\"left\":{left},\"right\":{right}}}");
    }

    fn string(&mut self, text: &str) {
        json::print(&Value::from(text), &mut self.out);
    }
}

fn steps<const REST: usize>(child: Option<&InstrId>, rest: [Step; REST]) -> Vec<Step> {
    child.map(|child| Step::Instruction(*child)).into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::ast;

    #[track_caller]
    fn check(script: &str, expected: Expect) {
        expected.assert_eq(&ast(script));
    }

    #[test]
    fn variants_without_content_are_strings_and_empty_structs_are_null() {
        check("(null)", expect![[r#"{"Null":null}"#]]);
        check(
            r#"(call %init_peer_id% ("s" "f") [%ttl% 1 :error: %last_error%.$.m] )"#,
            expect![[
                r#"{"Call":{"triplet":{"peer_id":"InitPeerId","service_id":{"Literal":"s"},"function_name":{"Literal":"f"}},"args":["TTL",{"Number":{"Int":1}},{"Error":{"lens":null}},{"LastError":{"ValuePath":[{"FieldAccessByName":{"field_name":"m"}}]}}],"output":"None"}}"#
            ]],
        );
    }

    #[test]
    fn positions_are_bytes() {
        check(
            "(new $é (fold $é i (next i)))",
            expect![[
                r#"{"New":{"argument":{"Stream":{"name":"$é","position":5}},"instruction":{"FoldStream":{"iterable":{"name":"$é","position":15},"iterator":{"name":"i","position":19},"instruction":{"Next":{"iterator":{"name":"i","position":27}}},"last_instruction":null,"span":{"left":9,"right":30}}},"span":{"left":0,"right":31}}}"#
            ]],
        );
    }

    #[test]
    fn kinds_of_operands_have_variants_of_their_own() {
        check(
            "(xor (fail :error:) (new #%m (fold #%m.$.k i (never) (fail %last_error%))))",
            expect![[
                r##"{"Xor":[{"Fail":"Error"},{"New":{"argument":{"CanonStreamMap":{"name":"#%m","position":25}},"instruction":{"FoldScalar":{"iterable":{"CanonStreamMapWithLambda":{"name":"#%m","lambda":{"ValuePath":[{"FieldAccessByName":{"field_name":"k"}}]},"position":35}},"iterator":{"name":"i","position":43},"instruction":{"Never":null},"last_instruction":{"Fail":"LastError"},"span":{"left":29,"right":73}}},"span":{"left":20,"right":74}}}]}"##
            ]],
        );
    }

    #[test]
    fn a_rejected_script_gives_the_report() {
        assert!(ast("(null").contains("script.air:1:6"));
        let report = ast("; air: given x\n(ap x y)");
        assert!(report.contains("variable 'x' wasn't defined"), "comments mean nothing: {report}");
    }

    #[test]
    fn depth_is_no_limit() {
        let deep = format!("{}(null){}", "(xor (null) ".repeat(200), ")".repeat(200));
        assert!(ast(&deep).ends_with(&"]}".repeat(200)));
    }
}
