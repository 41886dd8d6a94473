//! Idioms: the recurrent patterns that the Aqua compiler writes, recognised and named.
//!
//! Recognition matches the *tree* (runs of `seq` flattened, hops tolerated) and takes names as
//! confirmation, never the other way round. Nothing here changes the script: an [`Idiom`] says where
//! it is, what it is called, and which parts of it the author wrote.
//!
//! Everything is linear in the script: each instruction is tried a bounded number of times, and all
//! runs of `seq` are flattened once, into one shared list.
//!
//! To add one: a line in the table of `kind.rs`, a template (a function from an instruction to what it
//! found) in the file of its family with a test of what it takes and one of what it just misses, and
//! its place in `templates`, before whatever it contains or resembles. If it is to be written by name
//! in the beautified view, `beautify/named.rs` says how.

mod attempt;
mod concurrency;
mod conditional;
mod display;
mod frame;
mod hop;
mod hop_canon;
mod join;
mod kind;
mod literals;
mod logging;
mod loops;
mod names;
mod on_block;
mod operators;
mod patterns;
mod property;
mod scope;
mod snapshot;
mod stream_maps;
mod streams;
mod structs;
#[cfg(test)]
mod testing;
mod tracing;
mod wait;

use air_semantics::hir::{Hir, InstrId, InstrKind, OperandId};
use air_syntax::TextRange;

pub use hop_canon::hop_canon;
pub use kind::IdiomKind;
pub use patterns::{Op, Patterns};

/// How sure it is that the compiler meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Names only.
    Hint,
    /// The structure fits, the names do not say so.
    Likely,
    /// Structure and reserved names: those of the idiom or, for patterns without names of their own,
    /// of the script's frame (`-relay-`, `-NAME-arg-`).
    Certain,
}

/// An idiom at its place in a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idiom {
    /// The line of the table of idioms.
    pub kind: IdiomKind,
    /// How sure it is; the readable view writes only certain ones by name.
    pub certainty: Certainty,
    /// Its first instruction; the outermost, where it is one tree.
    pub root: InstrId,
    /// All of its text; more than its root where it is several steps of a `seq`.
    pub range: TextRange,
    /// What the user wrote, in text order.
    pub payloads: Vec<Payload>,
    /// Instructions that only carry it: what a fold hides. Hops in it are idioms of their own.
    pub carriers: Vec<InstrId>,
    /// For conditions and operators: its sign, as Aqua writes it; `not` before its only side; empty
    /// for a condition that is its left side.
    pub operator: Option<&'static str>,
    /// Short: for a fold label or an inlay.
    pub label: String,
    /// Index of the idiom that it is a carrier of, in the list it stands in.
    pub part_of: Option<u32>,
}

impl Idiom {
    /// What is left of it without the instructions that the author wrote: what a fold hides.
    pub fn hidden(&self) -> Vec<TextRange> {
        let mut hidden = Vec::new();
        let mut at = self.range.start();
        for payload in &self.payloads {
            if matches!(payload.node, PayloadNode::Instr(_)) && payload.range.start() >= at {
                hidden.push(TextRange::new(at, payload.range.start()));
                at = payload.range.end();
            }
        }
        hidden.push(TextRange::new(at, self.range.end().max(at)));
        hidden.retain(|range| !range.is_empty());
        hidden
    }
}

/// A part of an idiom that says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payload {
    /// What it is for.
    pub role: PayloadRole,
    /// The source of it.
    pub range: TextRange,
    /// The part of the HIR.
    pub node: PayloadNode,
}

/// What a payload is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayloadRole {
    /// Instructions that run in it.
    Body,
    /// What runs otherwise: `else`, `catch`, `otherwise`.
    Otherwise,
    /// First side of a comparison or operator.
    Left,
    /// Second side.
    Right,
    /// The peer.
    Peer,
    /// A value that is read.
    Value,
    /// A variable that is written.
    Result,
    /// Iterator of a loop.
    Iterator,
    /// Name of a parameter, callback or field.
    Name,
}

/// What a payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadNode {
    /// An instruction.
    Instr(InstrId),
    /// An operand.
    Operand(OperandId),
}

