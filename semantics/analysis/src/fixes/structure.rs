//! Fixes that look at the whole instruction around a syntax error: a canon for a stream, instructions nested, a name
//! replaced everywhere.

mod array;
mod head;

use air_semantics::Script;
use air_semantics::hir::{Hir, Instr, InstrKind, Role};
use air_syntax::lexer::{LexErrorKind, Tokens, lex};
use air_syntax::{OperandPosition, SyntaxError, SyntaxErrorKind, SyntaxKind, TextRange, TextSize};
use rustc_hash::FxHashSet;

use super::brackets::WrongPairs;
use super::words;
use crate::diagnostic::{Fix, TextEdit};

/// How many errors of a script get a fix from here: each looks at a part of the script.
const MAX_ERRORS: usize = 100;

/// Makes such fixes for one script. Those of several errors may be applied together: they agree on new names.
pub(crate) struct StructureFixes<'a> {
    pub(super) script: &'a Script,
    /// Names without their tags, those that fixes give included.
    taken: Option<FxHashSet<String>>,
    /// Looked for with the first error.
    wrong_pairs: Option<WrongPairs>,
    left: usize,
}

impl<'a> StructureFixes<'a> {
    pub(crate) fn new(script: &'a Script) -> StructureFixes<'a> {
        StructureFixes { script, taken: None, wrong_pairs: None, left: MAX_ERRORS }
    }

    /// The fix for one error, if it is of this kind.
    pub(crate) fn fix(&mut self, error: &SyntaxError) -> Option<Fix> {
        let text = &self.script.text;
        if WrongPairs::may_cause(&error.kind) {
            let wrong_pairs = self.wrong_pairs.get_or_insert_with(|| WrongPairs::of(text));
            if let Some(fix) = wrong_pairs.fix(text, error) {
                return Some(fix);
            }
        }
        let draft = match &error.kind {
            SyntaxErrorKind::WrongOperand { position, found } if takes_canon(*position, *found) => {
                StructureFixes::canon
            }
            SyntaxErrorKind::BadWord(wrong) if wrong.kind == LexErrorKind::ShortNameWithLens => {
                StructureFixes::short_name
            }
            SyntaxErrorKind::BadWord(wrong)
                if matches!(wrong.kind, LexErrorKind::Ellipsis | LexErrorKind::BadChar('…')) =>
            {
                StructureFixes::dots
            }
            SyntaxErrorKind::SurplusInstruction { .. } => StructureFixes::nest,
            SyntaxErrorKind::NonEmptyArray => StructureFixes::array,
            SyntaxErrorKind::MissingKeyword { found } if *found != SyntaxKind::R_PAREN => {
                StructureFixes::missing_keyword
            }
            SyntaxErrorKind::MissingOperand { .. } => StructureFixes::missing_name,
            _ => return None,
        };
        self.left = self.left.checked_sub(1)?;
        draft(self, error)
    }

    /// `[$s]`: a snapshot of the stream, made where the call is made, in place of the stream.
    fn canon(&mut self, error: &SyntaxError) -> Option<Fix> {
        let hir = self.script.hir();
        let instr = whole_instr(hir, error.range)?;
        if matches!(instr.kind, InstrKind::Unknown | InstrKind::Canon | InstrKind::New) {
            return None;
        }
        let stream = stream_of(hir.text_at(error.range))?;
        if words::special(stream).is_some() {
            return None;
        }
        let peer = hir.operand(instr, Role::Peer).filter(|peer| !peer.range.contains_range(error.range));
        let peer = peer.map_or("%init_peer_id%", |peer| hir.text_at(peer.range));
        // The same stream may stand there several times.
        let head = hir.children_of(instr).first().and_then(|id| hir.instr(*id));
        let head = TextRange::new(
            instr.range.start(),
            head.map_or(instr.range.end(), |head| head.range.start().max(instr.range.start())),
        );
        let errors = self.script.parse.errors();
        let same: Vec<TextRange> = errors
            .iter()
            .filter(|other| head.contains_range(other.range) && is_about_stream(other))
            .map(|other| word_at(&self.script.text, other.range))
            .filter(|word| stream_of(hir.text_at(*word)) == Some(stream))
            .collect();
        let with_lens = same.iter().any(|word| hir.text_at(*word).len() > stream.len());
        let canon = self.canon_name(stream, with_lens);
        let before = format!("(seq (canon {peer} {stream} {canon}) ");
        let mut edits = vec![insert(instr.range.start(), before)];
        edits.extend(same.iter().map(|word| TextEdit {
            range: TextRange::at(word.start(), TextSize::of(stream)),
            new_text: canon.clone(),
        }));
        edits.push(insert(instr.range.end(), ")".to_owned()));
        edits.sort_by_key(|edit| edit.range.start());
        Some(Fix { title: format!("use a canon of `{stream}`, made on {peer}").into(), safe: false, edits })
    }

    /// `$s.$.[0]` where AquaVM takes no lens: another name everywhere, or a canon where a value is read.
    fn short_name(&mut self, error: &SyntaxError) -> Option<Fix> {
        let hir = self.script.hir();
        let word = word_at(&self.script.text, error.range);
        let error = SyntaxError { range: word, ..error.clone() };
        let name = hir.text_at(word).split('.').next()?;
        if stream_of(name).is_some() {
            let instr = innermost(hir, word)?;
            return if reads_at(hir, instr, word) { self.canon(&error) } else { None };
        }
        let tag = name.trim_end_matches(|c: char| !matches!(c, '#' | '$' | '%'));
        let new = format!("{tag}{}", self.free(&format!("{}_canon", name.get(tag.len()..)?)));
        let tokens = lex(&self.script.text);
        let edits = words(&self.script.text, &tokens)
            .filter(|(_, word)| word.split('.').next() == Some(name))
            .map(|(start, _)| TextEdit {
                range: TextRange::at(start, TextSize::of(name)),
                new_text: new.clone(),
            });
        Some(Fix { title: format!("rename `{name}` to `{new}`").into(), safe: false, edits: edits.collect() })
    }

    fn array(&mut self, error: &SyntaxError) -> Option<Fix> {
        array::collect(self, error)
    }

    fn missing_keyword(&mut self, error: &SyntaxError) -> Option<Fix> {
        head::missing_keyword(&self.script.text, error.range)
    }

    /// `...` as a word of its own.
    fn dots(&mut self, error: &SyntaxError) -> Option<Fix> {
        let text = &self.script.text;
        let is_word = |char: char| !char.is_whitespace() && !"()[];".contains(char);
        let (before, after) =
            (text.get(..error.range.start().into())?, text.get(error.range.end().into()..)?);
        if before.ends_with(is_word) || after.starts_with(is_word) {
            return None;
        }
        let instr = innermost(self.script.hir(), error.range);
        head::dots(text, error.range, instr.map(|instr| instr.range.start()))
    }

    /// `(seq a b c)`: `(seq a (seq b c))`.
    fn nest(&mut self, error: &SyntaxError) -> Option<Fix> {
        let hir = self.script.hir();
        // The surplus one may be an instruction itself.
        let mut instr = innermost(hir, error.range)?;
        while instr.range.start() >= error.range.start() {
            instr = hir.instr(instr.parent?)?;
        }
        if !is_whole(hir, instr) {
            return None;
        }
        let (form, kept) = match instr.kind {
            InstrKind::Seq => ("seq", 2),
            InstrKind::Par => ("par", 2),
            InstrKind::Xor => ("xor", 2),
            InstrKind::New | InstrKind::Match | InstrKind::Mismatch => ("seq", 1),
            _ => return None,
        };
        let children = inner_lists(hir.text_at(instr.range), instr.range.start());
        let surplus = children.len().checked_sub(kept).filter(|surplus| *surplus > 0)?;
        let opened = children.get(kept - 1..children.len() - 1)?;
        let mut edits: Vec<_> =
            opened.iter().map(|child| insert(child.start(), format!("({form} "))).collect();
        edits.push(insert(children.last()?.end(), ")".repeat(surplus)));
        Some(Fix { title: format!("nest another `{form}` for the rest").into(), safe: false, edits })
    }

    /// `(next)`, `(canon peer $stream)`: the name that there is, or that goes with it.
    fn missing_name(&mut self, error: &SyntaxError) -> Option<Fix> {
        let SyntaxErrorKind::MissingOperand { position } = error.kind else { return None };
        let hir = self.script.hir();
        let instr = whole_instr(hir, error.range)?;
        let new = match position {
            OperandPosition::Arguments => "[]".to_owned(),
            OperandPosition::NextIterator => {
                let parent = |instr: &Instr| instr.parent.and_then(|id| hir.instr(id));
                let fold = std::iter::successors(parent(instr), |instr| parent(instr))
                    .find(|instr| instr.kind == InstrKind::Fold)?;
                hir.text_at(hir.operand(fold, Role::Iterator)?.range).to_owned()
            }
            OperandPosition::CanonTarget | OperandPosition::CanonMapTarget => {
                let source = hir.operands_of(instr).iter().map(|it| hir.text_at(it.range)).rfind(|_| true)?;
                let stream = stream_of(source)?;
                self.canon_name(stream, false)
            }
            _ => return None,
        };
        let at = error.range.start();
        let spaced = self.script.text.get(usize::from(at)..).is_some_and(|rest| rest.starts_with('['));
        let after = if spaced { " " } else { "" };
        let edits = vec![insert(at, format!(" {new}{after}"))];
        Some(Fix { title: format!("insert `{new}`").into(), safe: false, edits })
    }

    /// `#s` for `$s`, or another one that is free; with a lens, a name of one letter is too short.
    fn canon_name(&mut self, stream: &str, with_lens: bool) -> String {
        let tag = if stream.starts_with('%') { "#%" } else { "#" };
        let name = stream.trim_start_matches(['$', '%']);
        let hir = self.script.hir();
        let twin = format!("{tag}{name}");
        if (name.len() > 1 || !with_lens) && !hir.names().any(|name| name == twin) {
            let taken = self.taken();
            // A stream and its first canon share a name.
            if taken.insert(twin.clone()) {
                return twin;
            }
        }
        let wanted = if name.len() > 1 { name.to_owned() } else { format!("{name}_canon") };
        format!("{tag}{}", self.free(&wanted))
    }

    /// A name without a tag that nothing has, made of another one.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let taken = self.taken();
        let mut name = wanted.to_owned();
        let mut number = 1_u32;
        while taken.contains(&name) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        taken.insert(name.clone());
        name
    }

