//! Peers, services and functions that can stand at a place, as literals.

use std::collections::{HashMap, HashSet};

use air_semantics::hir::Role;

use super::list::{ItemKind, List, text_of};
use crate::names::outside::{OutsideKind, OutsideName, outside_names};
use crate::services::{BUILT_INS, arguments, whose};

impl List<'_> {
    /// Peers, services and functions, as literals.
    pub(super) fn outside(&mut self, role: Role) {
        let surroundings = self.surroundings;
        let names = outside_names(self.analysis);
        let wanted = match role {
            Role::Peer => OutsideKind::Peer,
            Role::Service => OutsideKind::Service,
            _ => OutsideKind::Function,
        };
        // A service in a variable: functions that are called of such.
        let service = self.here.called.first().map(|range| text_of(self.analysis, *range));
        let service = service.and_then(|service| service.strip_prefix('"'));
        let service = service.map(|service| service.trim_end_matches('"').to_owned());
        let of_service = |of: Option<&str>| wanted != OutsideKind::Function || of == service.as_deref();
        let mut found: Vec<(String, String)> = Vec::new();
        if wanted == OutsideKind::Peer {
            found.extend(
                surroundings.peers().into_iter().map(|(peer, from)| (peer, format!("named by {from}"))),
            );
        }
        // Name, and how often it is used here.
        let mut counts: HashMap<&str, (usize, Vec<usize>)> = HashMap::new();
        // A function alone in its brackets looks like a service.
        let other = |it: &OutsideName<'_>| {
            it.range != self.here.word && self.here.after.first().is_none_or(|slot| slot.range != it.range)
        };
        let here = names.iter().filter(|it| it.kind == wanted && of_service(it.service) && other(it));
        for OutsideName { name, arity, .. } in here {
            let entry = counts.entry(name).or_default();
            entry.0 += 1;
            entry.1.push(*arity);
        }
        let mut used: Vec<_> = counts.into_iter().collect();
        used.sort_unstable_by(|(one, (often, _)), (other, (less, _))| less.cmp(often).then(one.cmp(other)));
        let mut seen: HashSet<String> = found.iter().map(|(name, _)| name.clone()).collect();
        for (name, (often, arities)) in used {
            let detail = match wanted {
                OutsideKind::Function => arguments(arities),
                _ => format!("{often}×"),
            };
            if seen.insert(name.to_owned()) {
                found.push((name.to_owned(), detail));
            }
        }
        let elsewhere = surroundings.names().iter().filter(|it| {
            // That of a function may be in a variable there, too.
            it.kind == wanted && of_service(Some(&*it.service).filter(|service| !service.is_empty()))
        });
        let mut others: Vec<(&str, Vec<usize>)> = Vec::new();
        for it in elsewhere.filter(|it| !seen.contains(&it.name)) {
            // They are sorted.
            match others.last_mut().filter(|(name, _)| *name == it.name) {
                Some((_, arities)) => arities.push(it.arity),
                None => others.push((&it.name, vec![it.arity])),
            }
        }
        for (name, arities) in others {
            let arity = (wanted == OutsideKind::Function).then(|| format!("{}, ", arguments(arities)));
            found.push((name.to_owned(), format!("{}in other scripts", arity.unwrap_or_default())));
        }
        for it in BUILT_INS {
            let name = match wanted {
                OutsideKind::Service => it.service,
                OutsideKind::Function if service.as_deref() == Some(it.service) => it.function,
                _ => continue,
            };
            let detail = match wanted {
                OutsideKind::Function => format!("({}) {}", it.parameters.join(", "), it.what),
                _ if whose(it.service).starts_with("Built in") => "built in".to_owned(),
                _ => "of the host".to_owned(),
            };
            if let Some((_, known)) = found.iter_mut().find(|(known, _)| known == name) {
                if wanted == OutsideKind::Function {
                    *known = detail;
                }
            } else {
                found.push((name.to_owned(), detail));
            }
        }
        match wanted {
            OutsideKind::Peer => {}
            OutsideKind::Service => self.rank_services(&mut found, &names),
            OutsideKind::Function => self.rank_functions(service.as_deref(), &mut found, &names),
        }
        let kind = match wanted {
            OutsideKind::Peer => ItemKind::Peer,
            OutsideKind::Service => ItemKind::Service,
            OutsideKind::Function => ItemKind::Function,
        };
        for (name, detail) in found {
            let topic = match (&service, wanted) {
                (_, OutsideKind::Peer) => format!("peer {name}"),
                (_, OutsideKind::Service) => format!("service {name}"),
                (service, OutsideKind::Function) => {
                    format!("function {} {name}", service.as_deref().unwrap_or_default())
                }
            };
            self.add(kind, &format!("\"{name}\""), &detail, topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::completion::testing::check;

    #[test]
    fn what_lies_outside() {
        check(
            "(seq (call \"relay\" (\"s\" \"f\") [1 2]) (call \"$0",
            expect![[r#"
                instead of "\""
                Peer "@relay" -> "\"@relay\"" named by script.sample.json
                Peer "relay" -> "\"relay\"" 1×
            "#]],
        );
        check(
            "(seq (call \"relay\" (\"s\" \"f\") [1 2]) (call \"relay\" (\"s\" \"$0\") []))",
            expect![[r#"
                instead of "\"\""
                Function "f" -> "\"f\"" 2 arguments
                Function "other" -> "\"other\"" 3 arguments, in other scripts
                Function "s" -> "\"s\"" named as its service
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
                Service "math" -> "\"math\"" built in
                Service "getDataSrv" -> "\"getDataSrv\"" of the host
                Service "op" -> "\"op\"" built in
                Service "cmp" -> "\"cmp\"" built in
                Service "array" -> "\"array\"" built in
                Service "json" -> "\"json\"" built in
                Service "debug" -> "\"debug\"" built in
                Service "peer" -> "\"peer\"" built in
                and 9 more
            "#]],
        );
    }
}
