//! One instance of a module and how it is called: strings and bytes are copied into its memory, parameters and outcome
//! are packed records.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use air_interpreter::{Outcome, RunParameters};
use wasmtime::{AsContextMut, Memory, ResourceLimiter, Store, TypedFunc};

type Place = u32;
type Length = u32;
/// Pairs are places and lengths: script, previous data, data, then the parameters' place, then results.
type InvokeArguments = (Place, Length, Place, Length, Place, Length, Place, Place, Length);

/// Elements of a module's tables, of which it has one for its functions.
const MAX_TABLE_ELEMENTS: usize = 1 << 16;

/// What the host keeps for an instance.
#[derive(Debug)]
pub(crate) struct Host {
    /// Bytes that the instance may have.
    pub(crate) memory_limit: u64,
    /// How often it wanted more.
    pub(crate) refused: u64,
    /// Set to end the invocation.
    pub(crate) ended: Arc<AtomicBool>,
}

impl ResourceLimiter for Host {
    fn memory_growing(&mut self, _now: usize, wanted: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        let granted = wanted as u64 <= self.memory_limit;
        self.refused += u64::from(!granted);
        Ok(granted)
    }

    fn table_growing(&mut self, _now: usize, wanted: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        Ok(wanted <= MAX_TABLE_ELEMENTS)
    }
}

/// An instance with what is called of it.
pub(crate) struct Instance {
    pub(crate) store: Store<Host>,
    memory: Memory,
    allocate: TypedFunc<(u32, u32), Place>,
    release_objects: TypedFunc<(), ()>,
    get_result_ptr: TypedFunc<(), Place>,
    get_result_size: TypedFunc<(), Length>,
    invoke: TypedFunc<InvokeArguments, ()>,
    readable: TypedFunc<(Place, Length), ()>,
}

/// Marine's number of bytes.
const BYTES: u32 = 1;

/// How long the record of an outcome is.
const OUTCOME_BYTES: u32 = 43;

