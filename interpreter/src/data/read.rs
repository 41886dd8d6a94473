//! Reads inner data: bytes in the layout that rkyv 0.7 gives the types of [`super`] with the features `size_32`,
//! `strict` and `archive_be`, and with the rules of its validation.
//!
//! Everything but text lies on words of four bytes; pointers are relative to themselves. What an object points to
//! lies before it, and in the order of fields: nothing overlaps, so nothing is read twice. Only what is shared may
//! be pointed to again, as the same kind of content and of the same length.

use std::fmt;
use std::rc::Rc;

use super::{
    ApResult, CallResult, CanonElement, CanonResult, CanonResultAggregate, Cid, CidInfo, Entry,
    ExecutedState, FoldResult, FoldSubTraceLore, InterpreterData, ParResult, Provenance, PublicKeyBytes,
    RawValue, SecurityTetraplet, Sender, ServiceResult, SignatureBytes, SignatureEntry, SubTraceDesc,
    ValueRef,
};

/// What is wrong with inner data. Places are offsets of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Fewer bytes than the outermost object has, or not whole words.
    Size(usize),
    /// What a pointer leads to is not, or not completely, inside of the bytes.
    OutOfBounds(usize),
    /// An object does not lie on a word.
    Unaligned(usize),
    /// Something overlaps what was read before, or does not lie before what points to it.
    Overlap(usize),
    /// There is no such variant.
    Tag(u8),
    /// Text that is not UTF-8.
    Text(usize),
    /// A short string that claims more bytes than it has.
    ShortString(u8),
    /// Something is shared as two kinds of content.
    TwoKinds(usize),
    /// A text is shared with two lengths. rkyv lets this pass and reads beyond the text.
    TwoLengths(usize),
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Validation({self:?})")
    }
}

impl std::error::Error for Malformed {}

type Read<T> = Result<T, Malformed>;
type Word = [u8; 4];

impl InterpreterData {
    /// Reads inner data; all of it is validated.
    ///
    /// # Errors
    /// If it is not well formed.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        read(bytes)
    }
}

fn read(bytes: &[u8]) -> Read<InterpreterData> {
    let (words, rest) = bytes.as_chunks::<4>();
    let (before, root) = match words.split_last_chunk::<15>() {
        Some(parts) if rest.is_empty() => parts,
        _ => return Err(Malformed::Size(bytes.len())),
    };
    let at = before.len() * 4;
    let mut reader = Reader { bytes, words, start: 0, end: at, shared: Vec::new(), open: None };
    let &[
        trace_at,
        trace,
        request_id,
        values_at,
        values,
        tetraplets_at,
        tetraplets,
        elements_at,
        elements,
        canons_at,
        canons,
        results_at,
        results,
        signatures_at,
        signatures,
    ] = root;
    Ok(InterpreterData {
        trace: reader.list(at, [trace_at, trace], Reader::state)?,
        last_call_request_id: number(request_id),
        cid_info: CidInfo {
            value_store: reader.entries(at + 12, [values_at, values], Reader::raw_value)?,
            tetraplet_store: reader.entries(at + 20, [tetraplets_at, tetraplets], Reader::tetraplet)?,
            canon_element_store: reader.entries(at + 28, [elements_at, elements], Reader::canon_element)?,
            canon_result_store: reader.entries(at + 36, [canons_at, canons], Reader::canon_result)?,
            service_result_store: reader.entries(at + 44, [results_at, results], Reader::service_result)?,
        },
        signatures: reader.list(at + 52, [signatures_at, signatures], Reader::signature)?,
    })
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The same by words.
    words: &'a [Word],
    /// What comes next lies in here: after everything that was read, before what points to it.
    start: usize,
    end: usize,
    /// What may be pointed to again, by place. Each new one lies after all others: the list is sorted.
    shared: Vec<(usize, Shared)>,
    /// The place of the shared object that is being read.
    open: Option<usize>,
}

/// Something shared.
enum Shared {
    Text(Rc<str>),
    String(Rc<String>),
    Value(Rc<RawValue>),
    Tetraplet(Rc<SecurityTetraplet>),
    CanonElement(Rc<CanonElement>),
    CanonResult(Rc<CanonResultAggregate>),
    ServiceResult(Rc<ServiceResult>),
}

