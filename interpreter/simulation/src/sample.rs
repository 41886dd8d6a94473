//! Sample data: who is there, what services answer, what comes from outside, what is expected.
//!
//! One model ([`Sample`]) with two sources: `NAME.sample.json` beside a script ([`from_json`]) and
//! AquaVM's test annotations in the script itself ([`annotations()`]). A call is answered by the first
//! of these that has an answer ([`SampleServices`]): annotations and rules, the built-in services of a
//! peer, the conventions of compiled scripts, and, if that is wanted, a value made up.

pub mod annotations;
pub mod answers;
pub mod expect;
pub mod generate;
pub mod given;
pub mod layers;
pub mod members;
pub mod names;
pub mod prepare;
pub mod recorded;
pub mod scenario;
pub mod single_cases;
pub mod text;
pub mod unmatched;

pub use annotations::annotations;
pub use answers::{AnswerSpec, Rule, Rules};
pub use expect::{Expect, ExpectedCall};
pub use layers::{CallRemark, CallRemarks, SampleServices};
pub use prepare::{Preparation, prepare};
pub use scenario::{Problem, Sample, from_json};
pub use single_cases::SingleCases;
pub use unmatched::unmatched;
