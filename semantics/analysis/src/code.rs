//! The list of codes. What each is called and what its page says is in the table that [`crate::codes`] makes of this
//! list; what is here knows no lint, so that lints and diagnostics can name a code.

/// Calls a macro with all codes, by origin and number: `Name = the path of its row, seen from codes.rs,`.
///
/// A line here registers a code.
macro_rules! with_codes {
    ($callback:ident) => {
        $callback! {
            UnclosedBracket = syntax::UNCLOSED_BRACKET,
            MissingCloseParen = syntax::MISSING_CLOSE_PAREN,
            SurplusCloseParen = syntax::SURPLUS_CLOSE_PAREN,
            SurplusOpenParen = syntax::SURPLUS_OPEN_PAREN,
            MissingOpenParen = syntax::MISSING_OPEN_PAREN,
            MissingCloseBracket = syntax::MISSING_CLOSE_BRACKET,
            SurplusCloseBracket = syntax::SURPLUS_CLOSE_BRACKET,
            MissingOpenBracket = syntax::MISSING_OPEN_BRACKET,
            WrongCloser = syntax::WRONG_CLOSER,
            UnknownInstruction = syntax::UNKNOWN_INSTRUCTION,
            KeywordCase = syntax::KEYWORD_CASE,
            MissingKeyword = syntax::MISSING_KEYWORD,
            MissingOperand = syntax::MISSING_OPERAND,
            MissingInstruction = syntax::MISSING_INSTRUCTION,
            SurplusOperand = syntax::SURPLUS_OPERAND,
            SurplusInstruction = syntax::SURPLUS_INSTRUCTION,
            WrongOperand = syntax::WRONG_OPERAND,
            KeywordAsName = syntax::KEYWORD_AS_NAME,
            NonEmptyArray = syntax::NON_EMPTY_ARRAY,
            SeveralInstructions = syntax::SEVERAL_INSTRUCTIONS,
            EmptyScript = syntax::EMPTY_SCRIPT,
            StrayText = syntax::STRAY_TEXT,
            MissingSpace = syntax::MISSING_SPACE,
            UnclosedString = syntax::UNCLOSED_STRING,
            BadName = syntax::BAD_NAME,
            BadNumber = syntax::BAD_NUMBER,
            BadLens = syntax::BAD_LENS,
            TooDeep = syntax::TOO_DEEP,
            TooLong = syntax::TOO_LONG,
            ForeignFile = syntax::FOREIGN_FILE,
            UndefinedVariable = validation::UNDEFINED_VARIABLE,
            UndefinedIterable = validation::UNDEFINED_ITERABLE,
            MultipleNext = validation::MULTIPLE_NEXT,
            NewOnIterator = validation::NEW_ON_ITERATOR,
            MultipleIterables = validation::MULTIPLE_ITERABLES,
            FailCodeZero = validation::FAIL_CODE_ZERO,
            InstructionAfterNext = validation::INSTRUCTION_AFTER_NEXT,
            BadDirective = lints::BAD_DIRECTIVE,
            UnusedGiven = lints::UNUSED_GIVEN,
            UnusedAllow = lints::UNUSED_ALLOW,
            UnusedVariable = unused_variable::ENTRY,
            UnusedStream = unused_stream::ENTRY,
            UnwrittenStream = unwritten_stream::ENTRY,
            UnreachableCode = unreachable_code::ENTRY,
            ConstantMatch = constant_match::ENTRY,
            ReusedName = reused_name::ENTRY,
            WrittenIterator = written_iterator::ENTRY,
            FoldWithoutNext = fold_without_next::ENTRY,
            UnreachableNext = unreachable_next::ENTRY,
            SameOperands = same_operands::ENTRY,
            SwallowedError = swallowed_error::ENTRY,
            IdleXor = idle_xor::ENTRY,
            UnsetError = unset_error::ENTRY,
            ImpossibleLens = impossible_lens::ENTRY,
            LengthField = length_field::ENTRY,
            UndefinedIndex = undefined_index::ENTRY,
            DiscardedResult = discarded_result::ENTRY,
            UnreachedJoin = unreached_join::ENTRY,
            MutualWait = mutual_wait::ENTRY,
            EndlessFold = endless_fold::ENTRY,
            BadPeerId = bad_peer_id::ENTRY,
            UselessHop = useless_hop::ENTRY,
            UnusedNew = unused_new::ENTRY,
            MisspeltSpecial = misspelt_special::ENTRY,
            SimilarNames = similar_names::ENTRY,
            UnusualNumber = unusual_number::ENTRY,
            OldDialect = old_dialect::ENTRY,
            UnsetVariable = unset_variable::ENTRY,
            ClearedVariable = cleared_variable::ENTRY,
            EmptyFold = empty_fold::ENTRY,
            ImpossibleErrorCode = impossible_error_code::ENTRY,
            NotAText = not_a_text::ENTRY,
            HiddenScalar = hidden_scalar::ENTRY,
            CrashingLens = crashing_lens::ENTRY,
            SelfWait = self_wait::ENTRY,
            ReenteredFold = reentered_fold::ENTRY,
            InvisibleCharacter = invisible_character::ENTRY,
            UnheardInitiator = unheard_initiator::ENTRY,
            MixedMapKeys = mixed_map_keys::ENTRY,
            LostAppend = lost_append::ENTRY,
        }
    };
}
pub(crate) use with_codes;

macro_rules! enumeration {
    ($($variant:ident = $row:path,)*) => {
        /// A diagnostic's code.
        #[allow(missing_docs)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($variant,)*
        }

        impl Code {
            /// All codes, by origin and number.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];
        }
    };
}

with_codes!(enumeration);
