//! Special values: `%init_peer_id%`, `:error:` and the like.

use air_analysis::Analysis;
use air_semantics::hir::{Operand, OperandKind};
use air_syntax::TextSize;

use super::explanation::{Explanation, Subject};
use crate::names::base_range;
use crate::special_values::{ERROR_FIELDS, special_value};

/// The special value at an offset of an operand.
pub(super) fn at(analysis: &Analysis, operand: &Operand, offset: TextSize) -> Option<Explanation> {
    let special = special_value(operand.kind.token())?;
    let range = base_range(analysis.hir(), operand);
    if !range.contains_inclusive(offset) {
        return None;
    }
    let mut markdown = format!("```air\n{}\n```\n\n{}\n", special.text, special.what);
    if matches!(operand.kind, OperandKind::Error | OperandKind::LastError) {
        markdown.push('\n');
        for (field, what) in ERROR_FIELDS {
            markdown.push_str(&format!("- `{field}`: {what}\n"));
        }
    }
    let subject = match operand.kind {
        OperandKind::InitPeerId => Subject::InitPeer,
        _ => Subject::Other,
    };
    Some(Explanation { range, markdown, subject })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::hover::testing::check;

    #[test]
    fn special_values() {
        check(
            "(ap %tt$0l% x)",
            expect![[r#"
            "%ttl%"
            ```air
            %ttl%
            ```

            How long the script may live, in milliseconds: the same number on all peers.
        "#]],
        );
        check(
            "(ap :err$0or: x)",
            expect![[r#"
            ":error:"
            ```air
            :error:
            ```

            The failure that the enclosing `xor` has caught, an object. Outside of a handler `error_code` is 0. A failed `match` or `mismatch` sets it too.

            - `error_code`: Integer: 0 for no error, 10000 and above for AquaVM's own errors, otherwise the code of the `fail`.
            - `message`: String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
            - `instruction`: String: the innermost instruction that failed. Reading it before any failure fails.
            - `peer_id`: String: the peer on which it failed; for a `call`, the peer that was called. May be missing in `:error:`.
        "#]],
        );
        check(
            "(call %init_$0peer_id% (\"s\" \"f\") [])",
            expect![[r#"
                "%init_peer_id%"
                ```air
                %init_peer_id%
                ```

                Id of the peer that started the script. It is the only special value that can stand where a peer is expected.
            "#]],
        );
    }
}
