//! Our reader and writer of inner data against rkyv itself: the same bytes for the same data, sharing included, and
//! the same verdict on bytes that are broken.
//!
//! `AIR_FUZZ` says how many broken data are tried (20,000); the seed is printed and `AIR_SEED` repeats it.
// The derived archive types use what the lints forbid in written code.
#![allow(
    unsafe_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod support;

use std::rc::Rc;

use air_interpreter::data::{self, Entry, InterpreterData, Malformed};
use rkyv::de::deserializers::SharedDeserializeMap;
use rkyv::ser::Serializer as _;
use rkyv::ser::serializers::AllocSerializer;
use rkyv::{AlignedVec, Deserialize as _};
use support::random::Random;
use support::{hex, records};

/// The types once more, as rkyv is told about them.
#[allow(unreachable_pub)]
mod by_rkyv {
    use std::rc::Rc;

    use rkyv::{Archive, Deserialize, Serialize};

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Data {
        pub(crate) trace: Vec<State>,
        pub(crate) last: u32,
        pub(crate) info: Info,
        pub(crate) signatures: Vec<SignatureEntry>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Par {
        pub(crate) left: u32,
        pub(crate) right: u32,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Fold {
        pub(crate) lore: Vec<Lore>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Lore {
        pub(crate) value: u32,
        pub(crate) desc: Vec<Desc>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Desc {
        pub(crate) begin: u32,
        pub(crate) length: u32,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Ap {
        pub(crate) generations: Vec<u32>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Info {
        pub(crate) values: Vec<ValueEntry>,
        pub(crate) tetraplets: Vec<TetrapletEntry>,
        pub(crate) elements: Vec<ElementEntry>,
        pub(crate) canons: Vec<CanonEntry>,
        pub(crate) results: Vec<ResultEntry>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct ValueEntry {
        pub(crate) cid: Cid,
        pub(crate) value: Rc<Raw>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct TetrapletEntry {
        pub(crate) cid: Cid,
        pub(crate) value: Rc<Tetraplet>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct ElementEntry {
        pub(crate) cid: Cid,
        pub(crate) value: Rc<Element>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct CanonEntry {
        pub(crate) cid: Cid,
        pub(crate) value: Rc<CanonContent>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct ResultEntry {
        pub(crate) cid: Cid,
        pub(crate) value: Rc<ServiceResult>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Cid {
        pub(crate) text: Rc<str>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Raw {
        pub(crate) text: Box<str>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Tetraplet {
        pub(crate) peer: String,
        pub(crate) service: String,
        pub(crate) function: String,
        pub(crate) lens: String,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct Element {
        pub(crate) value: Cid,
        pub(crate) tetraplet: Cid,
        pub(crate) provenance: Provenance,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct CanonContent {
        pub(crate) tetraplet: Cid,
        pub(crate) values: Vec<Cid>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct ServiceResult {
        pub(crate) value: Cid,
        pub(crate) hash: Rc<str>,
        pub(crate) tetraplet: Cid,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) struct SignatureEntry {
        pub(crate) key: Box<[u8]>,
        pub(crate) signature: Box<[u8]>,
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) enum State {
        Par(Par),
        Call(Call),
        Fold(Fold),
        Ap(Ap),
        Canon(Canon),
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) enum Call {
        Sent(Sender),
        Executed(ValueRef),
        Failed(Cid),
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) enum Sender {
        Peer(Rc<String>),
        Request { peer: Rc<String>, id: u32 },
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) enum ValueRef {
        Scalar(Cid),
        Stream { cid: Cid, generation: u32 },
        Unused(Cid),
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) enum Canon {
        Sent(Rc<String>),
        Executed(Cid),
    }

    #[derive(Archive, Serialize, Deserialize)]
    #[archive(check_bytes)]
    pub(crate) enum Provenance {
        Literal,
        Service { cid: Cid },
        Canon { cid: Cid },
    }
}

/// What rkyv writes after reading the bytes; `None` if it does not take them.
fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut aligned = AlignedVec::with_capacity(bytes.len());
    aligned.extend_from_slice(bytes);
    let archived = rkyv::check_archived_root::<by_rkyv::Data>(&aligned).ok()?;
    let data: by_rkyv::Data = archived.deserialize(&mut SharedDeserializeMap::default()).unwrap();
    let mut serializer = AllocSerializer::<4096>::default();
    serializer.serialize_value(&data).unwrap();
    Some(serializer.into_serializer().into_inner().to_vec())
}

/// The same verdict and the same bytes again; what we say.
fn agree(bytes: &[u8], what: &dyn Fn() -> String) -> Result<InterpreterData, Malformed> {
    let ours = InterpreterData::decode(bytes);
    // rkyv would read beyond the text: it must not be asked for more.
    if !matches!(ours, Err(Malformed::TwoLengths(_))) {
        let again = ours.as_ref().ok().map(|data| data.encode().unwrap());
        assert!(again == rewritten(bytes), "{}: {ours:?}\n{bytes:?}", what());
    }
    ours
}

/// Any text: short, long, empty, not only ASCII.
fn text(random: &mut Random) -> String {
    let size = *random.pick(&[0, 1, 3, 6, 7, 8, 9, 20, 61]);
    (0..size).map(|_| *random.pick(&['a', 'b', '7', 'é', '\0', '€'])).collect()
}

/// What data is made of, so that things are shared.
struct Pool {
    cids: Vec<data::Cid>,
    peers: Vec<Rc<String>>,
}

impl Pool {
    fn new(random: &mut Random) -> Self {
        let count = 1 + random.below(4);
        Pool {
            cids: (0..count).map(|_| data::Cid(text(random).into())).collect(),
            peers: (0..count).map(|_| Rc::new(text(random))).collect(),
        }
    }

    fn cid(&self, random: &mut Random) -> data::Cid {
        if random.chance(2) { random.pick(&self.cids).clone() } else { data::Cid(text(random).into()) }
    }

    fn peer(&self, random: &mut Random) -> Rc<String> {
        if random.chance(2) { random.pick(&self.peers).clone() } else { Rc::new(text(random)) }
    }
}

fn some<T>(random: &mut Random, mut make: impl FnMut(&mut Random) -> T) -> Vec<T> {
    (0..random.below(4)).map(|_| make(random)).collect()
}

/// Contents under identifiers, some of them under two.
fn entries<T>(random: &mut Random, pool: &Pool, mut make: impl FnMut(&mut Random) -> T) -> Vec<Entry<T>> {
    let mut entries: Vec<Entry<T>> =
        some(random, |random| Entry { cid: pool.cid(random), value: Rc::new(make(random)) });
    if random.chance(3) && !entries.is_empty() {
        let value = random.pick(&entries).value.clone();
        entries.push(Entry { cid: pool.cid(random), value });
    }
    entries
}

fn state(random: &mut Random, pool: &Pool) -> data::ExecutedState {
    use data::{ApResult, CallResult, CanonResult, ExecutedState, FoldResult, FoldSubTraceLore, ParResult};
    use data::{Sender, SubTraceDesc, ValueRef};
    let number = |random: &mut Random| random.next() as u32;
    let call = |call| ExecutedState::Call(call);
    match random.below(11) {
        0 => ExecutedState::Par(ParResult { left_size: number(random), right_size: number(random) }),
        1 => call(CallResult::RequestSentBy(Sender::PeerId(pool.peer(random)))),
        2 => call(CallResult::RequestSentBy(Sender::PeerIdWithCallId {
            peer_id: pool.peer(random),
            call_id: number(random),
        })),
        3 => call(CallResult::Executed(ValueRef::Scalar(pool.cid(random)))),
        4 => {
            call(CallResult::Executed(ValueRef::Stream { cid: pool.cid(random), generation: number(random) }))
        }
        5 => call(CallResult::Executed(ValueRef::Unused(pool.cid(random)))),
        6 => call(CallResult::Failed(pool.cid(random))),
        7 => ExecutedState::Fold(FoldResult {
            lore: some(random, |random| FoldSubTraceLore {
                value_pos: number(random),
                subtraces_desc: some(random, |random| SubTraceDesc {
                    begin_pos: number(random),
                    subtrace_len: number(random),
                }),
            }),
        }),
        8 => ExecutedState::Ap(ApResult { res_generations: some(random, number).into() }),
        9 => ExecutedState::Canon(CanonResult::RequestSentBy(pool.peer(random))),
        _ => ExecutedState::Canon(CanonResult::Executed(pool.cid(random))),
    }
}

/// Well-formed data, most of it without meaning.
fn any_data(random: &mut Random) -> InterpreterData {
    let pool = &Pool::new(random);
    InterpreterData {
        trace: some(random, |random| state(random, pool)),
        last_call_request_id: random.next() as u32,
        cid_info: data::CidInfo {
            value_store: entries(random, pool, |random| data::RawValue::from_text(text(random))),
            tetraplet_store: entries(random, pool, |random| data::SecurityTetraplet {
                peer_pk: text(random),
                service_id: text(random),
                function_name: text(random),
                lens: text(random),
            }),
            canon_element_store: entries(random, pool, |random| data::CanonElement {
                value: pool.cid(random),
                tetraplet: pool.cid(random),
                provenance: match random.below(3) {
                    0 => data::Provenance::Literal,
                    1 => data::Provenance::ServiceResult { cid: pool.cid(random) },
                    _ => data::Provenance::Canon { cid: pool.cid(random) },
                },
            }),
            canon_result_store: entries(random, pool, |random| data::CanonResultAggregate {
                tetraplet: pool.cid(random),
                values: some(random, |random| pool.cid(random)),
            }),
            service_result_store: entries(random, pool, |random| data::ServiceResult {
                value_cid: pool.cid(random),
                argument_hash: pool.cid(random).0,
                tetraplet_cid: pool.cid(random),
            }),
        },
        signatures: some(random, |random| data::SignatureEntry {
            public_key: data::PublicKeyBytes(text(random).into_bytes().into()),
            signature: data::SignatureBytes(text(random).into_bytes().into()),
        }),
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok())
}

/// Breaks bytes; most often in the way that hurts most: a word that is a pointer, a length or a tag.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        let word = at / 4 * 4;
        match random.below(8) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = *random.pick(&[0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff]),
            2 => bytes.truncate(if random.chance(2) { at } else { word }),
            // Small changes of numbers: neighbours, shared contents, lengths one off.
            3 | 4 => {
                if let Some(word) = bytes.get_mut(word..word + 4) {
                    let number = i32::from_be_bytes(word.try_into().unwrap());
                    let by = *random.pick(&[-64, -24, -12, -8, -4, -1, 1, 4, 8, 12, 24, 64]);
                    word.copy_from_slice(&number.wrapping_add(by).to_be_bytes());
                }
            }
            // What stands elsewhere: one pointer becomes another, moved as far as it stands away.
            5 | 6 => {
                let other = random.below(bytes.len()) / 4 * 4;
                if word + 4 <= bytes.len() && other + 4 <= bytes.len() {
                    let number = i32::from_be_bytes(bytes[other..other + 4].try_into().unwrap());
                    let moved = number.wrapping_add(other as i32 - word as i32);
                    bytes[word..word + 4].copy_from_slice(&moved.to_be_bytes());
                }
            }
            _ => {
                let size = *random.pick(&[1, 4, 8]);
                bytes.splice(at..at, std::iter::repeat_n(random.next() as u8, size));
            }
        }
    }
}

#[test]
fn any_data_is_written_and_read_as_rkyv_does() {
    let seed = number("AIR_SEED").unwrap_or(7);
    let mut random = Random::new(seed);
    for count in 0..number("AIR_FUZZ").unwrap_or(20_000) / 20 {
        let data = any_data(&mut random);
        let bytes = data.encode().unwrap();
        let read = agree(&bytes, &|| format!("seed {seed}, datum {count}")).unwrap();
        assert_eq!(read, data, "seed {seed}, datum {count}");
        assert_eq!(read.encode().unwrap(), bytes, "seed {seed}, datum {count}");
    }
}

#[test]
fn broken_data_gets_the_verdict_of_rkyv() {
    let seed = number("AIR_SEED").unwrap_or_else(|| {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64
    });
    println!("seed {seed}");
    let mut random = Random::new(seed);
    let (mut taken, mut refused, mut lengths) = (0, 0, 0);
    for _ in 0..number("AIR_FUZZ").unwrap_or(20_000) / 20 {
        let whole = any_data(&mut random).encode().unwrap();
        for _ in 0..20 {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut random);
            match agree(&bytes, &|| format!("seed {seed}")) {
                Ok(_) => taken += 1,
                Err(Malformed::TwoLengths(_)) => lengths += 1,
                Err(_) => refused += 1,
            }
        }
    }
    println!("{taken} taken, {refused} refused, {lengths} with texts of two lengths");
    assert!(taken > 0 && refused > 0);
}

#[test]
fn data_of_the_reference_gets_the_verdict_of_rkyv() {
    let mut random = Random::new(11);
    for record in records("corpus/data/golden.jsonl") {
        let Some(bytes) = record.get("inner_hex").and_then(air_interpreter::Value::as_str) else { continue };
        let whole = hex(bytes);
        agree(&whole, &|| record.to_json()).unwrap();
        for _ in 0..50 {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut random);
            let _ = agree(&bytes, &|| record.to_json());
        }
    }
}

/// What one could build a read beyond a buffer on: rkyv checks the first of two texts at one place only.
#[test]
fn a_text_shared_with_two_lengths_is_refused() {
    let cid: data::Cid = data::Cid("identifier".into());
    let state = || data::ExecutedState::Call(data::CallResult::Failed(cid.clone()));
    let whole =
        InterpreterData { trace: vec![state(), state()], ..InterpreterData::default() }.encode().unwrap();
    let lengths: Vec<usize> =
        (0..whole.len() / 4).map(|word| word * 4).filter(|&at| whole[at..at + 4] == [0, 0, 0, 10]).collect();
    let &[first, second] = lengths.as_slice() else { panic!("{lengths:?}") };
    for (at, length) in [(second, 9), (second, 11), (second, 100), (first, 9)] {
        let mut bytes = whole.clone();
        bytes[at + 3] = length;
        assert_eq!(InterpreterData::decode(&bytes), Err(Malformed::TwoLengths(0)), "{at} {length}");
    }
    let mut bytes = whole.clone();
    bytes[second..second + 4].copy_from_slice(&[0xff; 4]);
    assert_eq!(InterpreterData::decode(&bytes), Err(Malformed::OutOfBounds(second - 4)));
}
