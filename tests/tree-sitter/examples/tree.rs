//! Prints the tree of each line of JSON strings on standard input, as a case of `test/corpus` has it.

fn main() {
    for line in std::io::stdin().lines() {
        let text: String = serde_json::from_str(&line.unwrap()).unwrap();
        println!("{}", air_tree_sitter_tests::parse(&text).root_node().to_sexp());
    }
}
