//! Which module of a crate uses which: paths in its sources, resolved, test code left out. Read from tokens: a parser of
//! Rust among the dependencies would have cargo build the engine of the sandbox a second time.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::sources;

/// A module's path below its crate; the crate's root is empty.
pub type Module = Vec<String>;

/// Modules of a crate and what they use.
pub struct Modules {
    /// All of them but those for tests.
    pub all: BTreeSet<Module>,
    /// User, used, and one path that says so.
    pub uses: BTreeMap<(Module, Module), String>,
    /// Module and path, `std::fs::File`, of all paths of two words or more, grouped imports taken apart.
    pub paths: Vec<(Module, String)>,
}

/// Reads a crate whose sources are in that folder, `syntax/src`.
pub fn modules(folder: &str) -> Modules {
    let mut files: BTreeMap<Module, File> = BTreeMap::new();
    for source in sources(&[folder]) {
        let inside =
            source.path.strip_prefix(folder).unwrap().trim_start_matches('/').trim_end_matches(".rs");
        if inside.starts_with("bin/") {
            continue;
        }
        let parts = inside.split('/').filter(|part| !matches!(*part, "lib" | "mod"));
        let module: Module = parts.map(str::to_owned).collect();
        let mut file = File { module: module.clone(), ..File::default() };
        file.read(&tokens(&source.text));
        let inline = std::mem::take(&mut file.inline);
        files.insert(module, file);
        files.extend(inline);
    }
    let for_tests: Vec<Module> = files.values().flat_map(|file| file.for_tests.iter().cloned()).collect();
    files.retain(|module, _| !for_tests.iter().any(|test| module.starts_with(test)));
    let all: BTreeSet<Module> = files.keys().cloned().collect();
    let mut uses = BTreeMap::new();
    for file in files.values() {
        for path in &file.paths {
            if let Some(used) = resolve(&files, &all, &file.module, path, 0)
                && used != file.module
            {
                uses.entry((file.module.clone(), used)).or_insert_with(|| path.join("::"));
            }
        }
    }
    let of_file = |file: &File| -> Vec<(Module, String)> {
        file.paths.iter().map(|path| (file.module.clone(), path.join("::"))).collect()
    };
    let paths = files.values().flat_map(of_file).collect();
    Modules { all, uses, paths }
}

/// The module that a path leads into; through `use` to where the thing comes from.
fn resolve(
    files: &BTreeMap<Module, File>,
    all: &BTreeSet<Module>,
    from: &Module,
    path: &[String],
    depth: usize,
) -> Option<Module> {
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => Module::new(),
        "self" => from.clone(),
        "super" => from[..from.len().checked_sub(1)?].to_vec(),
        name => {
            let child: Module = from.iter().cloned().chain([name.to_owned()]).collect();
            if !all.contains(&child) {
                return None;
            }
            child
        }
    };
    while let Some((name, further)) = rest.split_first() {
        if name == "super" {
            at.pop();
        } else {
            at.push(name.clone());
            if !all.contains(&at) {
                at.pop();
                let imported = files.get(&at).and_then(|file| file.imports.get(name));
                // Imports may name each other in a circle.
                return match imported.filter(|_| depth < 8) {
                    Some(target) => resolve(files, all, &at, target, depth + 1).or(Some(at)),
                    None => Some(at),
                };
            }
        }
        rest = further;
    }
    Some(at)
}

#[derive(Default)]
struct File {
    module: Module,
    /// Paths that may lead to other modules.
    paths: BTreeSet<Vec<String>>,
    /// Names that `use` brings in, and where from.
    imports: BTreeMap<String, Vec<String>>,
    for_tests: Vec<Module>,
    inline: BTreeMap<Module, File>,
}

/// Words, `::`, and single signs; comments, strings, numbers and lifetimes left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw_string(rest) {
            let (begin, end) = (hashes + 1, format!("\"{}", "#".repeat(hashes - 1)));
            rest[begin..].find(&end).map_or(rest.len(), |at| begin + at + end.len())
        } else if first == '"' {
            closing_quote(rest)
        } else if first == '\'' {
            character(rest)
        } else if word > 0 {
            if !first.is_ascii_digit() {
                found.push(&rest[..word]);
            }
            word
        } else if rest.starts_with("::") {
            found.push("::");
            2
        } else {
            if !first.is_whitespace() {
                found.push(&rest[..first.len_utf8()]);
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// Of `r#"`, the `r` and its hashes, counted.
fn raw_string(text: &str) -> Option<usize> {
    let after =
        text.strip_prefix('r').or_else(|| text.strip_prefix("br").map(|_| "")).filter(|it| !it.is_empty())?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes + 1)
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            '"' if !escaped => return at + 1,
            _ => escaped = char == '\\' && !escaped,
        }
    }
    text.len()
}

