//! Declares what the host supplies.

use air_analysis::directives::offer::Offer;
use air_semantics::finding::Rule;
use air_semantics::validate::validate;
use air_syntax::TextRange;

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "generate-given",
    kind: Kind::Rewrite,
    behaviour: Behaviour::Same,
    what: "Declares all variables that nothing in the script defines as given by the host, in a directive at the top. \
           With several of them, offered on each.",
    example: "(call pe$0er (\"srv\" \"fn\") [name])",
    offer,
};

/// Rounds: a name that is missing can hide another use of it only once.
const MAX_ROUNDS: usize = 8;

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let Context { hir, analysis, range, .. } = *context;
    let here = analysis.resolution().at(range.start()).map(|place| hir.text_at(place.range));
    let Some(here) = here.filter(|_| analysis.parse.ok()) else { return Vec::new() };
    let mut given = analysis.given().clone();
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let found = validate(hir, &given);
        let missing = found.iter().filter(|it| it.rule == Rule::UndefinedVariable).filter_map(|it| it.name);
        let before = names.len();
        names.extend(missing.map(|name| hir.name(name)));
        if names.len() == before {
            break;
        }
        given.extend(names.iter().map(|name| Box::from(*name)));
    }
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 || !names.contains(&here) {
        return Vec::new();
    }
    let (at, text) = Offer::new(analysis).all(&names);
    vec![Draft::word(
        format!("Declare {} variables as given by the host", names.len()),
        TextRange::empty(at),
        text,
    )]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn all_of_them() {
        check(
            &REFACTORING,
            "; script\n\n(seq (ap b$0 x) (ap c.$.[a] y))",
            expect![[r#"
            # Declare 3 variables as given by the host
            ; script

            $0; air: given a b c
            (seq (ap b x) (ap c.$.[a] y))
        "#]],
        );
        check(
            &REFACTORING,
            "; air: given d\n(seq (ap b$0 d) (ap c y))",
            expect![[r#"
            # Declare 2 variables as given by the host
            ; air: given d $0b c
            (seq (ap b d) (ap c y))
        "#]],
        );
        check(
            &REFACTORING,
            "(seq (ap b$0 x) (ap 1 y))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
