//! Large scripts of the kind the Aqua compiler writes, for measuring and for the giants' tests.
//!
//! One-space indent, closing brackets on their own lines, the compiler's habits of naming, and blocks of its
//! usual shapes joined by a balanced `seq` tree. The same size and seed give the same text on every machine.
//! About 5.2 bytes a token (blanks counted as tokens) and 34 bytes a list, as compiled scripts have; a test
//! below holds it there. AquaVM accepts what comes out.

/// A script of at least `bytes` bytes, and little more.
pub fn script(bytes: usize, seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut blocks = Vec::new();
    let mut out = String::new();
    while out.len() < bytes {
        // A block is 500 to 1,000 bytes with its indentation.
        let missing = (bytes - out.len()).div_ceil(1_000);
        blocks.extend((blocks.len()..).take(missing).map(|n| block(n, &mut dice)));
        out = whole(&blocks);
    }
    out
}

/// The frame of a compiled function around the blocks.
fn whole(blocks: &[Vec<String>]) -> String {
    let mut out = String::from("(xor\n (seq\n  (seq\n   (seq\n");
    out.push_str("    (call %init_peer_id% (\"getDataSrv\" \"relay\") [] relay)\n");
    out.push_str("    (call %init_peer_id% (\"getDataSrv\" \"peers\") [] peers)\n   )\n");
    out.push_str("   (call %init_peer_id% (\"getDataSrv\" \"key\") [] key)\n  )\n");
    join(blocks, 2, &mut out);
    out.push_str(" )\n (call %init_peer_id% (\"errorHandlingSrv\" \"error\") [:error: 0])\n)\n");
    out
}

fn join(blocks: &[Vec<String>], indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match blocks {
        [] => out.push_str(&format!("{pad}(null)\n")),
        [block] => {
            for line in block {
                out.push_str(&pad);
                out.push_str(line);
                out.push('\n');
            }
        }
        blocks => {
            let (left, right) = blocks.split_at(blocks.len() / 2);
            out.push_str(&format!("{pad}(seq\n"));
            join(left, indent + 1, out);
            join(right, indent + 1, out);
            out.push_str(&format!("{pad})\n"));
        }
    }
}

/// Lines of a block under construction.
#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    depth: usize,
}

impl Lines {
    fn leaf(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.lines.push(format!("{}{}", " ".repeat(self.depth), text.as_ref()));
        self
    }

    fn open(&mut self, head: impl AsRef<str>) -> &mut Self {
        self.leaf(format!("({}", head.as_ref()));
        self.depth += 1;
        self
    }

    fn close(&mut self, times: usize) -> &mut Self {
        for _ in 0..times {
            self.depth -= 1;
            self.leaf(")");
        }
        self
    }

    /// Older compilers' way to a peer that may be behind a relay.
    fn noop(&mut self, peer: &str) -> &mut Self {
        self.leaf(format!("(call {peer} (\"op\" \"noop\") [])"))
    }

    /// The way of newer ones.
    fn hop(&mut self, peer: &str) -> &mut Self {
        self.open("new $-hop-").open("new #-hopc-");
        self.leaf(format!("(canon {peer} $-hop- #-hopc-)")).close(2)
    }

    /// Errors of what happened before go on, others become the block's.
    fn rethrow(&mut self, code: u64) -> &mut Self {
        self.open("seq").leaf("(ap :error: -if-err-)");
        self.open("xor").open(format!("match :error:.$.error_code {code}")).leaf("(null)").close(1);
        self.leaf("(fail -if-err-)").close(2)
    }
}

const SERVICES: [(&str, &str); 10] = [
    ("op", "id"),
    ("op", "concat"),
    ("kad", "near"),
    ("peer", "time"),
    ("reg", "get_key"),
    ("dist", "add"),
    ("list", "len"),
    ("math", "sub"),
    ("json", "parse"),
    ("tg", "weight"),
];
const NAMES: [&str; 12] = ["ret", "id", "nodes", "res", "w", "k", "rec", "time", "sig", "near", "r", "err"];
const FIELDS: [&str; 6] = ["id", "ok", "value", "body", "addrs", "error"];

