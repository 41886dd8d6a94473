//! Offers `; air: given …` for names that nothing defines.

use air_semantics::Script;
use air_semantics::directives::DirectiveKind;
use air_semantics::hir::NameId;
use air_syntax::{TextRange, TextSize};

use crate::diagnostic::{Fix, TextEdit};

/// Offers to declare names as given: after the names of the first such directive, or in a line of
/// its own after the comments at the top.
pub struct Offer<'a> {
    script: &'a Script,
    at: TextSize,
    before: &'static str,
    after: &'static str,
}

impl Offer<'_> {
    /// For a script.
    pub fn new(script: &Script) -> Offer<'_> {
        let directives = script.directives();
        if let Some(present) =
            directives.iter().find(|directive| matches!(directive.kind, DirectiveKind::Given(_)))
        {
            return Offer { script, at: present.comment.end(), before: " ", after: "" };
        }
        let hir = script.hir();
        let first = hir.roots.first().and_then(|root| hir.instr(*root));
        let first = first.map_or(0, |instr| instr.range.start().into());
        let header = script.text.get(..first).unwrap_or_default();
        let line = header.rfind('\n').map_or(0, |newline| newline + 1);
        // As the line before ends, or the first one if there is none.
        let first_end = memchr::memchr(b'\n', script.text.as_bytes()).unwrap_or(0);
        let crlf = script.text.get(..first_end).is_some_and(|line| line.ends_with('\r'));
        let after = if crlf { "\r\n" } else { "\n" };
        Offer { script, at: TextSize::new(line as u32), before: "; air: given ", after }
    }

    /// Where to write which text, for several names.
    pub fn all(&self, names: &[&str]) -> (TextSize, String) {
        (self.at, format!("{}{}{}", self.before, names.join(" "), self.after))
    }

    /// The fix for one name.
    pub fn given(&self, name: NameId) -> Fix {
        let name = self.script.hir().name(name);
        let new_text = format!("{}{name}{}", self.before, self.after);
        Fix {
            title: format!("declare `{name}` as given by the host").into(),
            safe: false,
            edits: vec![TextEdit { range: TextRange::empty(self.at), new_text }],
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn after_the_comments_at_the_top() {
        check(
            r#"; the header

 (call user ("s" "f") [])"#,
            expect![[r#"
                |  (call user ("s" "f") [])
                |        ^^^^ V001 variable `user` is not defined
                fix: declare `user` as given by the host: "; the header\n\n; air: given user\n (call user (\"s\" \"f\") [])"
                AquaVM 15..39: variable 'user' wasn't defined
            "#]],
        );
    }

    #[test]
    fn after_other_given_names() {
        check(
            r#"; air: given a
(seq (ap a x) (ap b y))"#,
            expect![[r#"
                | (seq (ap a x) (ap b y))
                |                   ^ V001 variable `b` is not defined
                fix: declare `b` as given by the host: "; air: given a b\n(seq (ap a x) (ap b y))"
                AquaVM 29..37: variable 'b' wasn't defined
            "#]],
        );
    }
}
