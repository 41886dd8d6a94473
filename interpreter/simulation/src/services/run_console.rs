//! `run-console`: prints. Who watches the network sees what; the call itself gives nothing.

use super::function::{Function, Reply};

pub(super) const FUNCTIONS: &[Function] = &[("print", |_| Ok(Reply::Nothing))];

#[cfg(test)]
mod tests {
    use crate::services::tests::answers;

    #[test]
    fn printing() {
        let calls = "run-console.print [] → \"\"\nrun-console.print [\"a\",1] → \"\"\n";
        assert_eq!(answers("run-console.print []\nrun-console.print [\"a\",1]"), calls);
    }
}
