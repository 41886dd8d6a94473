//! The functions of the module, without the linker's names.

use air_interpreter::display::to_human_readable;
use air_interpreter::errors::ARGUMENT_NOT_READABLE;
use air_interpreter::{Outcome, ParsedScript, RunParameters, invoke};
use air_semantics::Script;

use crate::ast;
use crate::memory::Memory;
use crate::record::{read_parameters, text, write_outcome};

/// One instance of the module: memory and the last result.
#[derive(Debug, Default)]
pub struct Instance {
    memory: Memory,
    /// Place of the last result; a record's, or a text's.
    pub result_place: u32,
    /// Length of the last result, if it is a text.
    pub result_size: u32,
}

/// Place and length of an argument.
pub type Slice = (u32, u32);

impl Instance {
    /// Room for an argument: `count` elements of Marine's type number `kind`. 0 if there is none.
    pub fn allocate(&mut self, count: u32, kind: u32) -> u32 {
        self.memory.allocate(count, kind)
    }

    /// Frees the results of all calls so far.
    pub fn release_objects(&mut self) {
        self.memory.release();
    }

    /// One invocation. Whatever is wrong is in the outcome, a record at [`Instance::result_place`].
    pub fn invoke(&mut self, air: Slice, prev_data: Slice, data: Slice, params: u32, call_results: Slice) {
        let outcome =
            self.arguments(air, prev_data, data, params, call_results).map_or_else(not_readable, run);
        self.result_place = write_outcome(&mut self.memory, outcome);
        self.result_size = 0;
    }

    /// The same; tracing has no effect.
    pub fn invoke_tracing(
        &mut self,
        (air, prev_data, data, params, call_results): (Slice, Slice, Slice, u32, Slice),
        tracing_params: Slice,
    ) {
        let _ = self.memory.take(tracing_params.0, tracing_params.1);
        self.invoke(air, prev_data, data, params, call_results);
    }

    /// The script's tree as JSON, or the report of why there is none.
    pub fn ast(&mut self, script: Slice) {
        let tree = match self.text("script", script) {
            Ok(script) => ast::ast(&script),
            Err(error) => error,
        };
        self.answer(tree);
    }

    /// Interpreter data as JSON, or why it cannot be read.
    pub fn to_human_readable_data(&mut self, data: Slice) {
        let answer = match self.memory.take(data.0, data.1) {
            Ok(data) => to_human_readable(&data).unwrap_or_else(|error| error),
            Err(error) => format!("`data`: {error}"),
        };
        self.answer(answer);
    }

    fn answer(&mut self, text: String) {
        self.result_size = text.len() as u32;
        self.result_place = self.memory.keep(text.into_bytes());
    }

    fn text(&mut self, name: &str, (place, length): Slice) -> Result<String, String> {
        let bytes = self.memory.take(place, length).map_err(|error| format!("`{name}`: {error}"))?;
        text(name, bytes)
    }

    /// All arguments are taken, so all are freed, whichever is wrong. The error comes with the previous data, if that
    /// is readable.
    fn arguments(
        &mut self,
        air: Slice,
        prev_data: Slice,
        data: Slice,
        params: u32,
        call_results: Slice,
    ) -> Result<Arguments, NotReadable> {
        let air = self.text("air", air);
        let mut bytes = |name: &str, (place, length): Slice| {
            self.memory.take(place, length).map_err(|error| format!("`{name}`: {error}"))
        };
        let (prev_data, data) = (bytes("prev_data", prev_data), bytes("data", data));
        let call_results = bytes("call_results", call_results);
        let params = read_parameters(&mut self.memory, params);
        match (air, prev_data, data, params, call_results) {
            (Ok(air), Ok(prev_data), Ok(data), Ok(params), Ok(call_results)) => {
                Ok(Arguments { air, prev_data, data, params, call_results })
            }
            (air, prev_data, data, params, call_results) => {
                let (prev_data, prev_error) = match prev_data {
                    Ok(prev_data) => (prev_data, None),
                    Err(error) => (Vec::new(), Some(error)),
                };
                let errors = [air.err(), prev_error, data.err(), params.err(), call_results.err()];
                let message = errors.into_iter().flatten().collect::<Vec<_>>().join(", ");
                Err(NotReadable { message, prev_data })
            }
        }
    }
}

struct Arguments {
    air: String,
    prev_data: Vec<u8>,
    data: Vec<u8>,
    params: RunParameters,
    call_results: Vec<u8>,
}

struct NotReadable {
    message: String,
    prev_data: Vec<u8>,
}

fn run(arguments: Arguments) -> Outcome {
    let Arguments { air, prev_data, data, params, call_results } = arguments;
    // For AquaVM comments mean nothing.
    let script = ParsedScript::of(&Script::without_directives(air));
    invoke(&script, &prev_data, &data, &params, &call_results)
}

