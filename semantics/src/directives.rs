//! Directives in comments: what a script tells the tools about itself.
//!
//! - `; air: given NAME …`: the host supplies these variables; they count as defined at the start of
//!   the script, wherever the comment stands. Names carry their tag: `$s`, `#c`.
//! - `; air: allow(code, …)`: the next instruction, with everything in it, is not reported for these
//!   codes or names of diagnostics. Syntax errors cannot be allowed.
//! - `; air: fmt off` and `; air: fmt on`: the formatter leaves what is between them as it is.
//!
//! A directive is a whole comment; any number of semicolons may start it. AquaVM sees comments only,
//! so a script needs its `given` variables from the host to be accepted there.

use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use crate::closest::Closest;

/// A directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The whole comment, from its `;`.
    pub comment: TextRange,
    /// What it says.
    pub kind: DirectiveKind,
}

/// What a directive says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DirectiveKind {
    /// `given`: the places of the names.
    Given(Vec<TextRange>),
    /// `allow`: the places of the codes and names of diagnostics, which `air-analysis` knows.
    Allow(Vec<TextRange>),
    /// `fmt off`
    FmtOff,
    /// `fmt on`
    FmtOn,
    /// None of these.
    Bad(Problem),
}

/// What is wrong with a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The part of the comment that is wrong.
    pub range: TextRange,
    /// What, and what to write instead.
    pub message: String,
    /// The word that was probably meant there.
    pub suggestion: Option<&'static str>,
}

/// All directives of a text, in order. A broken item of a list is a [`DirectiveKind::Bad`] of its
/// own after its directive.
pub fn directives(text: &str) -> Vec<Directive> {
    let mut found = Vec::new();
    // Most scripts have none, and that is cheaply seen.
    let Some(comment) = memchr::memchr(b';', text.as_bytes()) else { return found };
    if memchr::memmem::find(text.as_bytes().get(comment..).unwrap_or_default(), b"air:").is_none() {
        return found;
    }
    let tokens = lexer::lex(text);
    let mut start = 0;
    for (&kind, &end) in tokens.kinds.iter().zip(&tokens.ends) {
        if kind == SyntaxKind::COMMENT
            && let Some(comment) = text.get(start as usize..end as usize)
        {
            read(comment, TextSize::new(start), &mut found);
        }
        start = end;
    }
    found
}

/// Reads one comment, `;` included, that starts at that offset.
fn read(comment: &str, start: TextSize, found: &mut Vec<Directive>) {
    let range = TextRange::at(start, TextSize::of(comment.trim_end()));
    let Some(body) = comment.trim_start_matches(';').trim_start().strip_prefix("air:") else { return };
    // The part of the comment from a sub-slice on, as a range of the text.
    let place = |part: &str| {
        let offset = part.as_ptr() as usize - comment.as_ptr() as usize;
        TextRange::at(start + TextSize::new(offset as u32), TextSize::of(part))
    };
    let mut add = |kind| found.push(Directive { comment: range, kind });
    let body = body.trim();
    let (verb, rest) = body.split_at(body.find(|c: char| !c.is_alphanumeric()).unwrap_or(body.len()));
    let rest = rest.trim();
    let bad = |range, message: &str| {
        DirectiveKind::Bad(Problem { range, message: message.to_owned(), suggestion: None })
    };
    let misspelt = |range, message: &str, word: &str, known: &mut dyn Iterator<Item = &'static str>| {
        let suggestion = Closest::default().to(word, known);
        DirectiveKind::Bad(Problem { range, message: message.to_owned(), suggestion })
    };
    match verb {
        "given" => {
            let (names, broken): (Vec<_>, Vec<_>) = items(rest).partition(|name| is_name(name));
            if names.is_empty() && broken.is_empty() {
                return add(bad(
                    range,
                    "`given` needs the names of variables that the host supplies: `; air: given NAME …`",
                ));
            }
            add(DirectiveKind::Given(names.into_iter().map(place).collect()));
            for name in broken {
                add(bad(place(name), &format!("`{name}` is not a variable name")));
            }
        }
        "allow" => {
            let Some(list) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
                return add(bad(range, "`allow` takes its codes in parentheses: `; air: allow(CODE, …)`"));
            };
            let codes: Vec<_> = items(list).map(place).collect();
            if codes.is_empty() {
                return add(bad(range, "`allow` needs at least one code: `; air: allow(CODE, …)`"));
            }
            add(DirectiveKind::Allow(codes));
        }
        "fmt" => add(match rest {
            "off" => DirectiveKind::FmtOff,
            "on" => DirectiveKind::FmtOn,
            _ => bad(range, "`fmt` needs `off` or `on`: `; air: fmt off`, `; air: fmt on`"),
        }),
        _ => {
            let found = match verb {
                "" => "`air:` without a directive".to_owned(),
                _ => format!("unknown directive `{verb}`"),
            };
            add(misspelt(
                if verb.is_empty() { range } else { place(verb) },
                &format!("{found}; expected `given NAME …`, `allow(CODE, …)`, `fmt off` or `fmt on`"),
                verb,
                &mut ["given", "allow", "fmt"].into_iter(),
            ))
        }
    }
}

