//! Services and functions: built in or not, how often the script calls them and with what.

use air_analysis::Analysis;

use super::explanation::times;
use crate::markdown::{code, fence};
use crate::names::outside::{OutsideKind, outside_names};
use crate::services;

/// Functions of one service that are listed.
const MAX_FUNCTIONS_SHOWN: usize = 20;

/// Markdown about a service: who has it, and its functions.
pub(crate) fn service_text(analysis: &Analysis, id: &str) -> String {
    let names = outside_names(analysis);
    let count = names.iter().filter(|it| it.kind == OutsideKind::Service && it.name == id).count();
    let mut text = format!("Service {}, {} in this script\n", code(id), times(count, "called"));
    let functions: Vec<_> = services::BUILT_INS.iter().filter(|it| it.service == id).collect();
    if !functions.is_empty() {
        text.push_str(&format!("\n{}\n\n", services::whose(id)));
    }
    for function in &functions {
        text.push_str(&format!("- `{}`: {}\n", function.form(), function.what));
    }
    if functions.is_empty() {
        let mut used: Vec<(&str, usize)> = Vec::new();
        for it in names.iter().filter(|it| it.kind == OutsideKind::Function && it.service == Some(id)) {
            if !used.contains(&(it.name, it.arity)) {
                used.push((it.name, it.arity));
            }
        }
        used.sort_unstable();
        if !used.is_empty() {
            text.push_str("\nCalled here:\n\n");
        }
        for (name, arity) in used.into_iter().take(MAX_FUNCTIONS_SHOWN) {
            text.push_str(&format!("- {} with {}\n", code(name), services::arguments(vec![arity])));
        }
    }
    text
}

/// Markdown about a function of a service; `service` is none where a variable holds it.
pub(crate) fn function_text(analysis: &Analysis, service: Option<&str>, name: &str) -> String {
    let shown = service.unwrap_or("…");
    let mut text = match service.and_then(|service| services::built_in(service, name)) {
        Some(it) => {
            let parameters = it
                .parameters
                .iter()
                .enumerate()
                .map(|(index, name)| format!("- `{name}`: {}\n", it.parameter(index)));
            let parameters: String = parameters.collect();
            format!(
                "{}\n\n{}. {}\n\n{parameters}{}",
                fence("", &format!("{shown}.{}", it.form())),
                it.what.trim_end_matches('.'),
                services::whose(it.service),
                if it.parameters.is_empty() { "" } else { "\n" }
            )
        }
        None => format!("Function {}\n\n", code(&format!("{shown}.{name}"))),
    };
    let names = outside_names(analysis);
    let same = names
        .iter()
        .filter(|it| it.kind == OutsideKind::Function && it.name == name && it.service == service);
    let arities: Vec<usize> = same.map(|it| it.arity).collect();
    if !arities.is_empty() {
        let count = times(arities.len(), "Called");
        text.push_str(&format!("{count} in this script, with {}\n", services::arguments(arities)));
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn services() {
        check(
            "(call \"relay\" (\"si$0g\" \"noop\") [])",
            expect![[r#"
                "\"sig\""
                Service `sig`, called once in this script

                Built into every node.

                - `sign(bytes)`: Signs with the peer's key.
                - `verify(signature, bytes)`: Checks a signature of the peer.
                - `get_peer_id()`: The peer's id.
            "#]],
        );
        check(
            "(seq (call \"p\" (\"mi$0ne\" \"f\") [1]) (par (call \"p\" (\"mine\" \"g\") []) (call \"p\" (\"mine\" \"f\") [2])))",
            expect![[r#"
                "\"mine\""
                Service `mine`, called 3 times in this script

                Called here:

                - `f` with 1 argument
                - `g` with no arguments
            "#]],
        );
        check(
            "(call %init_peer_id% (\"callback$0Srv\" \"response\") [])",
            expect![[r#"
                "\"callbackSrv\""
                Service `callbackSrv`, called once in this script

                Belongs to the initiator's host, for compiled functions.

                - `response(result…)`: Hands the results of a compiled function to the initiator.
            "#]],
        );
    }

    #[test]
    fn functions() {
        check(
            "(call \"relay\" (\"math\" \"a$0dd\") [1 2])",
            expect![[r#"
                "\"add\""
                ```
                math.add(a, b)
                ```

                a + b. Built into every node.

                - `a`: integer
                - `b`: integer

                Called once in this script, with 2 arguments
            "#]],
        );
        check(
            "(call \"relay\" (\"mine\" \"f$0\") [1 2])",
            expect![[r#"
            "\"f\""
            Function `mine.f`

            Called once in this script, with 2 arguments
        "#]],
        );
        check(
            "(seq (call p (s \"f$0\") [1 2]) (call p (s \"f\") [1]))",
            expect![[r#"
            "\"f\""
            Function `….f`

            Called 2 times in this script, with 1 or 2 arguments
        "#]],
        );
    }
}
