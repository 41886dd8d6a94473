//! To the brackets of the list around the cursor.

use air_syntax::TextSize;

use super::command::{Command, Effect};
use super::forms::Forms;

pub(super) static CLOSING: Command = Command {
    name: "jumpToClosingBracket",
    title: "Jump past the closing bracket of the list",
    what: "Repeated, it jumps to the bracket of the list around that one.",
    example: "(seq\n (call \"peer\" (\"srv\" \"f$0n\") [])\n (null)\n)",
    run: |forms, offset| Some(Effect::Go(forms.around(offset)?.range.end())),
};

pub(super) static OPENING: Command = Command {
    name: "jumpToOpeningBracket",
    title: "Jump to the opening bracket of the list",
    what: "Repeated, it jumps to the bracket of the list around that one.",
    example: "(seq\n (call \"peer\" (\"srv\" \"f$0n\") [])\n (null)\n)",
    run: opening,
};

fn opening(forms: &Forms<'_>, offset: TextSize) -> Option<Effect> {
    let mut list = forms.around(offset)?;
    if list.range.start() == offset {
        list = forms.parent(list)?;
    }
    Some(Effect::Go(list.range.start()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::structural::testing::check;

    #[test]
    fn outwards() {
        check(&CLOSING, "(seq (nu$0ll) [a])", expect!["(seq (null)$0 [a])"]);
        check(&CLOSING, "(seq (null)$0 [a])", expect!["(seq (null) [a])$0"]);
        check(&CLOSING, "(seq (null) [a])$0", expect!["nothing"]);
        check(&OPENING, "(seq (null) [a$0])", expect!["(seq (null) $0[a])"]);
        check(&OPENING, "(seq (null) $0[a])", expect!["$0(seq (null) [a])"]);
        check(&OPENING, "$0(seq (null) [a])", expect!["nothing"]);
    }
}