fn block(n: usize, dice: &mut Dice) -> Vec<String> {
    let n = &suffix(n);
    let mut lines = Lines::default();
    match dice.below(10) {
        6 | 9 => way_back(n, dice, &mut lines),
        7 | 8 => races(n, dice, &mut lines),
        0 => service_call(n, dice, &mut lines),
        1 => fold_over_peers(n, dice, &mut lines),
        2 => if_else(n, dice, &mut lines),
        3 => object(n, dice, &mut lines),
        4 => join_of_stream(n, dice, &mut lines),
        _ => try_otherwise(n, dice, &mut lines),
    }
    lines.lines
}

fn service_call(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let ((service, function), name, field) = (dice.pick(&SERVICES), dice.pick(&NAMES), dice.pick(&FIELDS));
    lines.open("seq").open("seq").open("seq");
    lines.noop("relay");
    lines.open("xor");
    lines.leaf(format!("(call key (\"{service}\" \"{function}\") [key \"{field}\"] {name}-{n})"));
    lines.open("seq").noop("relay").leaf("(fail :error:)").close(3);
    lines.leaf(format!("(ap {name}-{n}.$.{field} {name}-{n}_f)")).close(1);
    lines.leaf(format!("(ap {name}-{n}_f {name}-{n}-0)")).close(1);
}

fn fold_over_peers(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let ((service, function), name) = (dice.pick(&SERVICES), dice.pick(&NAMES));
    lines.open(format!("new ${name}-{n}")).open("seq").open("seq");
    lines.open(format!("fold peers p-{n}-0")).open("par").open("seq").open("seq");
    lines.hop("relay");
    lines.open("xor");
    lines.leaf(format!("(call p-{n}-0 (\"{service}\" \"{function}\") [key] {name}-{n})"));
    lines.leaf("(null)").close(2);
    lines.leaf(format!("(ap p-{n}-0 ${name}-{n})")).close(1);
    lines.leaf(format!("(next p-{n}-0)")).close(1).leaf("(never)").close(1);
    lines.leaf(format!("(canon relay ${name}-{n} #-{name}-fix-{n})")).close(1);
    lines.leaf(format!("(ap #-{name}-fix-{n} -{name}-flat-{n})")).close(2);
}

fn if_else(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let ((service, function), name, field) = (dice.pick(&SERVICES), dice.pick(&NAMES), dice.pick(&FIELDS));
    lines.open("seq");
    lines.leaf(format!("(call relay (\"op\" \"array_length\") [peers] {name}-{n})"));
    lines.open("new -if-err-").open("xor");
    lines.open(format!(
        "{} {name}-{n} {}",
        dice.pick(&["match", "match", "match", "mismatch"]),
        dice.below(100)
    ));
    lines.noop("relay").close(1);
    lines.open("seq").leaf("(ap :error: -if-err-)");
    lines.open("xor").open("match -if-err-.$.error_code 10001");
    lines.leaf(format!("(call key (\"{service}\" \"{function}\") [\"{field}\"])")).close(1);
    lines.leaf("(fail -if-err-)").close(5);
}

fn object(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let name = dice.pick(&NAMES);
    lines.open(format!("new %{name}_m-{n}")).open("seq").open("seq");
    lines.open("seq").open("seq");
    for field in FIELDS.iter().take(2) {
        lines.leaf(format!("(ap (\"{field}\" key) %{name}_m-{n})"));
    }
    lines.close(1);
    lines.leaf(format!("(ap (\"{}\" {}) %{name}_m-{n})", dice.pick(&FIELDS), dice.below(10_000))).close(1);
    lines.leaf("(null)").close(1);
    lines.leaf(format!("(canon relay %{name}_m-{n} {name}_o-{n})")).close(2);
}

