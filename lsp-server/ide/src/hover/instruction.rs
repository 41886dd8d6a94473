//! Keywords: the page of the instruction, with what is so at this place; and far brackets.

use air_analysis::Analysis;
use air_analysis::idioms::Certainty;
use air_semantics::closest::Closest;
use air_semantics::hir::{AccessorKind, Hir, Instr, InstrId, InstrKind, OperandKind, Role};
use air_semantics::resolve::BindingKind;
use air_syntax::{TextRange, TextSize};

use super::explanation::{Explanation, Subject, line, list};
use crate::fold_order::fold_order;
use crate::markdown::{code, escaped};
use crate::names::instr_at;
use crate::{hints, instructions};

/// The keyword at an offset.
pub(super) fn at(analysis: &Analysis, offset: TextSize) -> Option<Explanation> {
    let hir = analysis.hir();
    let id = instr_at(hir, offset)?;
    let instr = hir.instr(id)?;
    if instr.keyword.is_empty() || !instr.keyword.contains_inclusive(offset) {
        return None;
    }
    let mut markdown = String::new();
    if let Some(idiom) = analysis.idiom_at(id).filter(|idiom| idiom.certainty >= Certainty::Likely) {
        markdown = format!("**{}** — {}\n\n", escaped(&idiom.label), idiom.kind.summary());
    }
    match instructions::page(instr.kind) {
        // What is so at this place is what the reader does not know yet; the manual follows.
        Some(page) => {
            markdown.push_str(&here(analysis, id, instr));
            if !markdown.is_empty() {
                markdown.push_str("---\n\n");
            }
            markdown.push_str(&instructions::in_short(page));
        }
        None => markdown.push_str(&unknown(hir.text_at(instr.keyword))),
    }
    Some(Explanation { range: instr.keyword, markdown, subject: Subject::Other })
}

/// The bracket at an offset, if what it closes begins on another line.
pub(super) fn closed_at(analysis: &Analysis, offset: TextSize) -> Option<Explanation> {
    let hir = analysis.hir();
    let end = offset + TextSize::of(')');
    let range = TextRange::new(offset, end);
    if hir.text_at(range) != ")" {
        return None;
    }
    // Closing order: ends ascend.
    let at = hir.instrs.partition_point(|instr| instr.range.end() < end);
    let instr = hir.instrs.get(at).filter(|instr| instr.range.end() == end)?;
    let begins = line(analysis, instr.range.start());
    let markdown = format!("Closes {} of line {begins}\n", code(&hints::head(hir, instr)));
    (begins != line(analysis, offset)).then_some(Explanation { range, markdown, subject: Subject::Other })
}

fn unknown(word: &str) -> String {
    let keywords = || instructions::PAGES.iter().map(|page| page.keyword);
    let meant = match Closest::default().to(word, keywords()) {
        Some(meant) => format!(" Did you mean `{meant}`?"),
        None => String::new(),
    };
    format!(
        "{} is not an AIR instruction.{meant}\n\nThe instructions are {}.\n",
        code(word),
        list(keywords())
    )
}

/// What of an instruction's page is so at this place; empty where that is all there is to say.
fn here(analysis: &Analysis, id: InstrId, instr: &Instr) -> String {
    let hir = analysis.hir();
    match instr.kind {
        InstrKind::Null | InstrKind::Never => {
            return what_for(hir, id, instr).map_or_else(String::new, |what| format!("**Here** {what}.\n\n"));
        }
        InstrKind::Fold => {
            return format!("**Here** the body runs {}.\n\n", fold_order(hir, id).words());
        }
        InstrKind::Next => {
            return goes_on(analysis, instr).map_or_else(String::new, |what| format!("**Here** {what}.\n\n"));
        }
        _ => {}
    }
    let mut parts = Vec::new();
    if let Some(peer) = hir.operand(instr, Role::Peer) {
        let shown =
            if peer.kind == OperandKind::Literal { hir.literal(peer) } else { hir.text_at(peer.range) };
        parts.push(format!("runs on {}", code(shown)));
    }
    let waits = waits(analysis, instr);
    if !waits.is_empty() {
        parts.push(format!("waits for {}", list(waits)));
    }
    let writes = hir.operands_of(instr).iter().filter(|it| matches!(it.role, Role::Output | Role::Target));
    let writes: Vec<_> = writes.map(|it| hir.text_at(it.range)).collect();
    if !writes.is_empty() {
        parts.push(format!("writes {}", list(writes)));
    }
    if parts.is_empty() { String::new() } else { format!("**Here** it {}.\n\n", parts.join("; ")) }
}

