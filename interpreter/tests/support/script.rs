//! Random scripts that use the whole language and mostly pass the validator.

use super::random::Random;

/// Names that are in scope, as far as the text says.
#[derive(Clone, Default)]
struct Scope {
    scalars: Vec<String>,
    canons: Vec<String>,
    maps: Vec<String>,
    iterators: Vec<String>,
    /// Iterators whose `next` is still to be written.
    open: Vec<String>,
    folds: usize,
    /// Folds over a stream must have nothing after `next`.
    in_stream_fold: bool,
}

struct Writer<'a> {
    random: &'a mut Random,
    peers: &'a [String],
    names: usize,
}

/// One script.
pub(crate) fn random_script(random: &mut Random, peers: &[String]) -> String {
    let depth = 3 + random.below(4);
    let mut writer = Writer { random, peers, names: 0 };
    writer.sequence(depth, &mut Scope::default())
}

impl Writer<'_> {
    fn sequence(&mut self, depth: usize, scope: &mut Scope) -> String {
        let count = 2 + self.random.below(4);
        let mut steps: Vec<String> = (0..count).map(|_| self.instruction(depth, scope)).collect();
        let mut script = steps.pop().unwrap_or_else(|| "(null)".to_owned());
        while let Some(step) = steps.pop() {
            script = format!("(seq {step} {script})");
        }
        script
    }

    fn instruction(&mut self, depth: usize, scope: &mut Scope) -> String {
        if depth == 0 {
            return self.leaf(scope);
        }
        match self.random.below(20) {
            0..3 => self.sequence(depth - 1, scope),
            3..6 => {
                let mut left = scope.clone();
                let left_text = self.instruction(depth - 1, &mut left);
                let right_text = self.instruction(depth - 1, scope);
                adopt(scope, left);
                format!("(par {left_text} {right_text})")
            }
            6..8 => {
                let left = self.instruction(depth - 1, scope);
                format!("(xor {left} {})", self.instruction(depth - 1, scope))
            }
            8 => {
                let keyword = if self.random.chance(2) { "match" } else { "mismatch" };
                let (left, right) = (self.value(scope), self.value(scope));
                format!(
                    "(xor ({keyword} {left} {right} {}) {})",
                    self.instruction(depth - 1, scope),
                    self.leaf(scope)
                )
            }
            9 => {
                let name = match self.random.below(3) {
                    0 => self.stream(),
                    1 => self.map(),
                    _ => (*self.random.pick(&["x", "y", "z"])).to_owned(),
                };
                let mut inner = scope.clone();
                let body = self.instruction(depth - 1, &mut inner);
                format!("(new {name} {body})")
            }
            10..13 => self.fold(depth, scope, false),
            13..15 => self.fold(depth, scope, true),
            _ => self.leaf(scope),
        }
    }

    fn fold(&mut self, depth: usize, scope: &mut Scope, stream: bool) -> String {
        if scope.folds >= 3 {
            return self.leaf(scope);
        }
        self.names += 1;
        let iterator = format!("i{}", self.names);
        let iterable = if stream {
            if self.random.chance(3) { self.map() } else { self.stream() }
        } else {
            match self.random.below(4) {
                0 if !scope.canons.is_empty() => self.random.pick(&scope.canons).clone(),
                1 if !scope.maps.is_empty() => {
                    let map = self.random.pick(&scope.maps).clone();
                    format!("{map}{}", self.random.pick(&["", ".$.k", ".$.l", ".$.[1]"]))
                }
                _ if !scope.scalars.is_empty() => {
                    let scalar = self.random.pick(&scope.scalars).clone();
                    format!("{scalar}{}", self.random.pick(&["", "", "", ".$.a"]))
                }
                _ => "[]".to_owned(),
            }
        };
        let mut inner = scope.clone();
        inner.folds += 1;
        inner.iterators.push(iterator.clone());
        let body = self.instruction(depth - 1, &mut inner);
        let next = format!("(next {iterator})");
        let next = match self.random.below(6) {
            0 => format!("(xor {next} (null))"),
            1 => format!("(new {} {next})", self.stream()),
            2 if !stream => format!("(seq {next} {})", self.leaf(&mut inner)),
            3 => format!("(seq {} {next})", self.leaf(&mut inner)),
            _ => next,
        };
        let text = match self.random.below(4) {
            0 => format!("(par {body} {next})"),
            1 if !stream => format!("(par {next} {body})"),
            _ => format!("(seq {body} {next})"),
        };
        let last = match self.random.below(4) {
            0 => " (null)".to_owned(),
            1 => " (never)".to_owned(),
            2 => format!(" {}", self.leaf(&mut inner)),
            _ => String::new(),
        };
        format!("(fold {iterable} {iterator} {text}{last})")
    }

    fn leaf(&mut self, scope: &mut Scope) -> String {
        match self.random.below(24) {
            0..9 => self.call(scope),
            9..12 => {
                let value = self.value(scope);
                format!("(ap {value} {})", self.stream())
            }
            12 | 13 => {
                let value = self.value(scope);
                let scalar = self.new_scalar(scope);
                format!("(ap {value} {scalar})")
            }
            14 | 15 => {
                let value = self.value(scope);
                let key = match self.random.below(6) {
                    0 => "1".to_owned(),
                    1 => "42".to_owned(),
                    2 if !scope.scalars.is_empty() => self.random.pick(&scope.scalars).clone(),
                    3 => "\"l\"".to_owned(),
                    _ => "\"k\"".to_owned(),
                };
                format!("(ap ({key} {value}) {})", self.map())
            }
            16..19 => {
                self.names += 1;
                let peer = self.peer(scope);
                match self.random.below(4) {
                    0 => {
                        let name = format!("#%m{}", self.names);
                        scope.maps.push(name.clone());
                        format!("(canon {peer} {} {name})", self.map())
                    }
                    1 => {
                        let map = self.map();
                        let scalar = self.new_scalar(scope);
                        format!("(canon {peer} {map} {scalar})")
                    }
                    _ => {
                        let name = format!("#cc{}", self.names);
                        scope.canons.push(name.clone());
                        format!("(canon {peer} {} {name})", self.stream())
                    }
                }
            }
            19 => match self.random.below(5) {
                0 => "(fail :error:)".to_owned(),
                1 => "(fail %last_error%)".to_owned(),
                2 if !scope.scalars.is_empty() => format!("(fail {})", self.random.pick(&scope.scalars)),
                _ => format!("(fail {} \"failed\")", 1 + self.random.below(9)),
            },
            20 => "(null)".to_owned(),
            21 if self.random.chance(3) => "(never)".to_owned(),
            _ => self.call(scope),
        }
    }

    fn call(&mut self, scope: &mut Scope) -> String {
        let peer = self.peer(scope);
        let functions = [
            "one", "text", "list", "list", "object", "object", "peer", "echo", "echo", "empty", "float",
            "fail", "broken", "some",
        ];
        let function = *self.random.pick(&functions);
        let arguments: Vec<String> = (0..self.random.below(4)).map(|_| self.value(scope)).collect();
        let output = match self.random.below(4) {
            0 => String::new(),
            1 => self.stream(),
            _ => self.new_scalar(scope),
        };
        format!("(call {peer} (\"s\" \"{function}\") [{}] {output})", arguments.join(" "))
    }

    fn new_scalar(&mut self, scope: &mut Scope) -> String {
        // In folds names may be used again.
        let name = if scope.folds > 0 && self.random.chance(2) {
            (*self.random.pick(&["x", "y", "z"])).to_owned()
        } else {
            self.names += 1;
            format!("v{}", self.names)
        };
        scope.scalars.push(name.clone());
        name
    }

    fn stream(&mut self) -> String {
        (*self.random.pick(&["$s", "$t", "$u"])).to_owned()
    }

    fn map(&mut self) -> String {
        (*self.random.pick(&["%m", "%n"])).to_owned()
    }

    fn peer(&mut self, scope: &Scope) -> String {
        match self.random.below(12) {
            0 => "%init_peer_id%".to_owned(),
            1 if !scope.scalars.is_empty() => self.random.pick(&scope.scalars).clone(),
            2 if !scope.iterators.is_empty() => self.random.pick(&scope.iterators).clone(),
            _ => {
                let at = self.random.below(self.peers.len() + 1) % self.peers.len();
                format!("\"{}\"", self.peers[at])
            }
        }
    }

    fn value(&mut self, scope: &Scope) -> String {
        let lens = |random: &mut Random, scope: &Scope| match random.below(12) {
            0 => ".$.a".to_owned(),
            1 => ".$.[0]".to_owned(),
            2 => ".$.a.[1]".to_owned(),
            3 => ".$.b.a".to_owned(),
            4 => ".length".to_owned(),
            5 if !scope.scalars.is_empty() => format!(".$.[{}]", random.pick(&scope.scalars)),
            6 if !scope.iterators.is_empty() => format!(".$.[{}]", random.pick(&scope.iterators)),
            _ => String::new(),
        };
        match self.random.below(24) {
            0 => "1".to_owned(),
            1 => "-2".to_owned(),
            2 => "1.5".to_owned(),
            3 => "true".to_owned(),
            4 => "[]".to_owned(),
            5 => "\"a\"".to_owned(),
            6 => (*self.random.pick(&["%init_peer_id%", "%timestamp%", "%ttl%"])).to_owned(),
            7 => (*self.random.pick(&[":error:", ":error:.$.message", ":error:.$.error_code"])).to_owned(),
            8 => {
                (*self.random.pick(&["%last_error%", "%last_error%.$.message", "%last_error%.$.error_code"]))
                    .to_owned()
            }
            9..12 if !scope.canons.is_empty() => {
                format!("{}{}", self.random.pick(&scope.canons).clone(), lens(self.random, scope))
            }
            12 | 13 if !scope.maps.is_empty() => {
                let map = self.random.pick(&scope.maps).clone();
                let lens = *self.random.pick(&[
                    "",
                    ".$.k",
                    ".$.k.[0]",
                    ".$.[1]",
                    ".length",
                    ".$.k.[0].a",
                    ".$.l.[1]",
                ]);
                format!("{map}{lens}")
            }
            14..18 if !scope.iterators.is_empty() => {
                format!("{}{}", self.random.pick(&scope.iterators).clone(), lens(self.random, scope))
            }
            _ if !scope.scalars.is_empty() => {
                format!("{}{}", self.random.pick(&scope.scalars).clone(), lens(self.random, scope))
            }
            _ => "\"lit\"".to_owned(),
        }
    }
}

/// What the left branch of a `par` sets is there on the right, too.
fn adopt(scope: &mut Scope, other: Scope) {
    // Only once: with what both had before, names would double at every `par`.
    let adopt = |mine: &mut Vec<String>, theirs: Vec<String>| {
        let new: Vec<String> = theirs.into_iter().filter(|name| !mine.contains(name)).collect();
        mine.extend(new);
    };
    adopt(&mut scope.scalars, other.scalars);
    adopt(&mut scope.canons, other.canons);
    adopt(&mut scope.maps, other.maps);
}
