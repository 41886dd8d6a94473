//! Entries for what is not a script. One text may match several of AquaVM's errors; the codes name what
//! a person did, not what a grammar expected.

use air_syntax::SyntaxErrorKind;
use air_syntax::lexer::LexErrorKind;

use crate::code::Code;
use crate::diagnostic::{Origin, Severity};
use crate::entry::{Entry, Page, prose};

impl From<&SyntaxErrorKind> for Code {
    fn from(kind: &SyntaxErrorKind) -> Code {
        match kind {
            SyntaxErrorKind::UnclosedAtEnd { .. } => Code::UnclosedBracket,
            SyntaxErrorKind::MissingCloseParen { .. } => Code::MissingCloseParen,
            SyntaxErrorKind::SurplusCloseParen => Code::SurplusCloseParen,
            SyntaxErrorKind::SurplusOpenParen | SyntaxErrorKind::SurplusOpenBracket => Code::SurplusOpenParen,
            SyntaxErrorKind::MissingOpenParen { .. } => Code::MissingOpenParen,
            SyntaxErrorKind::MissingCloseBracket => Code::MissingCloseBracket,
            SyntaxErrorKind::SurplusCloseBracket => Code::SurplusCloseBracket,
            SyntaxErrorKind::MissingOpenBracket => Code::MissingOpenBracket,
            SyntaxErrorKind::WrongCloser { .. } => Code::WrongCloser,
            SyntaxErrorKind::UnknownInstruction { .. } => Code::UnknownInstruction,
            SyntaxErrorKind::KeywordCase { .. } => Code::KeywordCase,
            SyntaxErrorKind::MissingKeyword { .. } => Code::MissingKeyword,
            SyntaxErrorKind::MissingOperand { .. } => Code::MissingOperand,
            SyntaxErrorKind::MissingInstruction { .. } => Code::MissingInstruction,
            SyntaxErrorKind::SurplusOperand { .. } => Code::SurplusOperand,
            SyntaxErrorKind::SurplusInstruction { .. } => Code::SurplusInstruction,
            SyntaxErrorKind::WrongOperand { .. } => Code::WrongOperand,
            SyntaxErrorKind::KeywordAsName { .. } => Code::KeywordAsName,
            SyntaxErrorKind::NonEmptyArray => Code::NonEmptyArray,
            SyntaxErrorKind::SeveralInstructions => Code::SeveralInstructions,
            SyntaxErrorKind::EmptyScript => Code::EmptyScript,
            SyntaxErrorKind::StrayText => Code::StrayText,
            SyntaxErrorKind::MissingSpace => Code::MissingSpace,
            SyntaxErrorKind::UnclosedString => Code::UnclosedString,
            SyntaxErrorKind::BadWord(error) => match error.kind {
                LexErrorKind::UnclosedString => Code::UnclosedString,
                LexErrorKind::EmptyTaggedName | LexErrorKind::EmptyCanonName | LexErrorKind::BadChar(_) => {
                    Code::BadName
                }
                LexErrorKind::LeadingDot
                | LexErrorKind::Ellipsis
                | LexErrorKind::BadNumberChar(_)
                | LexErrorKind::Int(_)
                | LexErrorKind::Float
                | LexErrorKind::FloatTooLong => Code::BadNumber,
                LexErrorKind::BadLensChar(_) | LexErrorKind::ShortNameWithLens | LexErrorKind::Lens(_) => {
                    Code::BadLens
                }
            },
            SyntaxErrorKind::TooDeep => Code::TooDeep,
            SyntaxErrorKind::TooLong => Code::TooLong,
        }
    }
}

const fn entry(id: &'static str, name: &'static str, page: Page) -> Entry {
    Entry { id, name, origin: Origin::Syntax, severity: Severity::Error, page }
}