/// An object that can be shared.
trait Shareable: Sized {
    fn wrap(content: Rc<Self>) -> Shared;
    fn unwrap(shared: &Shared) -> Option<&Rc<Self>>;
}

macro_rules! shareable {
    ($($variant:ident: $type:ty,)*) => { $(
        impl Shareable for $type {
            fn wrap(content: Rc<Self>) -> Shared {
                Shared::$variant(content)
            }

            fn unwrap(shared: &Shared) -> Option<&Rc<Self>> {
                match shared {
                    Shared::$variant(content) => Some(content),
                    _ => None,
                }
            }
        }
    )* };
}

shareable! {
    String: String,
    Value: RawValue,
    Tetraplet: SecurityTetraplet,
    CanonElement: CanonElement,
    CanonResult: CanonResultAggregate,
    ServiceResult: ServiceResult,
}

fn number(word: Word) -> u32 {
    u32::from_be_bytes(word)
}

impl<'a> Reader<'a> {
    /// Where a pointer leads: to that many bytes, if they are there.
    fn target(&self, at: usize, offset: i32, size: u64) -> Read<usize> {
        let target = at.checked_add_signed(offset as isize).ok_or(Malformed::OutOfBounds(at))?;
        match self.bytes.len().checked_sub(target) {
            Some(space) if space as u64 >= size => Ok(target),
            _ => Err(Malformed::OutOfBounds(at)),
        }
    }

    /// Whether that many bytes are not taken and lie before what points to them.
    fn claim(&self, at: usize, size: usize) -> Read<()> {
        let fits = if size == 0 {
            self.start <= at && at <= self.end
        } else {
            self.start <= at && at < self.end && self.end - at >= size
        };
        if fits { Ok(()) } else { Err(Malformed::Overlap(at)) }
    }

