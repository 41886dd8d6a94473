//! For each path on standard input a line of JSON: what `highlights.scm` captures in that file, as
//! `[start, end, "name"]` in UTF-16 units, for `tests/colours`.

use air_tree_sitter_tests::{captures, query};

fn main() {
    let query = query("highlights").unwrap();
    for path in std::io::stdin().lines().map_while(Result::ok) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut units = vec![0; text.len() + 1];
        let mut at = 0;
        for (byte, letter) in text.char_indices() {
            units[byte] = at;
            at += letter.len_utf16();
        }
        units[text.len()] = at;
        let found: Vec<_> = captures(&query, &text)
            .into_iter()
            .map(|(range, name)| (units[range.start], units[range.end], name))
            .collect();
        println!("{}", serde_json::to_string(&found).unwrap());
    }
}