impl Instance {
    pub(crate) fn new(mut store: Store<Host>, instance: wasmtime::Instance) -> wasmtime::Result<Instance> {
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| wasmtime::Error::msg("the module exports no memory"))?;
        // Modules made by other tools set themselves up in these.
        for name in ["_initialize", "_start"] {
            if let Ok(start) = instance.get_typed_func::<(), ()>(&mut store, name) {
                start.call(&mut store, ())?;
            }
        }
        Ok(Instance {
            memory,
            allocate: instance.get_typed_func(&mut store, "allocate")?,
            release_objects: instance.get_typed_func(&mut store, "release_objects")?,
            get_result_ptr: instance.get_typed_func(&mut store, "get_result_ptr")?,
            get_result_size: instance.get_typed_func(&mut store, "get_result_size")?,
            invoke: instance.get_typed_func(&mut store, "invoke")?,
            readable: instance.get_typed_func(&mut store, "to_human_readable_data")?,
            store,
        })
    }

    /// Bytes of its memory.
    pub(crate) fn memory_size(&self) -> u64 {
        self.memory.data_size(&self.store) as u64
    }

    pub(crate) fn invoke(
        &mut self,
        script: &str,
        prev_data: &[u8],
        data: &[u8],
        params: &RunParameters,
        call_results: &[u8],
    ) -> wasmtime::Result<Outcome> {
        let script = self.pass(script.as_bytes())?;
        let prev_data = self.pass(prev_data)?;
        let data = self.pass(data)?;
        let params = self.pass_parameters(params)?;
        let results = self.pass(call_results)?;
        let arguments =
            (script.0, script.1, prev_data.0, prev_data.1, data.0, data.1, params, results.0, results.1);
        self.invoke.clone().call(self.store.as_context_mut(), arguments)?;
        let place = self.get_result_ptr.call(&mut self.store, ())?;
        let outcome = self.outcome(place)?;
        self.release_objects.call(&mut self.store, ())?;
        Ok(outcome)
    }

    pub(crate) fn readable(&mut self, data: &[u8]) -> wasmtime::Result<String> {
        let data = self.pass(data)?;
        self.readable.call(&mut self.store, data)?;
        let place = self.get_result_ptr.call(&mut self.store, ())?;
        let length = self.get_result_size.call(&mut self.store, ())?;
        let text = String::from_utf8(self.read(place, length)?)?;
        self.release_objects.call(&mut self.store, ())?;
        Ok(text)
    }

    /// Copies bytes in; they are the module's then.
    fn pass(&mut self, bytes: &[u8]) -> wasmtime::Result<(Place, Length)> {
        let length = Length::try_from(bytes.len())?;
        let place = self.allocate.call(&mut self.store, (length, BYTES))?;
        if length > 0 {
            if place == 0 {
                self.store.data_mut().refused += 1;
                return Err(wasmtime::Error::msg("the module has no memory for its arguments"));
            }
            self.memory.write(&mut self.store, place as usize, bytes)?;
        }
        Ok((place, length))
    }

    fn pass_parameters(&mut self, params: &RunParameters) -> wasmtime::Result<Place> {
        let mut record = Vec::new();
        self.pass_into(&mut record, params.init_peer_id.as_bytes())?;
        self.pass_into(&mut record, params.current_peer_id.as_bytes())?;
        record.extend(params.timestamp.to_le_bytes());
        record.extend(params.ttl.to_le_bytes());
        record.push(params.key_format);
        self.pass_into(&mut record, &params.secret_key)?;
        self.pass_into(&mut record, params.particle_id.as_bytes())?;
        for limit in [params.air_size_limit, params.particle_size_limit, params.call_result_size_limit] {
            record.extend(limit.to_le_bytes());
        }
        record.push(params.hard_limit_enabled.into());
        Ok(self.pass(&record)?.0)
    }

    fn pass_into(&mut self, record: &mut Vec<u8>, bytes: &[u8]) -> wasmtime::Result<()> {
        let (place, length) = self.pass(bytes)?;
        record.extend(place.to_le_bytes());
        record.extend(length.to_le_bytes());
        Ok(())
    }

    fn outcome(&self, place: Place) -> wasmtime::Result<Outcome> {
        let record = self.read(place, OUTCOME_BYTES)?;
        let mut rest = record.as_slice();
        let ret_code = i64::from_le_bytes(number(&mut rest));
        let mut slice = || (u32::from_le_bytes(number(&mut rest)), u32::from_le_bytes(number(&mut rest)));
        let (message, data, peers, requests) = (slice(), slice(), slice(), slice());
        let [air, particle, call_result]: [u8; 3] = number(&mut rest);
        let list = self.read(peers.0, peers.1.saturating_mul(8))?;
        let mut list = list.as_slice();
        let mut next_peer_pks = Vec::new();
        for _ in 0..peers.1 {
            let (place, length) = (number(&mut list), number(&mut list));
            let peer = self.read(u32::from_le_bytes(place), u32::from_le_bytes(length))?;
            next_peer_pks.push(String::from_utf8(peer)?);
        }
        Ok(Outcome {
            ret_code,
            error_message: String::from_utf8(self.read(message.0, message.1)?)?,
            data: self.read(data.0, data.1)?,
            next_peer_pks,
            call_requests: air_interpreter::decode_call_requests(&self.read(requests.0, requests.1)?)
                .map_err(wasmtime::Error::msg)?,
            air_size_limit_exceeded: air != 0,
            particle_size_limit_exceeded: particle != 0,
            call_result_size_limit_exceeded: call_result != 0,
        })
    }

    fn read(&self, place: Place, length: Length) -> wasmtime::Result<Vec<u8>> {
        let memory = self.memory.data(&self.store);
        let bytes = memory.get(place as usize..).and_then(|rest| rest.get(..length as usize));
        Ok(bytes.ok_or_else(|| wasmtime::Error::msg("a result lies outside of the memory"))?.to_vec())
    }
}

fn number<const WIDTH: usize>(rest: &mut &[u8]) -> [u8; WIDTH] {
    let Some((number, after)) = rest.split_first_chunk() else { return [0; WIDTH] };
    *rest = after;
    *number
}
