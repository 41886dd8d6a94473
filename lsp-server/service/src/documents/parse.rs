//! The abstract syntax as JSON: `air parse --json`.
//!
//! Nodes stand in text order in one flat list and refer to each other by index, so that neither we
//! nor a reader has to recurse: compiled scripts are nested deeper than the 128 levels at which common
//! JSON readers stop. The schema is published in `schemas/parse.schema.json`; fields may be added,
//! anything else comes with another `version`.

use air_analysis::Analysis;
use air_semantics::hir::{
    Accessor, AccessorKind, Hir, Instr, InstrId, InstrKind, Lens, Operand, OperandKind, Role,
};
use air_simulation::report::Span;
use air_syntax::{LineIndex, SyntaxKind, TextRange, lexer};
use schemars::JsonSchema;
use serde::Serialize;

use super::check::{DiagnosticObject, diagnostic_objects};

/// What `air parse --json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "air parse --json")]
pub struct Tree<'a> {
    /// Version of this form: 1.
    version: u32,
    /// Path as given; `<stdin>` for unnamed standard input.
    path: &'a str,
    /// Length of the text in bytes.
    length: usize,
    /// Whether AquaVM accepts the script.
    accepted: bool,
    /// Top-level instructions, as indices into `nodes`: one in an accepted script.
    roots: Vec<u32>,
    /// All instructions in text order, parents before children.
    nodes: Vec<Node<'a>>,
    /// All comments in text order.
    comments: Vec<Comment<'a>>,
    /// Findings as `air check --output-format json` reports them.
    diagnostics: Vec<DiagnosticObject<'a>>,
}

/// An instruction.
#[derive(Serialize, JsonSchema)]
struct Node<'a> {
    /// Its index in `nodes`.
    id: u32,
    /// Its keyword; `unknown` for a list with another head or none.
    kind: &'static str,
    /// Index of the enclosing instruction; null at the top.
    parent: Option<u32>,
    #[serde(flatten)]
    span: Span,
    /// Operands in text order.
    operands: Vec<OperandObject<'a>>,
    /// Indices of the instructions inside, in text order.
    children: Vec<u32>,
}

/// An operand.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Operand")]
struct OperandObject<'a> {
    /// What it is for.
    role: &'static str,
    /// What it is.
    #[serde(flatten)]
    value: Value<'a>,
    /// The whole word as it stands in the text, lens included.
    text: &'a str,
    /// What is taken out of the value; null if all of it.
    lens: Option<LensObject<'a>>,
    #[serde(flatten)]
    span: Span,
}

/// What an operand is.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Value<'a> {
    /// A literal; `value` is the text between the quotes, as it stands.
    String { value: &'a str },
    /// A whole number.
    Int { value: i64 },
    /// A number with a fraction.
    Float { value: f64 },
    /// `true` or `false`.
    Bool { value: bool },
    /// `[]`
    EmptyArray,
    /// `%init_peer_id%`
    InitPeerId,
    /// `%timestamp%`
    Timestamp,
    /// `%ttl%`
    Ttl,
    /// `%last_error%`
    LastError,
    /// `:error:`
    Error,
    /// A variable; names include the tag: `$stream`, `%map`, `#canon`.
    Scalar { name: &'a str },
    /// A stream.
    Stream { name: &'a str },
    /// A stream map.
    StreamMap { name: &'a str },
    /// A canonicalized stream.
    Canon { name: &'a str },
    /// A canonicalized stream map.
    CanonMap { name: &'a str },
}

/// A lens.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Lens")]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum LensObject<'a> {
    /// `.length`
    Length,
    /// Step after step.
    Path {
        /// The steps.
        accessors: Vec<AccessorObject<'a>>,
    },
}

/// A step of a lens.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Accessor")]
struct AccessorObject<'a> {
    /// What is taken.
    #[serde(flatten)]
    step: Step<'a>,
    #[serde(flatten)]
    span: Span,
}

/// What a step of a lens takes.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Step<'a> {
    /// `.name`
    Field { name: &'a str },
    /// `[0]`
    Index { index: u32 },
    /// `[name]`: the variable holds the index or field.
    Variable { name: &'a str },
}

/// A comment, semicolons included.
#[derive(Serialize, JsonSchema)]
struct Comment<'a> {
    /// As it stands, without the line end.
    text: &'a str,
    #[serde(flatten)]
    span: Span,
}

/// JSON schema of the output.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Tree<'static>).to_value()
}

/// The tree of a script.
pub fn tree<'a>(name: &'a str, analysis: &'a Analysis) -> Tree<'a> {
    let hir = analysis.hir();
    let lines = analysis.line_index();
    let (order, ids) = text_order(hir);
    let id = |instr: InstrId| ids.get(instr.0 as usize).copied().unwrap_or(u32::MAX);
    let nodes = order.iter().filter_map(|instr| Some((*instr, hir.instr(*instr)?)));
    let nodes = nodes.map(|(this, instr)| Node {
        id: id(this),
        kind: kind(instr.kind),
        parent: instr.parent.map(id),
        span: Span::new(lines, instr.range),
        operands: operands(hir, instr, lines),
        children: hir.children_of(instr).iter().map(|child| id(*child)).collect(),
    });
    Tree {
        version: 1,
        path: name,
        length: analysis.text.len(),
        accepted: analysis.accepted(),
        roots: hir.roots.iter().map(|root| id(*root)).collect(),
        nodes: nodes.collect(),
        comments: comments(&analysis.text, lines),
        diagnostics: diagnostic_objects(analysis.diagnostics(), lines),
    }
}

/// Instructions parents first, and the new index of each. The HIR has children first.
fn text_order(hir: &Hir) -> (Vec<InstrId>, Vec<u32>) {
    let mut order = Vec::with_capacity(hir.instrs.len());
    let mut ids = vec![u32::MAX; hir.instrs.len()];
    let mut stack: Vec<InstrId> = hir.roots.iter().rev().copied().collect();
    while let Some(next) = stack.pop() {
        if let (Some(id), Some(instr)) = (ids.get_mut(next.0 as usize), hir.instr(next)) {
            *id = order.len() as u32;
            order.push(next);
            stack.extend(hir.children_of(instr).iter().rev());
        }
    }
    (order, ids)
}

fn operands<'a>(hir: &'a Hir, instr: &Instr, lines: &LineIndex) -> Vec<OperandObject<'a>> {
    let object = |operand: &'a Operand| OperandObject {
        role: role(operand.role),
        value: value(hir, operand),
        text: hir.text_at(operand.range),
        lens: operand.lens.as_ref().map(|lens| match lens {
            Lens::Length => LensObject::Length,
            Lens::Path(_) => LensObject::Path {
                accessors: hir.accessors_of(lens).iter().map(|step| accessor(hir, step, lines)).collect(),
            },
        }),
        span: Span::new(lines, operand.range),
    };
    hir.operands_of(instr).iter().map(object).collect()
}

