//! The table of idioms.

macro_rules! idiom_kinds {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// Which idiom. Names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IdiomKind {
            $(#[doc = $doc] $variant,)*
        }

        impl IdiomKind {
            /// All of them, in the order of the table.
            pub const ALL: &'static [IdiomKind] = &[$(IdiomKind::$variant,)*];

            /// Stable kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(IdiomKind::$variant => $name,)* }
            }

            /// What it does when it runs, in one sentence.
            pub fn summary(self) -> &'static str {
                match self { $(IdiomKind::$variant => $doc,)* }
            }
        }
    };
}

idiom_kinds! {
    ErrorWrapper "error-wrapper" "Errors that nothing catches are reported to the initiator's error handler.";
    Parameter "parameter" "Loads a parameter of the compiled function from the initiator.";
    StreamParameter "stream-parameter" "Loads an array and pushes its items to the stream parameter.";
    Return "return" "Hands the results to the initiator.";
    Callback "callback" "Calls a function that the initiator passed in.";
    Hop "hop" "Moves execution to a peer: a canon of an empty stream, no service is touched.";
    HopService "hop-service" "Moves execution to a peer by calling a service that does nothing there.";
    Via "via" "Hops through each peer of a list.";
    ViaBack "via-back" "Hops through each peer of a list, last first.";
    OnBlock "on" "Errors inside return to the caller's peer and continue there unchanged.";
    Rethrow "rethrow" "Passes the error on unchanged.";
    If "if" "Runs its branch if the condition holds; errors of the branch propagate.";
    IfElse "if-else" "Runs one of two branches; errors of either propagate.";
    IfPlain "if-plain" "Runs its branch if the condition holds; errors of the branch are lost.";
    IfElsePlain "if-else-plain" "Runs the second branch if the condition fails, or if the first branch fails.";
    TryCatch "try-catch" "Runs the handler, which reads the error, if the first branch fails.";
    TryOtherwise "try-otherwise" "Runs the second branch if the first fails; the error is not looked at.";
    TrySwallow "try-swallow" "Errors inside are swallowed.";
    BooleanOperator "boolean-operator" "Computes a comparison or boolean operator.";
    Arithmetic "arithmetic" "Computes an arithmetic operator by the math service.";
    Comparison "comparison" "Compares numbers by the cmp service.";
    StreamScope "stream-scope" "Declares a stream, empty at the start.";
    Push "push" "Appends a value to a stream.";
    PushStream "push-stream" "Appends the content of a stream, as one array, to another.";
    StreamReturn "stream-return" "Fixes a stream's content and makes an array of it.";
    Freeze "freeze" "Fixes a stream's content and order: later pushes are not seen; it does not wait.";
    Length "length" "Takes the length of a stream or array.";
    MapToObject "map-to-object" "Makes an object of a stream map.";
    Join "join" "Waits until so many elements have arrived; what follows waits, for ever if fewer come.";
    Wait "wait" "A call that cannot run until its arguments have arrived.";
    For "for" "Runs its body for each item, one after another.";
    ForPar "for-par" "Runs its body for all items at once; what follows does not wait.";
    ForRec "for-rec" "Runs its body for each element of a stream, also for those that its body adds; what follows does not wait.";
    ForTry "for-try" "Tries its body with each item until one succeeds.";
    ParSeq "parseq" "Runs its body for all items at once; completes when the body of each has come back.";
    ForMap "for-map" "Runs its body for each key and value of a map.";
    Co "co" "Fire and forget: what follows does not wait, and errors are lost.";
    ParBlock "par-block" "Runs its branches at once; completes when one of them does.";
    Race "race" "Ends when the branch is done or the time is up, whichever is first.";
    ArrayLiteral "array-literal" "Builds an array of the values.";
    OptionLiteral "option-literal" "Builds an option: the first value that exists, or nothing.";
    StructLiteral "struct-literal" "Builds an object of the fields.";
    StructCopy "struct-copy" "Copies an object with some fields changed.";
    JsonObject "json-object" "Builds an object by the json service.";
    Property "property" "Copies a property to a variable, because one is needed there.";
    LiteralHelper "literal-helper" "Puts a literal into a variable, because one is needed there.";
    MapGet "map-get" "Takes the values of a key out of a stream map.";
    MapContains "map-contains" "Asks whether a stream map has a key.";
    MapKeys "map-keys" "Takes the keys of a stream map.";
    MapStream "map-stream" "Streams the values or keys of a stream map as they arrive.";
    Trace "trace" "Tells the initiator that a function is entered or left.";
    TracedFunction "traced-function" "The body of one Aqua function, traced at its start and end.";
    Logging "logging" "Writes to a log.";
}

impl IdiomKind {
    /// Whether it is reported inside what carries another idiom.
    pub(super) fn stays_inside(self) -> bool {
        matches!(
            self,
            IdiomKind::Hop | IdiomKind::HopService | IdiomKind::Via | IdiomKind::ViaBack | IdiomKind::Rethrow
        )
    }
}

#[cfg(test)]
mod tests {
    use super::IdiomKind;

    #[test]
    fn each_has_a_name_and_a_sentence() {
        for kind in IdiomKind::ALL {
            assert!(
                kind.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                kind.name()
            );
            assert!(kind.summary().ends_with('.'), "{}", kind.name());
        }
    }

    #[test]
    fn hops_are_shown_inside_of_other_idioms() {
        assert!(IdiomKind::Hop.stays_inside() && IdiomKind::Via.stays_inside());
        assert!(!IdiomKind::Push.stays_inside());
    }
}
