//! The sections by which Marine knows the module: `interface-types` says which functions there are and how to call them,
//! `__fluence_sdk_version` for which version of Marine's interface they were made.
//!
//! Marine's own writer is a tool that runs after the linker. What it writes refers to functions by lists inside the section,
//! not by the module's indices, so it does not depend on the rest of the module and can be a constant.

/// Name and bytes of the version of Marine's interface.
pub const SDK_VERSION: (&str, [u8; 6]) = ("__fluence_sdk_version", *b"0.14.0");

/// Name of the section that describes the functions.
pub const INTERFACE_NAME: &str = "interface-types";

/// The version of the section's format.
pub const FORMAT: &str = "0.27.0";

/// The bytes of the section.
pub const INTERFACE: [u8; INTERFACE_BYTES] = match write().bytes.first_chunk() {
    Some(bytes) => *bytes,
    None => [0; INTERFACE_BYTES],
};

/// How many bytes the section has.
pub const INTERFACE_BYTES: usize = write().length;

// Kinds of parts.
const TYPES: u8 = 0;
const ADAPTERS: u8 = 2;
const EXPORTS: u8 = 3;
const IMPLEMENTATIONS: u8 = 4;
const VERSION: u8 = 5;

// Kinds of types.
const FUNCTION: u8 = 0;
const RECORD: u8 = 1;

// Types of values.
const S64: u8 = 0x03;
const U8: u8 = 0x04;
const U32: u8 = 0x06;
const U64: u8 = 0x07;
const STRING: u8 = 0x0a;
const BOOL: u8 = 0x0b;
const I32: u8 = 0x0c;
const ARRAY: u8 = 0x36;
const BYTES: u8 = 0x3c;

// Instructions of adapters.
const ARGUMENT_GET: u8 = 0x00;
const CALL_CORE: u8 = 0x01;
const I32_FROM_U8: u8 = 0x1a;
const STRING_LIFT_MEMORY: u8 = 0x22;
const STRING_LOWER_MEMORY: u8 = 0x23;
const STRING_SIZE: u8 = 0x24;
const ARRAY_LOWER_MEMORY: u8 = 0x38;
const RECORD_LIFT_MEMORY: u8 = 0x3a;
const RECORD_LOWER_MEMORY: u8 = 0x3b;
const PUSH_I32: u8 = 0x40;

/// What `allocate` takes for bytes.
const OF_BYTES: u8 = 1;

// Numbers of types, in the order in which they are written.
const ALLOCATE: u8 = 0;
const RELEASE_OBJECTS: u8 = 1;
const GET_RESULT_SIZE: u8 = 2;
const GET_RESULT_PTR: u8 = 3;
const SET_RESULT_SIZE: u8 = 4;
const SET_RESULT_PTR: u8 = 5;
const OUTCOME: u8 = 6;
const PARAMETERS: u8 = 7;
const INVOKE: u8 = 8;
const INVOKE_TRACING: u8 = 10;
const AST: u8 = 12;
const TO_HUMAN_READABLE_DATA: u8 = 14;
const TYPE_COUNT: u8 = 16;

// Numbers of exported functions, in the order in which they are written. The first ones have their types' numbers.
const INVOKE_EXPORT: u8 = 6;
const INVOKE_TRACING_EXPORT: u8 = 7;
const AST_EXPORT: u8 = 8;
const TO_HUMAN_READABLE_DATA_EXPORT: u8 = 9;
const EXPORT_COUNT: u8 = 10;

const INVOKE_ARGUMENTS: [(&str, Type); 5] = [
    ("air", Type::Of(STRING)),
    ("prev_data", Type::Of(BYTES)),
    ("data", Type::Of(BYTES)),
    ("params", Type::Record(PARAMETERS)),
    ("call_results", Type::Of(BYTES)),
];
const TRACING_ARGUMENTS: [(&str, Type); 7] = [
    ("air", Type::Of(STRING)),
    ("prev_data", Type::Of(BYTES)),
    ("data", Type::Of(BYTES)),
    ("params", Type::Record(PARAMETERS)),
    ("call_results", Type::Of(BYTES)),
    ("tracing_params", Type::Of(STRING)),
    ("tracing_output_mode", Type::Of(U8)),
];