/// Variables that have to be there first: not iterators, which always are, and not streams, for which nothing waits.
fn waits<'h>(analysis: &'h Analysis, instr: &Instr) -> Vec<&'h str> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let mut found: Vec<&str> = Vec::new();
    if !matches!(
        instr.kind,
        InstrKind::Call | InstrKind::Canon | InstrKind::Ap | InstrKind::Match | InstrKind::Mismatch
    ) {
        return found;
    }
    let mut add = |name: &'h str, at: TextSize| {
        let binding = resolution.at(at).and_then(|place| resolution.binding(place.binding));
        let iterator = binding.is_some_and(|binding| matches!(binding.kind, BindingKind::Iterator(_)));
        if !iterator && !name.starts_with(['$', '%']) && !found.contains(&name) {
            found.push(name);
        }
    };
    for operand in hir.operands_of(instr).iter().filter(|operand| !operand.role.is_write()) {
        if let Some(name) = operand.kind.name() {
            add(hir.name(name), operand.range.start());
        }
        for accessor in operand.lens.iter().flat_map(|lens| hir.accessors_of(lens)) {
            if let AccessorKind::Variable(name) = accessor.kind {
                add(hir.name(name), accessor.range.start());
            }
        }
    }
    found
}

/// Which fold a `next` belongs to.
fn goes_on(analysis: &Analysis, next: &Instr) -> Option<String> {
    let (hir, resolution) = (analysis.hir(), analysis.resolution());
    let iterator = hir.operand(next, Role::Iterator)?;
    let binding = resolution.binding(resolution.at(iterator.range.start())?.binding)?;
    let BindingKind::Iterator(fold) = binding.kind else { return None };
    let fold = hir.instr(fold)?;
    let iterable = hir.text_at(hir.operand(fold, Role::Iterable)?.range);
    Some(format!(
        "it goes on with the `fold` over {} in line {}",
        code(iterable),
        line(analysis, fold.range.start())
    ))
}

