//! What the holes of a script can be, by where they stand.

use air_syntax::{SyntaxKind, TextRange, lexer};

use super::decode::HolePlace;

/// What stands in a hole's place when the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A part of a comment.
    Comment,
    /// A part of a string; `true` if the string is compared with another.
    Text(bool),
    /// A value, or a part of its name.
    Operand,
    /// A name that the instruction writes, or a part of it.
    Name,
    /// A whole instruction.
    Instruction,
    /// Service and function.
    Function,
    /// All arguments of a call, with their brackets.
    Arguments,
    /// The stream of a `canon`.
    Stream,
    /// What a `canon` makes.
    Canon,
    /// The stream map to which a pair is appended.
    StreamMap,
}

impl Role {
    /// What stands in the script instead, made with a word that the script does not have.
    pub(crate) fn filler(self, word: &str) -> String {
        match self {
            Role::Instruction => "(null)".to_owned(),
            Role::Function => format!("(\"{word}\" \"{word}\")"),
            Role::Arguments => "[]".to_owned(),
            Role::Stream => format!("${word}"),
            Role::Canon => format!("#{word}"),
            Role::StreamMap => format!("%{word}"),
            Role::Comment | Role::Text(_) | Role::Operand | Role::Name => word.to_owned(),
        }
    }

    /// Whether a single word stands in its place.
    pub(crate) fn is_word(self) -> bool {
        matches!(self, Role::Comment | Role::Text(_) | Role::Operand | Role::Name)
    }

    /// Whether the hole may be a name that is read elsewhere.
    pub(crate) fn defines(self) -> bool {
        matches!(self, Role::Name | Role::Instruction | Role::Canon | Role::StreamMap)
    }

    /// Whether nothing outside of the string or comment depends on it.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Role::Comment | Role::Text(false))
    }
}

/// The roles of all holes, and in which lists they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roles {
    /// In the order of the holes.
    pub roles: Vec<Role>,
    /// Where tokens end, and the list that each is in.
    ends: Vec<(u32, usize)>,
    /// Lists that have a hole among their items.
    uncertain: Vec<bool>,
}

impl Roles {
    /// Whether the list around a range has a hole among its items, so that nothing is known of its form.
    pub(crate) fn uncertain_at(&self, range: TextRange) -> bool {
        [range.start(), range.end()].into_iter().any(|offset| {
            let token = self.ends.partition_point(|(end, _)| *end < u32::from(offset));
            let list = self.ends.get(token).map(|(_, list)| *list);
            list.is_some_and(|list| self.uncertain.get(list).copied().unwrap_or(false))
        })
    }
}

/// An open list.
struct List {
    id: usize,
    keyword: Option<SyntaxKind>,
    /// Items after the keyword.
    items: usize,
    /// Whether the first of them is a list.
    first_is_list: bool,
}

/// Looks at a script with words in its holes.
pub(crate) fn roles(text: &str, holes: &[HolePlace]) -> Roles {
    let mut found = Roles::default();
    if holes.is_empty() {
        return found;
    }
    found.uncertain.push(false);
    let mut open = vec![List { id: 0, keyword: None, items: 0, first_is_list: false }];
    let tokens = lexer::lex(text);
    let mut next = 0;
    for (index, kind) in tokens.kinds.iter().enumerate() {
        let (start, end) = (tokens.start(index) as usize, tokens.end(index) as usize);
        let list_id = open.last().map_or(0, |list| list.id);
        found.ends.push((end as u32, list_id));
        if *kind == SyntaxKind::WHITESPACE {
            continue;
        }
        let keyword = matches!(kind, SyntaxKind::L_PAREN | SyntaxKind::L_BRACKET).then(|| {
            let mut rest = tokens.kinds.iter().skip(index + 1).filter(|kind| !kind.is_trivia());
            rest.next().copied().filter(|kind| kind.is_keyword())
        });
        let closes = matches!(kind, SyntaxKind::R_PAREN | SyntaxKind::R_BRACKET);
        if closes && open.len() > 1 {
            open.pop();
            continue;
        }
        let Some(list) = open.last_mut() else { continue };
        if *kind != SyntaxKind::COMMENT && !kind.is_keyword() && !closes {
            list.items += 1;
            list.first_is_list |= list.items == 1 && keyword.is_some();
        }
        while let Some(hole) = holes.get(next).filter(|hole| hole.script.start < end) {
            let whole = hole.script == (start..end);
            let role = role(*kind, list, whole);
            if !role.is_text()
                && !matches!(role, Role::Text(_))
                && let Some(uncertain) = found.uncertain.get_mut(list.id)
            {
                *uncertain = true;
            }
            found.roles.push(role);
            next += 1;
        }
        if let Some(keyword) = keyword {
            let id = found.uncertain.len();
            found.uncertain.push(false);
            open.push(List { id, keyword, items: 0, first_is_list: false });
        }
    }
    found.roles.resize(holes.len(), Role::Operand);
    found
}

/// The role of a hole that is a token of this kind, or a part of one.
fn role(token: SyntaxKind, list: &List, whole: bool) -> Role {
    use SyntaxKind as K;
    let compared = matches!(list.keyword, Some(K::MATCH_KW | K::MISMATCH_KW));
    match token {
        K::COMMENT => return Role::Comment,
        K::STRING => return Role::Text(compared),
        _ => {}
    }
    let (Some(keyword), item) = (list.keyword, list.items) else { return Role::Operand };
    let instruction = match keyword {
        K::SEQ_KW | K::PAR_KW | K::XOR_KW => true,
        K::NEW_KW => item >= 2,
        K::FOLD_KW | K::MATCH_KW | K::MISMATCH_KW => item >= 3,
        _ => false,
    };
    match (keyword, item) {
        _ if instruction && whole => Role::Instruction,
        _ if instruction => Role::Name,
        (K::CALL_KW, 2) if whole => Role::Function,
        (K::CALL_KW, 3) if whole => Role::Arguments,
        (K::CANON_KW, 2) if whole => Role::Stream,
        (K::CANON_KW, 3) if whole => Role::Canon,
        (K::AP_KW, 2) if whole && list.first_is_list => Role::StreamMap,
        (K::CALL_KW, 4) | (K::AP_KW, 2) | (K::CANON_KW, 3) | (K::FOLD_KW, 2) | (K::NEW_KW, 1) => Role::Name,
        _ => Role::Operand,
    }
}
