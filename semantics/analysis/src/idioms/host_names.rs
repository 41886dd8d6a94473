//! How the services of a compiled function's host are called.

/// Services of the host by which a compiled function talks to the initiator. The compiler's
/// configuration can change them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNames {
    /// Service of parameters: `getDataSrv`.
    pub parameters: String,
    /// Service of callbacks and results: `callbackSrv`.
    pub callbacks: String,
    /// Function of results: `response`.
    pub response: String,
    /// Service of uncaught errors: `errorHandlingSrv`.
    pub errors: String,
    /// Function of uncaught errors: `error`.
    pub error: String,
    /// Service of traces: `tracingSrv`.
    pub tracing: String,
}

impl Default for HostNames {
    fn default() -> Self {
        HostNames {
            parameters: "getDataSrv".to_owned(),
            callbacks: "callbackSrv".to_owned(),
            response: "response".to_owned(),
            errors: "errorHandlingSrv".to_owned(),
            error: "error".to_owned(),
            tracing: "tracingSrv".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use air_semantics::Script;

    use super::super::recognise_with;
    use super::HostNames;

    #[test]
    fn a_host_with_other_names_is_recognised_by_them() {
        let script = Script::new("(call %init_peer_id% (\"arguments\" \"x\") [] x)");
        let labels = |host: &HostNames| -> Vec<String> {
            recognise_with(script.hir(), host).into_iter().map(|idiom| idiom.label).collect()
        };
        assert!(labels(&HostNames::default()).is_empty());
        let other = HostNames { parameters: "arguments".to_owned(), ..HostNames::default() };
        assert_eq!(labels(&other), ["parameter x"]);
    }
}
