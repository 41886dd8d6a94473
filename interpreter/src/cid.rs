//! Content identifiers: CIDv1, JSON codec, blake3-256, base32 lower; `bagaaihra…`, 61 characters.

use std::fmt;
use std::rc::Rc;

/// The text of a content identifier.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, rkyv::Archive, rkyv::Serialize, rkyv::Deserialize)]
#[archive(check_bytes)]
pub struct Cid(pub Rc<str>);

impl Cid {
    /// The identifier of some text: of a value its compact JSON.
    pub fn of(text: &str) -> Self {
        let letters = encode(blake3::hash(text.as_bytes()).as_bytes());
        // Always letters and digits.
        Cid(Rc::from(std::str::from_utf8(&letters).unwrap_or_default()))
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Cid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As messages of the reference show it.
impl fmt::Debug for Cid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CID({:?})", &*self.0)
    }
}

/// Version 1, codec JSON (0x0200), multihash blake3 (0x1e) of 32 bytes.
const PREFIX: [u8; 5] = [0x01, 0x80, 0x04, 0x1e, 0x20];
const CODEC_JSON: u64 = 0x0200;
const HASH_SHA2_256: u64 = 0x12;
const HASH_BLAKE3: u64 = 0x1e;
const DIGEST: usize = 32;

/// Multibase `b`: base32, lower case, no padding.
fn encode(digest: &[u8; DIGEST]) -> [u8; 61] {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut out = [b'b'; 61];
    let mut bytes = PREFIX.iter().chain(digest).copied();
    // Five bytes are eight letters; the last three bits of the last group are missing and zero.
    for letters in out.get_mut(1..).unwrap_or_default().chunks_mut(8) {
        let group = (0..5).fold(0_u64, |group, _| (group << 8) | u64::from(bytes.next().unwrap_or(0)));
        for (at, letter) in letters.iter_mut().enumerate() {
            *letter = ALPHABET.get((group >> (35 - 5 * at)) as usize & 31).copied().unwrap_or(0);
        }
    }
    out
}

/// Whether `cid` identifies `text`.
///
/// More is accepted than is ever written: any base, and sha2-256 besides blake3.
///
/// # Errors
/// [`CidError`] if it does not, or is no identifier at all.
pub fn verify(cid: &str, text: &str) -> Result<(), CidError> {
    let blake3 = blake3::hash(text.as_bytes());
    if cid.as_bytes() == encode(blake3.as_bytes()) {
        return Ok(());
    }
    let parsed: cid::Cid = cid.parse().map_err(|error: cid::Error| CidError::Malformed(error.to_string()))?;
    if parsed.codec() != CODEC_JSON {
        return Err(CidError::UnsupportedCodec(parsed.codec()));
    }
    let equal = match parsed.hash().code() {
        HASH_BLAKE3 => parsed.hash().digest() == blake3.as_bytes(),
        HASH_SHA2_256 => {
            use sha2::Digest as _;
            parsed.hash().digest() == sha2::Sha256::digest(text.as_bytes()).as_slice()
        }
        code => return Err(CidError::UnsupportedHash(code)),
    };
    if equal { Ok(()) } else { Err(CidError::Mismatch) }
}

/// What is wrong with a content identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CidError {
    /// Not a content identifier.
    Malformed(String),
    /// Not the JSON codec.
    UnsupportedCodec(u64),
    /// Neither blake3 nor sha2-256.
    UnsupportedHash(u64),
    /// It identifies something else.
    Mismatch,
}

impl fmt::Display for CidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CidError::Malformed(error) => f.write_str(error),
            CidError::UnsupportedCodec(code) => write!(f, "unsupported CID codec: {code}"),
            CidError::UnsupportedHash(code) => write!(f, "unsupported multihash code: {code}"),
            CidError::Mismatch => f.write_str("value mismatch"),
        }
    }
}

impl std::error::Error for CidError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_identifiers() {
        assert_eq!(Cid::of("1").as_str(), "bagaaihra2y55tkbgv6i4d7vdoglfuzhbd3ra6e7ennpvfrmzaejwmbntusdq");
        assert_eq!(Cid::of("[]").as_str(), "bagaaihra2u6rrqrsclvhwyyalff3rg6omaqy63x7foowfc4myqwt46n32wvq");
    }

    #[test]
    fn other_bases_and_hashes_are_verified() {
        let known: cid::Cid = Cid::of("1").as_str().parse().unwrap();
        let other = known.to_string_of_base(cid::multibase::Base::Base58Btc).unwrap();
        assert_eq!(verify(&other, "1"), Ok(()));
        assert_eq!(verify(&other, "2"), Err(CidError::Mismatch));
        let sha = cid::multihash::Multihash::<64>::wrap(
            HASH_SHA2_256,
            &<sha2::Sha256 as sha2::Digest>::digest(b"1"),
        )
        .unwrap();
        assert_eq!(verify(&cid::Cid::new_v1(CODEC_JSON, sha).to_string(), "1"), Ok(()));
        assert_eq!(
            verify(&cid::Cid::new_v1(0x55, sha).to_string(), "1"),
            Err(CidError::UnsupportedCodec(0x55))
        );
        assert!(matches!(verify("nonsense", "1"), Err(CidError::Malformed(_))));
    }
}
