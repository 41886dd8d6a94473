//! Which module of a crate uses which: paths in its sources, resolved, test code left out.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

use air_tests::tree::sources;

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
        let parsed = syn::parse_file(&source.text).unwrap_or_else(|error| panic!("{}: {error}", source.path));
        let mut file = File { module: module.clone(), ..File::default() };
        file.visit_file(&parsed);
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

impl File {
    fn tree(&mut self, tree: &syn::UseTree, mut path: Vec<String>) {
        match tree {
            syn::UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.tree(&part.tree, path);
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, path.clone())),
            syn::UseTree::Glob(_) => _ = self.paths.insert(path),
            syn::UseTree::Name(name) if name.ident == "self" => self.import(path.last().cloned(), path),
            syn::UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.import(Some(name.ident.to_string()), path);
            }
            syn::UseTree::Rename(renamed) => {
                path.push(renamed.ident.to_string());
                self.import(Some(renamed.rename.to_string()), path);
            }
        }
    }

    fn import(&mut self, name: Option<String>, path: Vec<String>) {
        self.imports.extend(name.map(|name| (name, path.clone())));
        self.paths.insert(path);
    }
}

fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return attribute.path().is_ident("test") };
        list.path.is_ident("cfg")
            && list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|it| it == "test")
            && !list.tokens.to_string().starts_with("not")
    })
}

impl<'ast> Visit<'ast> for File {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Fn(it) => &it.attrs,
            syn::Item::Mod(it) => &it.attrs,
            syn::Item::Use(it) => &it.attrs,
            syn::Item::Impl(it) => &it.attrs,
            syn::Item::Const(it) => &it.attrs,
            syn::Item::Static(it) => &it.attrs,
            _ => &[],
        };
        if !for_tests(attributes) {
            visit::visit_item(self, item);
        } else if let syn::Item::Mod(it) = item {
            let module = self.module.iter().cloned().chain([it.ident.to_string()]).collect();
            self.for_tests.push(module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        // A re-export hands on what another module has; who uses it there counts.
        if matches!(item.vis, syn::Visibility::Inherited) {
            self.tree(&item.tree, Vec::new());
        } else {
            let mut reexported = File::default();
            reexported.tree(&item.tree, Vec::new());
            self.imports.extend(reexported.imports);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else { return };
        let module: Module = self.module.iter().cloned().chain([item.ident.to_string()]).collect();
        let mut inner = File { module: module.clone(), ..File::default() };
        items.iter().for_each(|item| inner.visit_item(item));
        self.for_tests.append(&mut inner.for_tests);
        self.inline.append(&mut inner.inline);
        self.inline.insert(module, inner);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 && path.leading_colon.is_none() {
            self.paths.insert(path.segments.iter().map(|part| part.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }
}
