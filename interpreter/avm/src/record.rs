//! Parameters and outcomes as packed records: numbers and booleans by their width, texts and bytes as place and length,
//! little endian, without gaps.

use air_interpreter::{Outcome, RunParameters, encode_call_requests};

use crate::memory::{Memory, NotAllocated};

/// How long the record of parameters is.
pub(crate) const PARAMETERS_BYTES: u32 = 70;

/// Reads parameters; their strings are freed too.
///
/// # Errors
/// In words, with the parameter's name.
pub(crate) fn read_parameters(memory: &mut Memory, place: u32) -> Result<RunParameters, String> {
    let record = memory.take(place, PARAMETERS_BYTES).map_err(|error| format!("`params`: {error}"))?;
    let mut rest = record.as_slice();
    let mut fields = Fields { rest: &mut rest, memory, error: None };
    let parameters = RunParameters {
        init_peer_id: fields.text("init_peer_id"),
        current_peer_id: fields.text("current_peer_id"),
        timestamp: u64::from_le_bytes(fields.number()),
        ttl: u32::from_le_bytes(fields.number()),
        key_format: u8::from_le_bytes(fields.number()),
        secret_key: fields.bytes("secret_key_bytes"),
        particle_id: fields.text("particle_id"),
        air_size_limit: u64::from_le_bytes(fields.number()),
        particle_size_limit: u64::from_le_bytes(fields.number()),
        call_result_size_limit: u64::from_le_bytes(fields.number()),
        hard_limit_enabled: u8::from_le_bytes(fields.number()) != 0,
    };
    match fields.error {
        None => Ok(parameters),
        Some(error) => Err(error),
    }
}

/// Reads field after field. All are taken, so all are freed, whichever is wrong.
struct Fields<'a, 'b> {
    rest: &'a mut &'b [u8],
    memory: &'a mut Memory,
    /// The first one.
    error: Option<String>,
}

impl Fields<'_, '_> {
    fn number<const WIDTH: usize>(&mut self) -> [u8; WIDTH] {
        let Some((number, rest)) = self.rest.split_first_chunk() else { return [0; WIDTH] };
        *self.rest = rest;
        *number
    }

    fn bytes(&mut self, name: &str) -> Vec<u8> {
        let place = u32::from_le_bytes(self.number());
        let length = u32::from_le_bytes(self.number());
        self.memory.take(place, length).unwrap_or_else(|error: NotAllocated| {
            self.error.get_or_insert_with(|| format!("`{name}`: {error}"));
            Vec::new()
        })
    }

    fn text(&mut self, name: &str) -> String {
        let bytes = self.bytes(name);
        text(name, bytes).unwrap_or_else(|error| {
            self.error.get_or_insert(error);
            String::new()
        })
    }
}

/// An argument as text.
///
/// # Errors
/// In words, with its name.
pub(crate) fn text(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| format!("`{name}` is not UTF-8: {error}"))
}

/// Writes an outcome; the place of the record.
pub(crate) fn write_outcome(memory: &mut Memory, outcome: Outcome) -> u32 {
    let requests = outcome.call_requests.as_ref().map(encode_call_requests).unwrap_or_default();
    let mut peers = Vec::new();
    let peer_count = outcome.next_peer_pks.len() as u32;
    for peer in outcome.next_peer_pks {
        write_bytes(&mut peers, memory, peer.into_bytes());
    }
    let mut record = Vec::new();
    record.extend(outcome.ret_code.to_le_bytes());
    write_bytes(&mut record, memory, outcome.error_message.into_bytes());
    write_bytes(&mut record, memory, outcome.data);
    record.extend(memory.keep(peers).to_le_bytes());
    record.extend(peer_count.to_le_bytes());
    write_bytes(&mut record, memory, requests);
    record.push(outcome.air_size_limit_exceeded.into());
    record.push(outcome.particle_size_limit_exceeded.into());
    record.push(outcome.call_result_size_limit_exceeded.into());
    memory.keep(record)
}

fn write_bytes(record: &mut Vec<u8>, memory: &mut Memory, bytes: Vec<u8>) {
    let length = bytes.len() as u32;
    record.extend(memory.keep(bytes).to_le_bytes());
    record.extend(length.to_le_bytes());
}