fn join_of_stream(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let name = dice.pick(&NAMES);
    lines.open(format!("new ${name}-{n}")).open("seq").open("seq");
    lines.leaf(format!("(ap key ${name}-{n})"));
    lines.leaf(format!("(ap \"value\" ${name}-{n})")).close(1);
    lines.open(format!("new ${name}-{n}_t")).open("seq").open("seq").open("seq");
    lines.leaf(format!("(call relay (\"math\" \"add\") [{} 1] {name}-{n}_i)", dice.below(5)));
    lines.open(format!("fold ${name}-{n} {name}-{n}_v")).open("seq").open("seq");
    lines.leaf(format!("(ap {name}-{n}_v ${name}-{n}_t)"));
    lines.leaf(format!("(canon relay ${name}-{n}_t #{name}-{n}_it)")).close(1);
    lines.open("xor").open(format!("match #{name}-{n}_it.length {name}-{n}_i")).leaf("(null)").close(1);
    lines.leaf(format!("(next {name}-{n}_v)")).close(2).leaf("(never)").close(2);
    lines.leaf(format!("(canon relay ${name}-{n}_t #{name}-{n}_c)")).close(1);
    lines.leaf(format!("(ap #{name}-{n}_c {name}-{n}_g)")).close(4);
}

fn try_otherwise(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let ((service, function), name) = (dice.pick(&SERVICES), dice.pick(&NAMES));
    lines.open("seq");
    lines.open("xor").open("seq");
    lines.noop("relay");
    lines.leaf(format!("(call key (\"{service}\" \"{function}\") [\"{name}\" \"{n}\"] {name}-{n})")).close(1);
    lines.rethrow(10_001 + dice.below(2)).close(1);
    lines.open("xor");
    lines.leaf(format!("(call %init_peer_id% (\"callbackSrv\" \"response\") [key {name}-{n}])"));
    lines.leaf("(call %init_peer_id% (\"errorHandlingSrv\" \"error\") [:error: 0])").close(2);
}

fn way_back(n: &str, dice: &mut Dice, lines: &mut Lines) {
    lines.open("xor").open("seq").open("seq");
    lines.noop("key").noop("relay").close(1);
    lines.leaf(format!("(call %init_peer_id% (\"callbackSrv\" \"response\") [\"{n}\"])")).close(1);
    lines.leaf(dice.pick(&["(null)", "(fail :error:)"])).close(1);
}

fn races(n: &str, dice: &mut Dice, lines: &mut Lines) {
    let (service, function) = dice.pick(&SERVICES);
    lines.open("par").open("par").open("seq").open("seq");
    lines.noop("relay");
    lines.leaf(format!("(call key (\"{service}\" \"{function}\") [] r-{n})")).close(1);
    lines.noop("relay").close(1);
    lines.open("xor").leaf("(null)").leaf("(never)").close(2);
    lines.leaf("(null)").close(1);
}

/// What tells a block's names from those of others.
fn suffix(mut n: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[n % 36]));
        n /= 36;
        if n == 0 {
            return text;
        }
    }
}

/// splitmix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_size_and_seed_give_the_same_text() {
        assert_eq!(script(20_000, 7), script(20_000, 7));
        assert_ne!(script(20_000, 7), script(20_000, 8));
    }

    #[test]
    fn sizes_are_met() {
        for bytes in [100_000, 1_000_000] {
            let len = script(bytes, 1).len();
            assert!((bytes..bytes + bytes / 100 + 1_000).contains(&len), "{len} for {bytes}");
        }
    }

    #[test]
    fn has_the_density_of_compiled_scripts() {
        let text = script(1_000_000, 1);
        let lists = text.matches('(').count();
        let words =
            text.split(|c: char| c.is_whitespace() || "()[]".contains(c)).filter(|w| !w.is_empty()).count();
        let brackets = text.chars().filter(|c| "()[]".contains(*c)).count();
        let blanks = text.split(|c: char| !c.is_whitespace()).filter(|w| !w.is_empty()).count();
        let per_token = text.len() as f64 / (words + brackets + blanks) as f64;
        let per_list = text.len() as f64 / lists as f64;
        assert!((5.1..5.3).contains(&per_token), "{per_token:.2} bytes a token");
        assert!((32.0..35.0).contains(&per_list), "{per_list:.2} bytes a list");
    }

    #[test]
    fn brackets_balance() {
        let text = script(100_000, 3);
        assert_eq!(text.matches('(').count(), text.matches(')').count());
    }
}
