//! What the module exports, under the names of AquaVM's.
//!
//! The only module of this crate with `unsafe`: names that the linker must keep, and sections.
#![allow(unsafe_code)]

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::instance::Instance;
use crate::interface::{INTERFACE, INTERFACE_BYTES, SDK_VERSION};

// SAFETY: bytes in a section that the program does not read.
#[unsafe(link_section = "interface-types")]
#[used]
static INTERFACE_SECTION: [u8; INTERFACE_BYTES] = INTERFACE;

// SAFETY: as above.
#[unsafe(link_section = "__fluence_sdk_version")]
#[used]
static SDK_VERSION_SECTION: [u8; 6] = SDK_VERSION.1;

static INSTANCE: Mutex<Option<Instance>> = Mutex::new(None);

fn with<T>(call: impl FnOnce(&mut Instance) -> T) -> T {
    let mut instance: MutexGuard<'_, Option<Instance>> =
        INSTANCE.lock().unwrap_or_else(PoisonError::into_inner);
    call(instance.get_or_insert_with(Instance::default))
}

macro_rules! export {
    ($($(#[$doc:meta])* fn $name:ident($($argument:ident),*) $(-> $result:ty)? = $call:expr;)*) => {$(
        $(#[$doc])*
        // SAFETY: nothing else is called so.
        #[unsafe(no_mangle)]
        pub extern "C" fn $name($($argument: u32),*) $(-> $result)? {
            with($call)
        }
    )*};
}

export! {
    /// [`Instance::allocate`]
    fn allocate(count, kind) -> u32 = |it| it.allocate(count, kind);
    /// [`Instance::release_objects`]
    fn release_objects() = Instance::release_objects;
    /// [`Instance::result_place`]
    fn get_result_ptr() -> u32 = |it| it.result_place;
    /// [`Instance::result_size`]
    fn get_result_size() -> u32 = |it| it.result_size;
    /// [`Instance::result_place`]
    fn set_result_ptr(place) = |it| it.result_place = place;
    /// [`Instance::result_size`]
    fn set_result_size(size) = |it| it.result_size = size;
    /// [`Instance::invoke`]
    fn invoke(
        air, air_size, prev_data, prev_data_size, data, data_size, params, call_results, call_results_size
    ) = |it| it.invoke(
        (air, air_size), (prev_data, prev_data_size), (data, data_size), params, (call_results, call_results_size),
    );
    /// [`Instance::invoke_tracing`]
    fn invoke_tracing(
        air, air_size, prev_data, prev_data_size, data, data_size, params, call_results, call_results_size,
        tracing_params, tracing_params_size, _tracing_output_mode
    ) = |it| it.invoke_tracing(
        ((air, air_size), (prev_data, prev_data_size), (data, data_size), params, (call_results, call_results_size)),
        (tracing_params, tracing_params_size),
    );
    /// [`Instance::ast`]
    fn ast(script, size) = |it| it.ast((script, size));
    /// [`Instance::to_human_readable_data`]
    fn to_human_readable_data(data, size) = |it| it.to_human_readable_data((data, size));
}
