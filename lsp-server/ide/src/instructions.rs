//! One page for each instruction: form, meaning, what it waits for, what it writes, an example.
//!
//! What AquaVM does is in `semantics/spec/execution.md §5`.

use air_semantics::hir::{InstrKind, Role};

/// What an instruction does, in short.
#[derive(Debug, Clone, Copy)]
pub struct InstructionPage {
    /// The instruction.
    pub kind: InstrKind,
    /// As a script writes it.
    pub keyword: &'static str,
    /// How it is written; some have more than one form.
    pub forms: &'static [InstructionForm],
    /// What it does, in sentences.
    pub meaning: &'static str,
    /// What it waits for before it does it.
    pub waits: &'static str,
    /// What is different afterwards.
    pub writes: &'static str,
    /// A whole script, accepted.
    pub example: &'static str,
    /// Body for an editor: `${1:…}` are places to fill in, `$0` the last.
    pub snippet: &'static str,
}

/// One way to write an instruction.
#[derive(Debug, Clone, Copy)]
pub struct InstructionForm {
    /// The operands and instructions of `label`, in order.
    pub slots: &'static [Slot],
    /// `(ap SOURCE TARGET)`
    pub label: &'static str,
}

/// An operand or an instruction of a form.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// As in the label: `PEER`.
    pub name: &'static str,
    /// The role of the operand; none for an instruction.
    pub role: Option<Role>,
    /// What may stand there.
    pub what: &'static str,
}

const fn operand(name: &'static str, role: Role, what: &'static str) -> Slot {
    Slot { name, role: Some(role), what }
}

const fn body(name: &'static str, what: &'static str) -> Slot {
    Slot { name, role: None, what }
}

const PEER: Slot =
    operand("PEER", Role::Peer, "peer id: a literal, `%init_peer_id%`, or a value with a string in it");
const VALUE: &str = "any value: literal, number, `true`, `[]`, scalar, canon, lens, special value";

/// The page of an instruction; none for [`InstrKind::Unknown`].
pub fn page(kind: InstrKind) -> Option<&'static InstructionPage> {
    PAGES.iter().find(|page| page.kind == kind)
}

/// The page for a keyword.
pub fn page_of_keyword(keyword: &str) -> Option<&'static InstructionPage> {
    PAGES.iter().find(|page| page.keyword == keyword)
}

/// Where the pages of all instructions can be read.
const DOCUMENT: &str =
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/lsp-server/ide/docs/instructions.md");

/// The page as Markdown, with its example.
pub fn markdown(page: &InstructionPage) -> String {
    format!("{}```air\n{}\n```\n", without_example(page), page.example)
}

/// The page for who has a script before them: the example is where the link leads.
pub(super) fn in_short(page: &InstructionPage) -> String {
    format!(
        "{}[More about `{keyword}`]({DOCUMENT}#{keyword})\n",
        without_example(page),
        keyword = page.keyword
    )
}

fn without_example(page: &InstructionPage) -> String {
    let forms: String = page.forms.iter().map(|form| format!("{}\n", form.label)).collect();
    // A line that says "nothing" says nothing.
    let line = |what: &str, text: &str| match text {
        "nothing." => String::new(),
        _ => format!("**{what}** {text}\n\n"),
    };
    let (waits, writes) = (line("Waits for", page.waits), line("Writes", page.writes));
    format!("```air\n{forms}```\n\n{}\n\n{waits}{writes}", page.meaning)
}

/// All pages as one document.
pub fn document() -> String {
    let mut out = String::from(
        "# Instructions\n\nWhat each instruction of AIR does, as hovers and `air explain` say it. This page is made from the \
         program (`UPDATE_EXPECT=1 cargo test -p air-ide document`).\n",
    );
    for page in PAGES {
        out.push_str(&format!("\n## `{}`\n\n{}", page.keyword, markdown(page)));
    }
    out
}

