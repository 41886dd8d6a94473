//! Names that the Aqua compiler makes, in the forms of its versions 0.10 to 0.14.
//!
//! A name is the compiler's when it has exactly the form of one of its names, not when it has a `-`: people write those too,
//! and so do bugs.

/// Between dashes: variables of which each has its one purpose.
const BETWEEN_DASHES: &[&str] = &[
    "relay",
    "hop",
    "hopc",
    "ephemeral-stream",
    "ephemeral-canon",
    "if-error",
    "else-error",
    "if-else-error",
    "via-peer",
    "iterable",
    "return-error-msg",
];

/// Literals of lists and options, hops of 0.11, pushes of a stream to a stream.
const WHOLE: &[&str] = &[
    "array-inline",
    "option-inline",
    "stream-inline",
    "stream-anon",
    "push-to-stream",
    "hop-stream-drop",
    "hop-canon-drop",
];

/// What follows the name of a stream whose elements are fetched by a parameter.
const AFTER_STREAM: &[&str] = &["-iter", "-item"];

/// Whether the Aqua compiler makes that name, given with its sign, for a purpose of its own. A variable of the source
/// that it renamed (`x-0`) is not one: the source can do something about it.
pub(crate) fn is_compilers(name: &str) -> bool {
    let core = name.trim_start_matches(['#', '$', '%']);
    // All of them have a dash, and most names of people have none.
    if !core.as_bytes().contains(&b'-') {
        return false;
    }
    let plain = without_numbers(core);
    let Some(rest) = plain.strip_prefix('-') else {
        let stream = || AFTER_STREAM.iter().find_map(|after| plain.strip_suffix(after));
        return WHOLE.contains(&plain)
            || stream().is_some_and(|stream| is_identifier(without_numbers(stream)));
    };
    match rest.strip_suffix('-') {
        Some(inner) => {
            BETWEEN_DASHES.contains(&inner)
                || inner
                    .strip_suffix("-arg")
                    .is_some_and(|parameter| is_identifier(without_numbers(parameter)))
        }
        // A returned stream: `#-results-fix-0`, `-results-flat-0`; a temporary of a stream map: `-map_keys_result`.
        None => {
            let stream = rest.strip_suffix("-fix").or_else(|| rest.strip_suffix("-flat"));
            stream.is_some_and(|stream| is_identifier(without_numbers(stream))) || is_of_map(rest)
        }
    }
}

/// Whether it tells the compiler, though it is not one of its own: the second or a later result of calls whose results
/// have no name in the source, and what is derived from a name of the source for `join`, `.length` and objects.
fn is_telling(name: &str) -> bool {
    const DERIVED: &[&str] = &["_fold_var", "_iter_canon", "_result_canon", "_to_functor", "_obj_map"];
    let result = name.strip_prefix("ret-");
    result.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        || DERIVED.iter().any(|derived| name.ends_with(derived))
}

/// Whether it is a variable for a method of a stream map.
fn is_of_map(rest: &str) -> bool {
    const AFTER_MAP: &[&str] = &[
        "_canon",
        "_idx",
        "_array",
        "_iter",
        "_stream",
        "_contains_result",
        "_keys_result",
        "_keys_stream_result",
        "_get_stream_result",
        "_ap",
    ];
    let map = AFTER_MAP.iter().find_map(|after| rest.strip_suffix(after));
    map.is_some_and(|map| is_identifier(without_numbers(map)))
}

/// A name of the Aqua source.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// `x-1-0` → `x`: without the numbers of renamings.
pub(crate) fn without_numbers(core: &str) -> &str {
    let mut core = core;
    loop {
        let head = core.trim_end_matches(|char: char| char.is_ascii_digit());
        match head.strip_suffix('-') {
            Some(shorter) if head.len() < core.len() && !shorter.is_empty() => core = shorter,
            _ => return core,
        }
    }
}

/// Proofs in the names of a script that the compiler wrote it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proof {
    pub(super) compiled: bool,
    /// Whether its `if` tells errors of the branches from those of the condition, as from 0.12.1 on.
    pub(super) propagates: bool,
}

impl Proof {
    /// What the names of a script prove.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Proof {
        Proof {
            compiled: names.clone().any(|name| is_compilers(name) || is_telling(name)),
            propagates: names.clone().any(|name| name == "-if-error-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_compilers;

    #[test]
    fn names_of_the_compiler() {
        for name in [
            "-relay-",
            "$-hop-",
            "#-hopc-",
            "$-ephemeral-stream-",
            "-if-else-error-",
            "-user-arg-",
            "$-user_id-0-arg-",
            "#-results-fix-0",
            "-results-0-flat-1",
            "$array-inline",
            "#option-inline-3",
            "$stream-anon-1-0",
            "$hop-stream-drop",
            "records-iter",
            "records-item-0",
            "#push-to-stream-12",
            "#%-map_canon",
            "-map_keys_result-0",
        ] {
            assert!(is_compilers(name), "{name}");
        }
    }

    #[test]
    fn names_of_people() {
        for name in [
            "my-value",
            "$my-results",
            "x-0",
            "$status-0",
            "#all-results",
            "-",
            "--",
            "-y-",
            "-my-value-",
            "-my-arg",
            "-0bad-arg-",
            "inline-array",
            "array-inlined",
            "my-list-item",
            "relay",
            "-x",
        ] {
            assert!(!is_compilers(name), "{name}");
        }
    }
}
