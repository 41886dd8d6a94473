//! Who comes next, written down: the order of a run as text.
//!
//! One move a line, or several on one line with commas between them; `#` at the start of a line is a comment:
//!
//! ```text
//! @init→@b                   the particle that has been on its way longest arrives; `->` is the same
//! @init→@b#2                 the second one that was ever sent that way
//! @b answers s.f             the call that has waited longest is answered
//! @b answers s.f#2 + s.g     the second call of s.f and one of s.g, handed over together
//! lose @b→@init              it never arrives
//! double @b→@init            one more of it is on its way
//! ```
//!
//! Peers and names with anything but letters, digits and `_ - : / @ . %` are written in double quotes, as in JSON.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A particle under way, as a schedule names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// Who sent it, as shown to people.
    pub from: String,
    /// Who gets it.
    pub to: String,
    /// Which one of all that were sent that way, from 1; `None`: the oldest that is still under way.
    pub nth: Option<u32>,
}

/// A call, as a schedule names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallName {
    /// Its service.
    pub service: String,
    /// Its function.
    pub function: String,
    /// Which one of all calls of that name on its peer, from 1; `None`: the oldest without an answer.
    pub nth: Option<u32>,
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Move {
    /// A particle arrives.
    Arrive(Way),
    /// Calls of one peer are answered, together.
    Answer {
        /// The peer that is answered.
        peer: String,
        /// At least one.
        calls: Vec<CallName>,
    },
    /// A particle is lost.
    Lose(Way),
    /// A particle will arrive once more.
    Double(Way),
}

/// Moves in order. After the last one, the oldest thing comes first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Schedule {
    /// What happens, in order.
    pub moves: Vec<Move>,
}

/// What is wrong with the text of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleError {
    /// Its line, from 1.
    pub line: u32,
    /// One sentence for people.
    pub message: String,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// The first move that cannot be read.
    ///
    /// ```
    /// use air_simulation::network::Schedule;
    ///
    /// let schedule = Schedule::parse("@init->@b, @b answers s.f#2").unwrap();
    /// assert_eq!(schedule.to_string(), "@init→@b\n@b answers s.f#2\n");
    /// assert!(Schedule::parse("@init to @b").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let mut moves = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with('#') {
                continue;
            }
            let mut words = Words { rest: line };
            loop {
                words.skip_space();
                if words.rest.is_empty() {
                    break;
                }
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                let read = words.one_move().and_then(|read| words.end().map(|()| read));
                moves.push(read.map_err(|message| ScheduleError { line: number, message })?);
            }
        }
        Ok(Schedule { moves })
    }
}

impl fmt::Display for Schedule {
    /// A move a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.moves.iter().try_for_each(|next| writeln!(f, "{next}"))
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Move::Arrive(way) => write!(f, "{way}"),
            Move::Lose(way) => write!(f, "lose {way}"),
            Move::Double(way) => write!(f, "double {way}"),
            Move::Answer { peer, calls } => {
                write!(f, "{} answers ", Quoted(peer))?;
                for (index, call) in calls.iter().enumerate() {
                    let plus = if index == 0 { "" } else { " + " };
                    write!(f, "{plus}{call}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}→{}", Quoted(&self.from), Quoted(&self.to))?;
        self.nth.map_or(Ok(()), |nth| write!(f, "#{nth}"))
    }
}

impl fmt::Display for CallName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A dot inside of a service's name would end it.
        let service = if self.service.contains('.') {
            serde_json::Value::from(&*self.service).to_string()
        } else {
            Quoted(&self.service).to_string()
        };
        write!(f, "{service}.{}", Quoted(&self.function))?;
        self.nth.map_or(Ok(()), |nth| write!(f, "#{nth}"))
    }
}

/// A name, in quotes where it needs them.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = !self.0.is_empty()
            && !matches!(self.0, "lose" | "double" | "answers")
            && self.0.chars().all(is_plain)
            // `a->b` would be read as an arrow.
            && !self.0.ends_with('-');
        if plain { f.write_str(self.0) } else { write!(f, "{}", serde_json::Value::from(self.0)) }
    }
}

fn is_plain(char: char) -> bool {
    char.is_alphanumeric() || "_-:/@.%".contains(char)
}

/// A line, read from the left.
struct Words<'t> {
    rest: &'t str,
}

