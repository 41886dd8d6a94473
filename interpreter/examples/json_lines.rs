//! The line protocol on standard input and output; what `air invoke` does.

use std::io::{BufRead as _, Write as _};

fn main() -> std::io::Result<()> {
    let mut protocol = air_interpreter::Protocol::default();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", protocol.answer(&line))?;
            out.flush()?;
        }
    }
    Ok(())
}
