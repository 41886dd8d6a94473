//! The form of peer ids: base58, of a known beginning and length.

/// How ids of Ed25519, RSA and secp256k1 keys begin, and how many letters they have.
const FORMS: [(&str, usize); 3] = [("12D3KooW", 52), ("16Uiu2HA", 53), ("Qm", 46)];

/// Those of them that nothing else begins with.
pub(crate) const KEY_FORMS: &[(&str, usize)] = &[("12D3KooW", 52), ("16Uiu2HA", 53)];

/// Ids have at least so many letters.
pub(crate) const MIN_ID_BYTES: usize = 40;

/// How CIDs of peers begin: of Ed25519 and RSA keys, in base36 and base32.
const CIDS: [&str; 4] = ["k51qzi5uqu5d", "k2k4r8", "bafzaa", "bafzbe"];

/// Whether a text has the form of a peer id.
pub fn is_peer_id(id: &str) -> bool {
    FORMS.iter().any(|(begin, _)| id.starts_with(begin)) && id.len() >= MIN_ID_BYTES && problem(id).is_none()
}

/// What keeps a text that looks like a peer id from being one.
pub fn problem(id: &str) -> Option<String> {
    problem_of(id, &FORMS)
}

pub(crate) fn problem_of(id: &str, forms: &[(&str, usize)]) -> Option<String> {
    if id.is_empty() {
        return Some("it is empty".to_owned());
    }
    // What is much shorter is a name.
    if id.len() < MIN_ID_BYTES {
        return None;
    }
    if forms.len() == FORMS.len() && CIDS.iter().any(|begin| id.starts_with(begin)) {
        return Some("it is a CID, and scripts name peers in base58 (`12D3KooW…`)".to_owned());
    }
    let (_, length) = forms.iter().find(|(begin, _)| id.starts_with(begin))?;
    let strange = id.chars().find(|c| !c.is_ascii_alphanumeric() || matches!(c, '0' | 'O' | 'I' | 'l'));
    if let Some(strange) = strange {
        return Some(format!("base58 has no `{strange}`"));
    }
    (id.len() != *length).then(|| format!("it has {} letters, expected {length}", id.len()))
}

#[cfg(test)]
mod tests {
    use super::{is_peer_id, problem};

    #[test]
    fn of_each_kind_of_key() {
        for id in [
            "12D3KooWR1cFrRWULaAZy8Vu2Ys8MpjK1dGYvFaSPGo7pSVPAxUW",
            "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
        ] {
            assert!(is_peer_id(id), "{id}: {:?}", problem(id));
            assert!(!is_peer_id(id.get(1..).unwrap_or_default()));
        }
        assert!(problem("relay").is_none() && !is_peer_id("relay"));
    }
}
