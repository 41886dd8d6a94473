//! Services that every node has, and those of the host of a compiled function: `semantics/spec/aqua-idioms.md §3`.

/// A function of a built-in service.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// The id of its service: `math`.
    pub service: &'static str,
    /// Its name: `add`.
    pub function: &'static str,
    /// Its parameters; `?` after one that may be left out, `…` after one that repeats.
    pub parameters: &'static [&'static str],
    /// What it does, a sentence.
    pub what: &'static str,
}

macro_rules! built_ins {
    ($($service:literal { $($function:literal [$($parameter:literal)*] $what:literal;)* })*) => {
        /// All functions of all built-in services.
        pub const BUILT_INS: &[BuiltIn] = &[$($(BuiltIn {
            service: $service,
            function: $function,
            parameters: &[$($parameter),*],
            what: $what,
        },)*)*];
    };
}

built_ins! {
    "op" {
        "noop" ["anything?"] "Does nothing. Old compilers call it to move to a peer.";
        "identity" ["value?"] "Returns its argument.";
        "array" ["value…"] "Makes an array of its arguments.";
        "array_length" ["array"] "Number of elements.";
        "concat" ["array…"] "Makes one array of several.";
        "concat_strings" ["string…"] "Makes one string of several.";
        "string_to_b58" ["string"] "Base 58 of the string's bytes.";
        "string_from_b58" ["base58"] "String of the bytes.";
        "bytes_from_b58" ["base58"] "Array of bytes.";
        "bytes_to_b58" ["bytes"] "Base 58 of an array of bytes.";
        "sha256_string" ["string"] "SHA-256 as a multihash, in base 58.";
    }
    "math" {
        "add" ["a" "b"] "a + b"; "sub" ["a" "b"] "a - b"; "mul" ["a" "b"] "a * b";
        "fmul" ["a" "b"] "a * b for floats, rounded down."; "div" ["a" "b"] "a / b, rounded towards 0.";
        "rem" ["a" "b"] "Remainder of a / b."; "pow" ["a" "b"] "a to the power of b.";
        "log" ["base" "a"] "Logarithm of a, rounded down.";
    }
    "cmp" {
        "gt" ["a" "b"] "a > b"; "gte" ["a" "b"] "a >= b"; "lt" ["a" "b"] "a < b"; "lte" ["a" "b"] "a <= b";
        "cmp" ["a" "b"] "-1, 0 or 1: a is less, equal or greater.";
    }
    "array" {
        "sum" ["numbers"] "Sum of the elements."; "dedup" ["strings"] "Each element once.";
        "intersect" ["a" "b"] "Elements that are in both."; "diff" ["a" "b"] "Elements of a that are not in b.";
        "sdiff" ["a" "b"] "Elements that are in only one of them.";
        "slice" ["array" "from" "to"] "Elements from one index up to, not including, another.";
        "length" ["array"] "Number of elements.";
    }
    "json" {
        "stringify" ["value"] "JSON text of a value."; "parse" ["string"] "Value of a JSON text.";
        "obj" ["key" "value…"] "Object made of keys and values in turn.";
        "put" ["object" "key" "value"] "Copy of an object with a field set.";
        "puts" ["object" "key" "value…"] "Copy of an object with fields set.";
        "obj_pairs" ["pairs"] "Object made of an array of pairs.";
        "puts_pairs" ["object" "pairs"] "Copy of an object with fields set from pairs.";
    }
    "debug" { "stringify" ["value…"] "Readable text of values."; }
    "peer" {
        "identify" [] "What a peer reports about itself."; "timestamp_sec" [] "The peer's clock, seconds since 1970.";
        "timestamp_ms" [] "The peer's clock, milliseconds since 1970.";
        "timeout" ["milliseconds" "message?"] "Returns the message when the time is over.";
        "is_connected" ["peer"] "Whether the peer is connected to the given one.";
        "connect" ["peer" "addresses?"] "Connects to a peer."; "get_contact" ["peer"] "Addresses of a peer.";
    }
    "kad" {
        "neighborhood" ["key" "hashed?" "count?"] "Peers that are near a key.";
        "merge" ["key" "left" "right" "count?"] "Nearest peers of two lists.";
    }
    "srv" {
        "list" [] "All services of the peer."; "create" ["blueprint"] "Creates a service and returns its id.";
        "remove" ["service"] "Removes a service."; "info" ["service"] "What a service is.";
        "get_interface" ["service"] "Functions and records of a service.";
        "resolve_alias" ["alias"] "Id of the service with that alias.";
        "resolve_alias_opt" ["alias"] "Id of the service with that alias in an array, empty if there is none.";
        "add_alias" ["alias" "service"] "Names a service.";
    }
    "dist" {
        "make_blueprint" ["name" "modules"] "Makes a blueprint of modules."; "add_blueprint" ["blueprint"] "Stores a blueprint and returns its id.";
        "list_blueprints" [] "All blueprints."; "list_modules" [] "All modules.";
        "get_blueprint" ["id"] "A blueprint."; "load_blueprint" ["path"] "Reads a blueprint from the vault.";
        "add_module" ["module" "config"] "Stores a module and returns its hash.";
        "add_module_from_vault" ["path" "config"] "Stores a module from the vault.";
        "add_module_bytes_from_vault" ["name" "path"] "Stores the bytes of a module from the vault.";
    }
    "sig" { "sign" ["bytes"] "Signs with the peer's key."; "verify" ["signature" "bytes"] "Checks a signature of the peer."; "get_peer_id" [] "The peer's id."; }
    "stat" { "service_memory" ["service"] "Memory that a service uses."; "service_stat" ["service"] "Statistics of the calls of a service."; }
    "run-console" { "print" ["anything…"] "Writes to the log of the host."; }
    "getDataSrv" { "-relay-" [] "Id of the relay through which the initiator is connected."; }
    "callbackSrv" { "response" ["result…"] "Hands the results of a compiled function to the initiator."; }
    "errorHandlingSrv" { "error" ["error" "where"] "Reports an uncaught error to the initiator."; }
}

