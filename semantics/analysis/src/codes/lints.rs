//! Entries for advice of ours.

use crate::diagnostic::{Origin, Severity};
use crate::entry::{Entry, Page, prose};

const fn entry(id: &'static str, name: &'static str, page: Page) -> Entry {
    Entry { id, name, origin: Origin::Lint, severity: Severity::Warning, page }
}

pub(super) static BAD_DIRECTIVE: Entry = entry(
    "L001",
    "bad-directive",
    Page {
        summary: "a comment that starts like a directive and is not one",
        what: prose!(
            "A comment starts with `air:`, but is not followed by `given NAME …`, `allow(CODE, …)`,
`fmt off` or `fmt on`, or names an impossible variable or code."
        ),
        why: "A directive that is not understood has no effect, which is easy to overlook.",
        example: "; air: gven user
(null)",
        fix: "Correct the directive, or start the comment with another word.",
        fixed: "; see air: given
(null)",
    },
);

pub(super) static UNUSED_GIVEN: Entry = entry(
    "L002",
    "unused-given",
    Page {
        summary: "a variable is declared as given and never used",
        what: "The script does not use a variable that a `; air: given NAME` names.",
        why: "It may be a misspelling or a leftover. A later mistake with that name would go unnoticed.",
        example: "; air: given user
(null)",
        fix: "Remove the name from the directive.",
        fixed: r#"; air: given user
(call user ("service" "function") [])"#,
    },
);

pub(super) static UNUSED_ALLOW: Entry = entry(
    "L003",
    "unused-allow",
    Page {
        summary: "an allowed diagnostic does not occur",
        what: prose!(
            "A `; air: allow(CODE)` names a diagnostic that the next instruction does not have, or
no instruction follows."
        ),
        why: "It is a leftover, and would hide a new mistake.",
        example: "; air: allow(undefined-variable)
(null)",
        fix: "Remove the code from the directive.",
        fixed: r#"; air: allow(undefined-variable)
(call user ("service" "function") [])"#,
    },
);
