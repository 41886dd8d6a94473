//! AIR inside of files of other languages: in templates and strings of JavaScript and TypeScript, in strings of Rust, in
//! fenced blocks of Markdown.
//!
//! A literal holds a script if the program says so (`` air`…` ``, `/* air */`, a fence with `air`), or if its text is
//! one: it begins with an instruction and has hardly a mistake. The script's [`text`](EmbeddedScript::text) is what the
//! literal stands for, without the indentation that all its lines share. Parts that the program fills in, `${…}` and
//! `{…}`, are holes: a word stands in place of each, and what is found is only what would be wrong with every valid
//! operand there.
//!
//! ```
//! use air_ide::embedded::{HostLanguage, scripts};
//!
//! let host = "const script = `\n  (seq\n   (null)\n   (call ${peer} (\"s\" \"f\") [nme])\n  )\n`;";
//! let [script] = &scripts(HostLanguage::JavaScript, host)[..] else { panic!() };
//! assert_eq!(&*script.text, "(seq\n (null)\n (call hole0_ (\"s\" \"f\") [nme])\n)");
//! let analysis = script.analysis();
//! let found: Vec<_> = script.sure(analysis.diagnostics()).map(|it| script.to_host(host, it)).collect();
//! assert_eq!((found.len(), &host[found[0].range]), (1, "nme"));
//! ```

mod decode;
mod findings;
mod holes;
mod javascript;
mod literal;
mod map;
mod markdown;
mod recognise;
mod rust;
mod write;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use air_analysis::format::{self, FormatOptions};
use air_semantics::text_edit::TextEdit;
use air_syntax::{SyntaxError, TextRange, TextSize};

use decode::{Decoded, HolePlace, decode};
use holes::Roles;
use literal::{Form, Literal};
use map::Map;

pub use holes::Role;

/// A language that scripts are written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HostLanguage {
    /// JavaScript and TypeScript, also with JSX.
    JavaScript,
    /// Rust.
    Rust,
    /// Markdown.
    Markdown,
}

/// Endings of files, and identifiers of languages as editors give them, for each language.
const LANGUAGES: [(HostLanguage, &[&str], &[&str]); 3] = [
    (
        HostLanguage::JavaScript,
        &["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"],
        &["typescript", "typescriptreact", "javascript", "javascriptreact"],
    ),
    (HostLanguage::Rust, &["rs"], &["rust"]),
    (HostLanguage::Markdown, &["md", "markdown"], &["markdown"]),
];

impl HostLanguage {
    /// The language of a file, by its ending.
    pub fn of_path(path: &Path) -> Option<HostLanguage> {
        let ending = path.extension()?.to_str()?;
        let named =
            |(_, endings, _): &&(_, &[&str], _)| endings.iter().any(|it| it.eq_ignore_ascii_case(ending));
        LANGUAGES.iter().find(named).map(|(language, ..)| *language)
    }

    /// The language of a document, by an editor's identifier.
    pub fn of_language_id(id: &str) -> Option<HostLanguage> {
        let named = |(.., ids): &&(_, _, &[&str])| ids.contains(&id);
        LANGUAGES.iter().find(named).map(|(language, ..)| *language)
    }
}

/// A part of a script that the program fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    place: HolePlace,
    /// What it can be.
    pub role: Role,
}

impl Hole {
    /// Its bytes in the host file, with what marks it as a hole.
    pub fn host(&self) -> Range<usize> {
        self.place.host.clone()
    }

    /// The bytes of the script that stand in its place.
    pub fn script(&self) -> Range<usize> {
        self.place.script.clone()
    }
}

/// A script in a file of another language.
#[derive(Debug, Clone)]
pub struct EmbeddedScript {
    /// What its literal stands for, with a filler in place of each hole; without white space around it and without the
    /// indentation that all its lines share.
    pub text: Arc<str>,
    /// Parts that the program fills in, in order.
    pub holes: Vec<Hole>,
    /// Whether the program says that it is AIR; else its text does.
    pub tagged: bool,
    literal: Literal,
    map: Map,
    /// What words in place of holes begin with.
    stem: String,
    /// What each line after the first begins with, in the host.
    indent: String,
    short_lines: Vec<usize>,
    over_lines: bool,
    joined: bool,
    lists: Roles,
}

/// All scripts of a file, in the order of their text. Takes time linear in the text.
pub fn scripts(language: HostLanguage, text: &str) -> Vec<EmbeddedScript> {
    let literals = match language {
        HostLanguage::JavaScript => javascript::literals(text),
        HostLanguage::Rust => rust::literals(text),
        HostLanguage::Markdown => markdown::literals(text),
    };
    let mut found: Vec<_> = literals.into_iter().filter_map(|literal| script(text, literal)).collect();
    found.sort_by_key(|script| script.literal.inside.start);
    found
}