/// Functions of services that are not built in and that many scripts call: those of Fluence's workers and spells, and of
/// what is usually installed beside them.
pub const OFTEN_INSTALLED: &[(&str, &[&str])] = &[
    ("worker", &["create", "get_worker_id", "remove", "list", "activate", "deactivate", "is_active"]),
    (
        "spell",
        &[
            "install",
            "remove",
            "list",
            "update_trigger_config",
            "store_log",
            "get_logs",
            "store_error",
            "get_errors",
            "get_string",
            "set_string",
            "get_u32",
            "set_u32",
            "set_json_fields",
            "list_push_string",
            "list_get_strings",
            "list_pop_string",
            "list_get_size",
            "get_trigger_config",
            "set_trigger_config",
            "get_script",
            "get_script_source_from_file",
            "push_mailbox",
            "pop_mailbox",
            "get_mailbox",
        ],
    ),
    (
        "registry",
        &[
            "get_key_bytes",
            "get_key_id",
            "register_key",
            "get_key_metadata",
            "republish_key",
            "get_record_bytes",
            "get_record_metadata_bytes",
            "put_record",
            "get_records",
            "republish_records",
            "merge",
            "merge_keys",
            "clear_expired",
            "evict_stale",
            "set_expired_timeout",
            "set_stale_timeout",
        ],
    ),
    (
        "trust-graph",
        &[
            "insert_cert",
            "get_weight",
            "get_all_certs",
            "get_host_certs",
            "set_root",
            "add_trust",
            "issue_trust",
            "verify_trust",
            "get_trust_bytes",
            "get_revocation_bytes",
            "issue_revocation",
            "revoke",
        ],
    ),
    (
        "aqua-ipfs",
        &[
            "connect",
            "put",
            "get_from",
            "set_timeout",
            "get_external_api_multiaddr",
            "get_external_swarm_multiaddr",
            "get_local_api_multiaddr",
            "set_external_api_multiaddr",
            "set_external_swarm_multiaddr",
            "set_local_api_multiaddr",
            "get_peer_id",
            "remove",
        ],
    ),
];

const SERVICE_FIELDS: &[&str] = &["id", "blueprint_id", "service_type", "owner_id", "aliases", "worker_id"];
const BLUEPRINT_FIELDS: &[&str] = &["id", "name", "dependencies"];
const OUTCOME_FIELDS: &[&str] = &["success", "error"];