/// All pages, the most used first.
pub const PAGES: &[InstructionPage] = &[
    InstructionPage {
        kind: InstrKind::Call,
        keyword: "call",
        forms: &[InstructionForm {
            label: "(call PEER (SERVICE FUNCTION) [ARGUMENTS] OUTPUT)",
            slots: &[
                PEER,
                operand("SERVICE", Role::Service, "service id: a literal or a value with a string in it"),
                operand(
                    "FUNCTION",
                    Role::Function,
                    "function name: a literal or a value with a string in it",
                ),
                operand("ARGUMENTS", Role::Argument, "values, separated by spaces"),
                operand("OUTPUT", Role::Output, "scalar or `$stream` for the result; may be left out"),
            ],
        }],
        meaning: "Moves to the peer and calls a function of a service there. A service that fails makes the call fail; `xor` catches that.",
        waits: "every variable in peer, service, function and arguments.",
        writes: "the result: sets the scalar, or appends to the stream. Without an output it is dropped.",
        example: "(call \"relay\" (\"op\" \"identity\") [\"hello\"] greeting)",
        snippet: "(call ${1:%init_peer_id%} (\"${2:service}\" \"${3:function}\") [$4] ${5:result})$0",
    },
    InstructionPage {
        kind: InstrKind::Ap,
        keyword: "ap",
        forms: &[
            InstructionForm {
                label: "(ap SOURCE TARGET)",
                slots: &[
                    operand("SOURCE", Role::Source, VALUE),
                    operand("TARGET", Role::Target, "scalar to set, or `$stream` to append to"),
                ],
            },
            InstructionForm {
                label: "(ap (KEY VALUE) TARGET)",
                slots: &[
                    operand("KEY", Role::Key, "string or integer: a literal, a scalar or a lens"),
                    operand("VALUE", Role::Value, VALUE),
                    operand("TARGET", Role::Target, "`%map` to append to"),
                ],
            },
        ],
        meaning: "Applies a value to a variable: copies it under another name, takes a part out by a lens, or appends it to a stream or stream map. No service is called.",
        waits: "the variables of its source, or of key and value.",
        writes: "the scalar, or one more element of the stream or map.",
        example: "(seq\n (ap \"hello\" word)\n (ap word $words)\n)",
        snippet: "(ap ${1:source} ${2:target})$0",
    },
    InstructionPage {
        kind: InstrKind::Seq,
        keyword: "seq",
        forms: &[InstructionForm {
            label: "(seq FIRST SECOND)",
            slots: &[
                body("FIRST", "instruction that runs first"),
                body("SECOND", "instruction that runs when the first is complete"),
            ],
        }],
        meaning: "Runs the first instruction and, once that is complete, the second. If the first fails or waits, the second does not run.",
        waits: "completion of its first instruction, before the second.",
        writes: "nothing.",
        example: "(seq\n (ap 1 x)\n (ap x y)\n)",
        snippet: "(seq\n $1\n $2\n)$0",
    },
    InstructionPage {
        kind: InstrKind::Par,
        keyword: "par",
        forms: &[InstructionForm {
            label: "(par LEFT RIGHT)",
            slots: &[body("LEFT", "instruction"), body("RIGHT", "instruction that runs in parallel to it")],
        }],
        meaning: "Runs both instructions, neither waiting for the other. It is complete as soon as one of them is, and fails only if both fail.",
        waits: "nothing.",
        writes: "nothing.",
        example: "(par\n (call \"one\" (\"op\" \"noop\") [])\n (call \"two\" (\"op\" \"noop\") [])\n)",
        snippet: "(par\n $1\n $2\n)$0",
    },
    InstructionPage {
        kind: InstrKind::Xor,
        keyword: "xor",
        forms: &[InstructionForm {
            label: "(xor TRY CATCH)",
            slots: &[
                body("TRY", "instruction that may fail"),
                body("CATCH", "instruction that runs if it has failed"),
            ],
        }],
        meaning: "Runs the first instruction; if that fails, the second, in which `:error:` and `%last_error%` hold what failed. Waiting is not a failure.",
        waits: "nothing.",
        writes: "nothing; `:error:` holds the failure while the second instruction runs.",
        example: "(xor\n (call \"relay\" (\"op\" \"noop\") [])\n (ap :error:.$.message why)\n)",
        snippet: "(xor\n $1\n $2\n)$0",
    },
    InstructionPage {
        kind: InstrKind::Fold,
        keyword: "fold",
        forms: &[InstructionForm {
            label: "(fold ITERABLE ITERATOR BODY LAST)",
            slots: &[
                operand(
                    "ITERABLE",
                    Role::Iterable,
                    "array in a scalar or lens, canon, canon map, `[]`, `$stream` or `%map`",
                ),
                operand("ITERATOR", Role::Iterator, "name of the element in the body; belongs to this fold"),
                body("BODY", "instruction for an element; `(next ITERATOR)` in it goes on to the next one"),
                body("LAST", "instruction after the last element; may be left out"),
            ],
        }],
        meaning: "Runs its body for the first element; each `next` in it runs the body for the element after. So `(seq X (next i))` is one after another, `(par X (next i))` all at once. Over a stream it also visits what is appended meanwhile.",
        waits: "its iterable; a stream fold waits until there is a stream.",
        writes: "nothing; the iterator and the scalars set in the body are there only while the body runs.",
        example: "(seq\n (call %init_peer_id% (\"srv\" \"list\") [] items)\n (fold items item\n  (seq\n   (call item (\"op\" \"noop\") [])\n   (next item)\n  )\n )\n)",
        snippet: "(fold ${1:items} ${2:item}\n (seq\n  $3\n  (next ${2:item})\n )\n)$0",
    },
    InstructionPage {
        kind: InstrKind::Next,
        keyword: "next",
        forms: &[InstructionForm {
            label: "(next ITERATOR)",
            slots: &[operand("ITERATOR", Role::Iterator, "iterator of a fold around it")],
        }],
        meaning: "Runs the fold's body again for the next element. After the last element it runs the fold's last instruction, if there is one.",
        waits: "nothing.",
        writes: "nothing; the iterator moves on and comes back.",
        example: "(seq\n (call %init_peer_id% (\"srv\" \"list\") [] items)\n (fold items item\n  (par\n   (call item (\"op\" \"noop\") [])\n   (next item)\n  )\n )\n)",
        snippet: "(next ${1:item})$0",
    },
    InstructionPage {
        kind: InstrKind::Match,
        keyword: "match",
        forms: &[InstructionForm {
            label: "(match LEFT RIGHT BODY)",
            slots: &[
                operand("LEFT", Role::Left, VALUE),
                operand("RIGHT", Role::Right, VALUE),
                body("BODY", "instruction for when they are equal"),
            ],
        }],
        meaning: "Runs its body if both values are equal; otherwise it fails, so that an `xor` around it can try something else. `1` and `1.0` differ.",
        waits: "both values.",
        writes: "nothing; when it fails it sets `:error:`, but not `%last_error%`.",
        example: "(seq\n (call \"relay\" (\"srv\" \"info\") [\"files\"] found)\n (xor\n  (match found.$.ready true\n   (call \"relay\" (\"files\" \"sync\") [])\n  )\n  (fail 1 \"not ready\")\n )\n)",
        snippet: "(match ${1:left} ${2:right}\n $3\n)$0",
    },
    InstructionPage {
        kind: InstrKind::Mismatch,
        keyword: "mismatch",
        forms: &[InstructionForm {
            label: "(mismatch LEFT RIGHT BODY)",
            slots: &[
                operand("LEFT", Role::Left, VALUE),
                operand("RIGHT", Role::Right, VALUE),
                body("BODY", "instruction for when they differ"),
            ],
        }],
        meaning: "Runs its body if both values differ; otherwise it fails, so that an `xor` around it can try something else.",
        waits: "both values.",
        writes: "nothing; when it fails it sets `:error:`, but not `%last_error%`.",
        example: "(seq\n (call \"relay\" (\"srv\" \"info\") [\"files\"] found)\n (xor\n  (mismatch found.$.error \"\"\n   (fail 1 \"relay has an error\")\n  )\n  (call \"relay\" (\"files\" \"sync\") [])\n )\n)",
        snippet: "(mismatch ${1:left} ${2:right}\n $3\n)$0",
    },
    InstructionPage {
        kind: InstrKind::New,
        keyword: "new",
        forms: &[InstructionForm {
            label: "(new NAME BODY)",
            slots: &[
                operand(
                    "NAME",
                    Role::Declared,
                    "variable of any kind: `x`, `$stream`, `%map`, `#canon`, `#%canonmap`",
                ),
                body("BODY", "instruction in which the name is a variable of its own"),
            ],
        }],
        meaning: "Makes a new variable for its body: a stream starts empty and a scalar unset, whatever the name means outside.",
        waits: "nothing.",
        writes: "nothing; afterwards the name has its earlier meaning again.",
        example: "(new $found\n (seq\n  (ap 1 $found)\n  (canon %init_peer_id% $found #found)\n )\n)",
        snippet: "(new ${1:\\$stream}\n $2\n)$0",
    },
    InstructionPage {
        kind: InstrKind::Canon,
        keyword: "canon",
        forms: &[InstructionForm {
            label: "(canon PEER SOURCE TARGET)",
            slots: &[
                PEER,
                operand("SOURCE", Role::Source, "`$stream` or `%map`"),
                operand("TARGET", Role::Target, "`#canon` for a stream; `#%canonmap` or a scalar for a map"),
            ],
        }],
        meaning: "Moves to the peer and fixes there what is in a stream or stream map: content and order are the same on all peers from then on. Later values are not seen, and it does not wait for any.",
        waits: "the variables of its peer; not for the stream, which may be empty.",
        writes: "the canon, once.",
        example: "(seq\n (ap 1 $s)\n (canon %init_peer_id% $s #s)\n)",
        snippet: "(canon ${1:%init_peer_id%} ${2:\\$stream} ${3:#canon})$0",
    },
    InstructionPage {
        kind: InstrKind::Fail,
        keyword: "fail",
        forms: &[
            InstructionForm {
                label: "(fail CODE MESSAGE)",
                slots: &[
                    operand("CODE", Role::FailCode, "integer, not 0"),
                    operand("MESSAGE", Role::FailText, "text in double quotes"),
                ],
            },
            InstructionForm {
                label: "(fail ERROR)",
                slots: &[operand(
                    "ERROR",
                    Role::Failure,
                    "`:error:`, `%last_error%`, or an object with `error_code` and `message` in a scalar or lens",
                )],
            },
        ],
        meaning: "Fails. `(fail :error:)` passes on what was caught.",
        waits: "nothing; an undefined variable is a failure with another code (10003).",
        writes: "`:error:` and `%last_error%`.",
        example: "(xor\n (fail 1 \"not found\")\n (null)\n)",
        snippet: "(fail ${1:1} \"${2:message}\")$0",
    },
    InstructionPage {
        kind: InstrKind::Null,
        keyword: "null",
        forms: &[InstructionForm { label: "(null)", slots: &[] }],
        meaning: "Does nothing and completes at once.",
        waits: "nothing.",
        writes: "nothing.",
        example: "(xor\n (fail 1 \"is swallowed\")\n (null)\n)",
        snippet: "(null)$0",
    },
    InstructionPage {
        kind: InstrKind::Never,
        keyword: "never",
        forms: &[InstructionForm { label: "(never)", slots: &[] }],
        meaning: "Never completes: in a `seq` nothing after it runs, and in a `par` its side never counts as complete.",
        waits: "nothing; it never completes.",
        writes: "nothing.",
        example: "(par\n (never)\n (null)\n)",
        snippet: "(never)$0",
    },
];

#[cfg(test)]
mod tests {
    use air_analysis::Analysis;

    use super::*;

    #[test]
    fn the_document_is_up_to_date() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        expect_test::expect_file![folder.join("docs/instructions.md")].assert_eq(&document());
    }

    #[test]
    fn pages_are_whole_and_their_examples_accepted() {
        assert_eq!(PAGES.len(), 14);
        for page in PAGES {
            let script = Analysis::new(page.example);
            assert!(
                script.accepted()
                    || script.diagnostics().iter().all(|it| it.severity > air_analysis::Severity::Error),
                "{}: {:?}",
                page.keyword,
                script.diagnostics()
            );
            assert!(script.hir().instrs.iter().any(|instr| instr.kind == page.kind), "{}", page.keyword);
            for form in page.forms {
                let mut rest = form.label;
                for slot in form.slots {
                    rest = rest
                        .split_once(slot.name)
                        .unwrap_or_else(|| panic!("{} in {}", slot.name, form.label))
                        .1;
                }
            }
            assert!(page.snippet.ends_with("$0") && page.snippet.starts_with(&format!("({}", page.keyword)));
        }
    }
}
