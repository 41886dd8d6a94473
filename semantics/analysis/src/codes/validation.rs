//! Entries for AquaVM's validator.

use air_semantics::finding::Rule;

use crate::code::Code;
use crate::diagnostic::{Origin, Severity};
use crate::entry::{Entry, Page, prose};

impl From<Rule> for Code {
    fn from(rule: Rule) -> Code {
        match rule {
            Rule::UndefinedVariable => Code::UndefinedVariable,
            Rule::UndefinedIterable => Code::UndefinedIterable,
            Rule::MultipleNext => Code::MultipleNext,
            Rule::NewOnIterator => Code::NewOnIterator,
            Rule::MultipleIterables => Code::MultipleIterables,
            Rule::FailCodeZero => Code::FailCodeZero,
            Rule::InstructionAfterNext => Code::InstructionAfterNext,
        }
    }
}

const fn entry(id: &'static str, name: &'static str, page: Page) -> Entry {
    Entry { id, name, origin: Origin::Validation, severity: Severity::Error, page }
}

pub(super) static UNDEFINED_VARIABLE: Entry = entry(
    "V001",
    "undefined-variable",
    Page {
        summary: "a variable is used before anything defines it",
        what: prose!(
            "`call`, `ap`, `match`, `mismatch` or `fold` reads a name that no instruction starting
further left defines. `call`, `ap`, `canon` and `new` define the name that they write; a `fold` defines its
iterator. An instruction does not define its own inputs.

AquaVM looks at positions only, not at structure: a name that one branch of `par` or `xor` defines is known
to everything on its right. For each name, AquaVM checks only the first use that was unknown when its
instruction ended, so it may accept a script in which a later use is just as wrong."
        ),
        why: prose!(
            "AquaVM rejects the whole script. At run time, reading a name that was never set waits
for ever or fails."
        ),
        example: r#"(seq
 (call "peer" ("service" "load") [] result)
 (call "peer" ("service" "store") [resutl])
)"#,
        fix: prose!(
            "Correct the spelling, or move the definition to the left. If the host supplies the
variable, declare it: `; air: given NAME`."
        ),
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
        summary: "`next` is not inside a fold with its iterator",
        what: prose!(
            "No fold around the `next` has the iterator that it names. For each name, AquaVM checks
only the first `next`."
        ),
        why: "AquaVM rejects the script: no fold can go on.",
        example: r#"(fold [] item
 (seq
  (call "peer" ("service" "use") [item])
  (next itme)
 )
)"#,
        fix: "Name the iterator of the fold, or move the `next` into the fold.",
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
        summary: "a fold has more than one `next` of its iterator",
        what: prose!(
            "Two `next` with one name have the same innermost fold. Alternatives count too: the two
branches of `xor` or `par`, and the body and the last instruction of the fold."
        ),
        why: "AquaVM rejects the script, even if only one of the two can run.",
        example: "(fold [] item
 (xor
  (next item)
  (next item)
 )
)",
        fix: "Write one `next` after the alternatives.",
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
        what: prose!(
            "Inside a fold, a `new` declares the name of the fold's iterator. Before and after the
fold it may."
        ),
        why: "AquaVM rejects the script, because `next` could mean either of the two.",
        example: "(fold [] item
 (new item
  (next item)
 )
)",
        fix: "Use another name in `new`.",
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
        summary: "nested folds have the same iterator",
        what: prose!(
            "A fold stands inside another one, at any depth, and both have the same iterator. Folds
next to each other may share one."
        ),
        why: "AquaVM rejects the script, because `next` could mean either fold.",
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
        what: r#"The code in `(fail CODE "TEXT")` is zero, however it is written: `0`, `-0`, `00`."#,
        why: "AquaVM rejects the script, because zero means success.",
        example: r#"(fail 0 "no luck")"#,
        fix: "Use any other number.",
        fixed: r#"(fail 1 "no luck")"#,
    },
);

pub(super) static INSTRUCTION_AFTER_NEXT: Entry = entry(
    "V007",
    "instruction-after-next",
    Page {
        summary: "an instruction follows `next` in a fold over a stream",
        what: prose!(
            "In a fold over a stream or a stream map, `next` is the first branch of a `seq` or
`par`. In folds over arrays this is allowed.

AquaVM keeps its records by iterator names, not by folds. If a `seq` or `par` in any fold has something
after its `next`, AquaVM holds that against a later fold over a stream whose iterator has the same name. A
`next` in both branches of one `xor` ends the check for the rest of the script."
        ),
        why: prose!(
            "AquaVM rejects the script: a stream can grow while a fold walks it, so its end, after
which these instructions would run, is not known."
        ),
        example: r#"(new $jobs
 (fold $jobs job
  (seq
   (next job)
   (call "peer" ("service" "done") [job])
  )
 )
)"#,
        fix: prose!(
            "Write `next` last. If the fold shown is not the one at fault, rename the iterator of
one of the two."
        ),
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
