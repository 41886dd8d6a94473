//! Makes any byte stream one that the codec survives.
//!
//! tower-lsp's reader ends for ever at the first message that it cannot decode, refuses a
//! `Content-Type` without a charset, more than two headers, or a lower-case header name, and buffers
//! whatever length a header announces. It frames leniently in front of it, hands on only
//! messages that will decode, and puts a request named [`MALFORMED`] with id `null` in the place of
//! each one that would not, so that the client gets the error response JSON-RPC asks for.

use air_service::surrogates;
use serde_json::json;
use tower_lsp::jsonrpc::{Request, Response};

/// Stand-in method for a message that could not be read; `params` are `{code, message}`.
pub(super) const MALFORMED: &str = "$/air/malformed";

/// Larger messages are skipped without being held.
pub(super) const MAX_MESSAGE_BYTES: u64 = 128 << 20;

/// A length beyond that is a mistake in the header: no client has such a message, and waiting for its end would mean
/// not to hear anything any more.
const MAX_BELIEVED_BYTES: u64 = 1 << 30;

/// Header blocks are a few dozen bytes; anything longer is not one.
const MAX_HEADER_BYTES: usize = 8 << 10;

const LENGTH_HEADER: &[u8] = b"content-length";

/// JSON-RPC's code for bytes that are not JSON.
const PARSE_ERROR: i64 = -32700;
/// JSON-RPC's code for JSON that is not a message.
const INVALID_REQUEST: i64 = -32600;

/// Bytes in, well-formed frames out.
#[derive(Debug, Default)]
pub(super) struct Framing {
    /// Any JSON will do, and not only messages of JSON-RPC.
    any_json: bool,
    bytes: Vec<u8>,
    /// Everything before it is consumed.
    start: usize,
    /// No header end lies before it.
    scanned: usize,
    state: State,
    /// Whether the current run of garbage has been reported.
    reported: bool,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Header,
    Body(usize),
    /// Bytes of an oversized body still to come.
    Skip(u64),
}

impl Framing {
    /// For protocols of other messages than JSON-RPC's.
    pub(super) fn of_json() -> Self {
        Framing { any_json: true, ..Framing::default() }
    }

    fn check(&self, body: &[u8]) -> Result<(), (i64, String)> {
        if !self.any_json {
            return check(body);
        }
        let json = serde_json::from_slice::<serde_json::Value>(body);
        json.map(drop).map_err(|error| (PARSE_ERROR, format!("not JSON: {error}")))
    }

    /// Adds what was read.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        if self.start > 0 && self.start == self.bytes.len() {
            self.bytes.clear();
            self.scanned = 0;
            self.start = 0;
            // One huge message must not cost its memory for ever.
            self.bytes.shrink_to(1 << 16);
        } else if self.start > (1 << 16) {
            self.bytes.drain(..self.start);
            self.scanned = self.scanned.saturating_sub(self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame for the codec, header included; `None` until more bytes come.
    pub(super) fn next_frame(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.state {
                State::Header => match self.header()? {
                    Ok(()) => {}
                    Err(message) => return Some(malformed(PARSE_ERROR, &message)),
                },
                State::Body(length) => {
                    let end = self.start.checked_add(length)?;
                    let body = self.bytes.get(self.start..end)?;
                    let frame = match self.check(body) {
                        Ok(()) => framed(body),
                        Err((code, message)) => {
                            let fixed = std::str::from_utf8(body).ok().and_then(surrogates::replaced);
                            match fixed.filter(|fixed| self.check(fixed.as_bytes()).is_ok()) {
                                Some(fixed) => framed(fixed.as_bytes()),
                                None => malformed(code, &message),
                            }
                        }
                    };
                    self.start = end;
                    self.scanned = end;
                    self.state = State::Header;
                    return Some(frame);
                }
                State::Skip(left) => {
                    let here = (self.bytes.len() - self.start) as u64;
                    let gone = here.min(left);
                    self.start += gone as usize;
                    self.scanned = self.start;
                    if gone < left {
                        self.state = State::Skip(left - gone);
                        return None;
                    }
                    self.state = State::Header;
                }
            }
        }
    }

    /// Consumes one header block. `Err` carries what to report; either way the state moved on.
    fn header(&mut self) -> Option<Result<(), String>> {
        let rest = self.bytes.get(self.start..)?;
        let from = self.scanned.saturating_sub(self.start).saturating_sub(3);
        let Some((block_len, end)) = block_end(rest, from) else {
            self.scanned = self.bytes.len();
            if rest.len() <= MAX_HEADER_BYTES {
                return None;
            }
            // Keep a tail in which a header may have begun.
            self.start = self.bytes.len() - LENGTH_HEADER.len();
            return self.report("no Content-Length header in 8 KiB of input".to_owned());
        };
        let block = rest.get(..block_len).unwrap_or_default();
        let length = content_length(block);
        let clean = starts_with_header(block);
        self.start += end;
        self.scanned = self.start;
        match length {
            Some(length) if length > MAX_MESSAGE_BYTES => {
                self.state = State::Skip(length);
                self.reported = false;
                Some(Err(format!(
                    "a message of {length} bytes was skipped: the limit is {MAX_MESSAGE_BYTES}"
                )))
            }
            Some(length) => {
                self.state = State::Body(length as usize);
                if clean {
                    self.reported = false;
                    return Some(Ok(()));
                }
                let report = self.report("bytes before a Content-Length header were skipped".to_owned());
                self.reported = false;
                report.or(Some(Ok(())))
            }
            None => self.report("a header block without a usable Content-Length".to_owned()),
        }
    }

    /// Reports a run of garbage once.
    fn report(&mut self, message: String) -> Option<Result<(), String>> {
        if std::mem::replace(&mut self.reported, true) { Some(Ok(())) } else { Some(Err(message)) }
    }
}

