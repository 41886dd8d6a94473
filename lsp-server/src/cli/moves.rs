//! Moves of a run as options of `air run`, for people to copy.

/// ` --order '@init→@b, @b answers s.f'`, quoted for a shell; nothing without moves.
pub(crate) fn order_option(moves: &[impl AsRef<str>]) -> String {
    let moves: Vec<&str> = moves.iter().map(AsRef::as_ref).collect();
    match moves.is_empty() {
        true => String::new(),
        false => format!(" --order '{}'", moves.join(", ").replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_for_a_shell() {
        assert_eq!(order_option(&[] as &[&str]), "");
        assert_eq!(order_option(&["@a→@b", "@b answers s.it's"]), r" --order '@a→@b, @b answers s.it'\''s'");
    }
}
