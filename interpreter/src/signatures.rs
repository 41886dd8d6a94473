//! What peers sign, and whether what they signed holds.
//!
//! A peer signs the *multiset* of identifiers of the service results and canons that it produced,
//! salted with the particle id. Positions, generations and unused results are not covered.

use std::collections::BTreeMap;
use std::fmt;

use crate::cid::{self, CidError};
use crate::data::{
    CallResult, CanonResult, Cid, Entry, ExecutedState, Provenance, PublicKeyBytes, SignatureBytes,
    SignatureEntry, Stores, ValueRef,
};
use crate::keys::{KeyError, KeyPair, PublicKey, SIGNATURE_BYTES};

/// The bytes that are signed: the sorted list, then the salt, each with its length.
pub fn signed_bytes<T: AsRef<str>>(sorted_cids: &[T], salt: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(8 + sorted_cids.len() * 65 + salt.len());
    let size = |size: usize| (size as u32).to_le_bytes();
    out.extend(size(sorted_cids.len()));
    for cid in sorted_cids {
        out.extend(size(cid.as_ref().len()));
        out.extend(cid.as_ref().as_bytes());
    }
    out.extend(size(salt.len()));
    out.extend(salt.as_bytes());
    out
}

/// The signature of a peer over what it produced, as data carries it.
pub fn sign(key: &KeyPair, cids: &mut [Cid], salt: &str) -> SignatureEntry {
    cids.sort_unstable();
    let mut signature = vec![crate::keys::ED25519];
    signature.extend(key.sign(&signed_bytes(cids, salt)));
    SignatureEntry {
        public_key: PublicKeyBytes(key.public().to_bytes().into()),
        signature: SignatureBytes(signature.into()),
    }
}

/// What is wrong with the stores of incoming data (error 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// The identifier of an entry is malformed, or of a kind that is not used.
    Cid(CidError),
    /// The identifier of an entry is that of something else.
    Mismatch {
        /// What the store holds.
        kind: Kind,
        /// The identifier.
        cid: Cid,
    },
    /// An entry, or the trace, refers to something that is not there.
    Dangling {
        /// What the reference stands in.
        from: Kind,
        /// What it refers to.
        to: Kind,
        /// The identifier.
        cid: Cid,
    },
}

/// The kinds of contents; their names are those of the reference's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named after the stores")]
pub enum Kind {
    Value,
    Tetraplet,
    CanonElement,
    CanonResult,
    ServiceResult,
    /// A state of the trace; the reference traps where one refers to nothing.
    State,
}

impl Kind {
    fn type_name(self) -> &'static str {
        match self {
            Kind::Value => "air_interpreter_data::raw_value::RawValue",
            Kind::Tetraplet => "polyplets::tetraplet::SecurityTetraplet",
            Kind::CanonElement => "air_interpreter_data::executed_state::CanonCidAggregate",
            Kind::CanonResult => "air_interpreter_data::executed_state::CanonResultCidAggregate",
            Kind::ServiceResult => "air_interpreter_data::executed_state::ServiceResultCidAggregate",
            Kind::State => "air_interpreter_data::executed_state::ExecutedState",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Cid(error) => write!(f, "{error}"),
            StoreError::Mismatch { kind, cid } => {
                write!(f, "Value mismatch in the {:?} store for CID {:?}", kind.type_name(), cid.as_str())
            }
            StoreError::Dangling { from, to, cid } => write!(
                f,
                "Reference CID {:?} from type {:?} to {:?} was not found",
                cid.as_str(),
                from.type_name(),
                to.type_name()
            ),
        }
    }
}