pub(super) static UNCLOSED_BRACKET: Entry = entry(
    "S001",
    "unclosed-bracket",
    Page {
        summary: "the text ends while brackets are still open",
        what: "The text ends inside an instruction. The finding shows the innermost bracket that stays open.",
        why: "AquaVM rejects the text, and reports the error only at the end of the text.",
        example: "(seq
 (null)
 (null)",
        fix: "Insert the missing `)`. Once the brackets match, `air fmt` shows the nesting.",
        fixed: "(seq
 (null)
 (null)
)",
    },
);

pub(super) static MISSING_CLOSE_PAREN: Entry = entry(
    "S002",
    "missing-close-paren",
    Page {
        summary: "a `)` is missing",
        what: prose!(
            "The indentation, or what the instruction takes, shows that a list should have ended
before this place."
        ),
        why: prose!(
            "AquaVM rejects the text, often with an error far after this place, because what follows
is read as part of the list."
        ),
        example: r#"(seq
 (call "peer" ("service" "function") []
 (null)
)"#,
        fix: "Insert `)` at the place shown.",
        fixed: r#"(seq
 (call "peer" ("service" "function") [])
 (null)
)"#,
    },
);

pub(super) static SURPLUS_CLOSE_PAREN: Entry = entry(
    "S003",
    "surplus-close-paren",
    Page {
        summary: "a `)` closes nothing",
        what: "There are more closing brackets than opening ones.",
        why: "AquaVM rejects the text.",
        example: "(null))",
        fix: "Remove the `)`, or insert the `(` that it belongs to.",
        fixed: "(null)",
    },
);

pub(super) static SURPLUS_OPEN_PAREN: Entry = entry(
    "S004",
    "surplus-open-paren",
    Page {
        summary: "a `(` opens nothing",
        what: prose!(
            "There are more opening brackets than closing ones, and this one stands directly before
another."
        ),
        why: "AquaVM rejects the text.",
        example: "((null)",
        fix: "Remove the surplus `(`.",
        fixed: "(null)",
    },
);

pub(super) static MISSING_OPEN_PAREN: Entry = entry(
    "S005",
    "missing-open-paren",
    Page {
        summary: "a `(` is missing",
        what: prose!(
            "An instruction's name stands where an instruction should, or the service and function
of a call stand without parentheses."
        ),
        why: "AquaVM rejects the text.",
        example: "(seq
 null)
 (null)
)",
        fix: "Insert `(` before it.",
        fixed: "(seq
 (null)
 (null)
)",
    },
);

pub(super) static MISSING_CLOSE_BRACKET: Entry = entry(
    "S006",
    "missing-close-bracket",
    Page {
        summary: "the arguments of a call have no `]`",
        what: "A call ends, or another instruction starts, while its list of arguments is still open.",
        why: "AquaVM rejects the text.",
        example: r#"(call "peer" ("service" "function") [1 2)"#,
        fix: "Insert `]` after the last argument.",
        fixed: r#"(call "peer" ("service" "function") [1 2])"#,
    },
);

pub(super) static SURPLUS_CLOSE_BRACKET: Entry = entry(
    "S007",
    "surplus-close-bracket",
    Page {
        summary: "a `]` closes nothing",
        what: "A `]` stands where no `[` is open.",
        why: "AquaVM rejects the text.",
        example: r#"(call "peer" ("service" "function") []])"#,
        fix: "Remove the `]`.",
        fixed: r#"(call "peer" ("service" "function") [])"#,
    },
);

pub(super) static MISSING_OPEN_BRACKET: Entry = entry(
    "S008",
    "missing-open-bracket",
    Page {
        summary: "the arguments of a call have no `[`",
        what: "What follows the service and function of a call is not a list of arguments, but ends in `]`.",
        why: "AquaVM rejects the text.",
        example: r#"(call "peer" ("service" "function") 1 2])"#,
        fix: "Insert `[` before the first argument.",
        fixed: r#"(call "peer" ("service" "function") [1 2])"#,
    },
);