/// What `null` and `never` are there for.
fn what_for(hir: &Hir, id: InstrId, instr: &Instr) -> Option<&'static str> {
    let parent = hir.instr(instr.parent?)?;
    let children = hir.children_of(parent);
    let last = children.last() == Some(&id) && children.len() > 1;
    Some(match (instr.kind, parent.kind) {
        (InstrKind::Null, InstrKind::Xor) if last => "it swallows the failure of the other branch",
        (InstrKind::Null, InstrKind::Par) => {
            "it makes the `par` complete at once: what follows does not wait for the other branch"
        }
        (InstrKind::Null, InstrKind::Fold) if last => "nothing more is done after the last element",
        (InstrKind::Null, InstrKind::Match | InstrKind::Mismatch) => "only the comparison counts",
        (InstrKind::Never, InstrKind::Fold) if last => "the fold never completes by itself",
        (InstrKind::Never, InstrKind::Par) => "this side never counts as complete",
        (InstrKind::Never, InstrKind::Seq) if !last => "nothing after it runs",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::hover::testing::check;

    #[test]
    fn pages() {
        check(
            "(se$0q (null) (null))",
            expect![[r#"
                "seq"
                ```air
                (seq FIRST SECOND)
                ```

                Runs the first instruction and, once that is complete, the second. If the first fails or waits, the second does not run.

                **Waits for** completion of its first instruction, before the second.

                [More about `seq`](https://github.com/fluencelabs/air-tooling/blob/main/lsp-server/ide/docs/instructions.md#seq)
            "#]],
        );
        check(
            "(new $s\n (n$0ew #s\n  (canon \"p\" $s #s)))",
            expect![[r#"
                "new"
                ```air
                (new NAME BODY)
                ```

                Makes a new variable for its body: a stream starts empty and a scalar unset, whatever the name means outside.

                **Writes** nothing; afterwards the name has its earlier meaning again.

                [More about `new`](https://github.com/fluencelabs/air-tooling/blob/main/lsp-server/ide/docs/instructions.md#new)
            "#]],
        );
        check(
            "(seq (nu$0ll) (null))",
            expect![[r#"
                "null"
                ```air
                (null)
                ```

                Does nothing and completes at once.

                [More about `null`](https://github.com/fluencelabs/air-tooling/blob/main/lsp-server/ide/docs/instructions.md#null)
            "#]],
        );
    }

    /// Only the paragraph about this place.
    fn here(marked: &str, expected: &str) {
        let offset = marked.find("$0").unwrap();
        let analysis = Analysis::new(marked.replacen("$0", "", 1));
        let found = at(&analysis, (offset as u32).into()).unwrap();
        let line = found.markdown.lines().find(|line| line.starts_with("**Here**"));
        assert_eq!(line.unwrap_or_default(), expected, "{marked}");
    }

    #[test]
    fn what_is_so_here() {
        here(
            "(seq (null)\n (ca$0ll -relay- (\"s\" \"f\") [x.$.[i] %ttl% x] $out))",
            "**Here** it runs on `-relay-`; waits for `-relay-`, `x`, `i`; writes `$out`.",
        );
        here("(fold xs i (seq (ca$0ll i (\"s\" \"f\") []) (next i)))", "**Here** it runs on `i`.");
        here("(can$0on \"p\" $s #s)", "**Here** it runs on `p`; writes `#s`.");
        here("(m$0atch x 1 (null))", "**Here** it waits for `x`.");
        here(
            "(fo$0ld $s i\n (par (call i (\"s\" \"f\") []) (next i))\n (never))",
            "**Here** the body runs for all elements at once.",
        );
        here(
            "(fold xs i\n (seq (null) (ne$0xt i)))",
            "**Here** it goes on with the `fold` over `xs` in line 1.",
        );
        here("(next$0 i)", "");
        here("(seq$0 (null) (null))", "");
    }

    #[test]
    fn what_null_and_never_are_for() {
        here("(fold $s i (next i) (ne$0ver))", "**Here** the fold never completes by itself.");
        here("(fold xs i (next i) (nul$0l))", "**Here** nothing more is done after the last element.");
        here("(xor (fail 1 \"\") (nul$0l))", "**Here** it swallows the failure of the other branch.");
        here(
            "(par (null) (nu$0ll))",
            "**Here** it makes the `par` complete at once: what follows does not wait for the other branch.",
        );
        here("(par (null) (nev$0er))", "**Here** this side never counts as complete.");
        here("(seq (nev$0er) (null))", "**Here** nothing after it runs.");
        here("(match 1 1 (nul$0l))", "**Here** only the comparison counts.");
        here("(nul$0l)", "");
    }

    #[test]
    fn unknown_ones() {
        check(
            "(seq (cal$0 \"p\" (\"s\" \"f\") []) (null))",
            expect![[r#"
                "cal"
                `cal` is not an AIR instruction. Did you mean `call`?

                The instructions are `call`, `ap`, `seq`, `par`, `xor`, `fold`, `next`, `match`, `mismatch`, `new`, `canon`, `fail`, `null`, `never`.
            "#]],
        );
    }

    #[test]
    fn far_brackets() {
        check(
            "(seq\n (new $s\n  (null)\n $0)\n)",
            expect![[r#"
            ")"
            Closes `new $s` of line 2
        "#]],
        );
        check(
            "(call \"p\" (\"s\" \"f\") [\n x\n $0]\n)",
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn idioms_by_name() {
        let text = "(new $-hop-\n (new #-hop-\n  (canon -relay- $-hop- #-hop-)\n )\n)";
        let found = at(&Analysis::new(text), 3.into()).unwrap();
        let first = found.markdown.lines().next().unwrap();
        expect![
            "**hop -relay-** — Moves execution to a peer: a canon of an empty stream, no service is touched."
        ]
        .assert_eq(first);
    }
}
