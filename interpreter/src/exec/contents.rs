//! Contents and their identifiers: values and tetraplets into the stores, and values out of them.

use std::rc::Rc;

use super::machine::Machine;
use crate::data::{Cid, RawValue, SecurityTetraplet};
use crate::errors::{ExecutionError, Uncatchable};
use crate::value::Value;

/// Nested arrays and objects in a value beyond which the invocation ends: the texts of ever deeper values grow with
/// the square of their number.
pub(super) const MAX_VALUE_DEPTH: u32 = 4_096;

/// Longest text of a value, in bytes, that is compared with the value added next.
const MAX_REMEMBERED_BYTES: usize = 64;

impl Machine<'_> {
    /// Adds a tetraplet to its store.
    pub(super) fn track_tetraplet(&mut self, tetraplet: &Rc<SecurityTetraplet>) -> Cid {
        if let Some((last, cid)) = &self.scratch.last_tetraplet
            && Rc::ptr_eq(last, tetraplet)
        {
            return cid.clone();
        }
        let cid = match self.state.caches.tetraplets.get(tetraplet) {
            Some(cid) => cid.clone(),
            None => {
                let cid = Cid::of(&tetraplet.hashed_text());
                self.state.caches.tetraplets.insert(tetraplet.clone(), cid.clone());
                cid
            }
        };
        let cid = self.state.stores.tetraplets.add(cid, tetraplet.clone());
        self.scratch.last_tetraplet = Some((tetraplet.clone(), cid.clone()));
        cid
    }

    /// Adds a value to its store.
    pub(super) fn track_value(&mut self, value: &Value) -> Cid {
        self.scratch.text.clear();
        crate::json::print(value, &mut self.scratch.text);
        let text = self.scratch.text.as_str();
        let (last, known) = &mut self.scratch.last_value;
        let cid = match known {
            Some(cid) if last == text => cid.clone(),
            _ => {
                let cid = Cid::of(text);
                if text.len() <= MAX_REMEMBERED_BYTES {
                    last.clear();
                    last.push_str(text);
                    *known = Some(cid.clone());
                }
                cid
            }
        };
        if self.state.caches.keep && !reads_back(text, value) {
            self.state.suspension.unsteady = true;
            self.state.caches.inexact.push(cid.clone());
        }
        self.state.stores.values.add_by(
            cid,
            |kept| kept.text() == text,
            || Rc::new(RawValue::new(text, value.clone())),
        )
    }
}

/// Whether a value may be made at all.
pub(super) fn check_depth(value: &Value) -> Result<(), Box<ExecutionError>> {
    if value.depth() > MAX_VALUE_DEPTH {
        return Err(Box::new(Uncatchable::ValueDepth(MAX_VALUE_DEPTH).into()));
    }
    Ok(())
}

/// The value of a content.
///
/// # Errors
/// If its text is not JSON, which only a foreign peer can bring about; AquaVM traps there.
pub(super) fn value_of_raw<'r>(raw: &'r RawValue, cid: &Cid) -> Result<&'r Value, Uncatchable> {
    raw.value().map_err(|error| Uncatchable::NotJson { cid: cid.0.clone(), error: error.to_string() })
}

/// Whether a text reads as the value that it was printed from: floats are not always read exactly, and reading
/// ends at a depth that canons can exceed.
fn reads_back(text: &str, value: &Value) -> bool {
    let mut before = 0;
    let exact = text.bytes().all(|byte| {
        let float = byte == b'.' || (byte == b'e' && u8::is_ascii_digit(&before));
        before = byte;
        !float
    });
    (exact && value.depth() < crate::json::MAX_NESTING as u32)
        || crate::json::parse(text).is_ok_and(|read| read.is_identical(value))
}