/// Checks that every content has its identifier and that no reference dangles.
///
/// # Errors
/// The first thing that is wrong, in the order of the reference.
pub fn verify_stores(stores: &Stores) -> Result<(), StoreError> {
    let check = |kind: Kind, cid: &Cid, text: &str| match cid::verify(cid.as_str(), text) {
        Ok(()) => Ok(()),
        Err(CidError::Mismatch) => Err(StoreError::Mismatch { kind, cid: cid.clone() }),
        Err(error) => Err(StoreError::Cid(error)),
    };
    let need = |from: Kind, to: Kind, cid: &Cid| {
        let found = match to {
            Kind::Value => stores.values.contains(cid),
            Kind::Tetraplet => stores.tetraplets.contains(cid),
            Kind::CanonElement => stores.canon_elements.contains(cid),
            Kind::CanonResult => stores.canon_results.contains(cid),
            Kind::ServiceResult | Kind::State => stores.service_results.contains(cid),
        };
        if found { Ok(()) } else { Err(StoreError::Dangling { from, to, cid: cid.clone() }) }
    };
    for Entry { cid, value } in stores.values.entries() {
        check(Kind::Value, cid, value.text())?;
    }
    for Entry { cid, value: tetraplet } in stores.tetraplets.entries() {
        check(Kind::Tetraplet, cid, &tetraplet.hashed_text())?;
    }
    for Entry { cid, value: element } in stores.canon_elements.entries() {
        check(Kind::CanonElement, cid, &element.hashed_text())?;
    }
    for Entry { cid, value: canon } in stores.canon_results.entries() {
        check(Kind::CanonResult, cid, &canon.hashed_text())?;
    }
    for Entry { value: canon, .. } in stores.canon_results.entries() {
        for cid in &canon.values {
            need(Kind::CanonResult, Kind::CanonElement, cid)?;
        }
        need(Kind::CanonResult, Kind::Tetraplet, &canon.tetraplet)?;
    }
    for Entry { value: element, .. } in stores.canon_elements.entries() {
        need(Kind::CanonElement, Kind::Tetraplet, &element.tetraplet)?;
        need(Kind::CanonElement, Kind::Value, &element.value)?;
        match &element.provenance {
            Provenance::Literal => {}
            Provenance::ServiceResult { cid } => need(Kind::CanonElement, Kind::ServiceResult, cid)?,
            Provenance::Canon { cid } => need(Kind::CanonElement, Kind::CanonResult, cid)?,
        }
    }
    for Entry { cid, value: result } in stores.service_results.entries() {
        check(Kind::ServiceResult, cid, &result.hashed_text())?;
    }
    for Entry { value: result, .. } in stores.service_results.entries() {
        need(Kind::ServiceResult, Kind::Tetraplet, &result.tetraplet_cid)?;
        need(Kind::ServiceResult, Kind::Value, &result.value_cid)?;
    }
    Ok(())
}

/// What is wrong with signatures (error 9), or with what the trace refers to (error 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureError {
    /// A key that is not an Ed25519 key.
    MalformedKey {
        /// The key in base58.
        key: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A state was produced by a peer that did not sign.
    UnknownPeer(String),
    /// A signature does not hold.
    Mismatch {
        /// Id of the peer.
        peer: String,
        /// What is wrong with it.
        flaw: SignatureFlaw,
        /// What should have been signed.
        cids: Vec<Cid>,
    },
    /// Previous and current data have different results of one peer.
    Inconsistent {
        /// Id of the peer.
        peer: String,
        /// The longer list.
        larger: Vec<Cid>,
        /// The shorter one.
        smaller: Vec<Cid>,
    },
    /// The trace refers to a content that is not there. The reference traps here.
    Dangling(StoreError),
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureFlaw {
    /// It has no bytes, not even that of its kind. The reference traps here.
    Empty,
    /// A kind that nothing knows.
    UnknownKind,
    /// It is not of this key and these contents.
    Other {
        /// Whether it has the length of a signature.
        whole: bool,
        /// The signature without its kind, in base58.
        signature: String,
        /// The key in base58.
        key: String,
    },
}

impl fmt::Display for SignatureFlaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignatureFlaw::Empty => f.write_str("InvalidSignature(Empty)"),
            SignatureFlaw::UnknownKind => f.write_str("InvalidSignature(InvalidTypeByte)"),
            SignatureFlaw::Other { whole, signature, key } => {
                let source = if *whole { "Some(Verification equation was not satisfied)" } else { "None" };
                write!(
                    f,
                    "Verification(Ed25519(signature::Error {{ source: {source} }}, {signature:?}, {key:?}))"
                )
            }
        }
    }
}

