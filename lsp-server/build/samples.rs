//! Small modules that end in every way in which a run can end, for the tests of `src/sandbox/run.rs`: like the program, they
//! have no compiler.

/// One module's file, and the body of its function `go`, in the binary format. Its parameters are the place and the length of
/// the request, its result the answer's place and length in the upper and the lower half.
pub(crate) struct Sample {
    pub(crate) file: &'static str,
    pub(crate) body: &'static [u8],
    /// Whether `air_last_words` points to nothing that was said.
    pub(crate) hushed: bool,
}

/// All of them.
pub(crate) const SAMPLES: [Sample; 9] = [
    // What came in: its place in the upper half, its length in the lower.
    spoken("echo", &[0x20, 0, 0xad, 0x42, 32, 0x86, 0x20, 1, 0xad, 0x84]),
    spoken("unreachable", &[0]),
    // `(loop (br 0)) unreachable`
    spoken("for_ever", &[0x03, 0x40, 0x0c, 0, 0x0b, 0]),
    // 15 pages more are a megabyte.
    spoken("a_megabyte", &[0x41, 15, 0x40, 0, 0x1a, 0x42, 0]),
    // 16 are not given, and the module gives up.
    spoken("over_a_megabyte", &[0x41, 16, 0x40, 0, 0x41, 0x7f, 0x46, 0x04, 0x40, 0, 0x0b, 0x42, 0]),
    spoken("long_answer", &[0x42, 0xe5, 0]),
    hushed("stack", &[0x41, 0, 0x10, 2, 0xad]),
    hushed("answer_outside", &[0x42, 0xf0, 0xa2, 0x04, 0x42, 32, 0x86, 0x42, 1, 0x84]),
    hushed("out_of_bounds", &[0x41, 0xa0, 0x8d, 0x06, 0x28, 2, 0, 0xad]),
];

const fn spoken(file: &'static str, body: &'static [u8]) -> Sample {
    Sample { file, body, hushed: false }
}

const fn hushed(file: &'static str, body: &'static [u8]) -> Sample {
    Sample { file, body, hushed: true }
}

/// `memory.fill` over what was said.
const HUSH: &[u8] = &[0x41, 8, 0x41, 0, 0x41, 0x80, 0x04, 0xfc, 0x0b, 0];

impl Sample {
    /// The whole module; its memory has one page.
    pub(crate) fn module(&self) -> Vec<u8> {
        let list = |items: &[&[u8]]| [&[items.len() as u8], &*items.concat()].concat();
        let sized = |bytes: &[u8]| [&[bytes.len() as u8], bytes].concat();
        let export = |name: &str, kind: u8, index: u8| [&*sized(name.as_bytes()), &[kind, index]].concat();
        let function = |body: &[u8]| sized(&[&[0], body, &[0x0b]].concat());
        let hush = if self.hushed { HUSH } else { &[] };
        let sections = [
            // Types (i32) → i32, () → i32, (i32, i32) → i64; which function has which; one page of memory.
            (1, list(&[&[0x60, 1, 0x7f, 1, 0x7f], &[0x60, 0, 1, 0x7f], &[0x60, 2, 0x7f, 0x7f, 1, 0x7e]])),
            (3, list(&[&[0], &[1], &[0], &[2]])),
            (5, list(&[&[0, 1]])),
            (
                7,
                list(&[
                    &export("memory", 2, 0),
                    &export("air_allocate", 0, 0),
                    &export("air_last_words", 0, 1),
                    &export("go", 0, 3),
                ]),
            ),
            // 1024; 8; one that calls itself for ever; the body.
            (
                10,
                list(&[
                    &function(&[0x41, 0x80, 0x08]),
                    &function(&[0x41, 8]),
                    &function(&[0x20, 0, 0x10, 2, 0x41, 1, 0x6a]),
                    &function(&[hush, self.body].concat()),
                ]),
            ),
            (11, list(&[&[&[0, 0x41, 8, 0x0b], &*sized(b"said before")].concat()])),
        ];
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (id, content) in sections {
            module.push(id);
            module.extend(sized(&content));
        }
        module
    }
}
