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
mod finder;
mod frame;
mod hop;
mod hop_canon;
mod host_names;
mod idiom;
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
mod recognition;
mod scope;
mod snapshot;
mod stream_maps;
mod streams;
mod structs;
#[cfg(test)]
mod testing;
mod tracing;
mod wait;

use air_semantics::hir::{Hir, InstrId, InstrKind};

use finder::Template;
use recognition::Recognition;

pub use hop_canon::hop_canon;
pub use host_names::HostNames;
pub use idiom::{Certainty, Idiom, Payload, PayloadNode, PayloadRole};
pub use kind::IdiomKind;
pub use patterns::{Op, Patterns};

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
    finder::find(patterns, templates)
}

/// The idiom of [`recognise`] with that root, without looking for all the others.
pub fn recognise_at(hir: &Hir, root: InstrId) -> Option<Idiom> {
    if templates(hir.instr(root)?.kind).is_empty() {
        return None;
    }
    finder::find_at(&Patterns::new(hir, &HostNames::default()), root, templates)
}

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

#[cfg(test)]
mod tests {
    use air_semantics::Script;
    use air_syntax::TextRange;
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
