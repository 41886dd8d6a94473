//! A shape in one line: `[{peer_id: peer, name: any}; ≥2]`.

use std::fmt;

use super::{Literal, LiteralValue, Shape};

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self, 0, f)
    }
}

/// Recursion is as deep as a shape, which is limited.
fn show(shape: &Shape, index: u32, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let node = shape.node(index);
    let mut first = true;
    let mut separate = |f: &mut fmt::Formatter<'_>| -> fmt::Result {
        if !std::mem::take(&mut first) {
            f.write_str(" & ")?;
        }
        Ok(())
    };
    if let Some(parsed) = node.json {
        separate(f)?;
        f.write_str("JSON of ")?;
        show(shape, parsed, f)?;
    }
    let words = [
        (node.peer, "peer"),
        (node.base58, "base58"),
        (node.text && !node.peer && !node.base58 && node.json.is_none(), "string"),
        (node.index, "index"),
        (node.integer && !node.index, "integer"),
    ];
    for (_, word) in words.iter().filter(|(demanded, _)| *demanded) {
        separate(f)?;
        f.write_str(word)?;
    }
    let wanted: Vec<&Literal> = node.literals.iter().filter(|literal| literal.weight > 0).collect();
    if !wanted.is_empty() {
        separate(f)?;
        for (index, literal) in wanted.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { " | " }, literal.value)?;
        }
    } else if !node.literals.is_empty() {
        separate(f)?;
        f.write_str("not ")?;
        for (index, literal) in node.literals.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { " | " }, literal.value)?;
        }
    }
    if node.is_array() {
        separate(f)?;
        f.write_str("[")?;
        match node.element {
            Some(element) => show(shape, element, f)?,
            None => f.write_str("any")?,
        }
        if node.least > 1 {
            write!(f, "; ≥{}", node.least)?;
        }
        f.write_str("]")?;
    }
    if !node.fields.is_empty() {
        separate(f)?;
        f.write_str("{")?;
        for (index, (name, field)) in node.fields.iter().enumerate() {
            write!(f, "{}{name}: ", if index == 0 { "" } else { ", " })?;
            show(shape, *field, f)?;
        }
        f.write_str("}")?;
    }
    if first { f.write_str("any") } else { Ok(()) }
}

impl fmt::Display for LiteralValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LiteralValue::Text(text) => write!(f, "\"{text}\""),
            LiteralValue::Integer(number) => write!(f, "{number}"),
            LiteralValue::Float(number) => write!(f, "{number}"),
            LiteralValue::Boolean(flag) => write!(f, "{flag}"),
            LiteralValue::EmptyArray => f.write_str("[]"),
        }
    }
}