    fn taken(&mut self) -> &mut FxHashSet<String> {
        let bare = |name: &str| name.trim_start_matches(['$', '#', '%']).to_owned();
        self.taken.get_or_insert_with(|| self.script.hir().names().map(bare).collect())
    }
}

/// Whether a position that takes no stream takes a canon of it, with the same lens.
fn takes_canon(position: OperandPosition, stream: SyntaxKind) -> bool {
    let canon = match stream {
        SyntaxKind::STREAM => SyntaxKind::CANON,
        SyntaxKind::STREAM_LENS => SyntaxKind::CANON_LENS,
        SyntaxKind::STREAM_MAP => SyntaxKind::CANON_MAP,
        SyntaxKind::STREAM_MAP_LENS => SyntaxKind::CANON_MAP_LENS,
        _ => return false,
    };
    position.takes(canon)
}

/// Whether an instruction reads what a broken word there stands for, rather than writes it.
fn reads_at(hir: &Hir, instr: &Instr, word: TextRange) -> bool {
    if word.start() < instr.keyword.end() {
        return false;
    }
    let before = hir.text_at(TextRange::new(instr.keyword.end(), word.start())).trim();
    match instr.kind {
        InstrKind::Ap => before.is_empty() || before.starts_with('(') && !before.contains(')'),
        InstrKind::Fold => before.is_empty(),
        InstrKind::Call => !before.contains(']'),
        InstrKind::Match | InstrKind::Mismatch | InstrKind::Fail => true,
        _ => false,
    }
}

