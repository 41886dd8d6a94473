//! The items of `; air: allow(…)`: codes and names of diagnostics.

use air_semantics::closest::Closest;
use air_semantics::directives::Problem;
use air_syntax::TextRange;

use crate::code::Code;

/// The diagnostic that an item at that place of the text allows; else what is wrong with the item.
pub fn allowed(text: &str, item: TextRange) -> Result<Code, Problem> {
    let word = text.get(std::ops::Range::<usize>::from(item)).unwrap_or_default();
    let problem = |message, suggestion| Problem { range: item, message, suggestion };
    match Code::from_str(word) {
        Some(code) if code.can_be_allowed() => Ok(code),
        Some(_) => Err(problem(format!("`{word}` is a syntax error, which cannot be allowed"), None)),
        None => {
            let known = Code::ALL.iter().filter(|code| code.can_be_allowed()).map(|code| code.name());
            let suggestion = Closest::default().to(word, known);
            Err(problem(format!("unknown diagnostic `{word}`"), suggestion))
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::allowed;

    fn check(word: &str, expected: Expect) {
        expected.assert_eq(
            &match allowed(word, air_syntax::TextRange::up_to(air_syntax::TextSize::of(word))) {
                Ok(code) => format!("{} {}", code.as_str(), code.name()),
                Err(problem) => format!("{} (suggestion: {:?})", problem.message, problem.suggestion),
            },
        );
    }

    #[test]
    fn codes_and_names() {
        check("V001", expect!["V001 undefined-variable"]);
        check("multiple-next", expect!["V003 multiple-next"]);
        check("nonsense", expect!["unknown diagnostic `nonsense` (suggestion: None)"]);
        check(
            "unused-variabel",
            expect![[r#"unknown diagnostic `unused-variabel` (suggestion: Some("unused-variable"))"#]],
        );
        check("S001", expect!["`S001` is a syntax error, which cannot be allowed (suggestion: None)"]);
    }
}
