//! What the parser reports, as data; messages are made when asked for.

use std::fmt;

use rowan::TextRange;

use crate::SyntaxKind;
use crate::lexer::{KEYWORDS, LexError};
use crate::operand_position::{OperandPosition, kind_words};

/// One finding. A text has none if and only if AquaVM's lexer and grammar take it, but for
/// [`SyntaxErrorKind::TooDeep`] and [`SyntaxErrorKind::TooLong`], which are our own limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong; its `Display` is the message.
    pub kind: SyntaxErrorKind,
    /// Where, on character boundaries within the text; empty where something is missing.
    pub range: TextRange,
    /// Places that explain it.
    pub related: Vec<(TextRange, RelatedNote)>,
}

impl SyntaxError {
    /// What is wrong and, if that is clear, what to do: one line without a full stop.
    pub fn message(&self) -> String {
        self.kind.to_string()
    }
}

/// What is at a related place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelatedNote {
    /// The bracket that stays open.
    OpenedHere,
    /// Where the closing brackets could go.
    CloseHere,
    /// The instruction that is already there.
    FirstInstruction,
}

impl fmt::Display for RelatedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RelatedNote::OpenedHere => "the unclosed bracket opens here",
            RelatedNote::CloseHere => "the text ends here",
            RelatedNote::FirstInstruction => "the script's first instruction is here",
        })
    }
}

/// What can be wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// Brackets still open when the text ends; the range is the innermost of them.
    UnclosedAtEnd {
        /// Number of open brackets.
        count: u32,
    },
    /// `)` missing, at a place that layout or grammar give away.
    MissingCloseParen {
        /// How many are missing at this place.
        count: u32,
    },
    /// A `)` that closes nothing, or closes too early while the text has too many.
    SurplusCloseParen,
    /// A `(` directly before another one, while the text lacks a `)`.
    SurplusOpenParen,
    /// A `[` directly before or after another one, while the text lacks a `]`.
    SurplusOpenBracket,
    /// `(` missing before an instruction or of `service function)`.
    MissingOpenParen {
        /// The keyword after it; `None` for the function of a call.
        keyword: Option<SyntaxKind>,
    },
    /// `]` missing after a call's arguments or an empty array.
    MissingCloseBracket,
    /// A `]` that closes nothing.
    SurplusCloseBracket,
    /// Arguments of a call without `[`.
    MissingOpenBracket,
    /// `)` for `]`, or `]` for `)`.
    WrongCloser {
        /// The bracket that should stand there.
        expected: SyntaxKind,
    },
    /// The word after `(` is not an instruction.
    UnknownInstruction {
        /// The keyword most like it.
        suggestion: Option<SyntaxKind>,
    },
    /// An instruction in the wrong case: `Seq`.
    KeywordCase {
        /// How it is written.
        keyword: SyntaxKind,
    },
    /// No word after `(`: `()`, `("a" …)`, `((…) …)`.
    MissingKeyword {
        /// What stands there; `R_PAREN` if nothing.
        found: SyntaxKind,
    },
    /// An operand is missing.
    MissingOperand {
        /// Where it should stand.
        position: OperandPosition,
    },
    /// A child instruction is missing.
    MissingInstruction {
        /// Where it should stand.
        position: OperandPosition,
    },
    /// Operands after the last one that the instruction takes; one finding for a run.
    SurplusOperand {
        /// Node kind of the form.
        form: SyntaxKind,
        /// The first of them; `L_BRACKET` for `[]`.
        found: SyntaxKind,
    },
    /// Child instructions after the last one that the instruction takes.
    SurplusInstruction {
        /// Node kind of the form.
        form: SyntaxKind,
    },
    /// An operand of a kind that does not fit its position.
    WrongOperand {
        /// Where it stands.
        position: OperandPosition,
        /// What stands there; `L_PAREN` for a list, `L_BRACKET` for `[]`.
        found: SyntaxKind,
    },
    /// An instruction's name used as the name of a variable.
    KeywordAsName {
        /// The keyword that stands there.
        keyword: SyntaxKind,
    },
    /// `[1 2]` as an operand.
    NonEmptyArray,
    /// A second instruction at top level.
    SeveralInstructions,
    /// No instruction at all.
    EmptyScript,
    /// Something other than an instruction at top level.
    StrayText,
    /// No space where AquaVM needs one: `seq(null)`, `x;c`, `call"p"`.
    MissingSpace,
    /// A string that does not end.
    UnclosedString,
    /// A word that is not a name, a number or a keyword.
    BadWord(LexError),
    /// More than [`crate::MAX_DEPTH`] nested lists.
    TooDeep,
    /// More than 4 GiB; the tree holds the part before.
    TooLong,
}