const fn write() -> Writer {
    Writer::new()
        .byte(VERSION)
        .text(FORMAT)
        .byte(TYPES)
        .byte(TYPE_COUNT)
        .function(&[("size", Type::Of(I32))], &[Type::Of(I32)])
        .function(&[], &[])
        .function(&[], &[Type::Of(I32)])
        .function(&[], &[Type::Of(I32)])
        .function(&[("result_size", Type::Of(I32))], &[])
        .function(&[("result_ptr", Type::Of(I32))], &[])
        .record(
            "InterpreterOutcome",
            &[
                ("ret_code", Type::Of(S64)),
                ("error_message", Type::Of(STRING)),
                ("data", Type::Of(BYTES)),
                ("next_peer_pks", Type::Strings),
                ("call_requests", Type::Of(BYTES)),
                ("air_size_limit_exceeded", Type::Of(BOOL)),
                ("particle_size_limit_exceeded", Type::Of(BOOL)),
                ("call_result_size_limit_exceeded", Type::Of(BOOL)),
            ],
        )
        .record(
            "RunParameters",
            &[
                ("init_peer_id", Type::Of(STRING)),
                ("current_peer_id", Type::Of(STRING)),
                ("timestamp", Type::Of(U64)),
                ("ttl", Type::Of(U32)),
                ("key_format", Type::Of(U8)),
                ("secret_key_bytes", Type::Of(BYTES)),
                ("particle_id", Type::Of(STRING)),
                ("air_size_limit", Type::Of(U64)),
                ("particle_size_limit", Type::Of(U64)),
                ("call_result_size_limit", Type::Of(U64)),
                ("hard_limit_enabled", Type::Of(BOOL)),
            ],
        )
        // Each twice: as the module has it, and as its adapter has it.
        .function(&INVOKE_ARGUMENTS, &[Type::Record(OUTCOME)])
        .function(&INVOKE_ARGUMENTS, &[Type::Record(OUTCOME)])
        .function(&TRACING_ARGUMENTS, &[Type::Record(OUTCOME)])
        .function(&TRACING_ARGUMENTS, &[Type::Record(OUTCOME)])
        .function(&[("script", Type::Of(STRING))], &[Type::Of(STRING)])
        .function(&[("script", Type::Of(STRING))], &[Type::Of(STRING)])
        .function(&[("data", Type::Of(BYTES))], &[Type::Of(STRING)])
        .function(&[("data", Type::Of(BYTES))], &[Type::Of(STRING)])
        .byte(ADAPTERS)
        .byte(4)
        .adapter(INVOKE, 18)
        .invoke_arguments()
        .call_for_outcome(INVOKE_EXPORT)
        .adapter(INVOKE_TRACING, 26)
        .invoke_arguments()
        .string_argument(5)
        .bytes(&[ARGUMENT_GET, 6, I32_FROM_U8])
        .call_for_outcome(INVOKE_TRACING_EXPORT)
        .adapter(AST, 11)
        .string_argument(0)
        .call_for_string(AST_EXPORT)
        .adapter(TO_HUMAN_READABLE_DATA, 7)
        .bytes_argument(0)
        .call_for_string(TO_HUMAN_READABLE_DATA_EXPORT)
        .byte(EXPORTS)
        .byte(EXPORT_COUNT)
        .export("allocate", ALLOCATE)
        .export("release_objects", RELEASE_OBJECTS)
        .export("get_result_size", GET_RESULT_SIZE)
        .export("get_result_ptr", GET_RESULT_PTR)
        .export("set_result_size", SET_RESULT_SIZE)
        .export("set_result_ptr", SET_RESULT_PTR)
        .export("invoke", INVOKE + 1)
        .export("invoke_tracing", INVOKE_TRACING + 1)
        .export("ast", AST + 1)
        .export("to_human_readable_data", TO_HUMAN_READABLE_DATA + 1)
        .byte(IMPLEMENTATIONS)
        .byte(4)
        .bytes(&[INVOKE + 1, INVOKE])
        .bytes(&[INVOKE_TRACING + 1, INVOKE_TRACING])
        .bytes(&[AST + 1, AST])
        .bytes(&[TO_HUMAN_READABLE_DATA + 1, TO_HUMAN_READABLE_DATA])
}

#[derive(Clone, Copy)]
enum Type {
    Of(u8),
    Strings,
    Record(u8),
}

/// Numbers and lengths are all below 128, so each is one byte of LEB128.
struct Writer {
    bytes: [u8; 2048],
    length: usize,
}