/// Kinds of signatures that the reference reads: Ed25519 and secp256k1. It then verifies with the kind of the *key*.
const SIGNATURE_KINDS: [u8; 2] = [crate::keys::ED25519, 2];

/// Verifies a signature as data carries it, its kind first.
fn verify(key: &PublicKey, bytes: &[u8], signature: &[u8]) -> Result<(), SignatureFlaw> {
    let (kind, signature) = signature.split_first().ok_or(SignatureFlaw::Empty)?;
    if !SIGNATURE_KINDS.contains(kind) {
        return Err(SignatureFlaw::UnknownKind);
    }
    if key.verifies(bytes, signature) {
        return Ok(());
    }
    Err(SignatureFlaw::Other {
        whole: signature.len() == SIGNATURE_BYTES,
        signature: bs58::encode(signature).into_string(),
        key: bs58::encode(key.raw()).into_string(),
    })
}

impl SignatureError {
    /// 8 for contents that are missing, 9 for everything about signatures.
    pub fn code(&self) -> i64 {
        if matches!(self, SignatureError::Dangling(_)) { 8 } else { 9 }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |cids: &[Cid]| cids.iter().map(|cid| cid.0.clone()).collect::<Vec<_>>();
        match self {
            SignatureError::MalformedKey { key, error } => write!(f, "malformed key: {key:?}: {error}"),
            SignatureError::UnknownPeer(peer) => {
                write!(f, "peer_id doens't match any available public key: {peer:?}")
            }
            SignatureError::Mismatch { peer, flaw, cids } => {
                write!(f, "signature mismatch for {peer:?}: {flaw}, values: CIDS: {:?}", list(cids))
            }
            SignatureError::Inconsistent { peer, larger, smaller } => write!(
                f,
                "inconsistent CID multisets on merge for peer {peer:?}, prev: {:?}, current: {:?}",
                list(larger),
                list(smaller)
            ),
            SignatureError::Dangling(error) => write!(f, "{error}"),
        }
    }
}

struct Group<'a> {
    entry: &'a SignatureEntry,
    key: PublicKey,
    cids: Vec<&'a Cid>,
}

/// The parts of data that signatures are about.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Its trace.
    pub trace: &'a [ExecutedState],
    /// What the trace refers to.
    pub stores: &'a Stores,
    /// Its signatures.
    pub signatures: &'a [SignatureEntry],
}

/// Verifies the signatures of current data and merges the two signature stores; previous data is
/// trusted, but has to name the peers of its states all the same.
///
/// The result is in the order: previous data's keys, then new ones of current data.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify_and_merge(
    prev: Signed<'_>,
    current: Signed<'_>,
    salt: &str,
) -> Result<Vec<SignatureEntry>, SignatureError> {
    let (prev_order, mut merged) = group(prev)?;
    let (order, groups) = group(current)?;
    // By peer id, so that the same data gives the same error.
    for (peer, group) in &groups {
        let signed = signed_bytes(&texts(&group.cids), salt);
        verify(&group.key, &signed, &group.entry.signature.0).map_err(|flaw| SignatureError::Mismatch {
            peer: peer.clone(),
            flaw,
            cids: group.cids.iter().map(|&cid| cid.clone()).collect(),
        })?;
    }
    for (peer, group) in groups {
        match merged.get_mut(&peer) {
            None => {
                merged.insert(peer, group);
            }
            Some(kept) => {
                let current_is_larger = group.cids.len() > kept.cids.len();
                let (larger, smaller) =
                    if current_is_larger { (&group.cids, &kept.cids) } else { (&kept.cids, &group.cids) };
                if !contains(larger, smaller) {
                    let list = |cids: &[&Cid]| cids.iter().map(|&cid| cid.clone()).collect();
                    return Err(SignatureError::Inconsistent {
                        peer,
                        larger: list(larger),
                        smaller: list(smaller),
                    });
                }
                if current_is_larger {
                    *kept = group;
                }
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    let order = prev_order.into_iter().chain(order).filter(|peer| seen.insert(peer.clone()));
    Ok(order.filter_map(|peer| merged.get(&peer).map(|group| group.entry.clone())).collect())
}

fn texts<'a>(cids: &[&'a Cid]) -> Vec<&'a str> {
    cids.iter().map(|cid| cid.as_str()).collect()
}

