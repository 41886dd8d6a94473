//! Values that are not variables: special values, literals, numbers of failures.

use air_semantics::hir::{InstrKind, OperandKind, Role};

use super::list::{ItemKind, List, text_of};

/// Codes of the script's own `fail`s that are offered.
const MAX_OWN_CODES: usize = 20;

impl List<'_> {
    /// `true`, `[]`.
    pub(super) fn literals(&mut self, role: Role) {
        let literals: &[&str] = match role {
            Role::Argument | Role::Left | Role::Right | Role::Value => &["true", "false", "[]"],
            Role::Source if self.kind() == Some(InstrKind::Ap) => &["true", "false", "[]"],
            Role::Iterable => &["[]"],
            _ => &[],
        };
        for literal in literals {
            self.add(ItemKind::Value, literal, "", format!("value {literal}"));
        }
    }

    /// Whether the number of a failure belongs here: in `fail`, and where one is compared with `error_code`.
    fn takes_error_code(&self) -> bool {
        match (self.kind(), self.here.before.as_slice()) {
            (Some(InstrKind::Fail), []) => true,
            (Some(InstrKind::Match | InstrKind::Mismatch), [left]) => {
                text_of(self.analysis, *left).ends_with(".error_code")
            }
            _ => false,
        }
    }

    /// Numbers that the script fails with itself.
    pub(super) fn own_codes(&mut self, role: Role) {
        if !matches!(role, Role::Failure | Role::Right) || !self.takes_error_code() {
            return;
        }
        let mut own: Vec<i64> = Vec::new();
        for operand in &self.analysis.hir().operands {
            if let (Role::FailCode, OperandKind::Int(code)) = (operand.role, operand.kind)
                && operand.range != self.here.word
                && !own.contains(&code)
            {
                own.push(code);
            }
            if own.len() == MAX_OWN_CODES {
                break;
            }
        }
        own.sort_unstable();
        for code in own {
            self.add(ItemKind::Code, &code.to_string(), "used in this script", format!("own-code {code}"));
        }
    }

    /// Numbers of the language's own failures.
    pub(super) fn error_codes(&mut self) {
        if !self.takes_error_code() {
            return;
        }
        for it in self.surroundings.error_codes() {
            let label = it.code.to_string();
            if !self.items.iter().any(|item| item.label == label) {
                self.add(ItemKind::Code, &label, it.name, format!("error-code {label}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::completion::testing::check;

    #[test]
    fn numbers_of_failures() {
        check(
            "(xor (fail 7 \"a\") (match :error:.$.error_code $0",
            expect![[r#"
                instead of ""
                Code 7 -> "7" used in this script
                Code 10001 -> "10001" MatchValuesNotEqual
                Special %init_peer_id% -> "%init_peer_id%" 
                Special :error: -> ":error:" 
                Special %last_error% -> "%last_error%" 
                Special %timestamp% -> "%timestamp%" 
                Special %ttl% -> "%ttl%" 
                Value true -> "true" 
                and 2 more
            "#]],
        );
        check(
            "(xor (fail 7 \"a\") (match :error:.$.message $0",
            expect![[r#"
            instead of ""
            Special %init_peer_id% -> "%init_peer_id%" 
            Special :error: -> ":error:" 
            Special %last_error% -> "%last_error%" 
            Special %timestamp% -> "%timestamp%" 
            Special %ttl% -> "%ttl%" 
            Value true -> "true" 
            Value false -> "false" 
            Value [] -> "[]" 
        "#]],
        );
        check(
            "(xor (fail 7 \"a\") (fail $0))",
            expect![[r#"
                instead of ""
                Special :error: -> ":error:" 
                Code 7 -> "7" used in this script
                Special %last_error% -> "%last_error%" 
                Code 10001 -> "10001" MatchValuesNotEqual
            "#]],
        );
        check(
            "(xor (fail 7 \"a\") (fail 1 $0))",
            expect![[r#"
            instead of ""
        "#]],
        );
    }
}