pub(super) static WRONG_CLOSER: Entry = entry(
    "S009",
    "wrong-closer",
    Page {
        summary: "`)` and `]` are mixed up",
        what: "A list that was opened with `(` ends in `]`, or the other way round.",
        why: "AquaVM rejects the text.",
        example: r#"(call "peer" ("service" "function"] [])"#,
        fix: "Replace the bracket by the one that matches.",
        fixed: r#"(call "peer" ("service" "function") [])"#,
    },
);

pub(super) static UNKNOWN_INSTRUCTION: Entry = entry(
    "S010",
    "unknown-instruction",
    Page {
        summary: "an unknown instruction",
        what: prose!(
            "The word after `(` is not one of the fourteen instructions. The most similar one is
suggested."
        ),
        why: "AquaVM rejects the text.",
        example: "(sek
 (null)
 (null)
)",
        fix: "Replace it by the name of an instruction.",
        fixed: "(seq
 (null)
 (null)
)",
    },
);

pub(super) static KEYWORD_CASE: Entry = entry(
    "S011",
    "keyword-case",
    Page {
        summary: "an instruction's name is not in lower case",
        what: "The word after `(` is the name of an instruction except for the case of its letters.",
        why: "AquaVM rejects the text.",
        example: "(Null)",
        fix: "Write the name in lower case.",
        fixed: "(null)",
    },
);

pub(super) static MISSING_KEYWORD: Entry = entry(
    "S012",
    "missing-keyword",
    Page {
        summary: "a list does not start with an instruction's name",
        what: "After `(`, where the name of an instruction is expected, there is nothing, or something else.",
        why: "AquaVM rejects the text.",
        example: "(seq
 ()
 (null)
)",
        fix: prose!(
            "Write an instruction; `(null)` does nothing. Where only one instruction takes all that stands in
the list, the fix inserts its name; for a list of instructions this is `seq`."
        ),
        fixed: "(seq
 (null)
 (null)
)",
    },
);

pub(super) static MISSING_OPERAND: Entry = entry(
    "S013",
    "missing-operand",
    Page {
        summary: "an instruction lacks an operand",
        what: prose!(
            "The instruction ends, or its inner instructions start, before all its operands. The
message says which one is missing and what is expected there."
        ),
        why: "AquaVM rejects the text.",
        example: "(ap 1)",
        fix: "Insert the operand.",
        fixed: "(ap 1 x)",
    },
);

pub(super) static MISSING_INSTRUCTION: Entry = entry(
    "S014",
    "missing-instruction",
    Page {
        summary: "an inner instruction is missing",
        what: prose!(
            "`seq`, `par` and `xor` take two instructions; `new`, `match` and `mismatch` take one;
`fold` takes one or two."
        ),
        why: "AquaVM rejects the text.",
        example: "(seq
 (null)
)",
        fix: "Insert the instruction, or `(null)` if there is nothing to do.",
        fixed: "(seq
 (null)
 (null)
)",
    },
);

pub(super) static SURPLUS_OPERAND: Entry = entry(
    "S015",
    "surplus-operand",
    Page {
        summary: "an instruction has too many operands",
        what: "Something stands after the last operand that the instruction takes.",
        why: "AquaVM rejects the text.",
        example: "(ap 1 x y)",
        fix: "Remove the surplus operand.",
        fixed: "(ap 1 x)",
    },
);

pub(super) static SURPLUS_INSTRUCTION: Entry = entry(
    "S016",
    "surplus-instruction",
    Page {
        summary: "an instruction has too many inner instructions",
        what: prose!(
            "An instruction stands where the one around it takes none: a third one in `seq`, `par`
or `xor`, or a second body."
        ),
        why: "AquaVM rejects the text.",
        example: "(seq
 (null)
 (null)
 (null)
)",
        fix: "Nest the instructions: `(seq first (seq second third))`.",
        fixed: "(seq
 (null)
 (seq
  (null)
  (null)
 )
)",
    },
);