/// Whether all of a sorted list is in another one.
fn contains(larger: &[&Cid], smaller: &[&Cid]) -> bool {
    let mut larger = larger.iter();
    smaller.iter().all(|wanted| larger.by_ref().any(|cid| cid == wanted))
}

type Groups<'a> = (Vec<String>, BTreeMap<String, Group<'a>>);

/// The identifiers of each peer that signed, sorted.
fn group(data: Signed<'_>) -> Result<Groups<'_>, SignatureError> {
    let mut order = Vec::new();
    let mut groups = BTreeMap::new();
    for entry in data.signatures {
        let key = PublicKey::from_bytes(&entry.public_key.0).map_err(|error| {
            SignatureError::MalformedKey { key: bs58::encode(&entry.public_key.0).into_string(), error }
        })?;
        let peer = key.peer_id();
        order.push(peer.clone());
        groups.insert(peer, Group { entry, key, cids: Vec::new() });
    }
    let dangling =
        |from, to, cid: &Cid| SignatureError::Dangling(StoreError::Dangling { from, to, cid: cid.clone() });
    for state in data.trace {
        let (cid, kind, tetraplet) = match state {
            ExecutedState::Call(
                CallResult::Executed(ValueRef::Scalar(cid) | ValueRef::Stream { cid, .. })
                | CallResult::Failed(cid),
            ) => {
                let result = data.stores.service_results.get(cid);
                let result = result.ok_or_else(|| dangling(Kind::State, Kind::ServiceResult, cid))?;
                (cid, Kind::ServiceResult, &result.tetraplet_cid)
            }
            ExecutedState::Canon(CanonResult::Executed(cid)) => {
                let canon = data.stores.canon_results.get(cid);
                let canon = canon.ok_or_else(|| dangling(Kind::State, Kind::CanonResult, cid))?;
                (cid, Kind::CanonResult, &canon.tetraplet)
            }
            _ => continue,
        };
        let tetraplet = data
            .stores
            .tetraplets
            .get(tetraplet)
            .ok_or_else(|| dangling(kind, Kind::Tetraplet, tetraplet))?;
        match groups.get_mut(&tetraplet.peer_pk) {
            Some(group) => group.cids.push(cid),
            None => return Err(SignatureError::UnknownPeer(tetraplet.peer_pk.clone())),
        }
    }
    for group in groups.values_mut() {
        group.cids.sort_unstable();
    }
    Ok((order, groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multisets_count_repetitions() {
        let cids: Vec<Cid> = ["a", "b", "b", "c"].into_iter().map(|cid| Cid(cid.into())).collect();
        let pick = |indices: &[usize]| indices.iter().map(|&at| &cids[at]).collect::<Vec<_>>();
        assert!(contains(&pick(&[0, 1, 2, 3]), &pick(&[1, 2])));
        assert!(!contains(&pick(&[0, 1, 3]), &pick(&[1, 2])));
        assert!(contains(&pick(&[]), &pick(&[])));
    }
}
