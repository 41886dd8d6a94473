//! Typed views of the tree. They own nothing and check nothing: what a broken script lacks is `None`.
//!
//! ```
//! use air_syntax::ast::{AstNode, Instruction, Script};
//! let parse = air_syntax::parse("(seq (null) (next i))");
//! let script = Script::cast(parse.syntax()).unwrap();
//! let Some(Instruction::Seq(seq)) = script.instruction() else { panic!() };
//! let Some(Instruction::Next(next)) = seq.second() else { panic!() };
//! assert_eq!(next.iterator().unwrap().text(), "i");
//! ```

mod call;
mod data;
mod instruction;
mod lens;
mod node;
mod operand;

pub use call::{Arguments, Call, FunctionRef};
pub use data::{Ap, Canon, Fail, MapEntry};
pub use instruction::{
    Fold, Instruction, Match, Mismatch, Never, New, Next, Null, Par, Script, Seq, Unknown, Xor,
};
pub use lens::{Accessor, Lens};
pub use node::AstNode;
pub use operand::{Operand, OperandNode};
