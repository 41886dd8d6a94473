//! Peers by name: each name gives a key, and with it the peer's id.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::keys::{ED25519, KeyPair, secret_of_name};
use crate::value::Value;

/// A peer of the simulation.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Its name, without `@`; for one that only a script names by some text, that text.
    pub name: String,
    /// The text that scripts know it by: the id of its key, or the text that it was made up for.
    pub id: String,
    /// The secret of its key, 32 bytes.
    pub secret: [u8; 32],
    /// Its key.
    pub key: KeyPair,
    /// The id is not the key's: nobody could check its signatures.
    pub made_up: bool,
}

/// The peers that have keys, by id; whether they are there is another matter.
#[derive(Debug, Clone, Default)]
pub struct Peers {
    by_id: BTreeMap<String, Rc<Peer>>,
    by_name: BTreeMap<String, String>,
}

/// What the id of every peer with an Ed25519 key begins with, and its length.
const ID_START: &str = "12D3KooW";
const ID_LENGTH: usize = 52;

impl Peers {
    /// The id of the peer with that name (without `@`); makes the peer if need be.
    pub fn named(&mut self, name: &str) -> String {
        if let Some(id) = self.by_name.get(name) {
            return id.clone();
        }
        let Some(peer) = peer(name, None) else {
            return format!("@{name}");
        };
        let id = peer.id.clone();
        self.by_name.insert(name.to_owned(), id.clone());
        self.by_id.insert(id.clone(), Rc::new(peer));
        id
    }

    /// The peer that a text stands for: a name if it is `@name`, else its id as it is.
    pub fn id_of(&mut self, text: &str) -> String {
        match whole_name(text) {
            Some(name) => self.named(name),
            None => text.to_owned(),
        }
    }

    /// A peer by its id.
    pub fn get(&self, id: &str) -> Option<&Rc<Peer>> {
        self.by_id.get(id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Peer>> {
        self.by_id.values()
    }

    /// A peer for any text in a peer's place, with a key derived from that text.
    pub fn make_up(&mut self, id: &str) {
        if !self.by_id.contains_key(id)
            && let Some(peer) = peer(id, Some(id))
        {
            self.by_id.insert(id.to_owned(), Rc::new(peer));
        }
    }

    /// A script with ids for its names: each string literal that is nothing but `@name`.
    ///
    /// Ranges move by that; the instructions and their numbers stay the same.
    pub fn with_ids<'t>(&mut self, script: &'t str) -> Cow<'t, str> {
        self.replace_names(script, false)
    }

    /// A value with ids for its names, keys of objects included.
    pub fn value_with_ids(&mut self, value: &Value) -> Value {
        let text = value.to_json();
        match self.replace_names(&text, true) {
            Cow::Borrowed(_) => value.clone(),
            // What was printed can be parsed, with other strings of the same kind too.
            Cow::Owned(text) => crate::json::parse(&text).unwrap_or_default(),
        }
    }

    /// `escapes`: in this text a quote after a backslash belongs to a string.
    fn replace_names<'t>(&mut self, text: &'t str, escapes: bool) -> Cow<'t, str> {
        let mut out = String::new();
        let mut rest = text;
        let mut replaced = false;
        while let Some(at) = rest.find("\"@") {
            let (before, tail) = rest.split_at(at + 1);
            let escaped = escapes && before.ends_with("\\\"");
            out.push_str(before);
            let name = tail.get(1..).unwrap_or_default();
            let end = name
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))
                .unwrap_or(name.len());
            let (name, after) = name.split_at(end);
            if !escaped && after.starts_with('"') && starts_name(name) {
                out.push_str(&self.named(name));
                rest = after;
                replaced = true;
            } else {
                out.push('@');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
        if !replaced {
            return Cow::Borrowed(text);
        }
        out.push_str(rest);
        Cow::Owned(out)
    }

    /// `@name` for each id of a named peer, wherever it stands in the text.
    pub fn show<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = String::new();
        let (mut copied, mut from) = (0, 0);
        while let Some(at) = text.get(from..).and_then(|rest| rest.find(ID_START)).map(|at| from + at) {
            let named =
                text.get(at..at + ID_LENGTH).and_then(|id| self.by_id.get(id)).filter(|peer| !peer.made_up);
            if let Some(peer) = named {
                out.push_str(text.get(copied..at).unwrap_or_default());
                out.push('@');
                out.push_str(&peer.name);
                (copied, from) = (at + ID_LENGTH, at + ID_LENGTH);
            } else {
                from = at + 1;
            }
        }
        if copied == 0 {
            return Cow::Borrowed(text);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Whether [`Peers::show`] may change the text.
    pub fn may_show(text: &str) -> bool {
        text.contains(ID_START)
    }

    /// The same for each string and key of a value.
    pub fn show_value(&self, value: &Value) -> Value {
        let text = value.to_json();
        match self.show(&text) {
            Cow::Borrowed(_) => value.clone(),
            Cow::Owned(text) => crate::json::parse(&text).unwrap_or_default(),
        }
    }
}

fn peer(name: &str, made_up: Option<&str>) -> Option<Peer> {
    let secret = secret_of_name(name);
    // 32 bytes are a key, whichever they are.
    let key = KeyPair::from_secret(ED25519, &secret).ok()?;
    let own = key.public().peer_id();
    let id = made_up.map_or_else(|| own.clone(), str::to_owned);
    Some(Peer { name: name.to_owned(), made_up: id != own, id, secret, key })
}

fn starts_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// `name` of a text that is `@name` and nothing else.
pub fn whole_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('@').filter(|name| starts_name(name))?;
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-').then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_strings_are_names() {
        let mut peers = Peers::default();
        let script = r#"(call "@a" ("@a b" "x@a") ["@1" "@_b-2"])"#;
        let replaced = peers.with_ids(script).into_owned();
        assert_eq!(replaced.matches("12D3KooW").count(), 2);
        assert!(replaced.contains(r#"("@a b" "x@a") ["@1" "#));
        assert_eq!(peers.show(&replaced), script);
        assert!(matches!(peers.with_ids("(null)"), Cow::Borrowed("(null)")));
    }

    #[test]
    fn values_keep_strings_that_only_look_like_names() {
        let mut peers = Peers::default();
        let text = r#"{"@b":["@c","x\"@d","\"@e\"","@f g"]}"#;
        let value = crate::json::parse(text).unwrap();
        let with_ids = peers.value_with_ids(&value);
        let names: Vec<_> = peers.iter().map(|peer| peer.name.clone()).collect();
        assert_eq!(with_ids.to_json().matches("12D3KooW").count(), 2);
        assert!(names.contains(&"b".to_owned()) && names.contains(&"c".to_owned()) && names.len() == 2);
        assert_eq!(peers.show_value(&with_ids).to_json(), text);
    }

    #[test]
    fn any_text_can_be_a_peer() {
        let mut peers = Peers::default();
        peers.make_up("peer_1");
        let peer = peers.get("peer_1").unwrap();
        assert!(peer.made_up && peer.id == "peer_1" && peer.key.public().peer_id() != "peer_1");
        let id = peers.named("a");
        peers.make_up(&id);
        assert!(!peers.get(&id).unwrap().made_up);
    }
}
