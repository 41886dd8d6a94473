//! Content identifiers: CIDv1, JSON codec, blake3-256, base32 lower; `bagaaihra…`, 61 characters.

use std::fmt;
use std::rc::Rc;

/// The text of a content identifier.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cid(pub Rc<str>);

impl Cid {
    /// The identifier of some text: of a value its compact JSON.
    pub fn of(text: &str) -> Self {
        let letters = encode(blake3::hash(text.as_bytes()).as_bytes());
        // Always letters and digits.
        let text = std::str::from_utf8(&letters.0).unwrap_or_default();
        Cid(Rc::from(text.get(..CID_LETTERS).unwrap_or_default()))
    }

    /// The text, of 61 letters if this crate has made it; foreign data may have other forms.
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

const CODEC_JSON: u64 = 0x0200;
const HASH_SHA2_256: u64 = 0x12;
const HASH_BLAKE3: u64 = 0x1e;
/// Bytes of a digest.
const DIGEST_BYTES: usize = 32;

/// Multibase `b` (base32, lower case, no padding), then what every identifier begins with: version 1, codec JSON
/// (0x0200), multihash blake3 (0x1e) of 32 bytes. Five bytes are eight letters, so the digest has letters of its own.
const PREFIX: &[u8; 9] = b"bagaaihra";

/// Letters of an identifier.
const CID_LETTERS: usize = 61;

/// The letters and three bytes of nothing: in whole words at their places, they are looked at by words when they
/// are made a text, which takes a third of the time.
#[repr(align(16))]
struct Letters([u8; 64]);

fn encode(digest: &[u8; DIGEST_BYTES]) -> Letters {
    let mut out = Letters([0; 64]);
    let (prefix, letters) = out.0.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    let (groups, rest) = digest.as_chunks::<5>();
    let (places, last) = letters.as_chunks_mut::<8>();
    for (letters, &[a, b, c, d, e]) in places.iter_mut().zip(groups) {
        *letters = eight_letters(u64::from_be_bytes([0, 0, 0, a, b, c, d, e]));
    }
    // Two bytes are left: three letters and one that lacks four bits.
    if let &[a, b] = rest {
        let group = eight_letters(u64::from_be_bytes([0, 0, 0, a, b, 0, 0, 0]));
        last.iter_mut().zip(group).for_each(|(to, from)| *to = from);
    }
    out
}

/// The letters of 40 bits, all at once: `a` to `z` are 0 to 25, `2` to `7` are 26 to 31.
fn eight_letters(bits: u64) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Five bits to a byte, by halves: 20 to each four bytes, 10 to each two.
    let bits = ((bits >> 20) << 32) | (bits & 0xf_ffff);
    let bits = ((bits & 0x000f_fc00_000f_fc00) << 6) | (bits & 0x0000_03ff_0000_03ff);
    let bits = ((bits & 0x03e0_03e0_03e0_03e0) << 3) | (bits & 0x001f_001f_001f_001f);
    let digits = ((bits + EACH * (128 - 26)) >> 7) & EACH;
    (bits + EACH * u64::from(b'a') - digits * u64::from(b'a' + 26 - b'2')).to_be_bytes()
}

/// Whether `cid` identifies `text`.
///
/// More is accepted than is ever written: any base, and sha2-256 besides blake3.
///
/// # Errors
/// [`CidError`] if it does not, or is not an identifier at all.
pub fn verify(cid: &str, text: &str) -> Result<(), CidError> {
    let blake3 = blake3::hash(text.as_bytes());
    if encode(blake3.as_bytes()).0.get(..CID_LETTERS) == Some(cid.as_bytes()) {
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
    fn letters_of_all_values() {
        const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        for (value, letter) in ALPHABET.iter().enumerate() {
            for place in 0..8 {
                let mut expected = [b'7'; 8];
                expected[7 - place] = *letter;
                let others = 0xff_ffff_ffff ^ (31 << (5 * place));
                assert_eq!(eight_letters(others | ((value as u64) << (5 * place))), expected);
            }
        }
    }

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
