//! A built-in service stands in three tables: what the simulation computes, what the editor says of it, and what values
//! are made up for its arguments. They agree.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::BTreeSet;

use air_ide::services::{BUILT_INS, built_in};
use air_simulation::report::Status;
use air_simulation::run::{RunRequest, run};
use air_simulation::services::builtins;
use expect_test::expect;

#[test]
fn each_computed_function_is_described() {
    for (service, function) in builtins() {
        assert!(built_in(service, function).is_some(), "{service}.{function} is described nowhere");
    }
}

#[test]
fn services_that_are_described_and_not_computed() {
    let computed: BTreeSet<_> = builtins().collect();
    let mut missing: Vec<String> = BUILT_INS
        .iter()
        .filter(|it| !computed.contains(&(it.service, it.function)))
        .map(|it| format!("{}.{}\n", it.service, it.function))
        .collect();
    missing.sort();
    expect![[r#"
        callbackSrv.response
        dist.add_blueprint
        dist.add_module
        dist.add_module_bytes_from_vault
        dist.add_module_from_vault
        dist.get_blueprint
        dist.list_blueprints
        dist.list_modules
        dist.load_blueprint
        dist.make_blueprint
        errorHandlingSrv.error
        getDataSrv.-relay-
        kad.neighborhood
        peer.connect
        peer.get_contact
        srv.add_alias
        srv.create
        srv.get_interface
        srv.info
        srv.list
        srv.remove
        srv.resolve_alias
        srv.resolve_alias_opt
        stat.service_memory
        stat.service_stat
    "#]]
    .assert_eq(&missing.concat());
}

/// What the shape of an argument demands is what the service takes. Listed are those for which a shape cannot say it:
/// objects and pairs without known fields, a logarithm's domain, a signature's bytes.
#[test]
fn made_up_arguments_are_accepted() {
    let mut refused = String::new();
    // What starts a particle is a client if nothing else is said.
    let sample = Some(r#"{"kind": {"@init": "node"}}"#.to_owned());
    for (service, function) in builtins() {
        let parameters = built_in(service, function).unwrap().parameters;
        let names: Vec<String> = (0..parameters.len()).map(|number| format!("x{number}")).collect();
        let gives: String = names
            .iter()
            .map(|name| format!("(seq (call %init_peer_id% (\"host\" \"{name}\") [] {name}) "))
            .collect();
        let text = format!(
            "{gives}(call %init_peer_id% (\"{service}\" \"{function}\") [{}]){}",
            names.join(" "),
            ")".repeat(names.len())
        );
        let report =
            run(&RunRequest { text, make_up: true, sample: sample.clone(), ..RunRequest::default() })
                .unwrap();
        if report.outcome.status != Status::Completed {
            refused.push_str(&format!("{service}.{function}: {}\n", report.outcome.text));
        }
    }
    expect![[r#"
        json.put: failed: error 10000 at line 1: the service failed with 1: Error: Error deserializing field 'object': expected serde_json::map::Map<String, serde_json::value::Value>, got "x0"
        json.puts: failed: error 10000 at line 1: the service failed with 1: Error: Error deserializing field 'object': expected serde_json::map::Map<String, serde_json::value::Value>, got "x0"
        json.obj_pairs: failed: error 10000 at line 1: the service failed with 1: Error: Error deserializing field 'x': expected Vec<(String, serde_json::value::Value)>, got "x0"
        json.puts_pairs: failed: error 10000 at line 1: the service failed with 1: Error: Error deserializing field 'y': expected Vec<(String, serde_json::value::Value)>, got "x1"
        math.log: failed: error 10000 at line 1: the service failed with 1: i64 log overflow
        sig.sign: failed: error 10000 at line 1: the service failed with 1: data is expected to result from a call to 'registry.get_record_bytes' or 'registry.get_record_metadata_bytes', was from 'host.x0'
        sig.verify: failed: error 10000 at line 1: the service failed with 1: Error: Error deserializing field 'signature': expected Vec<u8>, got "x0"
    "#]]
    .assert_eq(&refused);
}
