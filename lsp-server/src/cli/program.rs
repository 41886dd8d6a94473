//! The name by which the program was called: several tools are named `air`, so this one may have another name.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

static NAME: LazyLock<String> = LazyLock::new(|| {
    let program = std::env::args_os().next();
    let name = program.as_deref().map(Path::new).and_then(Path::file_stem).and_then(|name| name.to_str());
    name.filter(|name| !name.is_empty()).unwrap_or("air").to_owned()
});

/// The name.
pub(crate) fn name() -> &'static str {
    // The tests of this crate are a program, too.
    if cfg!(test) { "air" } else { &NAME }
}

/// A sentence in which commands have the program's own name.
pub(crate) fn with_name(text: &str) -> Cow<'_, str> {
    renamed(text, name())
}

fn renamed<'t>(text: &'t str, name: &str) -> Cow<'t, str> {
    if name == "air" || !text.contains("`air ") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("`air ", &format!("`{name} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_in_sentences() {
        assert_eq!(renamed("`air explain` says more", "airlang"), "`airlang explain` says more");
        assert_eq!(renamed("`air explain` says more", "air"), "`air explain` says more");
    }
}