// In constants a mistake ends the build, not the program.
#[allow(clippy::indexing_slicing)]
impl Writer {
    const fn new() -> Writer {
        Writer { bytes: [0; 2048], length: 0 }
    }

    const fn byte(mut self, byte: u8) -> Writer {
        self.bytes[self.length] = byte;
        self.length += 1;
        self
    }

    const fn bytes(mut self, bytes: &[u8]) -> Writer {
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self
    }

    const fn count(self, count: usize) -> Writer {
        assert!(count < 128);
        self.byte(count as u8)
    }

    const fn text(self, text: &str) -> Writer {
        self.count(text.len()).bytes(text.as_bytes())
    }

    const fn kind(self, kind: Type) -> Writer {
        match kind {
            Type::Of(kind) => self.byte(kind),
            Type::Strings => self.bytes(&[ARRAY, STRING]),
            Type::Record(number) => self.bytes(&[0x0e, number]),
        }
    }

    const fn fields(mut self, fields: &[(&str, Type)]) -> Writer {
        self = self.count(fields.len());
        let mut at = 0;
        while at < fields.len() {
            self = self.text(fields[at].0).kind(fields[at].1);
            at += 1;
        }
        self
    }

    const fn function(self, arguments: &[(&str, Type)], results: &[Type]) -> Writer {
        let mut writer = self.byte(FUNCTION).fields(arguments).count(results.len());
        let mut at = 0;
        while at < results.len() {
            writer = writer.kind(results[at]);
            at += 1;
        }
        writer
    }

    const fn record(self, name: &str, fields: &[(&str, Type)]) -> Writer {
        self.byte(RECORD).text(name).fields(fields)
    }

    const fn export(self, name: &str, kind: u8) -> Writer {
        self.text(name).byte(kind)
    }

    const fn adapter(self, kind: u8, instructions: u8) -> Writer {
        self.byte(kind).byte(instructions)
    }

    /// Six instructions.
    const fn string_argument(self, number: u8) -> Writer {
        self.bytes(&[ARGUMENT_GET, number, STRING_SIZE, PUSH_I32, OF_BYTES]).bytes(&[
            CALL_CORE,
            ALLOCATE,
            ARGUMENT_GET,
            number,
            STRING_LOWER_MEMORY,
        ])
    }

    /// Two instructions.
    const fn bytes_argument(self, number: u8) -> Writer {
        self.bytes(&[ARGUMENT_GET, number, ARRAY_LOWER_MEMORY, U8])
    }

    /// Fourteen instructions.
    const fn invoke_arguments(self) -> Writer {
        self.string_argument(0)
            .bytes_argument(1)
            .bytes_argument(2)
            .bytes(&[ARGUMENT_GET, 3, RECORD_LOWER_MEMORY, PARAMETERS])
            .bytes_argument(4)
    }

    /// Four instructions.
    const fn call_for_outcome(self, export: u8) -> Writer {
        self.bytes(&[CALL_CORE, export, CALL_CORE, GET_RESULT_PTR]).bytes(&[
            RECORD_LIFT_MEMORY,
            OUTCOME,
            CALL_CORE,
            RELEASE_OBJECTS,
        ])
    }

    /// Five instructions.
    const fn call_for_string(self, export: u8) -> Writer {
        self.bytes(&[CALL_CORE, export, CALL_CORE, GET_RESULT_PTR, CALL_CORE, GET_RESULT_SIZE]).bytes(&[
            STRING_LIFT_MEMORY,
            CALL_CORE,
            RELEASE_OBJECTS,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Marine's own reader takes it: tests/hosts runs it in Marine, this says what it should have.
    #[test]
    fn the_section_is_complete() {
        assert_eq!(INTERFACE.len(), INTERFACE_BYTES);
        assert!(INTERFACE.starts_with(&[VERSION, 6]) && INTERFACE[2..8] == *FORMAT.as_bytes());
        let text = String::from_utf8_lossy(&INTERFACE);
        for name in ["InterpreterOutcome", "RunParameters", "invoke_tracing", "to_human_readable_data"] {
            assert!(text.contains(name), "{name}");
        }
        let implementations = &INTERFACE[INTERFACE.len() - 10..];
        assert_eq!(implementations, [IMPLEMENTATIONS, 4, 9, 8, 11, 10, 13, 12, 15, 14]);
    }
}
