//! Variables that the host supplies (`; air: given NAME`): a script that loads them before it begins.
//!
//! AquaVM knows no such variables; its hosts put the script into one that loads them, as the Aqua
//! compiler does with parameters. So does this: text and instructions of the script stay in one piece
//! after a prefix, which shifts ranges and numbers of instructions by a constant.

use std::fmt::Write;

use air_semantics::Script;
use air_semantics::directives::DirectiveKind;
use air_semantics::hir::{Hir, OperandKind};
use air_semantics::resolve::{Access, BindingId, BindingKind, Resolution};

/// A script that loads what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadingScript {
    /// The whole.
    pub text: String,
    /// Where the script itself begins in it, in bytes.
    pub offset: usize,
    /// How many instructions stand before the script's own in closing order.
    pub instructions: u32,
    /// The names, tags included.
    pub names: Vec<String>,
}

/// The script of an analysis with what its directives name loaded; `None` if they name nothing.
///
/// A scalar gets the value of `getDataSrv.NAME`; a stream or canon gets the elements of that value.
pub fn load(analysis: &Script) -> Option<LoadingScript> {
    let mut names: Vec<&str> = Vec::new();
    for directive in analysis.directives() {
        let DirectiveKind::Given(ranges) = &directive.kind else { continue };
        for range in ranges {
            let range = std::ops::Range::<usize>::from(*range);
            let name = analysis.text.get(range).unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let mut prefix = String::new();
    let mut instructions = 0;
    let mut loaded = Vec::new();
    for name in names {
        let (piece, count) = match OperandTag::of(name) {
            OperandTag::Scalar => (format!("(call %init_peer_id% (\"getDataSrv\" \"{name}\") [] {name})"), 1),
            OperandTag::Stream => (elements(name, name), 6),
            OperandTag::Canon => {
                let stream = "$-given-";
                let inner = elements(name, stream);
                (format!("(new {stream} (seq {inner} (canon %init_peer_id% {stream} {name})))"), 9)
            }
            // Nothing makes maps of one value.
            OperandTag::Map => continue,
        };
        let _ = write!(prefix, "(seq {piece} ");
        instructions += count;
        loaded.push(name.to_owned());
    }
    if loaded.is_empty() {
        return None;
    }
    // The script may end with a comment.
    let text = format!("{prefix}{}\n{}", analysis.text, ")".repeat(loaded.len()));
    Some(LoadingScript { offset: prefix.len(), text, instructions, names: loaded })
}

/// Loads an array and pushes its elements.
fn elements(name: &str, stream: &str) -> String {
    format!(
        "(seq (call %init_peer_id% (\"getDataSrv\" \"{name}\") [] -given-) \
         (fold -given- -given-item- (seq (ap -given-item- {stream}) (next -given-item-))))"
    )
}

enum OperandTag {
    Scalar,
    Stream,
    Canon,
    Map,
}

impl OperandTag {
    fn of(name: &str) -> Self {
        if name.starts_with("#%") || name.starts_with('%') {
            OperandTag::Map
        } else if name.starts_with('#') {
            OperandTag::Canon
        } else if name.starts_with('$') {
            OperandTag::Stream
        } else {
            OperandTag::Scalar
        }
    }
}

/// Variables of the whole script that are read and never written, scalars and canons, in order of the text.
pub fn outside<'h>(hir: &'h Hir, resolution: &Resolution) -> Vec<(BindingId, &'h str)> {
    let mut written = vec![false; resolution.bindings.len()];
    for occurrence in &resolution.occurrences {
        if occurrence.access != Access::Read
            && let Some(slot) = written.get_mut(occurrence.binding.0 as usize)
        {
            *slot = true;
        }
    }
    let unwritten = (0_u32..).zip(&resolution.bindings).zip(written);
    let unwritten = unwritten.filter(|((id, binding), written)| {
        // An empty stream is a value.
        let kind = resolution.occurrences_of(BindingId(*id)).next();
        let kind =
            kind.and_then(|place| hir.operands.get(place.operand.0 as usize)).map(|operand| operand.kind);
        !written
            && binding.kind == BindingKind::Script
            && !matches!(kind, Some(OperandKind::Stream(_) | OperandKind::StreamMap(_)))
    });
    unwritten.map(|((id, binding), _)| (BindingId(id), hir.name(binding.name))).collect()
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;
    use air_semantics::hir::InstrId;

    use super::{load, outside};

    #[test]
    fn the_script_stays_in_one_piece() {
        let text = "; air: given a $b #cc\n(seq (call a (\"s\" \"f\") [#cc.$.[0]]) (fold $b i (next i)))";
        let own = Script::new(text);
        let loaded = load(&own).unwrap();
        assert_eq!(loaded.names, ["a", "$b", "#cc"]);
        assert_eq!(loaded.text.get(loaded.offset..loaded.offset + text.len()), Some(text));
        let whole = Script::new(loaded.text.as_str());
        assert!(whole.accepted(), "{:?}", whole.findings());
        for (index, instr) in own.hir().instrs.iter().enumerate() {
            let shifted = whole.hir().instr(InstrId(index as u32 + loaded.instructions)).unwrap();
            assert_eq!(shifted.kind, instr.kind);
            assert_eq!(usize::from(shifted.range.start()), usize::from(instr.range.start()) + loaded.offset);
        }
    }

    #[test]
    fn scripts_without_directives_stay_as_they_are() {
        assert_eq!(load(&Script::new("(call a (\"s\" \"f\") [] x)")), None);
    }

    #[test]
    fn what_nobody_writes_comes_from_outside() {
        let analysis = Script::new("(seq (call a (\"s\" x) [$s y.$.[z]] y) (fold l i (next i)))");
        let names: Vec<_> =
            outside(analysis.hir(), analysis.resolution()).iter().map(|(_, name)| *name).collect();
        assert_eq!(names, ["a", "x", "z", "l"]);
    }
}
