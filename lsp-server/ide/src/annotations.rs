//! Comments with a meaning: sample answers after calls, and directives.

/// A form of such a comment.
#[derive(Debug, Clone, Copy)]
pub struct Annotation {
    /// What the comment begins with: `ok`, `air: allow`.
    pub key: &'static str,
    /// The whole form, after `; `: `ok = JSON`.
    pub label: &'static str,
    /// The same as a snippet for an editor.
    pub snippet: &'static str,
    /// What it does, in Markdown.
    pub what: &'static str,
}

/// Sample answers, in the form of AquaVM's own tests: after the call that they are for.
pub const SAMPLES: &[Annotation] = &[
    Annotation {
        key: "ok",
        label: "ok = JSON",
        snippet: "ok = ${1:null}",
        what: "In sample runs the call returns this value.",
    },
    Annotation {
        key: "err",
        label: "err = {\"ret_code\": …, \"result\": …}",
        snippet: "err = {\"ret_code\": ${1:1}, \"result\": \"${2:message}\"}",
        what: "In sample runs the service fails with this code and text.",
    },
    Annotation {
        key: "seq_ok",
        label: "seq_ok = {\"default\": …, \"0\": …}",
        snippet: "seq_ok = {\"default\": ${1:null}, \"0\": ${2:null}}",
        what: "In sample runs the first call returns the value at `\"0\"`, the next one that at `\"1\"`, all others the default.",
    },
    Annotation {
        key: "seq_error",
        label: "seq_error = {\"default\": …, \"0\": …}",
        snippet: "seq_error = {\"default\": {\"ret_code\": 0, \"result\": ${1:null}}, \"0\": {\"ret_code\": 1, \"result\": \"${2:message}\"}}",
        what: "As `seq_ok`, with return codes: 0 is success.",
    },
    Annotation {
        key: "behaviour",
        label: "behaviour = echo|unit|service|function|arg.N|tetraplet",
        snippet: "behaviour = ${1|echo,unit,service,function,arg.0,tetraplet|}",
        what: "In sample runs the call returns its first argument (`echo`), nothing (`unit`), the name of its service or function, an argument, or where its arguments come from.",
    },
    Annotation {
        key: "map",
        label: "map = {\"ARGUMENT\": ANSWER, …}",
        snippet: "map = {\"${1:key}\": ${2:null}}",
        what: "In sample runs the call returns the value at its first argument.",
    },
];

/// Directives, whose meaning is in [`air_semantics::directives`].
pub const DIRECTIVES: &[Annotation] = &[
    Annotation {
        key: "air: given",
        label: "air: given NAME …",
        snippet: "air: given ${1:name}",
        what: "The host supplies these variables: they count as defined. Names are written with their tags (`$`, `%`, `#`).",
    },
    Annotation {
        key: "air: allow",
        label: "air: allow(CODE, …)",
        snippet: "air: allow(${1:code})",
        what: "The next instruction, with everything in it, is not reported for these codes.",
    },
    Annotation {
        key: "air: fmt off",
        label: "air: fmt off",
        snippet: "air: fmt off",
        what: "From here on, the formatter does not change the text.",
    },
    Annotation {
        key: "air: fmt on",
        label: "air: fmt on",
        snippet: "air: fmt on",
        what: "From here on, the formatter works again.",
    },
];

/// What a comment begins with: the annotation or directive, longest key first; `;` and spaces are skipped.
pub fn of_comment(comment: &str) -> Option<&'static Annotation> {
    let body = comment.trim_start_matches(';').trim_start();
    if let Some(found) = DIRECTIVES.iter().find(|it| body.starts_with(it.key)) {
        return Some(found);
    }
    let (key, _) = body.split_once('=')?;
    SAMPLES.iter().find(|it| it.key == key.trim_end())
}