/// Items between spaces and commas.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(|c: char| c.is_whitespace() || c == ',').filter(|item| !item.is_empty())
}

/// Whether the word is the name of a variable, without a lens.
fn is_name(word: &str) -> bool {
    let (tokens, error) = lexer::reference_tokens(word);
    error.is_none()
        && matches!(
            tokens.as_slice(),
            [(
                SyntaxKind::SCALAR
                    | SyntaxKind::STREAM
                    | SyntaxKind::STREAM_MAP
                    | SyntaxKind::CANON
                    | SyntaxKind::CANON_MAP,
                ..
            )]
        )
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::{DirectiveKind, directives};

    fn check(text: &str, expected: Expect) {
        let mut shown = String::new();
        for directive in directives(text) {
            let at = |range: air_syntax::TextRange| &text[range];
            shown.push_str(&match &directive.kind {
                DirectiveKind::Given(names) => {
                    format!("given {:?}", names.iter().map(|name| at(*name)).collect::<Vec<_>>())
                }
                DirectiveKind::Allow(codes) => {
                    format!("allow {:?}", codes.iter().map(|code| at(*code)).collect::<Vec<_>>())
                }
                DirectiveKind::Bad(problem) => format!("{:?}: {}", at(problem.range), problem.message),
                other => format!("{other:?}"),
            });
            shown.push('\n');
        }
        expected.assert_eq(&shown);
    }

    #[test]
    fn reads_all_forms() {
        check(
            "; air: given a $b, #c\n;;air: fmt off \n(null) ; air: fmt on\n;; air: allow(V001, multiple-next)",
            expect![[r##"
                given ["a", "$b", "#c"]
                FmtOff
                FmtOn
                allow ["V001", "multiple-next"]
            "##]],
        );
    }

    #[test]
    fn leaves_other_comments_and_strings_alone() {
        check(
            "; see air: given a\n(call \"; air: fmt off\" (\"s\" \"f\") []) ; ok={\"air:\": 1}",
            expect![""],
        );
    }

    #[test]
    fn reports_what_it_does_not_understand() {
        check(
            "; air: gven a\n; air:\n; air: given\n; air: given x.$.y null é\n; air: allow V001\n; air: allow(nonsense, S001)\n; air: allow()\n; air: fmt maybe",
            expect![[r#"
                "gven": unknown directive `gven`; expected `given NAME …`, `allow(CODE, …)`, `fmt off` or `fmt on`
                "; air:": `air:` without a directive; expected `given NAME …`, `allow(CODE, …)`, `fmt off` or `fmt on`
                "; air: given": `given` needs the names of variables that the host supplies: `; air: given NAME …`
                given ["é"]
                "x.$.y": `x.$.y` is not a variable name
                "null": `null` is not a variable name
                "; air: allow V001": `allow` takes its codes in parentheses: `; air: allow(CODE, …)`
                allow ["nonsense", "S001"]
                "; air: allow()": `allow` needs at least one code: `; air: allow(CODE, …)`
                "; air: fmt maybe": `fmt` needs `off` or `on`: `; air: fmt off`, `; air: fmt on`
            "#]],
        );
    }
}
