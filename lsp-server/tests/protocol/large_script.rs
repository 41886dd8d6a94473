//! A long script.

/// A script of at least that many bytes in the compiler's style: nested, every line different.
pub(crate) fn script(bytes: usize) -> String {
    let mut text = String::from("(seq\n (call %init_peer_id% (\"getDataSrv\" \"relay\") [] relay)\n");
    let mut depth = 1;
    for number in 0.. {
        let indent = " ".repeat(depth);
        let piece = match number % 4 {
            0 => format!(
                "{indent}(seq\n{indent} (call relay (\"op\" \"noop\") [relay \"item {number}\"] var_{number})\n"
            ),
            1 => format!(
                "{indent}(par\n{indent} (ap var_{}.$.field.[0] $stream_{})\n",
                number - 1,
                number % 100
            ),
            2 => format!(
                "{indent}(xor\n{indent} (canon relay $stream_{} #canon_{number})\n",
                (number - 1) % 100
            ),
            _ => format!(
                "{indent}(seq\n{indent} (match #canon_{} \"x\"\n{indent}  (null)\n{indent} )\n",
                number - 1
            ),
        };
        text += &piece;
        depth += 1;
        if depth == 40 || text.len() >= bytes {
            // Closes what is open but the first, and begins a new branch.
            text += &format!("{}(null)\n", " ".repeat(depth));
            while depth > 1 {
                depth -= 1;
                text += &format!("{})\n", " ".repeat(depth));
            }
            if text.len() >= bytes {
                break;
            }
            text.insert_str(0, "(seq\n");
            text += ")\n";
        }
    }
    text += ")\n";
    text
}
