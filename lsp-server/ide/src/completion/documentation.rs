//! More about an item, when the user selects it.

use air_analysis::Analysis;
use air_analysis::codes::Code;
use air_semantics::resolve::BindingId;

use crate::annotations::{DIRECTIVES, SAMPLES};
use crate::hover::{code_text, function_text, peer_text, service_text, variable};
use crate::instructions::{markdown, page_of_keyword};
use crate::markdown::code;
use crate::names::outside::OutsideKind;
use crate::services::arguments;
use crate::special_values::{ERROR_FIELDS, SPECIAL_VALUES};
use crate::surroundings::Surroundings;

/// Markdown about an item, by its topic; none for an unknown topic, or a variable that the text no longer has.
pub fn documentation(analysis: &Analysis, topic: &str, surroundings: &dyn Surroundings) -> Option<String> {
    let (kind, rest) = topic.split_once(' ')?;
    match kind {
        "instruction" => page_of_keyword(rest).map(markdown),
        "code" => Code::from_str(rest).map(code_text),
        "error-code" => {
            let code = rest.parse().ok()?;
            let known = surroundings.error_codes().into_iter().find(|it| it.code == code)?;
            Some(format!("**{code}** `{}`\n\n{}\n", known.name, known.about))
        }
        "own-code" => Some(format!("A `fail` in this script has the code {rest}.")),
        "function" => {
            let (service, function) = rest.split_once(' ')?;
            let service = (!service.is_empty()).then_some(service);
            let mut text = function_text(analysis, service, function);
            let same = surroundings.names().iter().filter(|it| {
                it.kind == OutsideKind::Function && Some(&*it.service) == service && it.name == function
            });
            let arities: Vec<_> = same.map(|it| it.arity).collect();
            if !arities.is_empty() {
                text.push_str(&format!("\nIn other scripts with {}\n", arguments(arities)));
            }
            Some(text)
        }
        "service" => Some(service_text(analysis, rest)),
        "peer" => {
            let named = surroundings.peers().into_iter().filter(|(peer, _)| peer == rest);
            let named = named.map(|(_, from)| format!("- named by {from}\n"));
            Some(peer_text(analysis, rest) + &named.collect::<String>())
        }
        "special" => SPECIAL_VALUES.iter().find(|it| it.text == rest).map(|it| it.what.to_owned()),
        "error-field" => {
            let (_, what) = ERROR_FIELDS.iter().find(|(field, _)| *field == rest)?;
            Some((*what).to_owned())
        }
        "comment" => {
            DIRECTIVES.iter().chain(SAMPLES).find(|it| it.label == rest).map(|it| it.what.to_owned())
        }
        "step" => Some(match rest {
            "length" => {
                "Number of elements of an array, a canon or a canon map. Not a field: `.length` without `$`."
                    .to_owned()
            }
            _ => format!(
                "{} of the value, as other places of the script or its sample data use it.",
                code(rest)
            ),
        }),
        "value" => Some(
            match rest {
                "[]" => "An empty array. AIR has no other array literals: fill a stream and take its canon.",
                "true" | "false" => "A boolean.",
                _ => "Service and function that the peer runs.",
            }
            .to_owned(),
        ),
        "variable" => {
            // Numbers of bindings go out of date with the text, names do not.
            let (number, name) = rest.split_once(' ')?;
            let id = BindingId(number.parse().ok()?);
            let binding = analysis.resolution().binding(id)?;
            (analysis.hir().name(binding.name) == name).then(|| variable(analysis, id))?
        }
        "new" => Some(format!("A new variable for the content of {}.", code(rest))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::completion::complete;
    use crate::completion::testing::surroundings;

    /// Scripts with a cursor, so that together they offer every kind of item.
    const PLACES: &[&str] = &[
        "$0",
        "(seq (ap 1 x) (fold x i (ap $0",
        "(call $0",
        "(seq (call \"p\" (\"s\" \"f\") []) (call \"$0",
        "(call \"p\" (\"$0",
        "(call \"p\" (\"op\" \"$0",
        "(call \"p\" (\"s\" \"$0",
        "(call \"p\" $0",
        "(xor (null) (match :error:.$.error_code $0",
        "(ap :error:.$0",
        "(seq (ap user.$.name x) (ap user.$0",
        "(canon \"p\" $s $0",
        "; $0",
        "; air: allow($0",
        "(call \"p\" (\"s\" \"f\") []) ; $0",
    ];

    #[test]
    fn every_item_has_some() {
        let mut kinds = std::collections::HashSet::new();
        for marked in PLACES {
            let offset = marked.find("$0").unwrap();
            let analysis = Analysis::new(marked.replacen("$0", "", 1));
            for item in complete(&analysis, (offset as u32).into(), &surroundings()).items {
                kinds.insert(item.kind);
                let text = documentation(&analysis, &item.topic, &surroundings());
                assert!(text.is_some_and(|text| text.len() > 5), "{marked}: {item:?}");
            }
        }
        assert_eq!(kinds.len(), 11, "{kinds:?}");
    }
}
