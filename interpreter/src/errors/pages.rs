//! The table of all codes, as `air explain` shows it.

/// One code: its name, its message with placeholders, what it means and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// AquaVM's number; 29000 and more are ours.
    pub code: i64,
    /// AquaVM's name of the variant.
    pub name: &'static str,
    /// The message; `{…}` stands for what varies, `·` separates alternatives.
    pub message: &'static str,
    /// When it happens, and what to do.
    pub about: &'static str,
}

/// The page of a code.
pub fn page(code: i64) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.code == code)
}

macro_rules! pages {
    ($($code:literal $name:literal $message:literal $about:literal)*) => {
        /// All codes, ascending.
        pub const PAGES: &[Page] = &[$(Page { code: $code, name: $name, message: $message, about: $about }),*];
    };
}

pages! {
    1 "AIRParseError" "air can't be parsed:\n{report}"
    "The script is not accepted; the report shows where and why. `air check` shows the same with more help."
    2 "DataDeFailed" "an error occurred while data deserialization: {error}.\nAquaVM version is {version} and it expects {version} version."
    "The inner part of previous or current data cannot be read: it is cut off, corrupted, or of another format."
    3 "EnvelopeDeFailed" "an error occurred while envelope deserialization: {error}.\nAquaVM version is {version} and it expects {version} version."
    "Previous or current data is not an envelope at all. Data that a peer never saw is passed as zero bytes."
    4 "EnvelopeDeFailedWithVersions" "an error occurred while data deserialization: {error}.\nAquaVM's version is {version} and it expects data of {version} version.\nSupplied data version is {version}, it's produced by AquaVM of {version} version."
    "An envelope whose versions can be read, but not the rest: most likely written by an incompatible interpreter."
    5 "CallResultsDeFailed" "error occurred while deserialize call results: {error}."
    "The host passed results of calls in a wrong encoding. No results is an encoded empty map, not zero bytes."
    6 "UnsupportedInterpreterVersion" "supplied data was produced by `{version}` version of interpreter, but minimum `{version}` version is required"
    "The particle comes from a peer whose interpreter is too old."
    7 "MalformedKeyPairData" "malformed keypair format: {error}"
    "The key of this peer is not an Ed25519 key of 32 bytes."
    8 "CidStoreVerificationError" "{error}"
    "A content in the incoming data does not have its identifier, or refers to one that is missing: the data was tampered with."
    9 "DataSignatureCheckError" "{error}"
    "A signature in the incoming data is missing or does not hold for what the trace contains, or two versions of one peer's results contradict each other."
    10 "SizeLimitsExceded" "air size: {n} bytes is bigger than the limit allowed: {n} bytes · Current_data particle size: {n} bytes is bigger than the limit allowed: {n} bytes · Call result size is bigger than the limit allowed: {n} bytes"
    "Script, data or a result of a call is longer than the host allows, and the host made its limits hard."
    10000 "LocalServiceError" "Local service error, ret_code is {code}, error message is '{text}'"
    "A service failed, or its answer was not JSON (then the code is 2147483647). Catch it with `xor`; `:error:` has the details."
    10001 "MatchValuesNotEqual" "compared values do not match"
    "The two sides of `match` differ. `1` and `1.0` are different values. Put the `match` on the left of a `xor`."
    10002 "MismatchValuesEqual" "compared values do not mismatch"
    "The two sides of `mismatch` are equal. Put it on the left of a `xor`."
    10003 "VariableNotFound" "variable with name '{name}' wasn't defined during script execution"
    "A variable that nothing has set. Most instructions wait for it instead; `fail` does not."
    10004 "IncompatibleJValueType" "expected JValue type '{type}' for the variable `{name}`, but got '{value}'"
    "Not raised by current versions."
    10005 "FoldIteratesOverNonArray" "expression '{expression}' returned non-array value '{value}' for fold iterable"
    "`fold` needs an array, a canon or a stream."
    10006 "UserError" "fail with '{object}' is used without corresponding xor"
    "The script itself failed with `fail`; the object says why."
    10007 "LambdaApplierError" "{error}"
    "A lens asks for a field or an element that the value does not have."
    10008 "InvalidErrorObjectError" "scalar should have an object type to be converted into error object, but '{value}' doesn't have · scalar '{value}' must have field with name '{field}' · {field} of scalar '{value}' must have {type} type · error code must be non-zero, but it is zero"
    "`fail` needs an object with a non-zero integer `error_code` and a string `message`."
    10009 "VariableWasNotInitializedAfterNew" "variable with name '{name}' was cleared by new and then wasn't set"
    "Inside `new` a variable is read before it is set. This does not wait."
    10010 "LengthFunctorAppliedToNotArray" "the length functor could applied only to an array-like value, but it's applied to '{value}'"
    "`.length` is only for arrays and canons."
    10011 "NonStringValueInTripletResolution" "call cannot resolve non-String triplet variable part `{name}` with value '{value}'"
    "Peer, service and function of a `call`, and the peer of a `canon`, have to be strings."
    10012 "StreamMapError" "unsupported type for {map} map's key"
    "Keys of stream maps are strings or integers."
    20000 "TraceError" "on instruction '{instruction}' trace handler encountered an error: {error}"
    "Previous and current data do not fit each other or the script: the script differs between peers, or data was corrupted, or an error was caught after its instruction had already looked at the data (a bad key of a map, a bad peer of a canon)."
    20001 "GenerationCompactificationError" "trying to change generation of an invalid trace position {position} · trying to change generation of a state {state} on {position} position, the state doesn't contain generation"
    "A value of a stream does not belong to its state: corrupted data."
    20002 "IntConversionError" "trying to cast integer types, there is an error {error}"
    "The trace has more states than positions can count."
    20003 "FoldStateNotFound" "fold state not found for this iterable '{name}'"
    "`next` outside of its `fold`."
    20004 "IterableShadowing" "variable with name '{name}' can't be shadowed, shadowing isn't supported for iterables"
    "A call writes into the iterator of a running `fold`. Choose another name."
    20005 "MultipleIterableValues" "multiple iterable values found for iterable name '{name}'"
    "Two folds inside each other use one iterator. Choose another name."
    20006 "CallResultNotCorrespondToInstr" "call result value {value} doesn't match with corresponding instruction"
    "Data has a result for another kind of output than the call of the script: the script differs between peers."
    20007 "ShadowingIsNotAllowed" "trying to shadow variable '{name}', but shadowing is allowed only inside fold blocks"
    "A variable is set twice outside of a `fold`. Use another name, a stream, or `new` around the second one."
    20008 "ScalarsStateCorrupted" "new end block tries to pop up a variable '{name}' that wasn't defined at depth {depth}"
    "Should not happen; please report it."
    20009 "CidError" "failed to calculate value's CID"
    "Should not happen; please report it."
    20010 "ValueForCidNotFound" "{kind} for CID {cid} not found"
    "The trace refers to a content that the data does not have: corrupted data."
    20011 "StreamDontHaveSuchGeneration" "stream doesn't have generation with number {n}, supplied to the interpreter data is corrupted,\nstream is {stream}"
    "Not raised by current versions."
    20012 "MalformedCallServiceFailed" "failed to deserialize to CallServiceFailed: {error}"
    "The value of a failed call does not describe a failure: corrupted data."
    20013 "StreamSizeLimitExceeded" "stream size goes over the allowed limit of 1024"
    "A stream holds at most 1023 values. Often a `fold` that writes into its own stream without end."
    20014 "StreamMapKeyError" "the value must be an object with key and value fields · there must be a \"value\" field in kvpair object · unsupported kvpair object or map key type"
    "A canon map in the data has a pair of a wrong shape: corrupted data."
    20015 "StreamMapError" "unsupported type for {map} map's key"
    "Not raised by current versions; the catchable one is 10012."
    20016 "CanonStreamMapError" "can not find JValue to produce scalar from"
    "A canon of a map into a scalar has no element in the data: corrupted data."
    20017 "InstructionParametersMismatch" "{what} doesn't match expected parameters: expected {expected}, got {got} "
    "Data was made by a call or canon with other arguments, service or peer than the script gives here: the script or its variables differ between peers."
    20018 "SigningError" "failed to sign data: {error}"
    "Should not happen; please report it."
    20019 "TetrapletSerializationFailed" "failed to serialize tetraplets {error}"
    "Should not happen; please report it."
    20020 "CallArgumentsSerializationFailed" "failed to serialize call arguments {error}"
    "Should not happen; please report it."
    29000 "NotJson" "the value of {cid} in the data is not JSON: {error}"
    "Ours: a peer sent a value that is not JSON, with a correct identifier. AquaVM traps."
    29001 "AnswerWithoutArguments" "the data has an answer for a call whose arguments are not known yet"
    "Ours: the data answers a call that this script cannot have made yet. AquaVM traps."
    29002 "VariableAndIterator" "'{name}' is both a variable and an iterator here"
    "Ours: a variable and the iterator of a running `fold` have one name. AquaVM traps. Choose another name."
    29003 "ErrorCodeRange" "error code {code} is too large"
    "Ours: `fail` with an error code above 9223372036854775807. AquaVM traps."
    29004 "ValueDepth" "a value nests deeper than {limit} levels"
    "Ours: a script that wraps values into arrays again and again. AquaVM overflows its stack."
    29005 "Position" "the data points far outside of its trace"
    "Ours: positions in foreign data that no trace has. AquaVM traps."
    29006 "Stopped" "stopped by a limit of the run"
    "Ours: a simulated run has a limit of instructions and of memory, and this invocation went beyond it. Nodes never report it."
    29007 "CallIdsSpent" "the data has used up the numbers of calls"
    "Ours: previous data that says it has made 4294967295 calls, so there is no number for another one. AquaVM traps."
    29008 "StreamLost" "values of a stream were lost when it was written to outside of an open `new` of its name"
    "Ours: `next` led from inside a `new` of a stream to an `ap` or output outside of it, while the `new` was open. AquaVM puts a new stream in the place of all of that name, and crashes in this invocation or a later one. Write into a stream of another name."
    29009 "ArgumentNotReadable" "an argument cannot be read: {text}"
    "Ours: the host of the WebAssembly module passed an argument in memory that it had not allocated, or a text that is not UTF-8. AquaVM reads whatever is there, or traps."
    30000 "UnprocessedCallResult" "after finishing execution of supplied AIR, there are some unprocessed call results: `{results}`, probably a wrong call_id used"
    "The host passed results of calls that no call waits for: most often a result delivered twice, or to the wrong particle. The new data is good all the same."
    30001 "SigningError" "{error}"
    "Should not happen; please report it."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_are_found() {
        assert!(PAGES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(page(20013).map(|page| page.name), Some("StreamSizeLimitExceeded"));
        assert_eq!(page(11), None);
    }

    #[test]
    fn every_message_fits_its_page() {
        use crate::errors::{Catchable, Uncatchable};
        use crate::value::Value;
        let catchable = [
            Catchable::LocalServiceError { ret_code: 1, message: "x".into() },
            Catchable::MatchValuesNotEqual,
            Catchable::VariableNotFound("v".into()),
            Catchable::FoldIteratesOverNonArray { value: Value::Null, expression: "x".into() },
            Catchable::UserError(Value::Null),
            Catchable::LengthOfNonArray(Value::Null),
            Catchable::NonStringInTriplet { name: "p".into(), value: Value::Null },
            Catchable::StreamMapKey { map: "%m".into() },
        ];
        let uncatchable = [
            Uncatchable::FoldStateNotFound("i".into()),
            Uncatchable::Shadowing("i".into()),
            Uncatchable::StreamSize,
            Uncatchable::CanonMapScalar,
            Uncatchable::NotJson { cid: "c".into(), error: "e".into() },
            Uncatchable::Position,
            Uncatchable::Stopped,
            Uncatchable::CallIdsSpent,
            Uncatchable::StreamLost,
        ];
        let messages = (catchable.iter().map(|error| (error.code(), error.to_string())))
            .chain(uncatchable.iter().map(|error| (error.code(), error.to_string())));
        for (code, message) in messages {
            let page = page(code).unwrap();
            let fixed = page.message.split('{').next().unwrap();
            assert!(message.starts_with(fixed), "{code}: {message} against {}", page.message);
        }
    }
}
