//! Comments with a meaning: directives, the names and codes in them, sample annotations.

use air_analysis::Analysis;
use air_analysis::codes::Code;
use air_analysis::directives::allow::allowed;
use air_semantics::directives::DirectiveKind;
use air_semantics::resolve::BindingKind;
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use super::explanation::{Explanation, Subject};
use super::variable::variable;
use crate::annotations;
use crate::markdown::code;

/// The comment at an offset, or a word in it.
pub(super) fn at(analysis: &Analysis, offset: TextSize) -> Option<Explanation> {
    for directive in analysis.directives().iter().filter(|it| it.comment.contains_inclusive(offset)) {
        match &directive.kind {
            DirectiveKind::Allow(codes) => {
                let at = codes.iter().find(|range| range.contains_inclusive(offset));
                if let Some(range) = at
                    && let Ok(code) = allowed(&analysis.text, *range)
                {
                    return Some(Explanation {
                        range: *range,
                        markdown: code_text(code),
                        subject: Subject::Other,
                    });
                }
            }
            DirectiveKind::Given(names) => {
                if let Some(range) = names.iter().find(|range| range.contains_inclusive(offset)) {
                    return Some(given(analysis, *range));
                }
            }
            _ => {}
        }
    }
    let (hir, before) = (analysis.hir(), analysis.text.get(..offset.into())?);
    // Comments end with their line: most places are none, and that is cheaply seen.
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if !analysis.text.get(line..)?.lines().next()?.contains(';') {
        return None;
    }
    let tokens = lexer::lex(&analysis.text);
    let index = tokens.ends.partition_point(|end| *end < offset.into());
    if tokens.kinds.get(index) != Some(&SyntaxKind::COMMENT) {
        return None;
    }
    let range = TextRange::new(tokens.start(index).into(), tokens.end(index).into());
    let found = annotations::of_comment(hir.text_at(range))?;
    let markdown = format!("```air\n; {}\n```\n\n{}\n", found.label, found.what);
    Some(Explanation { range, markdown, subject: Subject::Other })
}

/// A name that the host supplies.
fn given(analysis: &Analysis, range: TextRange) -> Explanation {
    let hir = analysis.hir();
    let name = hir.text_at(range);
    let bindings = analysis.resolution().bindings.iter().zip(0..);
    let mut same = bindings.filter(|(it, _)| it.kind == BindingKind::Script && hir.name(it.name) == name);
    let id = same.next().map(|(_, id)| air_semantics::resolve::BindingId(id));
    match id.and_then(|id| Some((id, variable(analysis, id)?))) {
        Some((id, markdown)) => Explanation { range, markdown, subject: Subject::Variable(id) },
        None => {
            let markdown =
                format!("{} is supplied by the host, and the script does not use it\n", code(name));
            Explanation { range, markdown, subject: Subject::Other }
        }
    }
}

/// What a diagnostic's code means, in short.
pub fn code_text(code: Code) -> String {
    let page = code.page();
    format!("**{}** `{}`: {}\n\n{}\n", code.as_str(), code.name(), page.summary, page.what)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn directives() {
        check(
            "; air: allow(undefined-$0variable)\n(ap x y)",
            expect![[r#"
                "undefined-variable"
                **V001** `undefined-variable`: a variable is used before anything defines it

                `call`, `ap`, `match`, `mismatch` or `fold` reads a name that no instruction starting further left defines. `call`, `ap`, `canon` and `new` define the name that they write; a `fold` defines its iterator. An instruction does not define its own inputs.

                AquaVM looks at positions only, not at structure: a name that one branch of `par` or `xor` defines is known to everything on its right. For each name, AquaVM checks only the first use that was unknown when its instruction ended, so it may accept a script in which a later use is just as wrong.
            "#]],
        );
        check(
            "; air: fmt o$0ff\n(ap x y)",
            expect![[r#"
                "; air: fmt off"
                ```air
                ; air: fmt off
                ```

                From here on, the formatter does not change the text.
            "#]],
        );
        check(
            "; air: given x $0y\n(ap x.$.a z)",
            expect![[r#"
            "y"
            `y` is supplied by the host, and the script does not use it
        "#]],
        );
        check(
            "; air: given x$0\n(ap x.$.a z)",
            expect![[r#"
                "x"
                ```air
                x: {a: any}
                ```

                Scalar: one value, set once.

                - supplied by the host
                - read once
            "#]],
        );
    }

    #[test]
    fn annotations() {
        check(
            "(call \"p\" (\"s\" \"f\") [] x) ; ok = $0{}",
            expect![[r#"
                "; ok = {}"
                ```air
                ; ok = JSON
                ```

                In sample runs the call returns this value.
            "#]],
        );
        check(
            "; just $0text\n(null)",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
