//! Scripts for the properties: right ones, broken ones, and no scripts at all.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Any text that somebody may open: half of it scripts with damage.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => script(),
        4 => (script(), vec(damage(), 1..6)).prop_map(|(text, damage)| damaged(text, &damage)),
        1 => (select(real_scripts()), vec(damage(), 0..6)).prop_map(|(text, damage)| damaged(text, &damage)),
        1 => vec(select(PIECES.to_vec()), 0..60).prop_map(|pieces| pieces.concat()),
        1 => any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        1 => ".{0,80}",
    ]
}

/// What somebody types or pastes in one go.
pub(crate) fn edit() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => Just(String::new()),
        1 => script(),
        1 => "[a-z0-9 ]{1,3}",
    ]
}

/// A script of right shape; names may be undefined.
pub(crate) fn script() -> impl Strategy<Value = String> {
    let instruction = (instruction(), any::<bool>());
    let whole = instruction.prop_map(|(words, framed)| if framed { in_a_frame(words) } else { words });
    (whole, vec(select(BLANKS.to_vec()), 64), "[ -~\u{e9}\u{1f600}]{0,12}").prop_map(
        |(words, blanks, comment)| {
            let mut text = String::new();
            for (index, word) in words.iter().enumerate() {
                text.push_str(word);
                let blank = blanks[index % blanks.len()];
                let tight = word.ends_with(['(', '['])
                    || words.get(index + 1).is_none_or(|next| next.starts_with([')', ']']));
                if blank.contains(';') {
                    text.push_str(&format!(" ; {comment}\n"));
                } else if !tight || blank.len() > 1 {
                    text.push_str(blank);
                }
            }
            text
        },
    )
}

const BLANKS: [&str; 10] = [" ", " ", " ", " ", "\n", "\n  ", "  ", "\t", "\r\n", ";"];

/// What scripts are made of and what breaks them.
const PIECES: [&str; 44] = [
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "[]",
    " ",
    "\n",
    "\r\n",
    "\t",
    ";",
    "; air: fmt off\n",
    "; air: fmt on\n",
    "\"",
    "\"text\"",
    "call",
    "seq",
    "par",
    "xor",
    "fold",
    "next",
    "new",
    "match",
    "mismatch",
    "ap",
    "canon",
    "fail",
    "never",
    "null",
    "name",
    "$stream",
    "#canon",
    "%map",
    "#%canonmap",
    "%init_peer_id%",
    ":error:",
    "%last_error%.$.message",
    "name.$.f[0]!",
    "name.length",
    "-1.5",
    "true",
    "\u{e9}",
    "\u{1f600}\u{feff}",
];

/// Scripts of the repository, broken ones too.
fn real_scripts() -> Vec<String> {
    let folder = air_architecture::tree::root().join("tests/scripts");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "air"));
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

/// Where, as a share of the text; how many characters go; what comes.
type Damage = (f64, usize, String);

fn damage() -> impl Strategy<Value = Damage> {
    let piece = prop_oneof![3 => select(PIECES.to_vec()).prop_map(str::to_owned), 1 => ".{0,3}", 2 => Just(String::new())];
    (0.0..=1.0, prop_oneof![3 => 0usize..3, 1 => 0usize..40], piece)
}

fn damaged(mut text: String, damage: &[Damage]) -> String {
    for (place, length, piece) in damage {
        let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
        let from = (place * (starts.len() - 1) as f64) as usize;
        let to = (from + length).min(starts.len() - 1);
        text.replace_range(starts[from]..starts[to], piece);
    }
    text
}

