//! Ed25519 keys and peer ids.

use std::fmt;

use ed25519_dalek::{Signer as _, SigningKey, Verifier as _, VerifyingKey};

/// The only key format that particles use; others are refused.
pub const ED25519: u8 = 0;

/// Length of an Ed25519 signature.
pub const SIGNATURE_BYTES: usize = 64;

/// What stands before the 32 bytes of a public key inside a peer id: identity multihash of 36
/// bytes, protobuf key of type Ed25519.
const PEER_ID_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// The key pair of a peer.
#[derive(Clone)]
pub struct KeyPair(SigningKey);

/// The public key of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// What is wrong with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// A format that nothing knows.
    UnknownFormat,
    /// RSA or secp256k1: known, but not accepted.
    NotWhitelisted(&'static str),
    /// The wrong number of bytes.
    Length(usize),
    /// No point of the curve.
    NotAPoint,
    /// No bytes at all.
    Empty,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyError::UnknownFormat => f.write_str("Invalid type prefix"),
            KeyError::NotWhitelisted(name) => write!(f, "signature algorithm {name} not whitelisted"),
            KeyError::Length(length) => write!(f, "Failed to decode, invalid length: {length}"),
            KeyError::NotAPoint => {
                f.write_str("Failed to decode with ed25519: signature error: Cannot decompress Edwards point")
            }
            KeyError::Empty => f.write_str("the key has no bytes"),
        }
    }
}

impl std::error::Error for KeyError {}

fn check_format(format: u8) -> Result<(), KeyError> {
    match format {
        ED25519 => Ok(()),
        2 => Err(KeyError::NotWhitelisted("Secp256k1")),
        _ => Err(KeyError::UnknownFormat),
    }
}

impl KeyPair {
    /// A key pair from its secret.
    ///
    /// # Errors
    /// If the format is not Ed25519 or the secret has not 32 bytes.
    pub fn from_secret(format: u8, secret: &[u8]) -> Result<Self, KeyError> {
        check_format(format)?;
        let secret: &[u8; 32] = secret.try_into().map_err(|_| KeyError::Length(secret.len()))?;
        Ok(KeyPair(SigningKey::from_bytes(secret)))
    }

    /// The public key.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// A signature of 64 bytes.
    pub fn sign(&self, bytes: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the secret.
        write!(f, "KeyPair({})", self.public().peer_id())
    }
}

impl PublicKey {
    /// Reads the form that data carries: a format byte, then the key.
    ///
    /// # Errors
    /// If it is not an Ed25519 key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let (&format, key) = bytes.split_first().ok_or(KeyError::Empty)?;
        check_format(format)?;
        let key: &[u8; 32] = key.try_into().map_err(|_| KeyError::Length(key.len()))?;
        VerifyingKey::from_bytes(key).map(PublicKey).map_err(|_| KeyError::NotAPoint)
    }

    /// The form that data carries.
    pub fn to_bytes(&self) -> [u8; 33] {
        let mut bytes = [ED25519; 33];
        bytes.iter_mut().skip(1).zip(self.0.as_bytes()).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// The 32 bytes of the key alone.
    pub fn raw(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The libp2p id of the peer: `12D3KooW…`.
    pub fn peer_id(&self) -> String {
        let mut bytes = [0_u8; 38];
        bytes
            .iter_mut()
            .zip(PEER_ID_PREFIX.iter().chain(self.0.as_bytes()))
            .for_each(|(to, from)| *to = *from);
        bs58::encode(bytes).into_string()
    }

    /// Whether a signature (64 bytes, no format byte) is of this key.
    pub fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify(bytes, &signature).is_ok())
    }
}

/// The bytes that a text in base58 stands for, as key files of hosts have it.
pub fn from_base58(text: &str) -> Option<Vec<u8>> {
    bs58::decode(text).into_vec().ok()
}

/// The secret that a *name* stands for in tests and simulations: 32 bytes of ChaCha8 key stream,
/// seeded with the SHA-256 of the name. The reference's own tests derive keys this way.
pub fn secret_of_name(name: &str) -> [u8; 32] {
    use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
    use sha2::Digest as _;
    let seed = sha2::Sha256::digest(name.as_bytes());
    let mut secret = [0_u8; 32];
    chacha20::ChaCha8::new(&seed, &[0_u8; 12].into()).apply_keystream(&mut secret);
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_give_the_peers_of_the_reference() {
        let peer = |name| KeyPair::from_secret(ED25519, &secret_of_name(name)).unwrap().public().peer_id();
        assert_eq!(peer("peer_a"), "12D3KooWNymCpWpWdcFtJ7pBR3f3t79v9KH4pzLGYoUxRxr6hVdZ");
    }

    #[test]
    fn keys_of_other_kinds_are_refused() {
        assert_eq!(KeyPair::from_secret(1, &[0; 32]).unwrap_err().to_string(), "Invalid type prefix");
        assert_eq!(
            KeyPair::from_secret(2, &[0; 32]).unwrap_err().to_string(),
            "signature algorithm Secp256k1 not whitelisted"
        );
        assert_eq!(PublicKey::from_bytes(&[]), Err(KeyError::Empty));
        assert_eq!(PublicKey::from_bytes(&[0; 20]), Err(KeyError::Length(19)));
    }

    #[test]
    fn a_signature_holds_for_its_key_and_text_only() {
        let pair = KeyPair::from_secret(ED25519, &[7; 32]).unwrap();
        let signature = pair.sign(b"text");
        assert!(pair.public().verifies(b"text", &signature));
        assert!(!pair.public().verifies(b"texT", &signature));
        assert!(!pair.public().verifies(b"text", &signature[..63]));
        let other = KeyPair::from_secret(ED25519, &[8; 32]).unwrap();
        assert!(!other.public().verifies(b"text", &signature));
    }
}