/// How a keyword is written.
pub(crate) fn keyword_text(kind: SyntaxKind) -> &'static str {
    KEYWORDS.iter().find(|(_, keyword)| *keyword == kind).map_or("", |(text, _)| text)
}

/// How the instruction or part that a node stands for is called.
pub(crate) fn form_text(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::CALL => "`call`",
        SyntaxKind::CANON_INSTR => "`canon`",
        SyntaxKind::AP => "`ap`",
        SyntaxKind::SEQ => "`seq`",
        SyntaxKind::PAR => "`par`",
        SyntaxKind::XOR => "`xor`",
        SyntaxKind::NEVER => "`never`",
        SyntaxKind::NULL => "`null`",
        SyntaxKind::NEW => "`new`",
        SyntaxKind::FAIL => "`fail`",
        SyntaxKind::FOLD => "`fold`",
        SyntaxKind::NEXT => "`next`",
        SyntaxKind::MATCH => "`match`",
        SyntaxKind::MISMATCH => "`mismatch`",
        SyntaxKind::FUNCTION_REF => "`(service function)`",
        SyntaxKind::ARGUMENTS => "`[arguments]`",
        SyntaxKind::MAP_ENTRY => "`(key value)`",
        _ => "the list",
    }
}

/// What a whole form looks like.
fn form_shape(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::CALL => "(call peer (service function) [arguments] output)",
        SyntaxKind::CANON_INSTR => "(canon peer $stream #canon)",
        SyntaxKind::AP => "(ap value target)",
        SyntaxKind::SEQ => "(seq first second)",
        SyntaxKind::PAR => "(par left right)",
        SyntaxKind::XOR => "(xor try catch)",
        SyntaxKind::NEVER => "(never)",
        SyntaxKind::NULL => "(null)",
        SyntaxKind::NEW => "(new name body)",
        SyntaxKind::FAIL => "(fail error) or (fail code \"text\")",
        SyntaxKind::FOLD => "(fold iterable iterator body last)",
        SyntaxKind::NEXT => "(next iterator)",
        SyntaxKind::MATCH => "(match left right body)",
        SyntaxKind::MISMATCH => "(mismatch left right body)",
        SyntaxKind::FUNCTION_REF => "(service function)",
        SyntaxKind::MAP_ENTRY => "(key value)",
        _ => "",
    }
}