/// The words of one instruction.
fn instruction() -> impl Strategy<Value = Vec<String>> {
    let leaf = prop_oneof![
        4 => (peer(), service(), vec(value(), 0..4), output()).prop_map(|(peer, service, arguments, output)| {
            let mut words = words(&["(", "call", &peer, "(", &service, "\"f\"", ")", "["]);
            words.extend(arguments);
            words.push("]".to_owned());
            words.extend(output);
            words.push(")".to_owned());
            words
        }),
        2 => (value(), select(vec!["x", "y", "$s", "long-name_1"])).prop_map(|(value, to)| words(&["(", "ap", &value, to, ")"])),
        1 => (value()).prop_map(|value| words(&["(", "ap", "(", "\"key\"", &value, ")", "%m", ")"])),
        1 => (peer(), select(vec![("$s", "#cc"), ("%m", "#%mm"), ("%m", "z")])).prop_map(|(peer, (from, to))| words(&["(", "canon", &peer, from, to, ")"])),
        1 => select(vec!["x", ":error:", "%last_error%"]).prop_map(|what| words(&["(", "fail", what, ")"])),
        1 => Just(words(&["(", "fail", "7", "\"seven\"", ")"])),
        1 => select(vec!["i", "j"]).prop_map(|iterator| words(&["(", "next", iterator, ")"])),
        1 => Just(words(&["(", "null", ")"])),
        1 => Just(words(&["(", "never", ")"])),
    ];
    leaf.prop_recursive(7, 60, 2, |inner| {
        prop_oneof![
            6 => (select(vec!["seq", "par", "xor"]), inner.clone(), inner.clone()).prop_map(|(head, left, right)| node(&[head], [left, right])),
            2 => (select(vec!["x", "$s", "%m", "#cc", "#%mm"]), inner.clone()).prop_map(|(name, body)| node(&["new", name], [body])),
            2 => (select(vec!["match", "mismatch"]), value(), value(), inner.clone()).prop_map(|(head, left, right, body)| node(&[head, &left, &right], [body])),
            2 => (select(vec!["x", "$s", "%m", "#cc", "[]"]), select(vec!["i", "j"]), vec(inner, 1..3)).prop_map(|(over, iterator, bodies)| node(&["fold", over, iterator], bodies)),
        ]
    })
}

/// With everything defined that the generated instructions use, so that many are accepted.
fn in_a_frame(body: Vec<String>) -> Vec<String> {
    const DEFINED: &str = "( seq ( seq ( seq ( ap \"a\" x ) ( ap [] y ) ) ( seq ( canon \"p\" $s #cc ) ( canon \"p\" %m #%mm ) ) )";
    let mut all: Vec<String> = DEFINED.split(' ').map(str::to_owned).collect();
    let open = ["(", "fold", "y", "i", "(", "fold", "y", "j"].map(str::to_owned);
    all.extend(open.into_iter().chain(body).chain([")", ")", ")"].map(str::to_owned)));
    all
}

fn node(head: &[&str], children: impl IntoIterator<Item = Vec<String>>) -> Vec<String> {
    let mut all = words(&["("]);
    all.extend(words(head));
    all.extend(children.into_iter().flatten());
    all.push(")".to_owned());
    all
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn peer() -> impl Strategy<Value = String> {
    select(vec!["%init_peer_id%", "\"peer\"", "x", "x.$.peer!"]).prop_map(str::to_owned)
}

fn service() -> impl Strategy<Value = String> {
    select(vec!["\"service\"", "\"\"", "x", "#cc.$.[0]"]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    let values = [
        "x",
        "y",
        "i",
        "#cc",
        "#%mm",
        "x.$.field",
        "#cc.$.[0]!",
        "x.$.a[y].b",
        "#cc.length",
        "\"text\"",
        "\"\"",
        "7",
        "-1.5",
        "true",
        "[]",
        "%init_peer_id%",
        "%ttl%",
        "%timestamp%",
        ":error:",
        ":error:.$.message",
        "%last_error%.$.error_code",
    ];
    select(values.to_vec()).prop_map(str::to_owned)
}

fn output() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("x"), Some("y"), Some("$s")]).prop_map(|output| output.map(str::to_owned))
}