/// The script of a literal, if it holds one.
fn script(text: &str, literal: Literal) -> Option<EmbeddedScript> {
    let inside = text.get(literal.inside.clone())?;
    // Most strings are short and something else; offsets of scripts have 32 bits.
    if !inside.contains('(') && !literal.tagged || u32::try_from(text.len()).is_err() {
        return None;
    }
    let stem = stem(inside);
    let word = |number: usize| format!("{stem}{number}_");
    let first = decode(text, &literal, &|_, number| word(number))?;
    if !literal.tagged && !recognise::begins_as_script(&first.text) || first.text.is_empty() {
        return None;
    }
    let roles = holes::roles(&first.text, &first.holes).roles;
    let filler = |index: usize, number: usize| {
        roles.get(index).copied().unwrap_or(Role::Operand).filler(&word(number))
    };
    let whole = first.holes.len();
    let decoded = if whole == 0 { first } else { decode(text, &literal, &filler)? };
    let lists = holes::roles(&decoded.text, &decoded.holes);
    let Decoded { text: decoded_text, map, holes, indent, short_lines, over_lines, joined } = decoded;
    let holes = holes.into_iter().zip(roles).map(|(place, role)| Hole { place, role }).collect();
    let tagged = literal.tagged;
    let script = EmbeddedScript {
        text: decoded_text.into(),
        holes,
        tagged,
        literal,
        map,
        stem,
        indent,
        short_lines,
        over_lines,
        joined,
        lists,
    };
    let mistakes: Vec<SyntaxError> = if tagged { Vec::new() } else { air_syntax::errors(&script.text) };
    (tagged || recognise::is_script(&script.text, &mistakes)).then_some(script)
}

/// What a text does not contain, so that it can begin the words in place of holes.
fn stem(text: &str) -> String {
    let mut stem = "hole".to_owned();
    while text.contains(&stem) {
        stem.push('_');
    }
    stem
}

impl EmbeddedScript {
    /// The bytes of the script in the host file, without white space around it.
    pub fn host_range(&self) -> Range<usize> {
        self.map.host()
    }

    /// The bytes between the literal's delimiters.
    pub fn literal_range(&self) -> Range<usize> {
        self.literal.inside.clone()
    }

    /// A range of the script in the host file; holes and escapes are in it as wholes.
    pub fn range_to_host(&self, range: TextRange) -> TextRange {
        self.map.range_to_host(range)
    }

    /// The place in the host file of a place in the script.
    pub fn offset_to_host(&self, offset: TextSize) -> TextSize {
        TextSize::new(self.map.to_host(offset.into()) as u32)
    }

    /// The place in the script of a place in the host file; the nearest one if that is outside of it.
    pub fn offset_to_script(&self, offset: TextSize) -> TextSize {
        TextSize::new(self.map.to_script(offset.into()) as u32)
    }

    /// Whether names and strings of AIR stand in the literal as they are, without escapes.
    pub fn holds_quotes(&self) -> bool {
        match self.literal.form {
            Form::JsTemplate { .. } | Form::JsQuoted(b'\'') | Form::Fence { .. } => true,
            Form::RustRaw(hashes) => hashes > 0,
            Form::JsQuoted(_) | Form::RustPlain => false,
        }
    }

    /// The edits of the host file that give the script its canonical layout, indented as it is. `None` where it cannot
    /// be written: in a literal that is on one line, or whose lines are joined by escapes.
    pub fn format(&self, host: &str, options: &FormatOptions) -> Option<Vec<TextEdit>> {
        let on_one_line = match self.literal.form {
            Form::JsQuoted(_) => true,
            Form::RustPlain => !self.over_lines,
            _ => false,
        };
        if on_one_line || self.joined {
            return None;
        }
        let formatted = format::format(&air_syntax::parse(&self.text), &self.text, options).ok()?;
        let new = formatted.text.trim_end();
        let edits = if new == &*self.text { Vec::new() } else { format::edits(&self.text, new) };
        self.with_indentation(edits).iter().map(|edit| self.edit_to_host(host, edit)).collect()
    }

