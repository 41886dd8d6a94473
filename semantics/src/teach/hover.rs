//! What the text at a place is, for people: Markdown.

use air_syntax::{SyntaxKind, TextRange, TextSize, lexer};

use super::{annotations, instructions, services, special, variable};
use crate::Analysis;
use crate::codes::Code;
use crate::directives::DirectiveKind;
use crate::hir::{AccessorKind, Hir, Instr, InstrId, Operand, OperandKind, Role};
use crate::idioms::{Certainty, recognise};
use crate::names::{Symbol, accessor_at, base_range, mentions, operand_at, symbol_at};

/// A text about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What it is about.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
}

/// Explains the word at an offset; nothing for blanks, brackets and words that mean nothing.
pub fn explain(analysis: &Analysis, offset: TextSize) -> Option<Explained> {
    let hir = analysis.hir();
    if let Some((id, instr)) = keyword_at(hir, offset) {
        return Some(instruction(hir, id, instr));
    }
    if let Some((_, operand)) = operand_at(hir, offset) {
        let found = operand_text(analysis, operand, offset);
        if found.is_some() {
            return found;
        }
    }
    comment(analysis, offset)
}

fn keyword_at(hir: &Hir, offset: TextSize) -> Option<(InstrId, &Instr)> {
    let at = hir
        .instrs
        .iter()
        .position(|instr| !instr.keyword.is_empty() && instr.keyword.contains_inclusive(offset))?;
    Some((InstrId(at as u32), hir.instrs.get(at)?))
}

fn instruction(hir: &Hir, id: InstrId, instr: &Instr) -> Explained {
    let mut markdown = String::new();
    let idioms = recognise(hir);
    if let Some(idiom) = idioms.iter().find(|idiom| idiom.root == id && idiom.certainty >= Certainty::Likely)
    {
        markdown = format!("**{}** — {}\n\n", escaped(&idiom.label), idiom.kind.summary());
    }
    match instructions::page(instr.kind) {
        Some(page) => markdown.push_str(&instructions::markdown(page)),
        None => markdown.push_str("AIR has no such instruction."),
    }
    Explained { range: instr.keyword, markdown }
}

fn operand_text(analysis: &Analysis, operand: &Operand, offset: TextSize) -> Option<Explained> {
    let hir = analysis.hir();
    if let Some(accessor) = accessor_at(hir, operand, offset)
        && !matches!(accessor.kind, AccessorKind::Variable(_))
    {
        return Some(Explained {
            range: accessor.range,
            markdown: variable::step(analysis, operand, accessor),
        });
    }
    let base = base_range(hir, operand);
    if operand.lens.is_some() && offset > base.end() && analysis.resolution().at(offset).is_none() {
        let range = TextRange::new(base.end(), operand.range.end());
        return Some(Explained { range, markdown: variable::lens(analysis, operand) });
    }
    if let Some(special) = special::special(operand.kind.token()) {
        let mut markdown = format!("```air\n{}\n```\n\n{}\n", special.text, special.what);
        if matches!(operand.kind, OperandKind::Error | OperandKind::LastError) {
            for (field, what) in special::ERROR_FIELDS {
                markdown.push_str(&format!("- `{field}`: {what}\n"));
            }
        }
        return Some(Explained { range: base, markdown });
    }
    let named = symbol_at(analysis, offset)?;
    let markdown = match &named.symbol {
        Symbol::Variable(binding) => variable::variable(analysis, *binding)?,
        Symbol::Peer(id) => {
            let count = mentions(analysis, &named.symbol).len();
            format!("Peer `{id}`, {} in this script\n", times(count, "named"))
        }
        Symbol::Service(id) => {
            let functions: Vec<_> = services::BUILT_INS.iter().filter(|it| it.service == id).collect();
            let count = mentions(analysis, &named.symbol).len();
            let mut text = format!("Service `{id}`, {} in this script\n", times(count, "called"));
            if !functions.is_empty() {
                text.push_str("\nBuilt in: every node has it.\n\n");
            }
            for function in functions {
                text.push_str(&format!(
                    "- `{}({})`: {}\n",
                    function.function,
                    function.parameters.join(", "),
                    function.what
                ));
            }
            text
        }
        Symbol::Function { service, name } => function(analysis, &named.symbol, service.as_deref(), name),
        Symbol::Field { .. } | Symbol::Special(_) => return None,
    };
    Some(Explained { range: named.range, markdown })
}

