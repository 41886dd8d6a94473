//! Peers, services and functions that can stand at a place, as literals.

use std::collections::{HashMap, HashSet};

use super::super::services::BUILT_INS;
use super::{ItemKind, Known, List, text_of};
use crate::hir::Role;
use crate::names::outside::{OutsideKind, OutsideName, outside_names};

impl List<'_> {
    /// Peers, services and functions, as literals.
    pub(super) fn outside(&mut self, role: Role, known: &[Known]) {
        let names = outside_names(self.analysis.hir());
        let wanted = match role {
            Role::Peer => OutsideKind::Peer,
            Role::Service => OutsideKind::Service,
            _ => OutsideKind::Function,
        };
        let service =
            self.here.called.first().map(|range| text_of(self.analysis, *range).trim_matches('"').to_owned());
        let of_service = |of: Option<&str>| wanted != OutsideKind::Function || of == service.as_deref();
        // Name, and how often it is used here.
        let mut counts: HashMap<&str, (usize, Vec<usize>)> = HashMap::new();
        let here = names
            .iter()
            .filter(|it| it.kind == wanted && of_service(it.service) && it.range != self.here.word);
        for OutsideName { name, arity, .. } in here {
            let entry = counts.entry(name).or_default();
            entry.0 += 1;
            if !entry.1.contains(arity) {
                entry.1.push(*arity);
            }
        }
        let mut used: Vec<_> = counts.into_iter().collect();
        used.sort_unstable_by(|(one, (often, _)), (other, (less, _))| less.cmp(often).then(one.cmp(other)));
        let mut seen: HashSet<String> = HashSet::new();
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, (often, mut arities)) in used {
            arities.sort_unstable();
            let arities: Vec<_> = arities.iter().map(usize::to_string).collect();
            let detail = match wanted {
                OutsideKind::Function => format!("{} arguments", arities.join(" or ")),
                _ => format!("{often}×"),
            };
            seen.insert(name.to_owned());
            found.push((name.to_owned(), detail));
        }
        let elsewhere = known.iter().filter(|it| it.kind == wanted && of_service(Some(&it.service)));
        for it in elsewhere {
            if seen.insert(it.name.clone()) {
                let arity = (wanted == OutsideKind::Function).then(|| format!("{} arguments, ", it.arity));
                found.push((it.name.clone(), format!("{}in other scripts", arity.unwrap_or_default())));
            }
        }
        for it in BUILT_INS {
            let name = match wanted {
                OutsideKind::Service => it.service,
                OutsideKind::Function if service.as_deref() == Some(it.service) => it.function,
                _ => continue,
            };
            let detail = match wanted {
                OutsideKind::Function => format!("({}) {}", it.parameters.join(", "), it.what),
                _ => "built in".to_owned(),
            };
            if let Some((_, known)) = found.iter_mut().find(|(known, _)| known == name) {
                if wanted == OutsideKind::Function {
                    *known = detail;
                }
            } else {
                found.push((name.to_owned(), detail));
            }
        }
        let kind = match wanted {
            OutsideKind::Peer => ItemKind::Peer,
            OutsideKind::Service => ItemKind::Service,
            OutsideKind::Function => ItemKind::Function,
        };
        for (name, detail) in found {
            let topic = match (&service, wanted) {
                (Some(service), OutsideKind::Function) => format!("function {service} {name}"),
                _ => String::new(),
            };
            self.add(kind, &format!("\"{name}\""), &detail, topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::tests::check;

    #[test]
    fn what_lies_outside() {
        check(
            "(seq (call \"relay\" (\"s\" \"f\") [1 2]) (call \"$0",
            expect![[r#"
            instead of "\""
            Peer "relay" -> "\"relay\"" 1×
        "#]],
        );
        check(
            "(seq (call \"relay\" (\"s\" \"f\") [1 2]) (call \"relay\" (\"s\" \"$0\") []))",
            expect![[r#"
            instead of "\"\""
            Function "f" -> "\"f\"" 2 arguments
            Function "other" -> "\"other\"" 3 arguments, in other scripts
        "#]],
        );
        check(
            "(call p (\"math\" $0",
            expect![[r#"
            instead of ""
            Function "add" -> "\"add\"" (a, b) a + b
            Function "sub" -> "\"sub\"" (a, b) a - b
            Function "mul" -> "\"mul\"" (a, b) a * b
            Function "fmul" -> "\"fmul\"" (a, b) a * b for floats, rounded down.
            Function "div" -> "\"div\"" (a, b) a / b, rounded towards 0.
            Function "rem" -> "\"rem\"" (a, b) Remainder of a / b.
            Function "pow" -> "\"pow\"" (a, b) a to the power of b.
            Function "log" -> "\"log\"" (base, a) Logarithm of a, rounded down.
            and 1 more
        "#]],
        );
        check(
            "(call p (\"ma$0\" \"add\") [])",
            expect![[r#"
            instead of "\"ma\""
            Service "op" -> "\"op\"" built in
            Service "math" -> "\"math\"" built in
            Service "cmp" -> "\"cmp\"" built in
            Service "array" -> "\"array\"" built in
            Service "json" -> "\"json\"" built in
            Service "debug" -> "\"debug\"" built in
            Service "peer" -> "\"peer\"" built in
            Service "kad" -> "\"kad\"" built in
            and 8 more
        "#]],
        );
    }
}
