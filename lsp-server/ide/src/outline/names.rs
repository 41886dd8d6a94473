//! What an item is called.

use air_analysis::idioms::{Idiom, IdiomKind, Patterns, PayloadRole};
use air_semantics::hir::{InstrId, InstrKind, Role};

/// The name of the item for an instruction.
pub(super) fn name(patterns: &Patterns<'_>, id: InstrId, idiom: Option<&Idiom>) -> String {
    match idiom {
        Some(idiom) if !named_plainly(idiom.kind) => idiom.label.clone(),
        _ => plain(patterns, id),
    }
}

/// The name of a branch that is listed apart from the one before it.
pub(super) fn branch(
    patterns: &Patterns<'_>,
    kind: IdiomKind,
    role: PayloadRole,
    id: InstrId,
    number: u32,
) -> Option<String> {
    match (kind, role) {
        (IdiomKind::ParBlock | IdiomKind::Race, _) => {
            (patterns.steps(id).len() > 1).then(|| format!("branch {number}"))
        }
        (IdiomKind::TryCatch, PayloadRole::Otherwise) => Some("catch".to_owned()),
        (IdiomKind::TryOtherwise, PayloadRole::Otherwise) => Some("otherwise".to_owned()),
        (_, PayloadRole::Otherwise) => Some("else".to_owned()),
        _ => None,
    }
}

/// Idioms whose instruction says as much as their label.
fn named_plainly(kind: IdiomKind) -> bool {
    matches!(kind, IdiomKind::StreamScope | IdiomKind::ParBlock)
}

fn plain(patterns: &Patterns<'_>, id: InstrId) -> String {
    let op = |role| patterns.op(id, role).map_or_else(|| "?".to_owned(), |op| patterns.show(op));
    let Some(instr) = patterns.instr(id) else { return String::new() };
    match instr.kind {
        InstrKind::Call => call(patterns, id),
        InstrKind::Canon => format!("canon {} {} → {}", op(Role::Peer), op(Role::Source), op(Role::Target)),
        InstrKind::Ap if patterns.op(id, Role::Key).is_some() => {
            format!("ap ({} {}) → {}", op(Role::Key), op(Role::Value), op(Role::Target))
        }
        InstrKind::Ap => format!("ap {} → {}", op(Role::Source), op(Role::Target)),
        InstrKind::Seq => "seq".to_owned(),
        InstrKind::Par => "par".to_owned(),
        InstrKind::Xor => "xor".to_owned(),
        InstrKind::Never => "never".to_owned(),
        InstrKind::Null => "null".to_owned(),
        InstrKind::New => format!("new {}", op(Role::Declared)),
        InstrKind::Fail if patterns.op(id, Role::FailCode).is_some() => {
            format!("fail {} {}", op(Role::FailCode), op(Role::FailText))
        }
        InstrKind::Fail => format!("fail {}", op(Role::Failure)),
        InstrKind::Fold => format!("fold {} {}", op(Role::Iterable), op(Role::Iterator)),
        InstrKind::Next => format!("next {}", op(Role::Iterator)),
        InstrKind::Match => format!("match {} {}", op(Role::Left), op(Role::Right)),
        InstrKind::Mismatch => format!("mismatch {} {}", op(Role::Left), op(Role::Right)),
        InstrKind::Unknown => {
            let word: String = patterns.hir.text_at(instr.keyword).chars().take(40).collect();
            format!("? {word}").trim_end().to_owned()
        }
    }
}

/// `call PEER service.function → output`
fn call(patterns: &Patterns<'_>, id: InstrId) -> String {
    let word = |role| match patterns.op(id, role) {
        // A literal that could be a name needs no quotes.
        Some(op) => match patterns.literal(op) {
            Some(text) if !text.is_empty() && text.len() <= 60 && !text.contains(char::is_whitespace) => {
                text.to_owned()
            }
            _ => patterns.show(op),
        },
        None => "?".to_owned(),
    };
    let peer = patterns.op(id, Role::Peer).map_or_else(|| "?".to_owned(), |op| patterns.show(op));
    let mut text = format!("call {peer} {}.{}", word(Role::Service), word(Role::Function));
    if let Some(output) = patterns.op(id, Role::Output) {
        text.push_str(" → ");
        text.push_str(&patterns.show(output));
    }
    text
}
