//! What a lint is, what it knows, and how it reports.
//!
//! A lint is one file in `lints/` with three parts: `ENTRY`, its row in the table of codes with the page; `LINT`, which
//! says where it looks and whether it offers a fix; and its functions. This is most of
//! `lints/empty_fold.rs`, a short one to start from:
//!
//! ```ignore
//! pub(super) const LINT: Lint =
//!     Lint { code: Code::EmptyFold, looks: &[Looks::Instr(&[InstrKind::Fold], look)], fix: Fixing::Offered };
//!
//! fn look(context: &Context<'_>, id: InstrId, fold: &Instr, report: &mut Report<'_>) {
//!     let Some(iterable) = context.operand(fold, Role::Iterable) else { return };
//!     if iterable.kind == OperandKind::EmptyArray {
//!         report
//!             .add(Code::EmptyFold, iterable.range, "`fold` over `[]` never runs its body")
//!             .offer("remove this `fold`", context.remove(id));
//!     }
//! }
//! ```
//!
//! - [`Looks`]: the driver walks over the script once and calls each function only for what it asks for, so a lint that
//!   looks at `fold` costs nothing in a script without one.
//! - [`Context`]: the script, which AquaVM has accepted: HIR, names, control flow, and what is derived from them. What is
//!   the same for the whole script is computed there once, never in the lint.
//! - [`Report`]: where findings go. `safe` on what [`Report::add`] returns adds a fix that keeps what the script does, `offer` one
//!   that the author has to decide on.

mod compiled;
mod compiler_names;
pub(crate) mod context;
pub(crate) mod driver;
mod edits;
pub(crate) mod page;
mod report;

use air_semantics::hir::{Instr, InstrId, InstrKind, Operand};
use air_semantics::resolve::{Binding, BindingId, BindingKind};

use crate::code::Code;

pub(crate) use compiler_names::{is_compilers, without_numbers};
pub(crate) use context::{Context, is_stream};
pub(crate) use edits::{delete, replace};
pub(crate) use report::Report;

/// A lint, for the list.
pub(crate) struct Lint {
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) code: Code,
    /// Where in a script it looks.
    pub(crate) looks: &'static [Looks],
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) fix: Fixing,
}

/// What a lint looks at, and with which function.
pub(crate) enum Looks {
    /// Each instruction of these kinds.
    Instr(&'static [InstrKind], OfInstr),
    /// Each operand with a lens.
    Lens(OfOperand),
    /// Each number.
    Number(OfOperand),
    /// Each `:error:` and `%last_error%`, with or without a lens.
    ErrorObject(OfOperand),
    /// The whole text, once.
    Text(OfText),
    /// Each `seq` whose second part never runs.
    Cut(OfInstr),
    /// Each variable of those [classes](Class).
    Variable(fn(Class) -> bool, OfVariable),
}

pub(crate) type OfInstr = fn(&Context<'_>, InstrId, &Instr, &mut Report<'_>);
pub(crate) type OfOperand = fn(&Context<'_>, InstrId, &Operand, &mut Report<'_>);
pub(crate) type OfText = fn(&Context<'_>, &str, &mut Report<'_>);
pub(crate) type OfVariable = fn(&Context<'_>, BindingId, &Binding, &mut Report<'_>);

/// Whether a lint offers a fix.
#[allow(dead_code)] // The reason is for readers, and for the test that wants one.
pub(crate) enum Fixing {
    /// The example of its page shows one.
    Offered,
    /// None, for that reason: one sentence.
    None(&'static str),
}

/// What makes a variable and how often it is used: most lints look at few of these classes, and most variables are
/// set once and read.
#[derive(Clone, Copy)]
pub(crate) struct Class {
    pub(crate) made_by: Maker,
    pub(crate) read: bool,
    /// 0, 1, or 2 for more.
    pub(crate) writes: usize,
}

/// What makes a variable: the script, at its first write, or an instruction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Maker {
    Script,
    New,
    Fold,
}

impl Class {
    pub(crate) const COUNT: usize = 18;

    pub(crate) fn of(binding: &Binding) -> usize {
        let maker = match binding.kind {
            BindingKind::Script => 0,
            BindingKind::New(_) => 1,
            BindingKind::Iterator(_) => 2,
        };
        maker * 6 + usize::from(binding.reads > 0) * 3 + binding.writes.min(2) as usize
    }

    pub(crate) fn at(index: usize) -> Class {
        let made_by = match index / 6 {
            0 => Maker::Script,
            1 => Maker::New,
            _ => Maker::Fold,
        };
        Class { made_by, read: index % 6 >= 3, writes: index % 3 }
    }
}
