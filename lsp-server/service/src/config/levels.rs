//! The level of each diagnostic.

pub mod groups;

use std::collections::BTreeMap;

use air_analysis::codes::Code;
use air_analysis::diagnostic::{Diagnostic, Origin, Severity};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::closest::closest;

/// Level of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported.
    Allow,
    /// A hint.
    Hint,
    /// An informational message.
    Info,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

impl Level {
    /// The severity; nothing for [`Level::Allow`].
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Allow => None,
            Level::Hint => Some(Severity::Hint),
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

/// Levels by code; read by code, name or group, where what is named more closely counts. Every key is a known code, and
/// every level one that its diagnostic may have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Level>")]
pub struct Levels(BTreeMap<String, Level>);

impl Levels {
    /// Sets a level by code or name; an error if the name is unknown or the diagnostic may not have that level.
    pub fn set(&mut self, code_or_name: &str, level: Level) -> Result<(), String> {
        let code = check(code_or_name, level)?;
        self.0.insert(code.as_str().to_owned(), level);
        Ok(())
    }

    /// The level of a code, if one was set.
    pub fn get(&self, code: Code) -> Option<Level> {
        self.0.get(code.as_str()).copied()
    }

    /// Gives diagnostics their configured severity and drops those at [`Level::Allow`].
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.0.is_empty() {
            return;
        }
        diagnostics.retain_mut(|diagnostic| match self.get(diagnostic.code).map(Level::severity) {
            Some(None) => false,
            Some(Some(severity)) => {
                diagnostic.severity = severity;
                true
            }
            None => true,
        });
    }
}

/// The code of that name, if its diagnostic may have that level; the error is a sentence for people.
pub fn check(code_or_name: &str, level: Level) -> Result<Code, String> {
    let Some(code) = Code::from_str(code_or_name) else {
        let all = Code::ALL.iter().flat_map(|code| [code.as_str(), code.name()]);
        let mut message = format!("unknown diagnostic `{code_or_name}`");
        if let Some(close) = closest(code_or_name, all) {
            message += &format!("; did you mean `{close}`?");
        }
        return Err(message + " (`air explain --list` shows all)");
    };
    if code.origin() != Origin::Lint && level != Level::Error {
        return Err(format!(
            "`{code_or_name}` cannot be lowered: AquaVM rejects such a script, so it stays an error"
        ));
    }
    Ok(code)
}

impl TryFrom<BTreeMap<String, Level>> for Levels {
    type Error = String;

    fn try_from(map: BTreeMap<String, Level>) -> Result<Levels, String> {
        let mut levels = Levels::default();
        let selectors: Vec<_> = map.iter().map(|(key, level)| (key.as_str(), *level)).collect();
        for (code, level) in groups::expand(&selectors)? {
            levels.set(code.as_str(), level)?;
        }
        Ok(levels)
    }
}

impl JsonSchema for Levels {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Levels".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let level = generator.subschema_for::<Level>();
        let mut properties = serde_json::Map::new();
        for (name, description, lints) in groups::described() {
            let mut property =
                if lints { level.clone() } else { json_schema!({ "const": "error", "type": "string" }) };
            property.insert("description".to_owned(), description.into());
            properties.insert(name.to_owned(), property.into());
        }
        for code in Code::ALL {
            let lint = code.origin() == Origin::Lint;
            for key in [code.as_str(), code.name()] {
                let mut property =
                    if lint { level.clone() } else { json_schema!({ "const": "error", "type": "string" }) };
                property.insert("description".to_owned(), code.page().summary.into());
                properties.insert(key.to_owned(), property.into());
            }
        }
        json_schema!({
            "type": "object",
            "description": "Levels by code, name or group; a code counts more than its group. What AquaVM rejects stays an error.",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}