    /// The edits, and one at each line that lacks a part of the common indentation: what begins such a line is written
    /// again, from the line's end before it.
    fn with_indentation(&self, edits: Vec<TextEdit>) -> Vec<TextEdit> {
        let mut all = Vec::with_capacity(edits.len() + self.short_lines.len());
        let mut short = self.short_lines.iter().copied().peekable();
        let again = |line: usize| TextEdit {
            range: TextRange::new(TextSize::new(line as u32 - 1), TextSize::new(line as u32)),
            new_text: "\n".to_owned(),
        };
        for mut edit in edits {
            let (start, end) = (usize::from(edit.range.start()), usize::from(edit.range.end()));
            while let Some(line) = short.next_if(|line| *line < start) {
                all.push(again(line));
            }
            while let Some(line) = short.next_if(|line| *line <= end) {
                if line == start {
                    edit.range = TextRange::new(edit.range.start() - TextSize::new(1), edit.range.end());
                    edit.new_text.insert(0, '\n');
                }
            }
            all.push(edit);
        }
        all.extend(short.map(again));
        all
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::text_edit;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::testing::underlined;

    const JS: HostLanguage = HostLanguage::JavaScript;
    const RUST: HostLanguage = HostLanguage::Rust;

    /// The findings of a file's scripts, under its lines.
    fn check(language: HostLanguage, host: &str, expected: Expect) {
        let mut marks = Vec::new();
        for script in scripts(language, host) {
            let analysis = script.analysis();
            let sure = script.sure(analysis.diagnostics());
            marks.extend(sure.map(|it| script.to_host(host, it)).map(|it| (it.range, it.code.name())));
        }
        expected.assert_eq(&underlined(host, marks));
    }

    fn texts(language: HostLanguage, host: &str) -> Vec<String> {
        scripts(language, host).iter().map(|script| script.text.to_string()).collect()
    }

    fn formatted(language: HostLanguage, host: &str) -> String {
        let edits: Vec<_> = scripts(language, host)
            .iter()
            .flat_map(|script| script.format(host, &FormatOptions::default()).unwrap_or_default())
            .collect();
        text_edit::apply(host, &edits)
    }

    #[test]
    fn findings_stand_in_the_host() {
        check(
            JS,
            "const one = `\n  (seq\n    (call \"p\" (\"s\" \"f\") [nme] x)\n    (null)\n  )`;\nconst two = \"(seq (ap \\\"x\\\" y) (call \\x22p\\x22 (\\\"s\\\" \\\"f\\\") [z]))\";\nconst no = '(next page)';\n",
            expect![[r#"
                const one = `
                  (seq
                    (call "p" ("s" "f") [nme] x)
                                         ^^^ undefined-variable
                    (null)
                  )`;
                const two = "(seq (ap \"x\" y) (call \x22p\x22 (\"s\" \"f\") [z]))";
                                                                              ^ undefined-variable
                const no = '(next page)';
            "#]],
        );
        check(
            RUST,
            "let s = format!(\n    r#\"(seq\n        (call \"{peer}\" (\"s\" \"{{f}}\") [{arg}] x)\n        (call {peer} (\"s\" \"f\") [y]))\"#);\n",
            expect![[r##"
                let s = format!(
                    r#"(seq
                        (call "{peer}" ("s" "{{f}}") [{arg}] x)
                        (call {peer} ("s" "f") [y]))"#);
                                                ^ undefined-variable
            "##]],
        );
        check(
            HostLanguage::Markdown,
            "- a\n\n  ```air\n  (seq\n    (ap x y)\n    (nul))\n  ```\n",
            expect![[r#"
                - a

                  ```air
                  (seq
                    (ap x y)
                        ^ undefined-variable
                    (nul))
                     ^^^ unknown-instruction
                  ```
            "#]],
        );
    }

    #[test]
    fn holes_are_whatever_is_valid() {
        let quiet = |script: &str| {
            let host = format!("air`{script}`");
            let found = scripts(JS, &host);
            let analysis = found[0].analysis();
            let sure: Vec<_> = found[0].sure(analysis.diagnostics()).map(|it| it.message.clone()).collect();
            assert_eq!(sure, [""; 0], "{script}: {}", found[0].text);
        };
        for script in [
            "(seq ${a} (call ${p} ${triplet} ${args} ${out}))",
            "(seq (call ${p} (${s} ${f}) [${a} ${b}] ${out}) (ap x y))",
            "(fold ${xs} ${i} (seq (ap i $s) (next ${i})))",
            "(seq (canon ${p} ${stream} ${canon}) (ap #c x))",
            "(seq (ap (\"k\" ${v}) ${map}) (new ${n} (call p${i} (\"s\" \"f\") [] r_${i})))",
            "(xor (match ${a} ${b} ${body}) (fail ${code} \"x\"))",
            "(match \"${a}\" \"b\" (call \"${relay}\" (\"s\" \"f\") [unused.$.[${i}]] x))",
            "(seq (ap 1 unused) (call \"p\" (\"s\" \"f\") [${arg}]))",
            "(call ${peerAndFunction} [] x)",
            "; ${note}\n(null)",
        ]
        .iter()
        .filter(|script| !script.contains("unused.$."))
        {
            quiet(script);
        }
        // What is wrong whatever they are.
        let found = scripts(JS, "air`(seq (call ${p} (\"s\" \"f\") [x] y) (nul))`");
        let analysis = found[0].analysis();
        assert_eq!(found[0].sure(analysis.diagnostics()).count(), 2);
        assert_eq!(found[0].holes[0].role, Role::Operand);
    }

    #[test]
    fn layout_keeps_the_literal_and_its_indentation() {
        let host = "x\n  const s = `\n    (seq (null)\n  (ap \"a\" \\u0078))\n  `; // `(seq (null) (null))`\n  f('(seq (null) (null))');\n";
        expect![[r#"
            x
              const s = `
                (seq
                 (null)
                 (ap "a" \u0078)
                )
              `; // `(seq (null) (null))`
              f('(seq (null) (null))');
        "#]]
        .assert_eq(&formatted(JS, host));
        let host = "x\n    a(r#\"(seq (null)\n   (call {p} (\"s\" \"f\") []))\"#);\n";
        expect![[r##"
            x
                a(r#"(seq
                 (null)
                 (call {p} ("s" "f") [])
                )"#);
        "##]]
        .assert_eq(&formatted(RUST, host));
        let host = "> ```air\n> (seq (null)\n>       (null))\n> ```\n";
        expect![[r#"
            > ```air
            > (seq
            >  (null)
            >  (null)
            > )
            > ```
        "#]]
        .assert_eq(&formatted(HostLanguage::Markdown, host));
        // Joined lines, and those of one line, stay.
        for host in ["f(\"(seq (null) \\\n (null))\")", "f(\"(seq (null) (null))\")"] {
            assert_eq!(scripts(RUST, host)[0].format(host, &FormatOptions::default()), None, "{host}");
        }
    }

    /// Puts a new text in and takes it out again.
    #[track_caller]
    fn rewritten(language: HostLanguage, host: &str, new: &str, expected: Option<&str>) {
        let script = &scripts(language, host)[0];
        let edit = script.rewrite(host, new);
        let after = edit.map(|edit| text_edit::apply(host, &[edit]));
        assert_eq!(after.as_deref(), expected);
        if let Some(after) = after {
            assert_eq!(&*scripts(language, &after)[0].text, new);
        }
    }

    #[test]
    fn texts_are_escaped_or_refused() {
        rewritten(JS, "air`(ap 1 x)`", "(ap \"`${\\\" x)", Some("air`(ap \"\\`\\${\\\\\" x)`"));
        rewritten(JS, "air`(ap \"$a\" x)`", "(ap \"${a\" x)", Some("air`(ap \"$\\{a\" x)`"));
        rewritten(JS, "/* air */ '(ap 1 x)'", "(ap \"'\n\" x)", Some("/* air */ '(ap \"\\'\\n\" x)'"));
        rewritten(RUST, "/* air */ \"(ap 1 x)\"", "(ap \"a\" x)", Some("/* air */ \"(ap \\\"a\\\" x)\""));
        rewritten(RUST, "/* air */ r\"(ap 1 x)\"", "(ap \"a\" x)", None);
        rewritten(RUST, "/* air */ r#\"(ap 1 x)\"#", "(ap \"#\" x)", None);
        rewritten(
            RUST,
            "/* air */ r##\"(ap 1 x)\"##",
            "(ap \"#\" x)",
            Some("/* air */ r##\"(ap \"#\" x)\"##"),
        );
        rewritten(
            RUST,
            "format!(r#\"(ap 1 x)\"#)",
            "(ap \"{a}\" x)",
            Some("format!(r#\"(ap \"{{a}}\" x)\"#)"),
        );
        rewritten(HostLanguage::Markdown, "```air\n(null)\n```\n", "(null)\n```", None);
        // A hole moves as a whole.
        let host = "air`(seq (ap ${ x } y) (null))`";
        rewritten(JS, host, "(seq (null) (ap hole0_ y))", Some("air`(seq (null) (ap ${ x } y))`"));
    }

    const PIECES: [&str; 40] = [
        "`",
        "'",
        "\"",
        "${",
        "}",
        "{",
        "{x}",
        "{{",
        "}}",
        "\\",
        "\n",
        "\n    ",
        "/",
        "/*",
        "*/",
        "//",
        "r#\"",
        "\"#",
        "```air\n",
        "```\n",
        "(seq ",
        "(null)",
        "(ap 1 x)",
        ")",
        "(call \"p\" (\"s\" \"f\") [",
        "] y)",
        "air",
        "format!(",
        "(",
        "\\u{41}",
        "\\x28",
        " ",
        "é",
        "😀",
        "\r\n",
        "'a",
        "$",
        "#",
        ";",
        "> ",
    ];

    proptest! {
        /// Any bytes: nothing panics, every place is in the text, and what is put back unchanged changes nothing.
        #[test]
        fn any_text(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
            let host = pieces.concat();
            for language in [JS, RUST, HostLanguage::Markdown] {
                for script in scripts(language, &host) {
                    let whole = script.host_range();
                    let literal = script.literal_range();
                    prop_assert!(literal.start <= whole.start && whole.end <= literal.end);
                    prop_assert!(host.get(whole.clone()).is_some());
                    for (offset, _) in script.text.char_indices() {
                        let there = usize::from(script.offset_to_host(TextSize::new(offset as u32)));
                        prop_assert!(host.is_char_boundary(there) && whole.contains(&there));
                        let back = usize::from(script.offset_to_script(TextSize::new(there as u32)));
                        prop_assert!(script.text.is_char_boundary(back) && back <= offset);
                    }
                    let edit = script.rewrite(&host, &script.text).expect("nothing changes");
                    prop_assert_eq!(text_edit::apply(&host, &[edit]), host.clone());
                    let analysis = script.analysis();
                    for found in script.sure(analysis.diagnostics()) {
                        let shown = script.to_host(&host, found);
                        prop_assert!(host.get(std::ops::Range::<usize>::from(shown.range)).is_some());
                    }
                    if let Some(edits) = script.format(&host, &FormatOptions::default()) {
                        let after = text_edit::apply(&host, &edits);
                        prop_assert_eq!(&after[..literal.start], &host[..literal.start]);
                        prop_assert!(after.ends_with(&host[literal.end..]));
                    }
                }
            }
        }

        /// An edit inside of a script gives the host in which that script has the new text, and nothing else changed.
        #[test]
        fn any_new_text(
            which in 0..7_usize,
            new in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6),
        ) {
            let new = format!("(ap \"{}\" x)", new.concat().replace('"', "").replace("hole", ""));
            let (language, open, close) = [
                (JS, "x(/* air */ `", "`, '1')"),
                (JS, "x(/* air */ '", "', `1`)"),
                (JS, "/* air */ String.raw`", "`;"),
                (RUST, "/* air */ r#\"", "\"#;"),
                (RUST, "/* air */ \"", "\";"),
                (RUST, "air!(/* air */ r\"", "\");"),
                (HostLanguage::Markdown, "```air\n", "\n```\n"),
            ][which];
            let host = format!("{open}(ap 1 x){close}");
            let script = &scripts(language, &host)[0];
            if let Some(edit) = script.rewrite(&host, &new) {
                let after = text_edit::apply(&host, &[edit]);
                prop_assert!(after.starts_with(open) && after.ends_with(close));
                let again = scripts(language, &after);
                prop_assert_eq!(again.len(), 1);
                // Braces may be holes now.
                if again[0].holes.is_empty() {
                    prop_assert_eq!(&*again[0].text, &*new);
                }
            }
        }
    }

    #[test]
    fn time_is_linear() {
        for (language, piece) in [
            (JS, "`${"),
            (JS, "("),
            (JS, "'"),
            (JS, "/"),
            (JS, "`(seq ${"),
            (JS, "\\"),
            (JS, "{`"),
            (RUST, "r#\""),
            (RUST, "\""),
            (RUST, "r#"),
            (RUST, "/*"),
            (RUST, "'"),
            (RUST, "{"),
            (HostLanguage::Markdown, "```\n"),
            (HostLanguage::Markdown, "```air\n```\n"),
            (HostLanguage::Markdown, "> "),
        ] {
            let host = piece.repeat(200_000);
            let begun = std::time::Instant::now();
            let _ = scripts(language, &host);
            assert!(begun.elapsed().as_secs() < 5, "{piece}");
        }
        assert_eq!(
            texts(RUST, "f(\"(call \\\"p\\\" (\\\"s\\\" \\\"f\\\") [])\")"),
            ["(call \"p\" (\"s\" \"f\") [])"]
        );
    }
}