fn accessor<'a>(hir: &'a Hir, accessor: &Accessor, lines: &LineIndex) -> AccessorObject<'a> {
    let step = match accessor.kind {
        AccessorKind::Field => Step::Field { name: hir.text_at(accessor.range) },
        AccessorKind::Index(index) => Step::Index { index },
        AccessorKind::Variable(name) => Step::Variable { name: hir.name(name) },
    };
    AccessorObject { step, span: Span::new(lines, accessor.range) }
}

fn value<'a>(hir: &'a Hir, operand: &Operand) -> Value<'a> {
    match operand.kind {
        OperandKind::Literal => Value::String { value: hir.literal(operand) },
        OperandKind::Int(value) => Value::Int { value },
        OperandKind::Float(value) => Value::Float { value },
        OperandKind::Bool(value) => Value::Bool { value },
        OperandKind::EmptyArray => Value::EmptyArray,
        OperandKind::InitPeerId => Value::InitPeerId,
        OperandKind::Timestamp => Value::Timestamp,
        OperandKind::Ttl => Value::Ttl,
        OperandKind::LastError => Value::LastError,
        OperandKind::Error => Value::Error,
        OperandKind::Scalar(name) => Value::Scalar { name: hir.name(name) },
        OperandKind::Stream(name) => Value::Stream { name: hir.name(name) },
        OperandKind::StreamMap(name) => Value::StreamMap { name: hir.name(name) },
        OperandKind::Canon(name) => Value::Canon { name: hir.name(name) },
        OperandKind::CanonMap(name) => Value::CanonMap { name: hir.name(name) },
    }
}

fn comments<'a>(text: &'a str, lines: &LineIndex) -> Vec<Comment<'a>> {
    let tokens = lexer::lex(text);
    let mut comments = Vec::new();
    let mut start = 0;
    for (kind, &end) in tokens.kinds.iter().zip(&tokens.ends) {
        if *kind == SyntaxKind::COMMENT {
            let span = Span::new(lines, TextRange::new(start.into(), end.into()));
            comments.push(Comment { text: text.get(start as usize..end as usize).unwrap_or_default(), span });
        }
        start = end;
    }
    comments
}

fn kind(kind: InstrKind) -> &'static str {
    match kind {
        InstrKind::Call => "call",
        InstrKind::Canon => "canon",
        InstrKind::Ap => "ap",
        InstrKind::Seq => "seq",
        InstrKind::Par => "par",
        InstrKind::Xor => "xor",
        InstrKind::Never => "never",
        InstrKind::Null => "null",
        InstrKind::New => "new",
        InstrKind::Fail => "fail",
        InstrKind::Fold => "fold",
        InstrKind::Next => "next",
        InstrKind::Match => "match",
        InstrKind::Mismatch => "mismatch",
        InstrKind::Unknown => "unknown",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Peer => "peer",
        Role::Service => "service",
        Role::Function => "function",
        Role::Argument => "argument",
        Role::Output => "output",
        Role::Source => "source",
        Role::Target => "target",
        Role::Key => "key",
        Role::Value => "value",
        Role::Left => "left",
        Role::Right => "right",
        Role::Iterable => "iterable",
        Role::Iterator => "iterator",
        Role::Declared => "declared",
        Role::Failure => "failure",
        Role::FailCode => "fail-code",
        Role::FailText => "fail-text",
    }
}
