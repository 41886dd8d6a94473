//! Puts a canon in front of what uses a stream.

use air_analysis::fresh::fresh;
use air_semantics::hir::{InstrKind, OperandKind, Role};
use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use super::context::Context;
use super::draft::Draft;
use super::refactoring::{Behaviour, Kind, Refactoring};

pub(super) static REFACTORING: Refactoring = Refactoring {
    name: "canonise-stream",
    kind: Kind::Rewrite,
    behaviour: Behaviour::ChangeInTitle,
    what: "Takes a snapshot of a stream or stream map with `canon` and uses that instead: where a stream stands as a value, \
           which AIR does not allow (the canon is made on the peer of the call, or else on the initiator's), and in a \
           fold over a stream.",
    example: "(seq\n (ap 1 $all)\n (call \"peer\" (\"srv\" \"fn\") [$$0all])\n)",
    offer,
};

fn offer(context: &Context<'_>) -> Vec<Draft> {
    value(context).or_else(|| fold(context)).into_iter().collect()
}

fn canon_tag(stream: &str) -> &'static str {
    if stream.starts_with('%') { "#%" } else { "#" }
}

/// `(call p (…) [$s])`
fn value(context: &Context<'_>) -> Option<Draft> {
    let Context { hir, instr, range, analysis, .. } = *context;
    if matches!(instr.kind, InstrKind::Unknown | InstrKind::Canon | InstrKind::New | InstrKind::Fold) {
        return None;
    }
    let text = hir.text_at(instr.range);
    // A broken instruction may have taken in what follows it.
    if !text.ends_with(')') || !hir.children_of(instr).is_empty() && !context.on_head() {
        return None;
    }
    let wrong = analysis.parse.errors().iter().find(|error| error.range.contains_range(range))?;
    let word = hir.text_at(wrong.range);
    let stream = word.split('.').next().unwrap_or_default();
    let kinds = lexer::lex(stream).kinds;
    if !matches!(kinds.as_slice(), [SyntaxKind::STREAM | SyntaxKind::STREAM_MAP]) {
        return None;
    }
    let peer = hir.operand(instr, Role::Peer).map_or("%init_peer_id%", |peer| hir.text_at(peer.range));
    let canon = fresh(hir, canon_tag(stream), stream.trim_start_matches(['$', '%']));
    let canon = free_twin(context, stream).unwrap_or(canon);
    let word = TextRange::at(wrong.range.start(), TextSize::of(stream));
    let head = format!("(seq (canon {peer} {stream} {canon}) ");
    let caret = "(seq ".len();
    let new = format!(
        "{head}{}{canon}{})",
        context.text(instr.range.start(), word.start()),
        context.text(word.end(), instr.range.end())
    );
    Some(Draft::form(format!("Use a canon of `{stream}`, made on {peer}"), instr.range, new, caret))
}

/// `#s` for `$s`, if that is not a name yet and a lens could follow.
fn free_twin(context: &Context<'_>, stream: &str) -> Option<String> {
    let twin = format!("{}{}", canon_tag(stream), stream.trim_start_matches(['$', '%']));
    let free = !context.hir.names().any(|name| name == twin);
    (free && twin.chars().count() > 2).then_some(twin)
}

/// `(fold $s i …)`
fn fold(context: &Context<'_>) -> Option<Draft> {
    let Context { hir, instr, .. } = *context;
    if instr.kind != InstrKind::Fold || !context.whole(instr) || !context.on_head() {
        return None;
    }
    let iterable = hir.operand(instr, Role::Iterable)?;
    if !matches!(iterable.kind, OperandKind::Stream(_) | OperandKind::StreamMap(_)) {
        return None;
    }
    let stream = hir.text_at(iterable.range);
    let canon = free_twin(context, stream)
        .unwrap_or_else(|| fresh(hir, canon_tag(stream), stream.trim_start_matches(['$', '%'])));
    let text = super::extract_value::replaced(context, &[(iterable.range, canon.clone())]);
    let text = format!("(seq (canon %init_peer_id% {stream} {canon}) {text})");
    let title = format!(
        "Fold over a canon of `{stream}`, made on %init_peer_id%: values written later are not visited"
    );
    Some(Draft::form(title, context.attached(instr), text, "(seq ".len()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::refactor::testing::check;

    #[test]
    fn a_stream_is_no_value() {
        check(
            &REFACTORING,
            "(seq\n (ap 1 $s)\n (call \"p\" (\"s\" \"f\") [1 $$0s] x)\n)",
            expect![[r##"
            # Use a canon of `$s`, made on "p"
            (seq
             (ap 1 $s)
             (seq
              $0(canon "p" $s #values)
              (call "p" ("s" "f") [1 #values] x)
             )
            )
        "##]],
        );
        check(
            &REFACTORING,
            "(seq\n (ap (\"k\" 1) %map)\n (ap %m$0ap.$.k x)\n)",
            expect![[r##"
            # Use a canon of `%map`, made on %init_peer_id%
            (seq
             (ap ("k" 1) %map)
             (seq
              $0(canon %init_peer_id% %map #%map)
              (ap #%map.$.k x)
             )
            )
        "##]],
        );
        check(
            &REFACTORING,
            "(seq\n (ap 1 $all)\n (match $a$0ll.length 1 (null))\n)",
            expect![[r#"
            # Use a canon of `$all`, made on %init_peer_id%
            (seq
             (ap 1 $all)
             (seq
              $0(canon %init_peer_id% $all #all)
              (match #all.length 1
               (null)
              )
             )
            )
        "#]],
        );
    }

    #[test]
    fn a_fold() {
        check(
            &REFACTORING,
            "(seq\n (ap 1 $all)\n (seq (canon \"p\" $all #all) (fo$0ld $all i (next i)))\n)",
            expect![[r##"
                # Fold over a canon of `$all`, made on %init_peer_id%: values written later are not visited
                (seq
                 (ap 1 $all)
                 (seq (canon "p" $all #all) (seq
                                             $0(canon %init_peer_id% $all #all_2)
                                             (fold #all_2 i
                                              (next i)
                                             )
                                            ))
                )
            "##]],
        );
        check(
            &REFACTORING,
            "(seq\n (ap 1 $all)\n (fo$0ld $all i\n  ; each\n  (next i)\n ) ; all\n)",
            expect![[r#"
                # Fold over a canon of `$all`, made on %init_peer_id%: values written later are not visited
                (seq
                 (ap 1 $all)
                 (seq
                  $0(canon %init_peer_id% $all #all)
                  (fold #all i
                   ; each
                   (next i)
                  ) ; all
                 )
                )
            "#]],
        );
    }
}