fn is_about_stream(error: &SyntaxError) -> bool {
    match &error.kind {
        SyntaxErrorKind::WrongOperand { position, found } => takes_canon(*position, *found),
        SyntaxErrorKind::BadWord(wrong) => wrong.kind == LexErrorKind::ShortNameWithLens,
        _ => false,
    }
}

/// The name of the stream or stream map that a word begins with.
fn stream_of(word: &str) -> Option<&str> {
    let name = word.split('.').next()?;
    let tokens = lex(name);
    matches!(tokens.kinds.as_slice(), [SyntaxKind::STREAM | SyntaxKind::STREAM_MAP]).then_some(name)
}

/// The innermost instruction around a range.
pub(super) fn innermost(hir: &Hir, range: TextRange) -> Option<&Instr> {
    // In closing order, so that what ends before it stands first.
    let from = hir.instrs.partition_point(|instr| instr.range.end() < range.end());
    let mut around = hir.instrs.get(from..)?.iter();
    around.find(|instr| instr.range.contains_range(range) && instr.range.end() > range.start())
}

/// Whether an instruction is written out: its brackets close.
fn is_whole(hir: &Hir, instr: &Instr) -> bool {
    let text = hir.text_at(instr.range);
    text.starts_with('(') && text.ends_with(')')
}

