//! Entries for AquaVM's validator.

use super::{Entry, Page, prose};
use crate::diagnostic::{Origin, Severity};

const fn entry(id: &'static str, name: &'static str, page: Page) -> Entry {
    Entry { id, name, origin: Origin::Validation, severity: Severity::Error, page }
}

pub(super) static UNDEFINED_VARIABLE: Entry = entry(
    "V001",
    "undefined-variable",
    Page {
        summary: "a variable is used before anything defines it",
        what: prose!("A name is read by `call`, `ap`, `match`, `mismatch` or `fold`, and no instruction
that starts further left defines it. `call`, `ap`, `canon` and `new` define the name they write, a fold
defines its iterator. An instruction does not define its own inputs.

AquaVM looks at positions only, not at structure: what one branch of `par` or `xor` defines is known to
everything to its right. Of each name it tests only the first use that was unknown when its instruction
ended, so a script may pass although a later use is just as bad."),
        why: prose!("AquaVM refuses the whole script. At run time, reading a name that was never set waits
for ever or fails."),
        example: r#"(seq
 (call "peer" ("service" "load") [] result)
 (call "peer" ("service" "store") [resutl])
)"#,
        fix: prose!("Mend the spelling, move the definition to the left, or, if the host supplies the
variable, say so: `; air: given NAME`."),
        fixed: r#"(seq
 (call "peer" ("service" "load") [] result)
 (call "peer" ("service" "store") [result])
)"#,
    },
);

pub(super) static UNDEFINED_ITERABLE: Entry = entry(
    "V002",
    "undefined-iterable",
    Page {
        summary: "`next` stands in no fold over its iterator",
        what: prose!("No fold around the `next` has the iterator that it names. Of each name AquaVM looks
at the first `next` only."),
        why: "AquaVM refuses the script: there is nothing to go on with.",
        example: r#"(fold [] item
 (seq
  (call "peer" ("service" "use") [item])
  (next itme)
 )
)"#,
        fix: "Name the iterator of the fold, or move the `next` into it.",
        fixed: r#"(fold [] item
 (seq
  (call "peer" ("service" "use") [item])
  (next item)
 )
)"#,
    },
);

pub(super) static MULTIPLE_NEXT: Entry = entry(
    "V003",
    "multiple-next",
    Page {
        summary: "a fold holds more than one `next` of its iterator",
        what: prose!("Two `next` of one name have the same innermost fold. Alternatives count too: the two
branches of `xor` or `par`, and the body and the last instruction of the fold."),
        why: "AquaVM refuses the script, even where only one of them could run.",
        example: "(fold [] item
 (xor
  (next item)
  (next item)
 )
)",
        fix: "Put one `next` behind the alternatives.",
        fixed: r#"(fold [] item
 (seq
  (xor
   (call "peer" ("service" "use") [item])
   (null)
  )
  (next item)
 )
)"#,
    },
);

pub(super) static NEW_ON_ITERATOR: Entry = entry(
    "V004",
    "new-on-iterator",
    Page {
        summary: "`new` names the iterator of a fold around it",
        what: prose!("Inside a fold, `new` declares the name of the fold's iterator. Before and behind the
fold it may."),
        why: "AquaVM refuses the script, because `next` could no longer tell which of the two is meant.",
        example: "(fold [] item
 (new item
  (next item)
 )
)",
        fix: "Take another name for `new`.",
        fixed: "(fold [] item
 (new copy
  (next item)
 )
)",
    },
);

pub(super) static MULTIPLE_ITERABLES: Entry = entry(
    "V005",
    "multiple-iterables",
    Page {
        summary: "nested folds share one iterator name",
        what: prose!("A fold stands inside another, at any depth, and both have the same iterator. Folds
beside each other may share one."),
        why: "AquaVM refuses the script, because `next` could mean either fold.",
        example: "(fold [] item
 (seq
  (fold [] item
   (next item)
  )
  (next item)
 )
)",
        fix: "Give the inner fold an iterator of its own.",
        fixed: "(fold [] item
 (seq
  (fold [] inner
   (next inner)
  )
  (next item)
 )
)",
    },
);

pub(super) static FAIL_CODE_ZERO: Entry = entry(
    "V006",
    "fail-code-zero",
    Page {
        summary: "`fail` has the error code 0",
        what: r#"The code of `(fail CODE "TEXT")` is zero, however it is written: `0`, `-0`, `00`."#,
        why: "Zero means success. AquaVM refuses the script.",
        example: r#"(fail 0 "no luck")"#,
        fix: "Take any other number.",
        fixed: r#"(fail 1 "no luck")"#,
    },
);

pub(super) static INSTRUCTION_AFTER_NEXT: Entry = entry(
    "V007",
    "instruction-after-next",
    Page {
        summary: "something follows `next` in a fold over a stream",
        what: prose!("In a fold over a stream or a stream map, `next` is the first branch of a `seq` or
`par`. Folds over arrays are free to do so.

AquaVM keeps its account by iterator names, not by folds. A `seq` or `par` with something after its `next`
in any fold is held against a later fold over a stream whose iterator has the same name, and a `next` in
both branches of one `xor` ends the check for the rest of the script."),
        why: prose!("AquaVM refuses the script: a stream can grow while it is walked, so the end, after
which these instructions would run, is not known."),
        example: r#"(new $jobs
 (fold $jobs job
  (seq
   (next job)
   (call "peer" ("service" "done") [job])
  )
 )
)"#,
        fix: prose!("Put `next` last. If the fold that is blamed is not the one at fault, rename the
iterator of one of them."),
        fixed: r#"(new $jobs
 (fold $jobs job
  (seq
   (call "peer" ("service" "done") [job])
   (next job)
  )
 )
)"#,
    },
);
