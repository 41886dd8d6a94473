//! Shapes a chain of `seq`s.

use air_semantics::hir::{Instr, InstrKind};
use air_syntax::{TextRange, TextSize};

use super::context::Context;
use super::draft::Draft;
use super::pieces::{comments_between, trailing_comment};
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "nest-seq",
    kind: Kind::Rewrite,
    behaviour: Behaviour::Same,
    what: "Rearranges a chain of three or more steps in nested `seq`s: to the right (each further step one level deeper), \
           to the left (as the Aqua compiler does), or flat (balanced, with as few levels as possible). The steps and \
           their order stay the same.",
    example: "($0seq\n (seq\n  (ap 1 one)\n  (ap 2 two)\n )\n (ap 3 three)\n)",
    offer,
};

/// A step with the comments around it.
struct ChainStep<'a> {
    comments: Vec<&'a str>,
    /// After an empty line.
    apart: bool,
    body: &'a str,
    trail: &'a str,
}

fn offer(context: &Context<'_>) -> Vec<Draft> {
    let instr = context.instr;
    let Some(mut root) = (match instr.kind {
        InstrKind::Seq if context.on_head() => Some(instr),
        _ => None,
    }) else {
        return Vec::new();
    };
    while let Some(outer) = context.parent(root).filter(|outer| outer.kind == InstrKind::Seq) {
        root = outer;
    }
    let steps = steps(context, root);
    if steps.0.len() < 3 || !context.whole(root) {
        return Vec::new();
    }
    let shapes: [(&str, Shape); 3] = [
        ("Nest the chain of `seq`s to the right", right),
        ("Nest the chain of `seq`s to the left", left),
        ("Flatten the chain of `seq`s", balanced),
    ];
    let old: String = solid(context.hir.text_at(root.range));
    let mut seen = vec![old];
    let mut drafts = Vec::new();
    for (title, shape) in shapes {
        let text = written(&steps, &shape(steps.0.len()));
        let solid = solid(&text);
        if !seen.contains(&solid) {
            seen.push(solid);
            drafts.push(Draft::form(title, root.range, text, 0));
        }
    }
    drafts
}

fn solid(text: &str) -> String {
    text.chars().filter(|char| !char.is_whitespace()).collect()
}

/// The steps of a chain, and comments after the last one.
fn steps<'a>(context: &Context<'a>, root: &'a Instr) -> (Vec<ChainStep<'a>>, Vec<&'a str>) {
    let text: &'a str = context.text(TextSize::new(0), TextSize::of(&*context.hir.text));
    let mut found: Vec<ChainStep<'a>> = Vec::new();
    let mut at = root.range.start();
    let mut stack = vec![root];
    while let Some(instr) = stack.pop() {
        if instr.kind == InstrKind::Seq {
            stack.extend(context.children(instr).into_iter().rev());
            continue;
        }
        let gap = TextRange::new(at, instr.range.start());
        let comments = comments_between(text, gap);
        let between = context.text(gap.start(), gap.end());
        let apart = !found.is_empty() && (between.contains("\n\n") || between.contains("\n\r\n"));
        let trail = trailing_comment(text, instr.range.end());
        at = trail.end();
        let (body, trail) =
            (context.text(instr.range.start(), instr.range.end()), context.text(trail.start(), trail.end()));
        found.push(ChainStep { comments, apart, body, trail });
    }
    (found, comments_between(text, TextRange::new(at, root.range.end())))
}

/// A chain of so many steps.
type Shape = fn(usize) -> Vec<Word>;

/// What a shape is made of.
enum Word {
    Open,
    ChainStep(usize),
    Close,
}

fn right(count: usize) -> Vec<Word> {
    let mut words = Vec::new();
    for step in 0..count {
        if step + 1 < count {
            words.push(Word::Open);
        }
        words.push(Word::ChainStep(step));
    }
    words.extend((1..count).map(|_| Word::Close));
    words
}

fn left(count: usize) -> Vec<Word> {
    let mut words: Vec<Word> = (1..count).map(|_| Word::Open).collect();
    for step in 0..count {
        words.push(Word::ChainStep(step));
        if step > 0 {
            words.push(Word::Close);
        }
    }
    words
}

fn balanced(count: usize) -> Vec<Word> {
    enum Task {
        Range(usize, usize),
        Close,
    }
    let mut words = Vec::new();
    let mut tasks = vec![Task::Range(0, count)];
    while let Some(task) = tasks.pop() {
        match task {
            Task::Close => words.push(Word::Close),
            Task::Range(start, end) if end - start == 1 => words.push(Word::ChainStep(start)),
            Task::Range(start, end) => {
                let middle = start + (end - start).div_ceil(2);
                words.push(Word::Open);
                tasks.extend([Task::Close, Task::Range(middle, end), Task::Range(start, middle)]);
            }
        }
    }
    words
}

fn written((steps, tail): &(Vec<ChainStep<'_>>, Vec<&str>), words: &[Word]) -> String {
    let mut text = String::new();
    // Brackets before a step stand after its comments, except for the outermost.
    let mut open = 0;
    let last = words.len() - 1;
    for (index, word) in words.iter().enumerate() {
        match word {
            Word::Open if index == 0 => text.push_str("(seq "),
            Word::Open => open += 1,
            Word::ChainStep(step) => {
                let Some(step) = steps.get(*step) else { continue };
                if step.apart {
                    text.push_str("\n\n");
                }
                for comment in &step.comments {
                    if !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text.push_str(comment);
                    text.push('\n');
                }
                for _ in 0..std::mem::take(&mut open) {
                    text.push_str("(seq ");
                }
                text.push_str(step.body);
                text.push(' ');
                if !step.trail.is_empty() {
                    text.push_str(step.trail);
                    text.push('\n');
                }
            }
            Word::Close => {
                if index == last {
                    for comment in tail {
                        text.push('\n');
                        text.push_str(comment);
                        text.push('\n');
                    }
                }
                text.push(')');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn three_shapes() {
        check(
            &REFACTORING,
            "(seq (seq (ap 1 a) (ap 2 b)) (s$0eq (ap 3 c) (ap 4 d)))",
            expect![[r#"
            # Nest the chain of `seq`s to the right
            $0(seq
             (ap 1 a)
             (seq
              (ap 2 b)
              (seq
               (ap 3 c)
               (ap 4 d)
              )
             )
            )
            # Nest the chain of `seq`s to the left
            $0(seq
             (seq
              (seq
               (ap 1 a)
               (ap 2 b)
              )
              (ap 3 c)
             )
             (ap 4 d)
            )
        "#]],
        );
    }

    #[test]
    fn comments_keep_their_steps() {
        check(
            &REFACTORING,
            "(seq ; chain\n (ap 1 a) ; one\n\n ; rest\n ($0seq\n  (ap 2 b) ; two\n  ; three\n  (ap 3 c)\n  ; end\n )\n)",
            expect![[r#"
                # Nest the chain of `seq`s to the right
                $0(seq
                 ; chain
                 (ap 1 a) ; one

                 ; rest
                 (seq
                  (ap 2 b) ; two
                  ; three
                  (ap 3 c)
                 )
                 ; end
                )
                # Nest the chain of `seq`s to the left
                $0(seq
                 ; chain
                 (seq
                  (ap 1 a) ; one

                  ; rest
                  (ap 2 b) ; two
                 )
                 ; three
                 (ap 3 c)
                 ; end
                )
            "#]],
        );
    }

    #[test]
    fn two_steps_have_one_shape() {
        check(
            &REFACTORING,
            "($0seq (null) (null))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
