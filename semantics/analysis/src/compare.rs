//! Two versions of a script side by side, by structure and not by lines.
//!
//! Both are trees of instructions in which nested `seq` and `par` are one list, as the Aqua compiler means them, and a hop
//! is one step. Equal parts are found first, wherever they are; then what holds most of them; then, in what is held by
//! the same, what is left is told as changed, inserted or removed. A variable that has another name everywhere is renamed,
//! and nothing else is said of it.
//!
//! ```
//! use air_analysis::{Analysis, compare::compare};
//!
//! let old = Analysis::new("(seq (ap 1 x) (call \"p\" (\"s\" \"f\") [x]))");
//! let new = Analysis::new("(seq (ap 1 y) (seq (call \"p\" (\"s\" \"f\") [y]) (null)))");
//! let found = compare(old.hir(), new.hir());
//! assert_eq!((found.renames[0].old.as_str(), found.renames[0].new.as_str()), ("x", "y"));
//! let inserted: Vec<_> = found.changes().map(|line| line.text.as_str()).collect();
//! assert_eq!(inserted, ["null"]);
//! ```
//!
//! Takes time in the order of n log n. Layers: `tree` · `matching` · `names` · `lines`.

mod lines;
mod matching;
mod names;
mod tree;

use air_semantics::hir::Hir;
use air_syntax::TextRange;

use matching::Matching;
use names::Names;
use tree::Tree;

/// How two scripts differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Variables that have another name everywhere, in the order of the new script.
    pub renames: Vec<Rename>,
    /// Both scripts as one readable view, in the order of the new one; what was removed stands where it was.
    pub lines: Vec<Line>,
}

/// A variable with another name, tags included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// In the old script.
    pub old: String,
    /// In the new script.
    pub new: String,
}

/// An instruction without its children.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What became of it.
    pub change: Change,
    /// How many lines it is in.
    pub depth: usize,
    /// The instruction in the old script; absent if inserted.
    pub old: Option<TextRange>,
    /// The instruction in the new script; absent if removed.
    pub new: Option<TextRange>,
    /// As people read it; the new form of what changed.
    pub text: String,
    /// The old form; only of what changed.
    pub before: Option<String>,
}

/// What became of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// Nothing, except perhaps names.
    Same,
    /// It is new.
    Inserted,
    /// It is gone.
    Removed,
    /// It has other operands.
    Changed,
    /// It stands at another place, with what is in it.
    Moved,
    /// Both.
    MovedAndChanged,
}

impl Comparison {
    /// Whether the scripts are equal, but for layout, comments and the nesting of `seq` and `par`.
    pub fn is_same(&self) -> bool {
        self.renames.is_empty() && self.changes().next().is_none()
    }

    /// The lines that are not as they were.
    pub fn changes(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.change != Change::Same)
    }
}