fn not_readable(NotReadable { message, prev_data }: NotReadable) -> Outcome {
    Outcome {
        ret_code: ARGUMENT_NOT_READABLE,
        error_message: format!("an argument cannot be read: {message}"),
        data: prev_data,
        call_requests: Some(std::collections::BTreeMap::new()),
        ..Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use air_interpreter::encode_call_results;
    use air_interpreter::keys::secret_of_name;

    use super::*;

    fn params(instance: &mut Instance) -> u32 {
        let mut record = Vec::new();
        let mut slice = |record: &mut Vec<u8>, bytes: &[u8]| {
            let (place, length) = instance.memory.write(bytes);
            record.extend(place.to_le_bytes());
            record.extend(length.to_le_bytes());
        };
        slice(&mut record, b"init");
        slice(&mut record, b"here");
        record.extend(1_696_934_545_662_u64.to_le_bytes());
        record.extend(7000_u32.to_le_bytes());
        record.push(0);
        slice(&mut record, &secret_of_name("here"));
        slice(&mut record, b"particle");
        record.extend([0xff; 24]);
        record.push(1);
        assert_eq!(record.len(), crate::record::PARAMETERS_BYTES as usize);
        instance.memory.write(&record).0
    }

    /// Code, message, data, number of peers, requests.
    fn outcome(instance: &Instance) -> (i64, String, Vec<u8>, u32, Vec<u8>) {
        let record = instance.memory.read(instance.result_place, 43);
        let number = |at: usize| u32::from_le_bytes(*record[at..].first_chunk().unwrap());
        let bytes = |at: usize| instance.memory.read(number(at), number(at + 4));
        (
            i64::from_le_bytes(*record.first_chunk().unwrap()),
            String::from_utf8(bytes(8)).unwrap(),
            bytes(16),
            number(28),
            bytes(32),
        )
    }

    fn results() -> Vec<u8> {
        encode_call_results(&BTreeMap::new())
    }

    #[test]
    fn an_invocation_takes_all_and_leaves_nothing() {
        let mut instance = Instance::default();
        let air = instance
            .memory
            .write(br#"(seq (call "here" ("s" "f") [%timestamp%] x) (call "there" ("s" "f") [] y))"#);
        let params = params(&mut instance);
        let results = instance.memory.write(&results());
        instance.invoke(air, (0, 0), (0, 0), params, results);
        let (code, message, data, _, requests) = outcome(&instance);
        assert_eq!((code, &*message), (0, ""));
        assert!(!data.is_empty());
        let requests = air_interpreter::decode_call_requests(&requests).unwrap().unwrap();
        assert_eq!(requests[&1].arguments[0].as_u64(), Some(1_696_934_545_662));
        instance.release_objects();
        assert_eq!(instance.memory.blocks(), 0);
    }

    #[test]
    fn a_wrong_argument_is_named_and_the_others_are_freed() {
        let mut instance = Instance::default();
        for wrong in 0..5 {
            let air = instance.memory.write(b"(null)");
            let prev = instance.memory.write(b"kept");
            let data = instance.memory.write(b"data");
            let mut all = [air, prev, data, (params(&mut instance), 0), instance.memory.write(&results())];
            let _ = instance.memory.take(all[wrong].0, 1);
            all[wrong].0 = 3;
            instance.invoke(all[0], all[1], all[2], all[3].0, all[4]);
            let (code, message, data, ..) = outcome(&instance);
            let name = ["`air`", "`prev_data`", "`data`", "`params`", "`call_results`"][wrong];
            assert_eq!(code, ARGUMENT_NOT_READABLE);
            assert!(message.contains(name), "{message}");
            assert_eq!(data, if wrong == 1 { &b""[..] } else { b"kept" });
            instance.release_objects();
            // The strings of parameters that were lost.
            let strings = if wrong == 3 { 4 } else { 0 };
            assert_eq!(instance.memory.blocks(), strings);
            instance = Instance::default();
        }
    }

    #[test]
    fn texts_that_are_not_utf_8_are_refused() {
        let mut instance = Instance::default();
        let script = instance.memory.write(b"\xff");
        instance.ast(script);
        let said = instance.memory.read(instance.result_place, instance.result_size);
        assert!(String::from_utf8(said).unwrap().starts_with("`script` is not UTF-8"));
    }

    #[test]
    fn tracing_changes_nothing() {
        let mut instance = Instance::default();
        let air = instance.memory.write(b"(null)");
        let params = params(&mut instance);
        let results = instance.memory.write(&results());
        let tracing = instance.memory.write(b"debug");
        instance.invoke_tracing((air, (0, 0), (0, 0), params, results), tracing);
        assert_eq!(outcome(&instance).0, 0);
        instance.release_objects();
        assert_eq!(instance.memory.blocks(), 0);
    }
}