pub(super) fn whole_instr(hir: &Hir, range: TextRange) -> Option<&Instr> {
    innermost(hir, range).filter(|instr| is_whole(hir, instr))
}

/// The lists directly within a list.
fn inner_lists(text: &str, start: TextSize) -> Vec<TextRange> {
    let tokens = lex(text);
    let (mut depth, mut open, mut lists) = (0_usize, 0, Vec::new());
    for (index, kind) in tokens.kinds.iter().enumerate() {
        match kind {
            SyntaxKind::L_PAREN => {
                depth += 1;
                if depth == 2 {
                    open = tokens.start(index);
                }
            }
            SyntaxKind::R_PAREN => {
                if depth == 2 {
                    let list = TextRange::new(open.into(), tokens.end(index).into());
                    lists.push(list + start);
                }
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    lists
}

/// The whole token around an error's place in it.
fn word_at(text: &str, range: TextRange) -> TextRange {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ';');
    let (before, after) = text.split_at_checked(range.start().into()).unwrap_or_default();
    let start = before.trim_end_matches(|c| !(ends(c) || c == '['));
    let mut square = 0_i32;
    let end = after.find(|c| {
        square += i32::from(c == '[') - i32::from(c == ']');
        ends(c) || square < 0
    });
    let end = range.start() + TextSize::new(end.unwrap_or(after.len()) as u32);
    TextRange::new(TextSize::of(start), end.max(TextSize::of(start)))
}

/// Words with their places, without strings and comments.
fn words<'t>(text: &'t str, tokens: &'t Tokens) -> impl Iterator<Item = (TextSize, &'t str)> {
    let other = |kind: SyntaxKind| kind.is_trivia() || kind == SyntaxKind::STRING;
    tokens.kinds.iter().enumerate().filter(move |(_, kind)| !other(**kind)).filter_map(|(index, _)| {
        let start = tokens.start(index);
        Some((start.into(), text.get(start as usize..tokens.end(index) as usize)?))
    })
}

pub(super) fn insert(at: TextSize, new_text: String) -> TextEdit {
    TextEdit { range: TextRange::empty(at), new_text }
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit::apply;

    use crate::Analysis;

    /// Applies the first fix of the first error until there is none, and expects an accepted script.
    fn check(before: &str, after: &str) {
        let mut text = before.to_owned();
        for _ in 0..20 {
            let analysis = Analysis::new(text.as_str());
            if analysis.accepted() {
                break;
            }
            let fix = analysis.diagnostics().iter().find_map(|it| it.fixes.first());
            let Some(fix) = fix else { panic!("{text}: {:?}", analysis.diagnostics()) };
            assert!(!fix.safe, "{}", fix.title);
            text = apply(&text, &fix.edits);
        }
        assert_eq!(text, after);
        assert!(Analysis::new(after).accepted());
    }

    #[test]
    fn a_stream_as_a_value_is_read_through_a_canon() {
        check(
            r#"(seq (ap 1 $all) (call "p" ("s" "f") [$all 1] x))"#,
            r#"(seq (ap 1 $all) (seq (canon "p" $all #all) (call "p" ("s" "f") [#all 1] x)))"#,
        );
        check(
            r#"(seq (ap 1 $all) (ap $all.$.[0]! x))"#,
            r#"(seq (ap 1 $all) (seq (canon %init_peer_id% $all #all) (ap #all.$.[0]! x)))"#,
        );
        check(
            r#"(seq (ap 1 $s) (match $s 1 (null)))"#,
            r#"(seq (ap 1 $s) (seq (canon %init_peer_id% $s #s) (match #s 1 (null))))"#,
        );
    }

    #[test]
    fn each_use_in_the_instruction_reads_the_same_canon() {
        check(
            r#"(seq (ap 1 $all) (call "p" ("s" "f") [$all $all.$.[0]]))"#,
            r#"(seq (ap 1 $all) (seq (canon "p" $all #all) (call "p" ("s" "f") [#all #all.$.[0]])))"#,
        );
        check(
            r#"(seq (ap 1 $all) (call $all.$.[0] ("s" "f") [$all]))"#,
            r#"(seq (ap 1 $all) (seq (canon %init_peer_id% $all #all) (call #all.$.[0] ("s" "f") [#all])))"#,
        );
    }

    #[test]
    fn names_of_canons_are_new() {
        check(
            r#"(seq (ap 1 $all) (par (call "p" ("s" "f") [$all]) (call "q" ("s" "f") [$all])))"#,
            r#"(seq (ap 1 $all) (par (seq (canon "p" $all #all) (call "p" ("s" "f") [#all])) (seq (canon "q" $all #all_2) (call "q" ("s" "f") [#all_2]))))"#,
        );
    }

    #[test]
    fn one_letter_takes_no_lens() {
        check(
            r#"(seq (ap 1 $s) (ap $s.$.[0]! x))"#,
            r#"(seq (ap 1 $s) (seq (canon %init_peer_id% $s #s_canon) (ap #s_canon.$.[0]! x)))"#,
        );
        check(
            r#"(seq (canon "p" $s #c) (ap #c.length x))"#,
            r#"(seq (canon "p" $s #c_canon) (ap #c_canon.length x))"#,
        );
    }

    #[test]
    fn more_than_two_instructions_are_nested() {
        check("(seq (null) (null) (null))", "(seq (null) (seq (null) (null)))");
        check("(par (null) (null) (never) (null))", "(par (null) (par (null) (par (never) (null))))");
        check("(new $s (ap 1 $s) (null))", "(new $s (seq (ap 1 $s) (null)))");
    }

    #[test]
    fn names_that_are_missing() {
        check(r#"(call "p" ("s" "f"))"#, r#"(call "p" ("s" "f") [])"#);
        check(r#"(call "p" ("s" "f") x)"#, r#"(call "p" ("s" "f") [] x)"#);
        check("(fold [] i (seq (null) (next)))", "(fold [] i (seq (null) (next i)))");
        check(r#"(canon "p" $stream)"#, r#"(canon "p" $stream #stream)"#);
    }
}