    /// The words of an object.
    fn words(&self, at: usize, count: usize) -> Read<&'a [Word]> {
        if !at.is_multiple_of(4) {
            return Err(Malformed::Unaligned(at));
        }
        self.words.get(at / 4..at / 4 + count).ok_or(Malformed::OutOfBounds(at))
    }

    /// Objects of `W` words that belong to what points to them.
    fn list<const W: usize, T>(
        &mut self,
        at: usize,
        [pointer, length]: [Word; 2],
        read: impl Fn(&mut Self, usize, &[Word; W]) -> Read<T>,
    ) -> Read<Vec<T>> {
        let size = u64::from(number(length)) * (4 * W as u64);
        let first = self.target(at, i32::from_be_bytes(pointer), size)?;
        // It fits into the bytes, so it fits into a size.
        let size = size as usize;
        self.claim(first, size)?;
        let (items, _) = self.words(first, size / 4)?.as_chunks::<W>();
        let outer = std::mem::replace(&mut self.end, first);
        let mut out = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            out.push(read(self, first + index * (4 * W), item)?);
        }
        (self.start, self.end) = (first + size, outer);
        Ok(out)
    }

    /// Bytes that belong to what points to them.
    fn bytes(&mut self, at: usize, offset: i32, length: Word) -> Read<&'a [u8]> {
        let size = number(length);
        let first = self.target(at, offset, size.into())?;
        self.claim(first, size as usize)?;
        self.start = first + size as usize;
        self.bytes.get(first..self.start).ok_or(Malformed::OutOfBounds(at))
    }

    /// A string: up to seven bytes in place, or a pointer to them, which is always negative.
    fn string(&mut self, at: usize, [head, tail]: [Word; 2]) -> Read<String> {
        let [a, b, c, d] = head;
        let [e, f, g, size] = tail;
        if size & 0x80 == 0 {
            let text = [a, b, c, d, e, f, g];
            let text = text.get(..size.into()).ok_or(Malformed::ShortString(size))?;
            return Ok(utf8(text, at)?.to_owned());
        }
        // The one number that comes with its least byte first.
        let bytes = self.bytes(at, i32::from_le_bytes(tail), head)?;
        Ok(utf8(bytes, at)?.to_owned())
    }

    fn find(&self, at: usize) -> Option<&Shared> {
        if self.shared.last().is_none_or(|(last, _)| *last < at) {
            return None;
        }
        let index = self.shared.binary_search_by_key(&at, |(place, _)| *place).ok()?;
        self.shared.get(index).map(|(_, shared)| shared)
    }

    fn shared_text(&mut self, at: usize, pointer: Word, length: Word) -> Read<Rc<str>> {
        let size = number(length);
        let first = self.target(at, i32::from_be_bytes(pointer), size.into())?;
        match self.find(first) {
            Some(Shared::Text(text)) if text.len() == size as usize => return Ok(text.clone()),
            Some(Shared::Text(_)) => return Err(Malformed::TwoLengths(first)),
            Some(_) => return Err(Malformed::TwoKinds(first)),
            None if self.open == Some(first) => return Err(Malformed::TwoKinds(first)),
            None => {}
        }
        self.claim(first, size as usize)?;
        self.start = first + size as usize;
        let bytes = self.bytes.get(first..self.start).ok_or(Malformed::OutOfBounds(at))?;
        let text: Rc<str> = utf8(bytes, first)?.into();
        self.shared.push((first, Shared::Text(text.clone())));
        Ok(text)
    }

    fn cid(&mut self, at: usize, pointer: Word, length: Word) -> Read<Cid> {
        self.shared_text(at, pointer, length).map(Cid)
    }

    /// An object of `W` words that others may point to, too.
    fn shared<const W: usize, T: Shareable>(
        &mut self,
        at: usize,
        pointer: Word,
        read: impl Fn(&mut Self, usize, &[Word; W]) -> Read<T>,
    ) -> Read<Rc<T>> {
        let first = self.target(at, i32::from_be_bytes(pointer), 4 * W as u64)?;
        if let Some(shared) = self.find(first) {
            return T::unwrap(shared).cloned().ok_or(Malformed::TwoKinds(first));
        }
        self.claim(first, 4 * W)?;
        let words = self.words(first, W)?.first_chunk().ok_or(Malformed::OutOfBounds(at))?;
        let outer = std::mem::replace(&mut self.end, first);
        self.open = Some(first);
        let content = Rc::new(read(self, first, words)?);
        self.open = None;
        (self.start, self.end) = (first + 4 * W, outer);
        self.shared.push((first, T::wrap(content.clone())));
        Ok(content)
    }

    fn entries<const W: usize, T: Shareable>(
        &mut self,
        at: usize,
        list: [Word; 2],
        read: impl Fn(&mut Self, usize, &[Word; W]) -> Read<T>,
    ) -> Read<Vec<Entry<T>>> {
        self.list(at, list, |reader, at, &[cid, length, value]| {
            Ok(Entry { cid: reader.cid(at, cid, length)?, value: reader.shared(at + 8, value, &read)? })
        })
    }

    fn state(&mut self, at: usize, words: &[Word; 6]) -> Read<ExecutedState> {
        let &[[tag, ..], a, b, c, d, e] = words;
        Ok(match tag {
            0 => ExecutedState::Par(ParResult { left_size: number(a), right_size: number(b) }),
            1 => ExecutedState::Call(self.call(at, a, [b, c, d, e])?),
            2 => ExecutedState::Fold(FoldResult { lore: self.list(at + 4, [a, b], Reader::lore)? }),
            3 => ExecutedState::Ap(ApResult {
                res_generations: self
                    .list(at + 4, [a, b], |_, _, &[generation]: &[Word; 1]| Ok(number(generation)))?
                    .into(),
            }),
            4 => ExecutedState::Canon(match a {
                [0, ..] => CanonResult::RequestSentBy(self.peer(at + 8, b)?),
                [1, ..] => CanonResult::Executed(self.cid(at + 8, b, c)?),
                [tag, ..] => return Err(Malformed::Tag(tag)),
            }),
            tag => return Err(Malformed::Tag(tag)),
        })
    }

    /// `at` is the place of the whole state.
    fn call(&mut self, at: usize, tag: Word, [b, c, d, e]: [Word; 4]) -> Read<CallResult> {
        Ok(match (tag, b) {
            ([0, ..], [0, ..]) => CallResult::RequestSentBy(Sender::PeerId(self.peer(at + 12, c)?)),
            ([0, ..], [1, ..]) => CallResult::RequestSentBy(Sender::PeerIdWithCallId {
                peer_id: self.peer(at + 12, c)?,
                call_id: number(d),
            }),
            ([1, ..], [0, ..]) => CallResult::Executed(ValueRef::Scalar(self.cid(at + 12, c, d)?)),
            ([1, ..], [1, ..]) => CallResult::Executed(ValueRef::Stream {
                cid: self.cid(at + 12, c, d)?,
                generation: number(e),
            }),
            ([1, ..], [2, ..]) => CallResult::Executed(ValueRef::Unused(self.cid(at + 12, c, d)?)),
            ([2, ..], _) => CallResult::Failed(self.cid(at + 8, b, c)?),
            ([0 | 1, ..], [tag, ..]) | ([tag, ..], _) => return Err(Malformed::Tag(tag)),
        })
    }

    fn peer(&mut self, at: usize, pointer: Word) -> Read<Rc<String>> {
        self.shared(at, pointer, |reader, at, words: &[Word; 2]| reader.string(at, *words))
    }

    fn lore(&mut self, at: usize, &[value_pos, pointer, length]: &[Word; 3]) -> Read<FoldSubTraceLore> {
        let desc = |_: &mut Self, _, &[begin, length]: &[Word; 2]| {
            Ok(SubTraceDesc { begin_pos: number(begin), subtrace_len: number(length) })
        };
        Ok(FoldSubTraceLore {
            value_pos: number(value_pos),
            subtraces_desc: self.list(at + 4, [pointer, length], desc)?,
        })
    }

    fn raw_value(&mut self, at: usize, &[pointer, length]: &[Word; 2]) -> Read<RawValue> {
        let bytes = self.bytes(at, i32::from_be_bytes(pointer), length)?;
        Ok(RawValue::from_text(utf8(bytes, at)?))
    }

    fn tetraplet(&mut self, at: usize, &[a, b, c, d, e, f, g, h]: &[Word; 8]) -> Read<SecurityTetraplet> {
        Ok(SecurityTetraplet {
            peer_pk: self.string(at, [a, b])?,
            service_id: self.string(at + 8, [c, d])?,
            function_name: self.string(at + 16, [e, f])?,
            lens: self.string(at + 24, [g, h])?,
        })
    }

    fn canon_element(&mut self, at: usize, &[a, b, c, d, tag, f, g]: &[Word; 7]) -> Read<CanonElement> {
        Ok(CanonElement {
            value: self.cid(at, a, b)?,
            tetraplet: self.cid(at + 8, c, d)?,
            provenance: match tag {
                [0, ..] => Provenance::Literal,
                [1, ..] => Provenance::ServiceResult { cid: self.cid(at + 20, f, g)? },
                [2, ..] => Provenance::Canon { cid: self.cid(at + 20, f, g)? },
                [tag, ..] => return Err(Malformed::Tag(tag)),
            },
        })
    }

    fn canon_result(&mut self, at: usize, &[a, b, c, d]: &[Word; 4]) -> Read<CanonResultAggregate> {
        let value = |reader: &mut Self, at, &[a, b]: &[Word; 2]| reader.cid(at, a, b);
        Ok(CanonResultAggregate { tetraplet: self.cid(at, a, b)?, values: self.list(at + 8, [c, d], value)? })
    }

    fn service_result(&mut self, at: usize, &[a, b, c, d, e, f]: &[Word; 6]) -> Read<ServiceResult> {
        Ok(ServiceResult {
            value_cid: self.cid(at, a, b)?,
            argument_hash: self.shared_text(at + 8, c, d)?,
            tetraplet_cid: self.cid(at + 16, e, f)?,
        })
    }

    fn signature(&mut self, at: usize, &[a, b, c, d]: &[Word; 4]) -> Read<SignatureEntry> {
        Ok(SignatureEntry {
            public_key: PublicKeyBytes(self.bytes(at, i32::from_be_bytes(a), b)?.into()),
            signature: SignatureBytes(self.bytes(at + 8, i32::from_be_bytes(c), d)?.into()),
        })
    }
}

fn utf8(bytes: &[u8], at: usize) -> Read<&str> {
    std::str::from_utf8(bytes).map_err(|_| Malformed::Text(at))
}