impl<'t> Words<'t> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', ',', '\r']);
    }

    /// After a move: a comma or the end of the line.
    fn end(&mut self) -> Result<(), String> {
        let rest = self.rest.trim_start();
        if rest.is_empty() || rest.starts_with(',') {
            return Ok(());
        }
        Err(format!("expected a comma or the end of the line, found `{}`", first_word(rest)))
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let Some(after) = rest.strip_prefix(text) else { return false };
        // A word is no beginning of a longer one.
        if text.chars().all(is_plain) && after.chars().next().is_some_and(is_plain) {
            return false;
        }
        self.rest = after;
        true
    }

    fn one_move(&mut self) -> Result<Move, String> {
        if self.takes("lose") {
            return Ok(Move::Lose(self.way(None)?));
        }
        if self.takes("double") {
            return Ok(Move::Double(self.way(None)?));
        }
        let peer = self.name(true)?;
        if self.takes("answers") {
            let mut calls = vec![self.call()?];
            while self.takes("+") {
                calls.push(self.call()?);
            }
            return Ok(Move::Answer { peer, calls });
        }
        Ok(Move::Arrive(self.way(Some(peer))?))
    }

    fn way(&mut self, from: Option<String>) -> Result<Way, String> {
        let from = match from {
            Some(from) => from,
            None => self.name(true)?,
        };
        if !self.takes("→") && !self.takes("->") {
            let rest = first_word(self.rest);
            let found = if rest.is_empty() { "the end".to_owned() } else { format!("`{rest}`") };
            return Err(format!("expected `→` or `answers` after `{from}`, found {found}"));
        }
        Ok(Way { from, to: self.name(true)?, nth: self.nth()? })
    }

    fn call(&mut self) -> Result<CallName, String> {
        let service = self.name(false)?;
        if !self.rest.starts_with('.') {
            return Err(format!("expected SERVICE.FUNCTION, found `{service}`"));
        }
        self.rest = self.rest.get(1..).unwrap_or_default();
        Ok(CallName { service, function: self.name(true)?, nth: self.nth()? })
    }

    fn nth(&mut self) -> Result<Option<u32>, String> {
        let Some(rest) = self.rest.strip_prefix('#') else { return Ok(None) };
        let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        self.rest = after;
        match digits.parse() {
            Ok(nth) if nth > 0 => Ok(Some(nth)),
            _ => Err("expected a number from 1 after `#`".to_owned()),
        }
    }

    /// A name, in quotes or not; a service's name ends at a dot.
    fn name(&mut self, dots: bool) -> Result<String, String> {
        self.skip_space();
        if self.rest.starts_with('"') {
            let mut stream = serde_json::Deserializer::from_str(self.rest).into_iter::<String>();
            let read = stream.next().and_then(Result::ok).ok_or("the string in quotes is not closed")?;
            let end = stream.byte_offset();
            self.rest = self.rest.get(end..).unwrap_or_default();
            return Ok(read);
        }
        let ends = |(at, char): &(usize, char)| {
            !is_plain(*char)
                || (!dots && *char == '.')
                || (*char == '-' && self.rest.get(*at..).is_some_and(|rest| rest.starts_with("->")))
        };
        let end = self.rest.char_indices().find(ends).map_or(self.rest.len(), |(at, _)| at);
        let (name, after) = self.rest.split_at(end);
        if name.is_empty() {
            let found = first_word(after);
            let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{found}`") };
            return Err(format!("expected a name, found {found}"));
        }
        self.rest = after;
        Ok(name.to_owned())
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Expect) {
        let shown = match Schedule::parse(text) {
            Ok(schedule) => schedule.to_string(),
            Err(error) => format!("{error}\n"),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn moves() {
        check(
            "@init -> @b#2, @b answers s.f\r\n# a comment\n\n lose @b→@init , double \"a b\"->@c\n@b answers \"s.1\".f#2 + s.\"g h\"",
            expect![[r#"
                @init→@b#2
                @b answers s.f
                lose @b→@init
                double "a b"→@c
                @b answers "s.1".f#2 + s."g h"
            "#]],
        );
    }

    #[test]
    fn mistakes() {
        check("@init to @b", expect!["line 1: expected `→` or `answers` after `@init`, found `to`\n"]);
        check("@a→@b\n@init", expect!["line 2: expected `→` or `answers` after `@init`, found the end\n"]);
        check("@b answers sf", expect!["line 1: expected SERVICE.FUNCTION, found `sf`\n"]);
        check("@b→@c#0", expect!["line 1: expected a number from 1 after `#`\n"]);
        check("@b→", expect!["line 1: expected a name, found nothing\n"]);
        check("@b→@c @d→@e", expect!["line 1: expected a comma or the end of the line, found `@d→@e`\n"]);
        check("\"@b→@c", expect!["line 1: the string in quotes is not closed\n"]);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(
            names in proptest::collection::vec("[a-z@.→# \"+,-]{0,4}|lose|answers|[^\r\n]{0,3}", 5),
            nth in proptest::option::of(1u32..9),
        ) {
            let [a, b, c, d, e] = <[String; 5]>::try_from(names).unwrap();
            let way = Way { from: a.clone(), to: b, nth };
            let call = |service, function| CallName { service, function, nth };
            let calls = vec![call(c.clone(), d.clone()), call(e, c)];
            let moves = vec![Move::Arrive(way.clone()), Move::Lose(way.clone()), Move::Double(way), Move::Answer { peer: a, calls }];
            let schedule = Schedule { moves };
            prop_assert_eq!(Schedule::parse(&schedule.to_string()), Ok(schedule));
        }

        #[test]
        fn any_text_is_a_schedule_or_a_sentence(text in ".{0,40}") {
            let _ = Schedule::parse(&text);
        }
    }
}
