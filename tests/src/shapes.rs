//! Shapes of growth: texts of one kind in every size, so that a test can ask whether time, stack or memory grows with
//! the text or faster. Each stands for a habit of texts, right ones and wrong ones, that once was or could be slow.
//!
//! Only the standard library is used, so that tests of any crate can take this file in by its path.

/// A kind of text that can be made in every size.
#[derive(Clone, Copy)]
pub struct Shape {
    /// What failures are reported by.
    pub name: &'static str,
    /// Whether the size is a depth of nesting, which is limited.
    pub deep: bool,
    make: fn(usize) -> String,
}

impl Shape {
    /// The text with `n` parts.
    pub fn of(&self, n: usize) -> String {
        (self.make)(n)
    }

    /// The text of about so many bytes; `most` is the deepest nesting of shapes that nest.
    pub fn sized(&self, bytes: usize, most: usize) -> String {
        let each = (self.of(256).len() - self.of(128).len()).div_ceil(128).max(1);
        let n = (bytes / each).max(1);
        self.of(if self.deep { n.min(most) } else { n })
    }
}

/// The shape of that name.
pub fn shape(name: &str) -> Shape {
    *SHAPES.iter().find(|shape| shape.name == name).unwrap_or_else(|| panic!("no shape is called {name}"))
}

const fn flat(name: &'static str, make: fn(usize) -> String) -> Shape {
    Shape { name, deep: false, make }
}

const fn deep(name: &'static str, make: fn(usize) -> String) -> Shape {
    Shape { name, deep: true, make }
}