/// `'x'`, `'\n'`; of a lifetime, only the sign.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some(_)) => text[3..].find('\'').map_or(text.len(), |at| at + 4),
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

impl File {
    fn read(&mut self, tokens: &[&str]) {
        let mut at = 0;
        let mut public = false;
        while let Some(&token) = tokens.get(at) {
            match token {
                "#" if tokens.get(at + 1) == Some(&"[") => {
                    let end = close(tokens, at + 1);
                    let attribute = &tokens[at + 2..end - 1];
                    at = end;
                    if matches!(attribute, ["test"]) || is_cfg_test(attribute) {
                        at = self.skip_item(tokens, at);
                    }
                    continue;
                }
                "use" => {
                    let end =
                        tokens[at..].iter().position(|it| *it == ";").map_or(tokens.len(), |it| at + it);
                    let mut imports = Vec::new();
                    tree(&tokens[at + 1..end], Vec::new(), &mut imports);
                    for (name, path) in imports {
                        // A re-export hands on what another module has; who uses it there counts.
                        if !public {
                            self.paths.insert(path.clone());
                        }
                        self.imports.extend(name.map(|name| (name, path)));
                    }
                    at = end;
                }
                "mod" if tokens.get(at + 2) == Some(&"{") => {
                    let end = close(tokens, at + 2);
                    let module = self.child(tokens[at + 1]);
                    let mut inner = File { module: module.clone(), ..File::default() };
                    inner.read(&tokens[at + 3..end - 1]);
                    self.for_tests.append(&mut inner.for_tests);
                    self.inline.append(&mut inner.inline);
                    self.inline.insert(module, inner);
                    at = end;
                    continue;
                }
                _ if is_word(token) && tokens.get(at + 1) == Some(&"::") => {
                    let mut path = vec![token.to_owned()];
                    while tokens.get(at + 1) == Some(&"::")
                        && tokens.get(at + 2).is_some_and(|it| is_word(it))
                    {
                        path.push(tokens[at + 2].to_owned());
                        at += 2;
                    }
                    self.paths.insert(path);
                }
                _ => {}
            }
            public = match token {
                "pub" => true,
                // `pub(crate) use`
                "(" | ")" | "crate" | "super" | "in" => public,
                _ => false,
            };
            at += 1;
        }
    }

    fn child(&self, name: &str) -> Module {
        self.module.iter().cloned().chain([name.to_owned()]).collect()
    }

    /// After the item that an attribute belongs to.
    fn skip_item(&mut self, tokens: &[&str], mut at: usize) -> usize {
        while tokens.get(at) == Some(&"#") {
            at = close(tokens, at + 1);
        }
        let mut import = false;
        while let Some(&token) = tokens.get(at) {
            match token {
                ";" | "," => return at + 1,
                "use" => import = true,
                "mod" => self.for_tests.extend(tokens.get(at + 1).map(|name| self.child(name))),
                "{" if !import => return close(tokens, at),
                "{" | "(" | "[" => {
                    at = close(tokens, at);
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        at
    }
}

/// What a `use` brings in: the name, if it is one, and where from.
fn tree(tokens: &[&str], mut path: Vec<String>, found: &mut Vec<(Option<String>, Vec<String>)>) {
    let mut at = 0;
    while let Some(&token) = tokens.get(at) {
        match token {
            "{" => {
                let inner = &tokens[at + 1..close(tokens, at) - 1];
                let (mut begin, mut depth) = (0, 0);
                for (index, token) in inner.iter().enumerate() {
                    match *token {
                        "{" => depth += 1,
                        "}" => depth -= 1,
                        "," if depth == 0 => {
                            tree(&inner[begin..index], path.clone(), found);
                            begin = index + 1;
                        }
                        _ => {}
                    }
                }
                return tree(&inner[begin..], path, found);
            }
            "*" => return found.push((None, path)),
            "as" => return found.push((tokens.get(at + 1).map(|name| (*name).to_owned()), path)),
            "self" if at + 1 == tokens.len() && !path.is_empty() => {}
            "::" => {}
            name => path.push(name.to_owned()),
        }
        at += 1;
    }
    if !tokens.is_empty() {
        found.push((path.last().cloned(), path));
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn is_cfg_test(attribute: &[&str]) -> bool {
    matches!(attribute, ["cfg", "(", first, ..] if *first != "not") && attribute.contains(&"test")
}

/// After the bracket that closes the one there.
fn close(tokens: &[&str], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match *token {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}