pub(super) static WRONG_OPERAND: Entry = entry(
    "S017",
    "wrong-operand",
    Page {
        summary: "an operand of the wrong kind",
        what: prose!(
            "Each place takes only certain kinds of operands; the message says which. A stream
cannot be read directly: only `fold` and `canon` take one."
        ),
        why: "AquaVM rejects the text.",
        example: "(ap $stream x)",
        fix: "Write an operand that fits. For a stream, make a canon stream of it first.",
        fixed: r#"(seq
 (canon "peer" $stream #all)
 (ap #all x)
)"#,
    },
);

pub(super) static KEYWORD_AS_NAME: Entry = entry(
    "S018",
    "keyword-as-name",
    Page {
        summary: "an instruction's name is used as a variable's name",
        what: "The names of the fourteen instructions are reserved.",
        why: "AquaVM rejects the text.",
        example: "(ap 1 next)",
        fix: "Use another name, such as `next-one`.",
        fixed: "(ap 1 next-one)",
    },
);

pub(super) static NON_EMPTY_ARRAY: Entry = entry(
    "S019",
    "non-empty-array",
    Page {
        summary: "an array with elements cannot be written",
        what: "`[]` is an operand; `[1 2]` is not.",
        why: "AquaVM rejects the text.",
        example: "(ap [1 2] x)",
        fix: prose!(
            "Put the elements into a stream with `ap`, and make a canon stream of it. The fix does so on the peer of
the call, else on `%init_peer_id%`."
        ),
        fixed: r#"(new $array
 (seq
  (ap 1 $array)
  (seq
   (ap 2 $array)
   (seq
    (canon %init_peer_id% $array #array)
    (ap #array x)
   )
  )
 )
)"#,
    },
);

pub(super) static SEVERAL_INSTRUCTIONS: Entry = entry(
    "S020",
    "several-instructions",
    Page {
        summary: "more than one instruction at top level",
        what: "A script is one instruction, and a second one follows it.",
        why: "AquaVM rejects the text.",
        example: "(null)
(null)",
        fix: "Put the instructions into a `seq` or a `par`.",
        fixed: "(seq
 (null)
 (null)
)",
    },
);

pub(super) static EMPTY_SCRIPT: Entry = entry(
    "S021",
    "empty-script",
    Page {
        summary: "the script has no instruction",
        what: "The text is empty or has nothing but comments.",
        why: "AquaVM rejects the text.",
        example: "; nothing yet",
        fix: "Write an instruction; the smallest script is `(null)`.",
        fixed: "; nothing yet
(null)",
    },
);

pub(super) static STRAY_TEXT: Entry = entry(
    "S022",
    "stray-text",
    Page {
        summary: "text outside of the script's instruction",
        what: "Words or strings stand before or after the script's instruction.",
        why: "AquaVM rejects the text.",
        example: "(null) done",
        fix: "Remove the text, or make it a comment with `;`.",
        fixed: "(null) ; done",
    },
);

pub(super) static MISSING_SPACE: Entry = entry(
    "S023",
    "missing-space",
    Page {
        summary: "a space is missing",
        what: prose!(
            "A name or keyword is followed by `(`, `[`, a quote or a comment without a space
between them. AquaVM reads it all as one word."
        ),
        why: "AquaVM rejects the text.",
        example: "(seq(null) (null))",
        fix: "Insert a space.",
        fixed: "(seq (null) (null))",
    },
);

pub(super) static UNCLOSED_STRING: Entry = entry(
    "S024",
    "unclosed-string",
    Page {
        summary: "a string has no closing quote",
        what: "The second quote is missing. Strings have no escapes, so a string cannot contain a quote.",
        why: "AquaVM rejects the text.",
        example: r#"(call "peer (service function) [])"#,
        fix: "Insert the closing quote.",
        fixed: r#"(call "peer" ("service" "function") [])"#,
    },
);

pub(super) static BAD_NAME: Entry = entry(
    "S025",
    "bad-name",
    Page {
        summary: "a word is not a valid name",
        what: prose!(
            "A name consists of letters, digits, `_` and `-`. A canon stream starts with `#` or
`#$`, a stream with `$`, a stream map with `%` and a canon map with `#%`."
        ),
        why: "AquaVM rejects the text.",
        example: "(ap 1 a+b)",
        fix: prose!(
            "Use a valid name. For other characters the fix does what they were meant for: quotes become `\"`,
commas between operands go, `{seq …}` gets parentheses, `${relay}` is the variable `relay`."
        ),
        fixed: "(ap 1 a_b)",
    },
);

pub(super) static BAD_NUMBER: Entry = entry(
    "S026",
    "bad-number",
    Page {
        summary: "a word is not a valid number",
        what: prose!(
            "A word that starts with a digit and has a dot must be a number. A number is an `i64`,
or has one dot, at most 11 characters and no exponent. Dots alone, `...`, stand for nothing."
        ),
        why: "AquaVM rejects the text.",
        example: "(ap 1.5e3 x)",
        fix: prose!(
            "Write the number with digits only. Pass large or precise numbers as strings. Instead of `...`, write
what belongs there; the fix writes `(null)` for an instruction and leaves out arguments."
        ),
        fixed: "(ap 1500 x)",
    },
);

pub(super) static BAD_LENS: Entry = entry(
    "S027",
    "bad-lens",
    Page {
        summary: "what follows a name is not a valid lens",
        what: prose!(
            "A lens is `.length`, or `.$` followed by steps: `.name`, `.[0]`, `.[name]`. It may end
in `!`, which has no effect."
        ),
        why: "AquaVM rejects the text.",
        example: "(ap :error:.message x)",
        fix: "Insert `.$` before the first field.",
        fixed: "(ap :error:.$.message x)",
    },
);

pub(super) static TOO_DEEP: Entry = entry(
    "S028",
    "too-deep",
    Page {
        summary: "instructions are nested too deeply",
        what: prose!(
            "Lists are nested more than 8192 levels deep. This limit is ours: AquaVM's grammar has
none, but its published Wasm traps at 3000 to 6000 levels."
        ),
        why: "The script cannot run, and tools need a limit somewhere.",
        example: "(seq (seq (seq (seq (null) (null)) (null)) (null)) (null))",
        fix: "Balance the nesting: `(seq (seq a b) (seq c d))` instead of one level for each step.",
        fixed: "(seq (seq (null) (null)) (seq (null) (null)))",
    },
);

pub(super) static TOO_LONG: Entry = entry(
    "S029",
    "too-long",
    Page {
        summary: "the text has 4 GiB or more",
        what: "Positions have 32 bits. This limit is ours.",
        why: "Nothing after the limit is read.",
        example: "(null)",
        fix: "Split the script.",
        fixed: "(null)",
    },
);

pub(super) static FOREIGN_FILE: Entry = Entry {
    severity: Severity::Info,
    ..entry(
        "S030",
        "foreign-file",
        Page {
            summary: "the file is in another language that ends its files in `.air`",
            what: prose!(
                "Animations of M.U.G.E.N and programs in AirScript have the same ending. A text is taken for one
of them if it has several lines and several errors, does not begin with `(`, and has no instruction of AIR anywhere. AquaVM
rejects it like every text that is not a script."
            ),
            why: "Dozens of errors about another language say nothing.",
            example: "; the walk of a figure
[Begin Action 20]
Clsn2Default: 2
 Clsn2[0] = -10, 0, 10, -79
20,0, 0,0, 7
20,1, 0,0, 7",
            fix: "Exclude the file, by an ignore file for instance. If it is a script, begin with its first instruction.",
            fixed: "(null)",
        },
    )
};