/// Service, function (empty for all), path (`.[]` for an element) and fields of what these give.
pub const RESULTS: &[(&str, &str, &str, &[&str])] = &[
    ("peer", "identify", "", &["external_addresses", "node_version", "air_version", "spell_version"]),
    ("peer", "get_contact", "", &["peer_id", "addresses"]),
    ("srv", "list", ".[]", SERVICE_FIELDS),
    ("srv", "info", "", SERVICE_FIELDS),
    ("srv", "get_interface", "", &["function_signatures", "record_types"]),
    ("dist", "list_blueprints", ".[]", BLUEPRINT_FIELDS),
    ("dist", "get_blueprint", "", BLUEPRINT_FIELDS),
    ("dist", "list_modules", ".[]", &["name", "hash", "config"]),
    ("spell", "", "", OUTCOME_FIELDS),
    ("registry", "", "", OUTCOME_FIELDS),
    ("trust-graph", "", "", OUTCOME_FIELDS),
    ("aqua-ipfs", "", "", OUTCOME_FIELDS),
];

/// The built-in function of a service; none if there is none.
pub fn built_in(service: &str, function: &str) -> Option<&'static BuiltIn> {
    BUILT_INS.iter().find(|it| it.service == service && it.function == function)
}

/// `2 or 3 arguments`
pub fn arguments(mut arities: Vec<usize>) -> String {
    arities.sort_unstable();
    arities.dedup();
    match arities.as_slice() {
        [] | [0] => "no arguments".to_owned(),
        [1] => "1 argument".to_owned(),
        _ => {
            let arities: Vec<_> = arities.iter().map(usize::to_string).collect();
            format!("{} arguments", arities.join(" or "))
        }
    }
}

/// Where a built-in service is found, in one sentence.
pub fn whose(service: &str) -> &'static str {
    match service {
        "getDataSrv" => {
            "Belongs to the initiator's host, and supplies the parameters of a compiled function."
        }
        "callbackSrv" | "errorHandlingSrv" => "Belongs to the initiator's host, for compiled functions.",
        "run-console" => "Belongs to hosts that have a log.",
        _ => "Built into every node.",
    }
}

impl BuiltIn {
    /// `add(a, b)`
    pub fn form(&self) -> String {
        format!("{}({})", self.function, self.parameters.join(", "))
    }

    /// The parameter of an argument: the last one, if that repeats, for all that follow.
    pub fn parameter_name(&self, argument: usize) -> Option<&'static str> {
        let last = self.parameters.last().filter(|name| name.ends_with('…'));
        self.parameters.get(argument).or(last).copied()
    }

    /// What an argument may be, counted from 0.
    pub fn parameter(&self, argument: usize) -> String {
        let Some(name) = self.parameter_name(argument) else { return "surplus argument".to_owned() };
        let bare = name.trim_end_matches(['?', '…']);
        let kind = match (self.service, bare) {
            ("math", "a" | "b") if self.function == "fmul" => "number",
            ("math" | "cmp", _) => "integer",
            ("array", "a" | "b" | "array") | (_, "array" | "addresses" | "left" | "right" | "modules") => {
                "array"
            }
            ("array", "from" | "to") => "index, counted from 0",
            (_, "string" | "message" | "name" | "path" | "alias" | "key") => "string",
            (_, "base58") => "text in base 58",
            (_, "bytes" | "signature") => "array of bytes",
            (_, "numbers") => "array of integers",
            (_, "strings") => "array of strings",
            (_, "pairs") => "array of pairs of key and value",
            (_, "object" | "config" | "error") => "object",
            (_, "peer") => "peer id",
            (_, "service" | "blueprint" | "id" | "module") if self.function != "add_blueprint" => {
                "id or hash, a string"
            }
            (_, "milliseconds" | "count" | "where") => "integer",
            (_, "hashed") => "`true` if the key is a hash already",
            _ => "any value",
        };
        match name.chars().last() {
            Some('?') => format!("{kind}; may be left out"),
            Some('…') => format!("{kind}; any number of them"),
            _ => kind.to_owned(),
        }
    }

    /// The least number of arguments, and the greatest if there is one.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let repeats = self.parameters.iter().any(|name| name.ends_with('…'));
        let least = self.parameters.iter().filter(|name| !name.ends_with(['?', '…'])).count();
        (least, (!repeats).then_some(self.parameters.len()))
    }
}
