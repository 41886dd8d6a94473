//! New names where one is written: what is read further on and set nowhere, and names for what comes out.

use std::collections::HashSet;

use air_semantics::hir::{InstrKind, Role};
use air_syntax::{SyntaxKind, lexer};

use super::known::Known;
use super::list::{List, text_of};

impl List<'_> {
    /// Names for an output or a target that are not there yet, and the canon that goes with a stream.
    pub(super) fn names_to_set(&self, role: Role) -> Vec<String> {
        let text = |at: usize| self.here.before.get(at).map_or("", |range| text_of(self.analysis, *range));
        let mut found = Vec::new();
        match (role, self.kind()) {
            (Role::Target, Some(InstrKind::Canon)) => found.extend(canon_of(text(1))),
            (Role::Output, _) => {
                let called =
                    |at: usize| self.here.called.get(at).map_or("", |range| text_of(self.analysis, *range));
                let function = called(1).trim_matches('"');
                let names: HashSet<&str> = self.analysis.hir().names().collect();
                let parameter = format!("-{function}-arg-");
                if called(0) == "\"getDataSrv\"" && names.iter().any(|name| is_parameter(name)) {
                    found.extend(scalar(&parameter).map(|name| free(&name, &names)));
                }
                let compiled =
                    |name: &&str| *name == "-relay-" || name.starts_with("ret-") || is_parameter(name);
                if names.contains("ret") || names.iter().any(compiled) {
                    found.push(free("ret", &names));
                }
                found.extend(scalar(function).map(|name| free(&name, &names)));
            }
            (Role::Target, _) => {
                let names: HashSet<&str> = self.analysis.hir().names().collect();
                let (_, last) = text(0).rsplit_once('.').unwrap_or_default();
                found.extend(flat(text(0)).or_else(|| scalar(last)).map(|name| free(&name, &names)));
            }
            _ => {}
        }
        found
    }

    /// Names for the iterator of a fold: first what its body continues with, then what it reads and nothing sets.
    pub(super) fn names_for_iterator(&self, known: &[Known<'_>]) -> Vec<String> {
        let body = self.body();
        let mut wanted: Vec<_> = known
            .iter()
            .filter(|it| it.wanted() && it.word(false) == SyntaxKind::SCALAR)
            .filter(|it| {
                body.is_some_and(|body| it.read_from.is_some_and(|read| body.contains_inclusive(read)))
            })
            .collect();
        wanted.sort_by_key(|it| (it.nexts == 0, it.read_from, it.name));
        let mut found: Vec<String> = wanted.into_iter().map(|it| it.name.to_owned()).collect();
        if found.is_empty() {
            let walked = self.here.before.first().map_or("", |range| text_of(self.analysis, *range));
            found.push(self.name_of_element(walked));
        }
        found
    }

    /// A name for the elements of a value.
    pub(super) fn name_of_element(&self, walked: &str) -> String {
        let names: HashSet<&str> = self.analysis.hir().names().collect();
        let last =
            walked.rsplit(['.', '$', '#', '%']).find(|part| scalar(part).is_some()).unwrap_or_default();
        let one = match last {
            _ if last.ends_with("ies") => format!("{}y", last.trim_end_matches("ies")),
            _ if last.len() > 1 && last.ends_with('s') && !last.ends_with("ss") => {
                last.trim_end_matches('s').to_owned()
            }
            _ => "item".to_owned(),
        };
        free(&scalar(&one).unwrap_or_else(|| "item".to_owned()), &names)
    }
}

/// `#s` for `$s`, `#%m` for `%m`.
fn canon_of(source: &str) -> Option<String> {
    match source.strip_prefix('$') {
        Some(bare) => (!bare.is_empty()).then(|| format!("#{bare}")),
        None => (source.len() > 1 && source.starts_with('%')).then(|| format!("#{source}")),
    }
}

/// What the compiler makes of a canon: `#-s-fix-0` becomes `-s-flat-0`, `#s_result_canon` becomes `s_gate`.
fn flat(source: &str) -> Option<String> {
    let bare = source.strip_prefix('#')?;
    let gate = bare.strip_suffix("_result_canon").map(|stream| format!("{stream}_gate"));
    gate.or_else(|| bare.contains("-fix-").then(|| bare.replace("-fix-", "-flat-")))
}

/// What the compiler calls the parameters of a function.
fn is_parameter(name: &str) -> bool {
    name.len() > "--arg-".len() && name.starts_with('-') && name.ends_with("-arg-")
}

/// The text as the name of a scalar, if it is one.
fn scalar(text: &str) -> Option<String> {
    let tokens = lexer::lex(text);
    (tokens.kinds == [SyntaxKind::SCALAR]).then(|| text.to_owned())
}

/// The name, or the next one with a number, as the compiler of Aqua makes it.
fn free(name: &str, names: &HashSet<&str>) -> String {
    if !names.contains(name) {
        return name.to_owned();
    }
    let mut numbered = (0..=names.len()).map(|number| format!("{name}-{number}"));
    numbered.find(|name| !names.contains(&**name)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::completion::testing::first;

    #[test]
    fn what_is_read_further_on() {
        assert_eq!(first("(seq (call \"p\" (\"s\" \"f\") [] $0) (ap x.$.a y))"), "x f");
        assert_eq!(first("(seq (ap 1 $0) (ap x.$.[k] y))"), "x k");
        assert_eq!(first("(seq (ap 1 x$0) (ap xyz y))"), "xyz");
        assert_eq!(first("(seq (ap 1 $s) (seq (canon \"p\" $s $0) (ap #other y)))"), "#other #s");
        assert_eq!(first("(seq (ap 1 $s) (seq (canon \"p\" $s $0) (seq (ap #t y) (ap #s z))))"), "#s #t");
        assert_eq!(first("(seq (ap (1 2) $0) (canon \"p\" %m #%m))"), "%m");
        assert_eq!(first("(fold [] $0 (seq (ap a b) (next i)))"), "i a");
        assert_eq!(first("(fold [] $0 (ap 1 z) (next i))"), "i");
        assert_eq!(first("(new $0 (seq (ap 1 $s) (canon \"p\" $s #s)))"), "$s #s");
    }

    #[test]
    fn after_what_comes_out() {
        assert_eq!(first("(call \"p\" (\"s\" \"get user\") [] $0)"), "");
        assert_eq!(first("(call \"p\" (\"s\" \"get_user\") [] $0)"), "get_user");
        assert_eq!(first("(seq (ap 1 user) (call \"p\" (\"s\" \"user\") [] $0))"), "user-0");
        assert_eq!(
            first(
                "(seq (call \"p\" (\"getDataSrv\" \"a\") [] -a-arg-) (call \"p\" (\"getDataSrv\" \"b\") [] $0))"
            ),
            "-b-arg- ret b"
        );
        assert_eq!(first("(seq (call \"p\" (\"s\" \"f\") [] x) (ap x.$.users.[0].name $0))"), "name");
        assert_eq!(
            first("(seq (ap 1 $s) (seq (canon \"p\" $s #s_result_canon) (ap #s_result_canon $0)))"),
            "$s s_gate"
        );
        assert_eq!(first("(seq (call \"p\" (\"s\" \"f\") [] users) (fold users $0"), "user");
        assert_eq!(first("(seq (call \"p\" (\"s\" \"f\") [] x) (fold x.$.entries $0"), "entry");
    }

    #[test]
    fn what_another_branch_sets() {
        assert_eq!(first("(xor (ap 1 x) (ap 2 $0))"), "x");
        assert_eq!(first("(seq (ap 1 x) (ap 2 $0))"), "");
    }
}