fn function(analysis: &Analysis, symbol: &Symbol, service: Option<&str>, name: &str) -> String {
    let shown = service.unwrap_or("…");
    let mut text = match service.and_then(|service| services::built_in(service, name)) {
        Some(it) => {
            format!(
                "```\n{shown}.{name}({})\n```\n\n{}. Built in.\n\n",
                it.parameters.join(", "),
                it.what.trim_end_matches('.')
            )
        }
        None => format!("Function `{shown}.{name}`\n\n"),
    };
    let places = mentions(analysis, symbol);
    let hir = analysis.hir();
    let mut arities: Vec<usize> = Vec::new();
    for place in &places {
        let Some((_, operand)) = operand_at(hir, place.range.start()) else { continue };
        // The arguments stand behind the function.
        let after = hir.operands.partition_point(|it| it.range.start() <= operand.range.start());
        let arguments = hir.operands.iter().skip(after).take_while(|it| it.role == Role::Argument).count();
        if !arities.contains(&arguments) {
            arities.push(arguments);
        }
    }
    arities.sort_unstable();
    let arities: Vec<_> = arities.iter().map(usize::to_string).collect();
    text.push_str(&format!(
        "{} in this script, with {} arguments\n",
        times(places.len(), "Called"),
        arities.join(" or ")
    ));
    text
}

/// Directives, codes in them, annotations.
fn comment(analysis: &Analysis, offset: TextSize) -> Option<Explained> {
    for directive in analysis.directives() {
        if let DirectiveKind::Allow(codes) = &directive.kind
            && let Some((code, range)) = codes.iter().find(|(_, range)| range.contains_inclusive(offset))
        {
            return Some(Explained { range: *range, markdown: code_text(*code) });
        }
    }
    let tokens = lexer::lex(&analysis.text);
    let index = tokens.ends.partition_point(|end| *end < offset.into());
    if tokens.kinds.get(index) != Some(&SyntaxKind::COMMENT) {
        return None;
    }
    let range = TextRange::new(tokens.start(index).into(), tokens.end(index).into());
    let found = annotations::of_comment(analysis.hir().text_at(range))?;
    Some(Explained { range, markdown: format!("```air\n; {}\n```\n\n{}\n", found.label, found.what) })
}

/// What a diagnostic's code means, in short.
pub fn code_text(code: Code) -> String {
    let page = code.page();
    format!("**{}** `{}`: {}\n\n{}\n", code.as_str(), code.name(), page.summary, page.what)
}

fn times(count: usize, what: &str) -> String {
    match count {
        1 => format!("{what} once"),
        count => format!("{what} {count} times"),
    }
}

