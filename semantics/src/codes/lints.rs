//! Entries for advice of ours.

use super::{Entry, Page, prose};
use crate::diagnostic::{Origin, Severity};

const fn entry(id: &'static str, name: &'static str, page: Page) -> Entry {
    Entry { id, name, origin: Origin::Lint, severity: Severity::Warning, page }
}

pub(super) static BAD_DIRECTIVE: Entry = entry(
    "L001",
    "bad-directive",
    Page {
        summary: "a comment starts like a directive and is none",
        what: prose!("A comment starts with `air:`, but what follows is none of `given NAME …`,
`allow(CODE, …)`, `fmt off` and `fmt on`, or names a variable or a code that cannot be."),
        why: "A directive that is not understood does nothing, which is easily overlooked.",
        example: "; air: gven user
(null)",
        fix: "Mend the directive, or start the comment with another word.",
        fixed: "; see air: given
(null)",
    },
);

pub(super) static UNUSED_GIVEN: Entry = entry(
    "L002",
    "unused-given",
    Page {
        summary: "a variable is given and never used",
        what: "A `; air: given NAME` names a variable that the script does not use.",
        why: "It may be misspelt, or left over; a later mistake with that name would go unnoticed.",
        example: "; air: given user
(null)",
        fix: "Take the name out of the directive.",
        fixed: r#"; air: given user
(call user ("service" "function") [])"#,
    },
);

pub(super) static UNUSED_ALLOW: Entry = entry(
    "L003",
    "unused-allow",
    Page {
        summary: "a diagnostic is allowed and does not occur",
        what: prose!("A `; air: allow(CODE)` names a diagnostic that the next instruction does not get, or
no instruction follows."),
        why: "It is left over, and would hide a new mistake.",
        example: "; air: allow(undefined-variable)
(null)",
        fix: "Take the code out of the directive.",
        fixed: r#"; air: allow(undefined-variable)
(call user ("service" "function") [])"#,
    },
);
