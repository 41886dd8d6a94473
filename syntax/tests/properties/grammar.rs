//! The grammar once more, written plainly and apart from the parser: recursive, for short texts only.

use air_syntax::SyntaxKind::{self, *};
use air_syntax::lexer::reference_tokens;

/// Whether AquaVM's lexer and grammar take the text.
pub(crate) fn accepts(text: &str) -> bool {
    let (tokens, error) = reference_tokens(text);
    let kinds = tokens.iter().map(|token| token.0).collect();
    let mut reader = Reader { kinds, at: 0 };
    error.is_none() && reader.instruction().is_some() && reader.at == reader.kinds.len()
}

const STR: &[SyntaxKind] = &[STRING, SCALAR, SCALAR_LENS, CANON_LENS, CANON_MAP_LENS];
const AP_SOURCE: &[SyntaxKind] = &[
    INIT_PEER_ID,
    LAST_ERROR,
    LAST_ERROR_LENS,
    ERROR_VAR,
    ERROR_VAR_LENS,
    STRING,
    TIMESTAMP,
    TTL,
    INT,
    FLOAT,
    BOOL,
    SCALAR,
    SCALAR_LENS,
    CANON,
    CANON_LENS,
    CANON_MAP_LENS,
];

struct Reader {
    kinds: Vec<SyntaxKind>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> SyntaxKind {
        self.kinds.get(self.at).copied().unwrap_or(ERROR)
    }

    fn one(&mut self, of: &[SyntaxKind]) -> Option<SyntaxKind> {
        let kind = self.peek();
        of.contains(&kind).then(|| self.at += 1).map(|()| kind)
    }

    fn empty_array(&mut self) -> Option<()> {
        self.one(&[L_BRACKET])?;
        self.one(&[R_BRACKET])?;
        Some(())
    }

    fn peer(&mut self) -> Option<()> {
        if self.one(&[INIT_PEER_ID]).is_some() {
            return Some(());
        }
        self.one(STR).map(drop)
    }

    fn ap_source(&mut self) -> Option<()> {
        if self.peek() == L_BRACKET { self.empty_array() } else { self.one(AP_SOURCE).map(drop) }
    }

    fn value(&mut self) -> Option<()> {
        if self.one(&[CANON_MAP]).is_some() { Some(()) } else { self.ap_source() }
    }

    fn instruction(&mut self) -> Option<()> {
        self.one(&[L_PAREN])?;
        self.at += 1;
        match self.kinds.get(self.at - 1).copied()? {
            CALL_KW => {
                self.peer()?;
                self.one(&[L_PAREN])?;
                self.one(STR)?;
                self.one(STR)?;
                self.one(&[R_PAREN])?;
                self.one(&[L_BRACKET])?;
                while self.one(&[R_BRACKET]).is_none() {
                    self.value()?;
                }
                let _ = self.one(&[SCALAR, STREAM]);
            }
            CANON_KW => {
                self.peer()?;
                match self.one(&[STREAM, STREAM_MAP])? {
                    STREAM => self.one(&[CANON])?,
                    _ => self.one(&[CANON_MAP, SCALAR])?,
                };
            }
            AP_KW if self.one(&[L_PAREN]).is_some() => {
                self.one(&[STRING, INT, SCALAR, SCALAR_LENS, CANON_LENS])?;
                self.ap_source()?;
                self.one(&[R_PAREN])?;
                self.one(&[STREAM_MAP])?;
            }
            AP_KW => {
                self.ap_source()?;
                self.one(&[SCALAR, STREAM])?;
            }
            SEQ_KW | PAR_KW | XOR_KW => {
                self.instruction()?;
                self.instruction()?;
            }
            NEVER_KW | NULL_KW => {}
            NEW_KW => {
                self.one(&[SCALAR, STREAM, STREAM_MAP, CANON, CANON_MAP])?;
                self.instruction()?;
            }
            FAIL_KW => {
                if self.one(&[SCALAR, SCALAR_LENS, CANON_LENS, INT, LAST_ERROR, ERROR_VAR])? == INT {
                    self.one(&[STRING])?;
                }
            }
            FOLD_KW => {
                let plain = [SCALAR, SCALAR_LENS, CANON, CANON_MAP, CANON_MAP_LENS, STREAM, STREAM_MAP];
                if self.one(&plain).is_none() {
                    self.empty_array()?;
                }
                self.one(&[SCALAR])?;
                self.instruction()?;
                if self.peek() == L_PAREN {
                    self.instruction()?;
                }
            }
            NEXT_KW => drop(self.one(&[SCALAR])?),
            MATCH_KW | MISMATCH_KW => {
                self.value()?;
                self.value()?;
                self.instruction()?;
            }
            _ => return None,
        }
        self.one(&[R_PAREN]).map(drop)
    }
}
