//! The protocol's types with nothing but what they must have: the crate gives most of them no default.

use dapts::{
    CompletionItem, ExceptionDetails, GotoTarget, Message, Scope, StackFrame, Variable,
    VariablePresentationHint,
};

/// Without anything inside.
pub(super) fn variable(name: impl Into<String>, value: impl Into<String>) -> Variable {
    Variable {
        declaration_location_reference: None,
        evaluate_name: None,
        indexed_variables: None,
        memory_reference: None,
        name: name.into(),
        named_variables: None,
        presentation_hint: None,
        ty: None,
        value: value.into(),
        value_location_reference: None,
        variables_reference: 0,
    }
}

/// Without a place.
pub(super) fn frame(id: u64, name: String) -> StackFrame {
    StackFrame {
        can_restart: None,
        column: 0,
        end_column: None,
        end_line: None,
        id,
        instruction_pointer_reference: None,
        line: 0,
        module_id: None,
        name,
        presentation_hint: None,
        source: None,
    }
}

/// Cheap to open.
pub(super) fn scope(name: &str, variables_reference: u32) -> Scope {
    Scope {
        column: None,
        end_column: None,
        end_line: None,
        expensive: false,
        indexed_variables: None,
        line: None,
        name: name.to_owned(),
        named_variables: None,
        presentation_hint: None,
        source: None,
        variables_reference,
    }
}

/// A word.
pub(super) fn completion(label: String) -> CompletionItem {
    CompletionItem {
        detail: None,
        label,
        length: None,
        selection_length: None,
        selection_start: None,
        sort_text: None,
        start: None,
        text: None,
        ty: None,
    }
}

/// On a line.
pub(super) fn target(id: u64, label: String, line: u32) -> GotoTarget {
    GotoTarget {
        column: None,
        end_column: None,
        end_line: None,
        id,
        instruction_pointer_reference: None,
        label,
        line,
    }
}

/// With a message.
pub(super) fn details(message: String) -> ExceptionDetails {
    ExceptionDetails {
        evaluate_name: None,
        full_type_name: None,
        inner_exception: None,
        message: Some(message),
        stack_trace: None,
        type_name: None,
    }
}

/// An error; whether the client shows it by itself.
pub(super) fn error(format: String, show_user: bool) -> Message {
    Message {
        format,
        id: 1,
        send_telemetry: None,
        show_user: Some(show_user),
        url: None,
        url_label: None,
        variables: None,
    }
}

/// No hint.
pub(super) fn hint() -> VariablePresentationHint {
    VariablePresentationHint { attributes: None, kind: None, lazy: None, visibility: None }
}