/// All of them.
pub const SHAPES: [Shape; 72] = [
    // Right scripts, beside each other.
    flat("calls", |n| joined("seq", n, |i| format!("(call \"p\" (\"s\" \"f\") [] x{i})"))),
    flat("calls_in_a_chain", chain),
    flat("calls_without_result", |n| joined("seq", n, |_| "(call \"p\" (\"s\" \"f\") [])".to_owned())),
    flat("peers", |n| joined("par", n, |i| format!("(call \"p{i}\" (\"s\" \"f\") [])"))),
    flat("services", |n| joined("seq", n, |i| format!("(call \"p\" (\"s{i}\" \"f{i}\") [])"))),
    flat("arguments", |n| format!("(call \"p\" (\"s\" \"f\") [{}])", "1 ".repeat(n))),
    flat("arguments_of_one_name", |n| {
        format!("(seq (ap 1 x) (call \"p\" (\"s\" \"f\") [{}]))", "x ".repeat(n))
    }),
    flat("nulls", |n| joined("seq", n, |_| "(null)".to_owned())),
    flat("nevers", |n| joined("par", n, |_| "(never)".to_owned())),
    flat("fails", |n| joined("xor", n, |i| format!("(fail {} \"no\")", i + 1))),
    flat("errors_rethrown", |n| joined("xor", n, |_| "(seq (null) (fail :error:))".to_owned())),
    flat("aps", |n| joined("seq", n, |i| format!("(ap {i} x{i})"))),
    flat("appends", |n| joined("seq", n, |i| format!("(ap {i} $s)"))),
    flat("streams", |n| joined("seq", n, |i| format!("(ap 1 $s{i})"))),
    flat("canons", |n| {
        format!("(seq (ap 1 $s) {})", joined("seq", n, |i| format!("(canon \"p\" $s #c{i})")))
    }),
    flat("map_entries", |n| joined("seq", n, |i| format!("(ap (\"k{i}\" {i}) %m)"))),
    flat("canon_maps", |n| {
        format!("(seq (ap (\"k\" 1) %m) {})", joined("seq", n, |i| format!("(canon \"p\" %m #%c{i})")))
    }),
    flat("news", |n| joined("seq", n, |i| format!("(new $s{i} (ap 1 $s{i}))"))),
    flat("news_of_one_name", |n| joined("seq", n, |_| "(new $s (ap 1 $s))".to_owned())),
    flat("folds", |n| over_list(&joined("seq", n, |i| format!("(fold l i{i} (seq (null) (next i{i})))")))),
    flat("folds_of_one_iterator", |n| {
        over_list(&joined("seq", n, |_| "(fold l i (seq (null) (next i)))".to_owned()))
    }),
    flat("folds_over_a_stream", |n| {
        format!(
            "(seq (ap 1 $s) {})",
            joined("seq", n, |i| format!("(fold $s i{i} (seq (null) (next i{i})))"))
        )
    }),
    flat("matches", |n| joined("seq", n, |i| format!("(xor (match {i} 1 (null)) (null))"))),
    flat("mismatches_of_a_name", |n| {
        format!(
            "(seq (ap 1 x) {})",
            joined("seq", n, |i| format!("(xor (mismatch x.$.a {i} (null)) (null))"))
        )
    }),
    flat("hops", |n| {
        joined("seq", n, |_| "(new $-hop- (new #-hopc- (canon \"p\" $-hop- #-hopc-)))".to_owned())
    }),
    flat("outputs_of_one_stream", |n| joined("par", n, |_| "(call \"p\" (\"s\" \"f\") [] $s)".to_owned())),
    // Long words and long gaps.
    flat("long_string", |n| format!("(ap \"{}\" x)", "a".repeat(n))),
    flat("long_string_of_wide_characters", |n| format!("(ap \"{}\" x)", "é😀".repeat(n))),
    flat("long_string_of_lines", |n| format!("(ap \"{}\" x)", "a\n".repeat(n))),
    flat("long_number", |n| format!("(ap {} x)", "1".repeat(n))),
    flat("long_name", |n| format!("(ap 1 {})", "a".repeat(n))),
    flat("long_lens", |n| format!("(seq (ap 1 x) (ap x.${} y))", ".a".repeat(n))),
    flat("long_lens_of_indices", |n| format!("(seq (ap 1 x) (ap x.${} y))", ".[0]".repeat(n))),
    flat("long_lens_of_names", |n| format!("(seq (ap 1 x) (ap x.${} y))", ".[x]".repeat(n))),
    flat("spaces", |n| format!("(seq (null){}(null))", " ".repeat(n))),
    flat("lines", |n| format!("(seq (null){}(null))", "\n".repeat(n))),
    flat("lines_of_windows", |n| format!("(seq (null){}(null))", "\r\n".repeat(n))),
    flat("comments", |n| format!("{}(null)", "; words\n".repeat(n))),
    flat("comments_between", |n| joined("seq", n, |_| "(null) ; why\n".to_owned())),
    flat("one_long_comment", |n| format!("(null) ; {}", "words ".repeat(n))),
    // What the tools read.
    flat("allowances", |n| joined("seq", n, |_| "; air: allow(L001)\n(null)".to_owned())),
    flat("layout_off_and_on", |n| {
        joined("seq", n, |_| "\n; air: fmt off\n(null)\n; air: fmt on\n".to_owned())
    }),
    flat("givens", |n| {
        let names: Vec<String> = (0..n).map(|i| format!("; air: given x{i}\n")).collect();
        format!("{}{}", names.concat(), joined("seq", n, |i| format!("(ap x{i} y{i})")))
    }),
    flat("annotations", |n| joined("seq", n, |i| format!("(call \"p\" (\"s\" \"f\") [] x{i}) ; ok = {i}\n"))),
    // Wrong ones, beside each other.
    flat("undefined", |n| joined("seq", n, |i| format!("(call \"p\" (\"s\" \"f\") [u{i}])"))),
    flat("undefined_of_one_name", |n| joined("seq", n, |_| "(call \"p\" (\"s\" \"f\") [u])".to_owned())),
    flat("defined_again", |n| joined("seq", n, |_| "(ap 1 x)".to_owned())),
    flat("nexts_without_fold", |n| joined("seq", n, |i| format!("(next i{i})"))),
    flat("unknown_instructions", |n| joined("seq", n, |_| "(noop)".to_owned())),
    flat("empty_lists", |n| joined("seq", n, |_| "()".to_owned())),
    flat("missing_operands", |n| joined("seq", n, |_| "(ap)".to_owned())),
    flat("misspelt", |n| joined("seq", n, |i| format!("(cal \"p\" (\"s\" \"f\") [x{i}] y)"))),
    flat("many_scripts", |n| "(null)\n".repeat(n)),
    flat("words_alone", |n| "seq ".repeat(n)),
    flat("quotes", |n| "\"".repeat(n)),
    flat("unclosed_string", |n| format!("(seq (ap \"{}\n(null))", "a b ".repeat(n))),
    flat("control_characters", |n| format!("(null){}", "\u{1}\u{202e}".repeat(n))),
    flat("closing_brackets", |n| ")".repeat(n)),
    flat("square_brackets", |n| "[".repeat(n)),
    // One inside the other.
    deep("seq_left", |n| nested("(seq ", "(null)", " (null))", n)),
    deep("seq_right", |n| nested("(seq (null) ", "(null)", ")", n)),
    deep("par_left", |n| nested("(par ", "(null)", " (null))", n)),
    deep("xor_right", |n| nested("(xor (fail 1 \"no\") ", "(null)", ")", n)),
    deep("error_deep", |n| nested("(xor ", "(fail 1 \"no\")", " (fail :error:))", n)),
    deep("new_in_new", |n| nested("(new $s ", "(ap 1 $s)", ")", n)),
    deep("match_in_match", |n| nested("(match 1 1 ", "(null)", ")", n)),
    deep("fold_in_fold", |n| over_list(&folds(n))),
    deep("fold_of_one_iterator", |n| nested("(fold l i ", "(null)", ")", n)),
    deep("recursive_folds", |n| nested("(seq ", "(ap 1 $s)", " (fold $s i (par (next i) (ap i $s))))", n)),
    deep("definitions_left", |n| nested("(seq ", "(ap 1 x)", " (call \"p\" (\"s\" \"f\") [x u] y))", n)),
    deep("never_closed", |n| "(seq ".repeat(n)),
    deep("one_bracket_missing", |n| nested("(seq ", "(null)", " (null))", n).split_off(5)),
];

/// `n` parts in a balanced tree.
fn joined(instruction: &str, n: usize, part: impl Fn(usize) -> String) -> String {
    let mut parts: Vec<String> = (0..n.max(1)).map(part).collect();
    while parts.len() > 1 {
        let pair = |pair: &[String]| match pair {
            [left, right] => format!("({instruction} {left} {right})"),
            one => one.concat(),
        };
        parts = parts.chunks(2).map(pair).collect();
    }
    parts.concat()
}

fn chain(n: usize) -> String {
    let before = |i: usize| if i == 0 { "1".to_owned() } else { format!("x{}", i - 1) };
    joined("seq", n, |i| format!("(call \"p\" (\"s\" \"f\") [{}] x{i})", before(i)))
}

fn nested(before: &str, inside: &str, after: &str, n: usize) -> String {
    format!("{}{inside}{}", before.repeat(n), after.repeat(n))
}

/// With a list to fold over.
fn over_list(rest: &str) -> String {
    format!("(seq (call \"p\" (\"s\" \"f\") [] l) {rest})")
}

fn folds(n: usize) -> String {
    let begin: Vec<String> = (0..n).map(|i| format!("(fold l i{i} (seq ")).collect();
    let end: Vec<String> = (0..n).rev().map(|i| format!(" (next i{i})))")).collect();
    format!("{}(null){}", begin.concat(), end.concat())
}
