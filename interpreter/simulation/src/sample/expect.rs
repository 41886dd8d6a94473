//! What a sample expects of a run, for `air test`.

use air_interpreter::value::Value;

/// Expectations; what is absent is not looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expect {
    /// `completed`, `failed`, `waiting` or `stopped`.
    pub outcome: Option<String>,
    /// Arguments of the call of `callbackSrv.response`.
    pub response: Option<Vec<Value>>,
    /// The number of the error that reaches the initiator or that nothing catches.
    pub error: Option<i64>,
    /// Calls that are made; in this order unless [`Expect::any_order`]. Others may come between.
    pub calls: Vec<ExpectedCall>,
    /// The calls may come in any order.
    pub any_order: bool,
    /// The last values of variables, by their names with tags.
    pub values: Vec<(String, Value)>,
    /// All hops in order: from, to.
    pub hops: Option<Vec<(String, String)>>,
    /// Variables or peers that something still waits for.
    pub waiting_for: Vec<String>,
}

/// A call that is expected; what is `None` is not looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExpectedCall {
    /// The peer that is asked, `@name` or an id.
    pub peer: Option<String>,
    /// The service.
    pub service: Option<String>,
    /// The function.
    pub function: Option<String>,
    /// All arguments.
    pub arguments: Option<Vec<Value>>,
}