/// Services of the host by which a compiled function talks to the initiator. The compiler's
/// configuration can change them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNames {
    /// Service of parameters: `getDataSrv`.
    pub parameters: String,
    /// Service of callbacks and results: `callbackSrv`.
    pub callbacks: String,
    /// Function of results: `response`.
    pub response: String,
    /// Service of uncaught errors: `errorHandlingSrv`.
    pub errors: String,
    /// Function of uncaught errors: `error`.
    pub error: String,
    /// Service of traces: `tracingSrv`.
    pub tracing: String,
}

impl Default for HostNames {
    fn default() -> Self {
        HostNames {
            parameters: "getDataSrv".to_owned(),
            callbacks: "callbackSrv".to_owned(),
            response: "response".to_owned(),
            errors: "errorHandlingSrv".to_owned(),
            error: "error".to_owned(),
            tracing: "tracingSrv".to_owned(),
        }
    }
}

/// Finds all idioms of a script, with the compiler's default names of host services; outer before
/// inner, otherwise in text order.
///
/// ```
/// use air_analysis::idioms::{IdiomKind, recognise};
/// use air_semantics::Script;
///
/// let script = Script::new("(fold users user (seq (call user (\"s\" \"f\") []) (next user)) (null))");
/// let idioms = recognise(script.hir());
/// assert_eq!(idioms[0].kind, IdiomKind::For);
/// assert_eq!(idioms[0].label, "for user in users");
/// ```
pub fn recognise(hir: &Hir) -> Vec<Idiom> {
    recognise_with(hir, &HostNames::default())
}

/// [`recognise`], with other names of host services.
pub fn recognise_with(hir: &Hir, host: &HostNames) -> Vec<Idiom> {
    recognise_in(&Patterns::new(hir, host))
}

/// The same, with what is prepared already.
pub fn recognise_in(patterns: &Patterns<'_>) -> Vec<Idiom> {
    let hir = patterns.hir;
    let mut finder = Finder { found: Vec::new(), carrier_of: vec![0; hir.instrs.len()] };
    for &id in patterns.preorder() {
        finder.try_all(patterns, id);
    }
    finder.found
}

/// An idiom as a template reports it; the driver completes it.
#[derive(Debug)]
struct Recognition {
    kind: IdiomKind,
    certainty: Certainty,
    /// Of the whole, where it is more than the root instruction.
    range: Option<TextRange>,
    payloads: Vec<Payload>,
    carriers: Vec<InstrId>,
    operator: Option<&'static str>,
    label: String,
}

impl Recognition {
    fn new(kind: IdiomKind, certainty: Certainty, label: String) -> Recognition {
        Recognition {
            kind,
            certainty,
            range: None,
            payloads: Vec::new(),
            carriers: Vec::new(),
            operator: None,
            label,
        }
    }

    fn carried_by(mut self, carriers: impl IntoIterator<Item = InstrId>) -> Recognition {
        self.carriers.extend(carriers);
        self
    }

    fn body(mut self, hir: &Hir, role: PayloadRole, id: InstrId) -> Recognition {
        if let Some(instr) = hir.instr(id) {
            self.payloads.push(Payload { role, range: instr.range, node: PayloadNode::Instr(id) });
        }
        self
    }

    fn operand(mut self, role: PayloadRole, operand: patterns::Op<'_>) -> Recognition {
        let node = PayloadNode::Operand(operand.id);
        self.payloads.push(Payload { role, range: operand.operand.range, node });
        self
    }

    fn operator(mut self, sign: &'static str) -> Recognition {
        self.operator = Some(sign);
        self
    }

    fn until(mut self, hir: &Hir, first: InstrId, last: InstrId) -> Recognition {
        if let (Some(first), Some(last)) = (hir.instr(first), hir.instr(last)) {
            self.range = Some(first.range.cover(last.range));
        }
        self
    }
}

type Template = for<'h> fn(&Patterns<'h>, InstrId) -> Option<Recognition>;

