//! The pages as Markdown files.

use std::fmt::Write;

use super::Code;
use crate::diagnostic::{Origin, Severity};

const DIRECTIVES: &str = "\
## Directives

Comments can tell the tools something about a script. For AquaVM they are comments like any other.

| Comment | Meaning |
|---|---|
| `; air: given NAME …` | The host supplies these variables. They count as defined at the start of the script, wherever the comment stands, \
and the verdict is AquaVM's for a script with these variables supplied. |
| `; air: allow(CODE, …)` | These codes or names are not reported for the next instruction and everything in it. \
The verdict stays the same. Syntax errors cannot be allowed. |
| `; air: fmt off`, `; air: fmt on` | The formatter does not change what is between them. |
";

/// The file that holds the code's page: `V001-undefined-variable.md`.
pub fn page_file_name(code: Code) -> String {
    format!("{}-{}.md", code.as_str(), code.name())
}

/// The code's page.
pub fn page_markdown(code: Code) -> String {
    let page = code.page();
    let mut out = String::new();
    let _ = write!(
        out,
        "# {id} `{name}`: {summary}\n\n{kind}\n\n{what}\n\n## Why\n\n{why}\n\n## Example\n\n```air\n{example}\n```\n\n## Fix\n\n{fix}\n\n```air\n{fixed}\n```\n",
        id = code.as_str(),
        name = code.name(),
        summary = page.summary,
        kind = kind(code),
        what = page.what,
        why = page.why,
        example = page.example,
        fix = page.fix,
        fixed = page.fixed,
    );
    out
}

/// The list of all pages.
pub fn index_markdown() -> String {
    let mut out = String::from(
        "# Diagnostics\n\nEvery finding has a code and a name, and neither ever changes. `air explain CODE` shows these pages.\n\n",
    );
    for (origin, heading) in [
        (Origin::Syntax, "Syntax: the text is not a script"),
        (Origin::Validation, "Validation: AquaVM's rules for scripts"),
        (Origin::Lint, "Lints: our advice, AquaVM accepts it"),
    ] {
        let _ = write!(out, "## {heading}\n\n| Code | Name | What |\n|---|---|---|\n");
        for code in Code::ALL.iter().filter(|code| code.origin() == origin) {
            let _ = writeln!(
                out,
                "| [{id}]({file}) | `{name}` | {summary} |",
                id = code.as_str(),
                file = page_file_name(*code),
                name = code.name(),
                summary = code.page().summary.replace('|', "\\|"),
            );
        }
        out.push('\n');
    }
    out.push_str(DIRECTIVES);
    out
}

fn kind(code: Code) -> String {
    let severity = match code.severity() {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Info => "a note",
        Severity::Hint => "a hint",
    };
    match code.origin() {
        Origin::Syntax => format!("Syntax, {severity}: AquaVM rejects the text."),
        Origin::Validation => format!("Validation, {severity}: AquaVM rejects the script."),
        Origin::Lint => format!("Lint, {severity}: AquaVM accepts the script."),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use expect_test::expect_file;

    use super::{index_markdown, page_file_name, page_markdown};
    use crate::analysis::Analysis;
    use crate::code::Code;
    use crate::testing::is_advice;

    #[test]
    fn documents_are_up_to_date() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics");
        expect_file![folder.join("README.md")].assert_eq(&index_markdown());
        let mut wanted = BTreeSet::from(["README.md".to_owned()]);
        for code in Code::ALL {
            expect_file![folder.join(page_file_name(*code))].assert_eq(&page_markdown(*code));
            wanted.insert(page_file_name(*code));
        }
        let files = std::fs::read_dir(&folder).unwrap();
        let present: BTreeSet<_> =
            files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(present, wanted, "stale or missing pages in {}", folder.display());
    }

    #[test]
    fn examples_get_their_code_and_lose_it_when_mended() {
        let mut wrong = Vec::new();
        for code in Code::ALL {
            // What AquaVM refuses is shown as shortly as can be, whatever lints say of it.
            let shown = |other: &Code| other == code || !is_advice(*other) || is_advice(*code);
            let codes = |text: &str| -> Vec<_> {
                let analysis = Analysis::new(text);
                let found = analysis.diagnostics().iter().map(|diagnostic| diagnostic.code);
                found.filter(shown).map(Code::as_str).collect()
            };
            let page = code.page();
            let bad = match code {
                // A page cannot show so much.
                Code::TooDeep => codes(&format!("{}(null){}", "(new x ".repeat(8200), ")".repeat(8200))),
                Code::TooLong => continue,
                _ => codes(page.example),
            };
            if bad != [code.as_str()] {
                wrong.push(format!("example of {} has {bad:?}:\n{}", code.as_str(), page.example));
            }
            let good = codes(page.fixed);
            if !good.is_empty() {
                wrong.push(format!("fixed example of {} has {good:?}:\n{}", code.as_str(), page.fixed));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn pages_are_written_out() {
        for code in Code::ALL {
            let page = code.page();
            assert!(!page.summary.ends_with('.') && !page.summary.contains('\n'), "{}", code.as_str());
            for text in [page.what, page.why, page.fix] {
                assert!(text.ends_with('.') && text.len() > 9, "{}: {text:?}", code.as_str());
            }
        }
    }
}
