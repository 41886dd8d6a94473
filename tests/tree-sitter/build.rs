//! Compiles the committed parser, as every user of the grammar does.

fn main() {
    let source = "../../editors/tree-sitter-air/src";
    cc::Build::new()
        .include(source)
        .file(format!("{source}/parser.c"))
        .opt_level(2)
        .compile("tree-sitter-air");
    println!("cargo:rerun-if-changed={source}/parser.c");
}
