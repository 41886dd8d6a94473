//! For each path on standard input a line of JSON: what the queries named by the arguments capture in that file,
//! a list for each query of `[start, end, "name"]` in UTF-16 units, for `tests/colours`.

use air_tree_sitter_tests::{captures, query};

fn main() {
    let queries: Vec<_> = std::env::args().skip(1).map(|path| query(path.as_ref()).unwrap()).collect();
    for path in std::io::stdin().lines().map_while(Result::ok) {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut units = vec![0; text.len() + 1];
        let mut at = 0;
        for (byte, letter) in text.char_indices() {
            units[byte] = at;
            at += letter.len_utf16();
        }
        units[text.len()] = at;
        let found: Vec<Vec<_>> = queries
            .iter()
            .map(|query| {
                let found = captures(query, &text).into_iter();
                found.map(|(range, name)| (units[range.start], units[range.end], name)).collect()
            })
            .collect();
        println!("{}", serde_json::to_string(&found).unwrap());
    }
}
