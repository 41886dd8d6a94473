//! Names of services that hosts have, whether they are simulated or not.

use air_semantics::closest::Closest;

use super::{GROUPS, client};

/// Functions of nodes that need what a simulation does not have (a store, modules, other nodes), besides those that a
/// client says that it does not support: services, each with its functions.
const NOT_SIMULATED: &[(&str, &str)] = &[
    ("dist", "add_module_bytes_from_vault get_blueprint"),
    ("kad", "neigh_with_addrs"),
    ("srv", "resolve_alias_opt info"),
    ("stat", "service_memory service_stat"),
    ("subnet", "resolve"),
    ("vault", "put cat"),
];

/// Functions that some host has, by service.
fn functions(service: &str) -> impl Iterator<Item = &'static str> {
    let simulated = GROUPS.iter().filter(move |(name, _)| *name == service);
    // Nodes have no scripts any more.
    let others = client::UNSUPPORTED.iter().filter(|(name, _)| *name != "script").chain(NOT_SIMULATED);
    let others = others.filter(move |(name, _)| *name == service);
    simulated
        .flat_map(|(_, functions)| functions.iter().map(|(name, _)| *name))
        .chain(others.flat_map(|(_, names)| names.split_whitespace()))
}

/// What is to be said of a function that no simulated peer has: a name that was probably meant, or that nodes have it.
pub fn unknown(service: &str, function: &str) -> Option<String> {
    let name = format!("{service}.{function}");
    if functions(service).any(|known| known == function) {
        return Some(not_simulated(&name));
    }
    let mut closest = Closest::default();
    if let Some(meant) = closest.to(function, functions(service)) {
        return Some(format!("no peer has `{name}`; did you mean `{meant}`?"));
    }
    let services = GROUPS.iter().map(|(name, _)| *name).filter(|service| has(service, function));
    let meant = closest.to(service, services)?;
    Some(format!("no peer has the service `{service}`; did you mean `{meant}`?"))
}

fn has(service: &str, function: &str) -> bool {
    functions(service).any(|known| known == function)
}

fn not_simulated(name: &str) -> String {
    format!("nodes have `{name}`, but it is not simulated: give its answer in sample data")
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn what_was_meant() {
        for (service, function, expected) in [
            ("op", "concat_string", "no peer has `op.concat_string`; did you mean `concat_strings`?"),
            ("opp", "concat_strings", "no peer has the service `opp`; did you mean `op`?"),
            ("kad", "neighborhod", "no peer has `kad.neighborhod`; did you mean `neighborhood`?"),
            (
                "kad",
                "neighborhood",
                "nodes have `kad.neighborhood`, but it is not simulated: give its answer in sample data",
            ),
            (
                "vault",
                "put",
                "nodes have `vault.put`, but it is not simulated: give its answer in sample data",
            ),
        ] {
            assert_eq!(unknown(service, function).as_deref(), Some(expected));
        }
        // Services of scripts have such names.
        for (service, function) in
            [("srv", "load"), ("script", "run"), ("ops", "load"), ("weather", "today"), ("op", "dance")]
        {
            assert_eq!(unknown(service, function), None, "{service}.{function}");
        }
    }
}