/// Text that Markdown must not take for its own.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '\\' | '*' | '_' | '`' | '<' | '[' | '#') {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(marked: &str, expected: Expect) {
        let offset = marked.find("$0").unwrap();
        let analysis = Analysis::new(marked.replacen("$0", "", 1));
        let shown = match explain(&analysis, (offset as u32).into()) {
            Some(found) => format!("{:?}\n{}", analysis.hir().text_at(found.range), found.markdown),
            None => "nothing\n".to_owned(),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn instructions() {
        check(
            "(se$0q (null) (null))",
            expect![[r#"
            "seq"
            ```air
            (seq FIRST SECOND)
            ```

            Runs the first instruction and, once that is complete, the second. If the first fails or waits, the second does not run.

            **Waits for** completion of its first instruction, before the second.

            **Writes** nothing.

            ```air
            (seq
             (ap 1 x)
             (ap x y)
            )
            ```
        "#]],
        );
        check(
            "(new $s\n (n$0ew #s\n  (canon \"p\" $s #s)))",
            expect![[r#"
            "new"
            ```air
            (new NAME BODY)
            ```

            Makes a variable of its own for its body: a stream starts empty, a scalar unset, whatever the name means outside.

            **Waits for** nothing.

            **Writes** nothing; at its end the name means again what it meant before.

            ```air
            (new $found
             (seq
              (ap 1 $found)
              (canon %init_peer_id% $found #found)
             )
            )
            ```
        "#]],
        );
        check(
            "(seq (nu$0ll) (null))",
            expect![[r#"
            "null"
            ```air
            (null)
            ```

            Does nothing and is complete.

            **Waits for** nothing.

            **Writes** nothing.

            ```air
            (xor
             (fail 1 "is swallowed")
             (null)
            )
            ```
        "#]],
        );
    }

    #[test]
    fn variables() {
        check(
            "(seq (call \"p\" (\"s\" \"f\") [] us$0er)\n (seq (ap user.$.name n) (ap user.$.age n2)))",
            expect![[r#"
                "user"
                ```air
                user
                ```

                Scalar: one value, set once.

                - written in line 1 by `call` of `"s" "f"` on peer `"p"`
                - known on `p`
                - read 2 times
                - used as `{name: any, age: any}`
            "#]],
        );
        check(
            "(new $s\n (seq (ap 1 $$0s)\n (canon \"p\" $s #c)))",
            expect![[r#"
                "$s"
                ```air
                $s
                ```

                Stream: values are appended; `canon` fixes them, `fold` walks them as they come; declared by `new` in line 1.

                - written in line 2 by `ap` of `1`
                - canonised as `#c` on `"p"` in line 3
                - known on `p`
                - read once
            "#]],
        );
        check(
            "(seq (canon \"p\" $s #cs)\n (ap #cs$0.length n))",
            expect![[r##"
                "#cs"
                ```air
                #cs
                ```

                Canon: the fixed content of a stream.

                - written in line 1 by `canon` of `$s` on peer `"p"`
                - known on `p`
                - read once
                - used as `[any]`
            "##]],
        );
        check(
            "(fold #c i\n (seq (ap i$0 $s) (next i)))",
            expect![[r#"
            "i"
            ```air
            i
            ```

            Iterator of the `fold` over `#c` in line 1.

            - read 2 times
        "#]],
        );
        check(
            "; air: given x\n(ap x$0 y)",
            expect![[r#"
            "x"
            ```air
            x
            ```

            Scalar: one value, set once.

            - supplied by the host
            - read once
        "#]],
        );
    }

    #[test]
    fn lenses() {
        check(
            "(ap user.$.names.[0].fi$0rst x)",
            expect![[r#"
                "first"
                ```air
                user.$.names.[0].first
                ```

                Field `first` of the object.
            "#]],
        );
        check(
            "(ap #users.$.[$00].first x)",
            expect![[r#"
                "0"
                ```air
                #users.$.[0]
                ```

                Element 0 of the canon, counted from 0.
            "#]],
        );
        check(
            "(ap #users.len$0gth x)",
            expect![[r#"
            ".length"
            ```air
            #users.length
            ```

            Number of elements of the canon.
        "#]],
        );
        check(
            "(ap :error:.$.mess$0age x)",
            expect![[r#"
            "message"
            ```air
            :error:.$.message
            ```

            `message`: String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
        "#]],
        );
    }

    #[test]
    fn what_lies_outside() {
        check(
            "(call \"rel$0ay\" (\"op\" \"noop\") [])",
            expect![[r#"
            "\"relay\""
            Peer `relay`, named once in this script
        "#]],
        );
        check(
            "(call \"relay\" (\"si$0g\" \"noop\") [])",
            expect![[r#"
            "\"sig\""
            Service `sig`, called once in this script

            Built in: every node has it.

            - `sign(bytes)`: Signs with the peer's key.
            - `verify(signature, bytes)`: Checks a signature of the peer.
            - `get_peer_id()`: The peer's id.
        "#]],
        );
        check(
            "(call \"relay\" (\"math\" \"a$0dd\") [1 2])",
            expect![[r#"
                "\"add\""
                ```
                math.add(a, b)
                ```

                a + b. Built in.

                Called once in this script, with 2 arguments
            "#]],
        );
        check(
            "(call \"relay\" (\"mine\" \"f$0\") [1 2])",
            expect![[r#"
            "\"f\""
            Function `mine.f`

            Called once in this script, with 2 arguments
        "#]],
        );
    }

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

            The failure that the `xor` around has caught, an object. Outside of a handler `error_code` is 0. Set by failed `match` and `mismatch` too.
            - `error_code`: Integer: 0 for no error, 10000 and above for AquaVM's own, what `fail` says otherwise.
            - `message`: String: what went wrong. For a failed service, `Local service error, …` with the service's own text.
            - `instruction`: String: the innermost instruction that failed. Reading it before any failure fails.
            - `peer_id`: String: the peer on which it failed; for a `call`, the peer that was called. Not always there in `:error:`.
        "#]],
        );
    }

    #[test]
    fn comments() {
        check(
            "; air: allow(undefined-$0variable)\n(ap x y)",
            expect![[r#"
            "undefined-variable"
            **V001** `undefined-variable`: a variable is used before anything defines it

            A name is read by `call`, `ap`, `match`, `mismatch` or `fold`, and no instruction that starts further left defines it. `call`, `ap`, `canon` and `new` define the name they write, a fold defines its iterator. An instruction does not define its own inputs.

            AquaVM looks at positions only, not at structure: what one branch of `par` or `xor` defines is known to everything to its right. Of each name it tests only the first use that was unknown when its instruction ended, so a script may pass although a later use is just as bad.
        "#]],
        );
        check(
            "; air: fmt o$0ff\n(ap x y)",
            expect![[r#"
            "; air: fmt off"
            ```air
            ; air: fmt off
            ```

            From here the formatter leaves the text as it is.
        "#]],
        );
        check(
            "(call \"p\" (\"s\" \"f\") [] x) ; ok = $0{}",
            expect![[r#"
            "; ok = {}"
            ```air
            ; ok = JSON
            ```

            In sample runs the call gives this value.
        "#]],
        );
        check(
            "; just $0text\n(null)",
            expect![[r#"
            nothing
        "#]],
        );
    }

    #[test]
    fn nothing_on_blanks() {
        check(
            "(seq $0 (null) (null))",
            expect![[r#"
            nothing
        "#]],
        );
    }
}