impl fmt::Display for SyntaxErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use SyntaxErrorKind::*;
        match self {
            UnclosedAtEnd { count: 1 } => f.write_str("unclosed bracket: add the closing one"),
            UnclosedAtEnd { count } => {
                write!(f, "{count} unclosed brackets, of which this is the innermost: add the closing ones")
            }
            MissingCloseParen { count: 1 } => f.write_str("`)` is missing here"),
            MissingCloseParen { count } => write!(f, "{count} `)` are missing here"),
            SurplusOpenParen => f.write_str("`(` is never closed and opens nothing: remove it"),
            SurplusOpenBracket => f.write_str("`[` is never closed and opens nothing: remove it"),
            SurplusCloseParen => f.write_str("`)` has no matching `(`: remove it"),
            MissingOpenParen { keyword: Some(keyword) } => {
                write!(f, "`(` is missing before `{}`", keyword_text(*keyword))
            }
            MissingOpenParen { keyword: None } => f.write_str(
                "parentheses are missing around the service and the function: `(service function)`",
            ),
            MissingCloseBracket => f.write_str("`]` is missing here"),
            SurplusCloseBracket => f.write_str("`]` has no matching `[`: remove it"),
            MissingOpenBracket => {
                f.write_str("`[` is missing here: the arguments of a call stand in brackets, `[a b]` or `[]`")
            }
            WrongCloser { expected: SyntaxKind::R_BRACKET } => f.write_str("expected `]`, found `)`"),
            WrongCloser { .. } => f.write_str("expected `)`, found `]`"),
            UnknownInstruction { suggestion: Some(keyword) } => {
                write!(f, "unknown instruction, did you mean `{}`?", keyword_text(*keyword))
            }
            UnknownInstruction { suggestion: None } => {
                f.write_str("unknown instruction; expected one of ")?;
                for (at, (name, _)) in KEYWORDS.iter().enumerate() {
                    let comma = match at {
                        0 => "",
                        13 => " or ",
                        _ => ", ",
                    };
                    write!(f, "{comma}{name}")?;
                }
                Ok(())
            }
            KeywordCase { keyword } => {
                write!(f, "instruction names are lower-case: write `{}`", keyword_text(*keyword))
            }
            MissingKeyword { found: SyntaxKind::R_PAREN } => {
                f.write_str("`()` is empty: write an instruction, or `(null)` to do nothing")
            }
            MissingKeyword { found } => {
                write!(f, "expected the name of an instruction after `(`, found {}", kind_words(*found))
            }
            MissingOperand { position } => {
                write!(f, "{} is missing: expected {}", position.name(), position.expects())
            }
            MissingInstruction { position } => {
                write!(f, "{} is missing: add one, or `(null)` to do nothing", position.name())
            }
            SurplusOperand { form: form @ (SyntaxKind::NULL | SyntaxKind::NEVER), .. } => {
                write!(f, "{} takes no operands", form_text(*form))
            }
            SurplusOperand { form: SyntaxKind::AP, found: SyntaxKind::STREAM_MAP } => {
                f.write_str("`ap` of a pair needs parentheses: `(ap (key value) %map)`")
            }
            SurplusOperand { form: SyntaxKind::FUNCTION_REF, .. } => {
                f.write_str("`(service function)` takes a service and a function and nothing more")
            }
            SurplusOperand { form: SyntaxKind::MAP_ENTRY, .. } => {
                f.write_str("`(key value)` takes a key and a value and nothing more")
            }
            SurplusOperand { form, .. } => {
                write!(f, "unexpected operand of {}: expected `{}`", form_text(*form), form_shape(*form))
            }
            SurplusInstruction { form: form @ (SyntaxKind::SEQ | SyntaxKind::PAR | SyntaxKind::XOR) } => {
                write!(
                    f,
                    "{} takes two instructions: nest another {} for the rest",
                    form_text(*form),
                    form_text(*form)
                )
            }
            SurplusInstruction { form } => {
                write!(f, "unexpected instruction in {}: expected `{}`", form_text(*form), form_shape(*form))
            }
            WrongOperand { position, found } => wrong_operand(f, *position, *found),
            KeywordAsName { keyword } => {
                write!(f, "`{}` is the name of an instruction: choose another name", keyword_text(*keyword))
            }
            NonEmptyArray => f.write_str(
                "`[]` is the only array that can be written: collect elements in a stream with `ap`",
            ),
            SeveralInstructions => {
                f.write_str("a script is one instruction: put both into `(seq …)` or `(par …)`")
            }
            EmptyScript => f.write_str("the script has no instruction: the smallest one is `(null)`"),
            StrayText => f.write_str(
                "unexpected text outside of the script's instruction: only comments are allowed there",
            ),
            MissingSpace => f.write_str("a space is missing here"),
            UnclosedString => f.write_str("unclosed string: the closing quote is missing"),
            BadWord(error) => error.fmt(f),
            TooDeep => write!(
                f,
                "instructions are nested more than {} levels deep: AquaVM cannot run them",
                crate::limits::MAX_DEPTH
            ),
            TooLong => f.write_str("a text of 4 GiB or more cannot be read"),
        }
    }
}

fn wrong_operand(f: &mut fmt::Formatter<'_>, position: OperandPosition, found: SyntaxKind) -> fmt::Result {
    if position.is_instruction() {
        return write!(
            f,
            "{} must be an instruction in parentheses, not {}",
            position.name(),
            kind_words(found)
        );
    }
    let hint = match found {
        SyntaxKind::STREAM_LENS | SyntaxKind::STREAM_MAP_LENS => {
            "; a stream takes no lens: canonicalise it first, `(canon peer $stream #canon)`"
        }
        SyntaxKind::STREAM | SyntaxKind::STREAM_MAP if position.is_read() => {
            "; canonicalise it first, `(canon peer $stream #canon)`"
        }
        SyntaxKind::LAST_ERROR_LENS | SyntaxKind::ERROR_VAR_LENS if position == OperandPosition::Failure => {
            "; remove the lens"
        }
        SyntaxKind::STREAM_MAP if position == OperandPosition::ApTarget => {
            "; a map takes a key and a value: `(ap (key value) %map)`"
        }
        SyntaxKind::STREAM if position == OperandPosition::MapTarget => {
            "; a stream takes no key: `(ap value $stream)`"
        }
        SyntaxKind::CANON | SyntaxKind::CANON_MAP if position.is_read() => "; take one element with a lens",
        _ => "",
    };
    write!(f, "{} must be {}, not {}{hint}", position.name(), position.expects(), kind_words(found))
}