/// Compares two scripts, accepted or not.
pub fn compare(old: &Hir, new: &Hir) -> Comparison {
    let (old, new) = (Tree::new(old), Tree::new(new));
    let matching = Matching::new(&old, &new);
    let names = Names::new(&old, &new, &matching);
    lines::write(&old, &new, &matching, &names)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::Analysis;

    fn check(old: &str, new: &str, expected: Expect) {
        let found = compare(Analysis::new(old).hir(), Analysis::new(new).hir());
        let mut out = String::new();
        for rename in &found.renames {
            writeln!(out, "{} → {}", rename.old, rename.new).unwrap();
        }
        for line in &found.lines {
            let mark = match line.change {
                Change::Same => ' ',
                Change::Inserted => '+',
                Change::Removed => '-',
                Change::Changed => '~',
                Change::Moved => '>',
                Change::MovedAndChanged => '*',
            };
            write!(out, "{mark} {}{}", "  ".repeat(line.depth), line.text).unwrap();
            if let Some(before) = &line.before {
                write!(out, "   (was: {before})").unwrap();
            }
            out.push('\n');
        }
        expected.assert_eq(&out);
    }

    #[test]
    fn layout_nesting_and_names_are_no_changes() {
        check(
            "(seq (seq (ap 1 x) (ap x y)) (call \"p\" (\"s\" \"f\") [x y.$.a[x]] $s))",
            "; comment\n(seq\n (ap 1 a)\n (seq (ap a y) (call \"p\" (\"s\" \"f\") [a y.$.a[a]] $t)))",
            expect![[r#"
                x → a
                $s → $t
                  seq:
                    ap 1 a
                    ap a y
                    $t <- call "p" ("s", "f") [a, y.$.a.[a]]
            "#]],
        );
    }

    #[test]
    fn inserted_removed_and_changed() {
        check(
            "(seq (ap 1 x) (seq (ap 2 y) (xor (call \"p\" (\"s\" \"f\") [x y]) (fail %last_error%))))",
            "(seq (ap 1 x) (seq (null) (xor (call \"p\" (\"s\" \"g\") [x]) (seq (ap 3 z) (fail %last_error%)))))",
            expect![[r#"
                  seq:
                    ap 1 x
                -   ap 2 y
                +   null
                    xor:
                ~     call "p" ("s", "g") [x]   (was: call "p" ("s", "f") [x, y])
                +     seq:
                +       ap 3 z
                        fail %last_error%
            "#]],
        );
    }

    #[test]
    fn moved() {
        check(
            "(seq (call \"a\" (\"s\" \"f\") [] x) (seq (call \"b\" (\"s\" \"g\") []) (par (null) (call \"c\" (\"s\" \"h\") []))))",
            "(seq (call \"b\" (\"s\" \"g\") []) (seq (par (call \"a\" (\"s\" \"f\") [] x) (null)) (call \"c\" (\"s\" \"i\") [])))",
            expect![[r#"
                  seq:
                    call "b" ("s", "g") []
                    par:
                >     x <- call "a" ("s", "f") []
                      null
                -     call "c" ("s", "h") []
                +   call "c" ("s", "i") []
            "#]],
        );
    }

    #[test]
    fn wrapped_and_unwrapped() {
        let inner = "(seq (call \"a\" (\"s\" \"f\") [] x) (call \"b\" (\"s\" \"g\") [x]))";
        check(
            inner,
            &format!("(xor {inner} (null))"),
            expect![[r#"
                + xor:
                    seq:
                      x <- call "a" ("s", "f") []
                      call "b" ("s", "g") [x]
                +   null
            "#]],
        );
        check(
            &format!("(new $s {inner})"),
            inner,
            expect![[r#"
            - new $s:
              seq:
                x <- call "a" ("s", "f") []
                call "b" ("s", "g") [x]
        "#]],
        );
    }

    #[test]
    fn hops_are_one_step() {
        check(
            "(seq (new $-ephemeral-stream- (new #-ephemeral-canon- (canon relay $-ephemeral-stream- #-ephemeral-canon-))) (null))",
            "(seq (new $-ephemeral-stream- (new #-ephemeral-canon- (canon other $-ephemeral-stream- #-ephemeral-canon-))) (null))",
            expect![[r#"
                relay → other
                  seq:
                    hop other
                    null
            "#]],
        );
    }

    #[test]
    fn broken_and_empty_scripts() {
        check(
            "",
            "(null)",
            expect![[r#"
            + null
        "#]],
        );
        check(
            "(seq (nul) (ap x y",
            "(seq (ap x z) (nil))",
            expect![[r#"
            y → z
              seq:
            -   ? nul)
                ap x z
            +   ? nil)
        "#]],
        );
    }

    /// Equal parts everywhere, and nothing equal anywhere: neither takes more than linear time.
    #[test]
    fn large_scripts() {
        let chain = |names: &dyn Fn(usize) -> String| {
            let mut text = String::new();
            for step in 0..20_000 {
                text += &format!("(seq (call \"p\" (\"s\" \"{}\") [x]) ", names(step));
            }
            text + "(null)" + &")".repeat(20_000)
        };
        let nested = |word: &str| {
            format!("{}(null){}", format!("({word} (ap 1 x) ").repeat(20_000), ")".repeat(20_000))
        };
        let texts = [
            chain(&|step| step.to_string()),
            chain(&|step| (step % 7).to_string()),
            chain(&|step| (19_999 - step).to_string()),
            chain(&|_| "f".to_owned()),
            nested("xor"),
            nested("par"),
        ];
        let scripts: Vec<_> = texts.iter().map(|text| Analysis::new(text.as_str())).collect();
        for old in &scripts {
            for new in &scripts {
                let found = compare(old.hir(), new.hir());
                assert_eq!(found.is_same(), std::ptr::eq(old, new));
            }
        }
    }
}