/// Templates by the instruction at their root, in the order in which they are tried: outer frames
/// first, a gate before what it contains, an operator before the bare `if`.
fn templates(kind: InstrKind) -> &'static [Template] {
    match kind {
        InstrKind::Xor => &[
            frame::error_wrapper,
            on_block::on_block,
            operators::boolean,
            conditional::if_plain,
            attempt::attempt,
        ],
        InstrKind::New => &[
            hop::hop,
            join::join,
            conditional::if_propagating,
            literals::array,
            literals::option,
            structs::literal,
            streams::scope,
        ],
        InstrKind::Call => &[
            frame::stream_parameter,
            frame::parameter,
            frame::response,
            frame::callback,
            tracing::event,
            hop::service_hop,
            wait::wait,
            operators::arithmetic,
            structs::json_object,
            logging::logging,
        ],
        InstrKind::Canon => &[
            stream_maps::get,
            snapshot::stream_return,
            snapshot::length,
            snapshot::map_to_object,
            streams::push_stream,
            snapshot::freeze,
        ],
        InstrKind::Ap => &[snapshot::array_length, property::literal, property::property, streams::push],
        InstrKind::Fold => {
            &[hop::via_list, join::bare_join, loops::over_map, loops::for_each, loops::for_try, loops::parseq]
        }
        InstrKind::Par => &[
            tracing::function,
            stream_maps::collect,
            loops::for_par,
            concurrency::race,
            concurrency::detached,
            concurrency::block,
        ],
        InstrKind::Fail => &[on_block::rethrow],
        InstrKind::Match
        | InstrKind::Mismatch
        | InstrKind::Seq
        | InstrKind::Next
        | InstrKind::Never
        | InstrKind::Null
        | InstrKind::Unknown => &[],
    }
}

struct Finder {
    found: Vec<Idiom>,
    /// Per instruction: index + 1 of the idiom that it carries.
    carrier_of: Vec<u32>,
}

impl Finder {
    fn try_all(&mut self, patterns: &Patterns<'_>, id: InstrId) {
        let Some(instr) = patterns.hir.instr(id) else { return };
        let owner = self.carrier_of.get(id.0 as usize).copied().unwrap_or(0);
        for template in patterns.kind(id).map_or(&[][..], templates) {
            let Some(found) = template(patterns, id) else { continue };
            // What carries an idiom is explained by it; only what is shown apart anyway stays.
            if owner != 0 && !found.kind.stays_inside() {
                continue;
            }
            let index = u32::try_from(self.found.len() + 1).unwrap_or(u32::MAX);
            for carrier in &found.carriers {
                if let Some(slot) = self.carrier_of.get_mut(carrier.0 as usize) {
                    *slot = index;
                }
            }
            self.found.push(Idiom {
                kind: found.kind,
                certainty: found.certainty,
                root: id,
                range: found.range.unwrap_or(instr.range),
                payloads: found.payloads,
                carriers: found.carriers,
                operator: found.operator,
                label: found.label,
                part_of: owner.checked_sub(1),
            });
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;
    use expect_test::expect;

    use super::*;

    #[test]
    fn parts_of_an_idiom() {
        let script = "(fold xs i (seq (call i (\"s\" \"f\") []) (next i)) (null))";
        let analysis = Script::new(script);
        let [idiom] = &recognise(analysis.hir())[..] else { panic!("one idiom") };
        let text = |range: TextRange| analysis.hir().text_at(range).to_owned();
        let payloads =
            idiom.payloads.iter().map(|payload| format!("{:?}: {}", payload.role, text(payload.range)));
        let hidden = idiom.hidden().into_iter().map(|range| format!("hidden: {}", text(range)));
        let parts: Vec<String> = payloads.chain(hidden).collect();
        expect![[r#"
            Value: xs
            Iterator: i
            Body: (call i ("s" "f") [])
            hidden: (fold xs i (seq 
            hidden:  (next i)) (null))"#]]
        .assert_eq(&parts.join("\n"));
    }

    #[test]
    fn names_are_stripped_where_that_is_clear() {
        let label = |script: &str| recognise(Script::new(script).hir())[0].label.clone();
        assert_eq!(label("(ap -user-arg-.$.name $out-0)"), "out << user.name");
        // Two names would look alike.
        assert_eq!(label("(seq (ap x-0 $s) (ap x $t))"), "s << x-0");
        assert_eq!(label("(seq (ap x-0 $s) (ap -x-arg- $t))"), "s << x-0");
        // What is left must look like a name.
        assert_eq!(label("(ap -1-0 $s)"), "s << -1-0");
    }

    #[test]
    fn names_of_kinds_are_distinct() {
        let mut names: Vec<&str> = IdiomKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), IdiomKind::ALL.len());
    }
}
