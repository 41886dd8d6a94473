//! Names as the user wrote them in Aqua, where that is not ambiguous.

use air_semantics::hir::{Hir, NameId};
use rustc_hash::FxHashMap;

/// What each name is shown as.
pub(super) struct Names<'h> {
    /// Per name: without tag and number of renaming.
    bases: Vec<&'h str>,
    /// Per name: how many bytes of the tag, and where in the name the part to show stands.
    shown: Vec<(u32, u32)>,
}

impl<'h> Names<'h> {
    /// Names are stripped only if no two of the script would then look alike.
    pub(super) fn new(hir: &'h Hir) -> Names<'h> {
        let mut alike: FxHashMap<(&str, &str), u32> = FxHashMap::default();
        for name in hir.names() {
            let (tag, core) = split(name);
            *alike.entry((tag, strip(core))).or_default() += 1;
        }
        let shown = hir.names().map(|name| {
            let (tag, core) = split(name);
            let part = strip(core);
            let only = alike.get(&(tag, part)).copied() == Some(1);
            let part = if only { part } else { core };
            let start = offset_in(name, part);
            (start, start + part.len() as u32)
        });
        let bases = hir.names().map(|name| base(split(name).1)).collect();
        Names { bases, shown: shown.collect() }
    }

    /// The name without tag and number of renaming.
    pub(super) fn base(&self, id: NameId) -> &'h str {
        self.bases.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Tag and name to show.
    pub(super) fn show(&self, hir: &'h Hir, id: NameId) -> (&'h str, &'h str) {
        let name = hir.name(id);
        let (tag, core) = split(name);
        let range = self.shown.get(id.0 as usize).copied().unwrap_or_default();
        (tag, name.get(range.0 as usize..range.1 as usize).unwrap_or(core))
    }
}

/// Tag characters and the rest.
pub(super) fn split(name: &str) -> (&str, &str) {
    let tag = ["#$", "#%", "#", "$", "%"].into_iter().find(|tag| name.starts_with(tag));
    let at = tag.map_or(0, str::len);
    (name.get(..at).unwrap_or_default(), name.get(at..).unwrap_or(name))
}

/// The name in the Aqua source that a compiler's name (without tag) was made from.
fn strip(core: &str) -> &str {
    let mut core = core;
    loop {
        let shorter = unwrap(core, "-", "-arg-")
            .or_else(|| unwrap(base(core), "-", "-flat"))
            .or_else(|| unwrap(core, "", "_gate"))
            .unwrap_or_else(|| base(core));
        if shorter.len() == core.len() {
            return core;
        }
        core = shorter;
    }
}

fn unwrap<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?.strip_suffix(after).filter(|rest| !rest.is_empty())
}

/// `x-1` → `x`: without the number of a renaming.
pub(super) fn base(core: &str) -> &str {
    let head = core.trim_end_matches(|c: char| c.is_ascii_digit());
    match head.strip_suffix('-') {
        Some(rest) if head.len() < core.len() && rest.contains(char::is_alphabetic) => rest,
        _ => core,
    }
}

fn offset_in(whole: &str, part: &str) -> u32 {
    // `part` is a piece of `whole`.
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize) as u32
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::*;

    #[test]
    fn the_name_in_the_aqua_source() {
        for (compiled, source) in [
            ("-user-arg-", "user"),
            ("x-1", "x"),
            ("-xs-flat-0", "xs"),
            ("joined_gate", "joined"),
            ("-1-0", "-1-0"),
        ] {
            assert_eq!(strip(compiled), source);
        }
        assert_eq!(split("#$s-0"), ("#$", "s-0"));
    }

    #[test]
    fn nothing_is_stripped_where_two_names_would_look_alike() {
        let shown = |text: &str| -> Vec<String> {
            let script = Script::new(text);
            let (hir, names) = (script.hir(), Names::new(script.hir()));
            let ids = (0..hir.name_ranges.len() as u32).map(NameId);
            ids.map(|id| names.show(hir, id)).map(|(tag, name)| format!("{tag}{name}")).collect()
        };
        assert_eq!(shown("(ap x-0 $s-1)"), ["x", "$s"]);
        assert_eq!(shown("(seq (ap x-0 $s) (ap x-1 $s))"), ["x-0", "$s", "x-1"]);
    }
}