/// Length of the block and of the block with its blank line; bare line feeds are taken too.
fn block_end(rest: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let feed = at + memchr::memchr(b'\n', rest.get(at..)?)?;
        match rest.get(feed + 1..)? {
            [b'\n', ..] => return Some((feed, feed + 2)),
            [b'\r', b'\n', ..] => return Some((feed, feed + 3)),
            _ => at = feed + 1,
        }
    }
}

/// The last length named in the block: garbage in front of it does not matter.
fn content_length(block: &[u8]) -> Option<u64> {
    let at = (0..block.len()).rev().find(|&at| {
        block.get(at..at + LENGTH_HEADER.len()).is_some_and(|name| name.eq_ignore_ascii_case(LENGTH_HEADER))
    })?;
    let line = block.get(at + LENGTH_HEADER.len()..)?.split(|&byte| byte == b'\n').next()?;
    let value = std::str::from_utf8(line).ok()?.trim_start().strip_prefix(':')?;
    value.trim().parse().ok().filter(|length| *length < MAX_BELIEVED_BYTES)
}

/// Whether every line is `Name: value`.
fn starts_with_header(block: &[u8]) -> bool {
    block.split(|&byte| byte == b'\n').all(|line| {
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
        name.len() < line.len() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}

/// Whether the codec will take it; the code and text of the error otherwise.
fn check(body: &[u8]) -> Result<(), (i64, String)> {
    let text = std::str::from_utf8(body).map_err(|error| (PARSE_ERROR, format!("not UTF-8: {error}")))?;
    let request = match serde_json::from_str::<Request>(text) {
        Ok(request) => !request.method().is_empty(),
        Err(_) => false,
    };
    if request || serde_json::from_str::<Response>(text).is_ok() {
        return Ok(());
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Err((INVALID_REQUEST, "neither a request nor a response of JSON-RPC 2.0".to_owned())),
        Err(error) => Err((PARSE_ERROR, format!("not JSON: {error}"))),
    }
}

fn framed(body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(body.len() + 40);
    frame.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    frame.extend_from_slice(body);
    frame
}

fn malformed(code: i64, message: &str) -> Vec<u8> {
    let params = json!({ "code": code, "message": message });
    let body = json!({ "jsonrpc": "2.0", "id": null, "method": MALFORMED, "params": params });
    framed(body.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const NOTE: &str = r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#;

    /// Feeds the input whole and byte by byte; both must give the same frames.
    fn check_frames(input: &[u8], expected: Expect) {
        let mut framing = Framing::default();
        framing.push(input);
        let whole: Vec<_> = std::iter::from_fn(|| framing.next_frame()).collect();
        let mut framing = Framing::default();
        let mut bytewise = Vec::new();
        for byte in input {
            framing.push(&[*byte]);
            bytewise.extend(std::iter::from_fn(|| framing.next_frame()));
        }
        assert_eq!(whole, bytewise);
        let shown: Vec<_> = whole
            .iter()
            .map(|frame| {
                let text = std::str::from_utf8(frame).unwrap();
                let body = text.split_once("\r\n\r\n").unwrap().1;
                let value: serde_json::Value = serde_json::from_str(body).unwrap();
                match value["method"].as_str() {
                    Some(MALFORMED) => {
                        format!("! {} {}", value["params"]["code"], value["params"]["message"])
                    }
                    Some(method) => format!("{method} {}", value["params"]),
                    None => format!("response {}", value["id"]),
                }
            })
            .collect();
        expected.assert_eq(&shown.join("\n"));
    }

    fn frame(header: &str, body: &str) -> String {
        format!("{header}{}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn ordinary_messages_pass() {
        let input = frame("Content-Length: ", NOTE)
            + &frame("Content-Length: ", r#"{"jsonrpc":"2.0","id":1,"result":null}"#);
        check_frames(
            input.as_bytes(),
            expect![[r#"
            initialized {}
            response 1"#]],
        );
    }

    #[test]
    fn odd_headers_pass() {
        let mut input = frame("content-length:", NOTE);
        input += &frame("X: 1\r\nY: 2\r\nContent-Type: application/vscode-jsonrpc\r\nContent-Length: ", NOTE);
        input += &format!("Content-Length: {}\n\n{NOTE}", NOTE.len());
        check_frames(
            input.as_bytes(),
            expect![[r#"
            initialized {}
            initialized {}
            initialized {}"#]],
        );
    }

    #[test]
    fn garbage_is_reported_once_and_skipped() {
        let input = format!(
            "hello\r\n\r\nContent-Length: x\r\n\r\n!!{}{}",
            frame("Content-Length: ", NOTE),
            frame("Content-Length: ", NOTE)
        );
        check_frames(
            input.as_bytes(),
            expect![[r#"
            ! -32700 "a header block without a usable Content-Length"
            initialized {}
            initialized {}"#]],
        );
    }

    #[test]
    fn bodies_that_would_end_the_codec_are_replaced() {
        let deep =
            format!(r#"{{"jsonrpc":"2.0","method":"a","params":{}{}}}"#, "[".repeat(500), "]".repeat(500));
        let mut input = Vec::new();
        for body in ["{", "[]", "{}", "", r#"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#, "\"\\ud800\"", &deep]
        {
            input.extend(frame("Content-Length: ", body).into_bytes());
        }
        input.extend(b"Content-Length: 2\r\n\r\n\xff\xfe");
        input.extend(frame("Content-Length: ", NOTE).into_bytes());
        check_frames(
            &input,
            expect![[r#"
            ! -32700 "not JSON: EOF while parsing an object at line 1 column 1"
            ! -32600 "neither a request nor a response of JSON-RPC 2.0"
            ! -32600 "neither a request nor a response of JSON-RPC 2.0"
            ! -32700 "not JSON: EOF while parsing a value at line 1 column 0"
            ! -32600 "neither a request nor a response of JSON-RPC 2.0"
            ! -32700 "not JSON: unexpected end of hex escape at line 1 column 8"
            ! -32700 "not JSON: recursion limit exceeded at line 1 column 166"
            ! -32700 "not UTF-8: invalid utf-8 sequence of 1 bytes from index 0"
            initialized {}"#]],
        );
    }

    #[test]
    fn an_announced_giant_is_not_buffered() {
        let mut framing = Framing::default();
        framing.push(format!("Content-Length: {}\r\n\r\n", u64::MAX).as_bytes());
        assert!(framing.next_frame().is_some());
        for _ in 0..100 {
            framing.push(&[b'x'; 100_000]);
            assert!(framing.next_frame().is_none());
            assert!(framing.bytes.len() <= 200_000);
        }
    }

    #[test]
    fn endless_garbage_is_not_buffered() {
        let mut framing = Framing::default();
        let mut reports = 0;
        for _ in 0..100 {
            framing.push(&[b'x'; 10_000]);
            while framing.next_frame().is_some() {
                reports += 1;
            }
            assert!(framing.bytes.len() <= 200_000);
        }
        assert_eq!(reports, 1);
        framing.push(frame("\r\n\r\nContent-Length: ", NOTE).as_bytes());
        assert!(framing.next_frame().is_some());
    }
}
