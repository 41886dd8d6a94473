//! Names that nothing has yet.

use air_semantics::hir::Hir;
use rustc_hash::FxHashSet;

/// A name made of `wanted` (with `tag` in front) that the script does not use, in any kind of variable.
pub fn fresh(hir: &Hir, tag: &str, wanted: &str) -> String {
    fresh_beside(hir, tag, wanted, &[])
}

/// The same, which is none of `others` either.
pub fn fresh_beside(hir: &Hir, tag: &str, wanted: &str, others: &[String]) -> String {
    let clean: String =
        wanted.chars().filter(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-')).collect();
    let letter = clean.starts_with(|char: char| char.is_ascii_alphabetic());
    let reserved = is_reserved(&clean);
    // One letter with a tag takes no lens (`syntax/spec/language.md §1.6`).
    let base = if letter && !reserved && clean.len() > 1 { clean } else { format!("value{clean}") };
    let bare = |name: &'_ str| name.trim_start_matches(['$', '#', '%']).to_owned();
    let taken: FxHashSet<String> =
        hir.names().map(bare).chain(others.iter().map(|name| bare(name))).collect();
    let mut name = base.clone();
    let mut number = 1u32;
    while taken.contains(&name) {
        number += 1;
        name = format!("{base}_{number}");
    }
    format!("{tag}{name}")
}

fn is_reserved(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "call", "canon", "ap", "seq", "par", "fail", "fold", "xor", "never", "new", "next", "null", "match",
        "mismatch", "true", "false",
    ];
    WORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::fresh;

    #[test]
    fn unused_and_words() {
        let script = Script::new("(seq (ap 1 name) (ap 2 $name_2))");
        let hir = script.hir();
        assert_eq!(fresh(hir, "", "name"), "name_3");
        assert_eq!(fresh(hir, "#", "canon"), "#valuecanon");
        assert_eq!(fresh(hir, "", "7"), "value7");
        assert_eq!(fresh(hir, "", "peer id!"), "peerid");
    }
}
