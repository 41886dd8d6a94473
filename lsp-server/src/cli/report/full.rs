//! Source excerpts for people: what is wrong, where, what else belongs to it, what to do.
//!
//! An excerpt is cut out of the text before it is drawn, so that its cost does not depend on the
//! size of the script: few lines, and of long lines only a window.

use std::ops::Range;

use air_analysis::Analysis;
use air_analysis::diagnostic::{Diagnostic, Severity};
use air_syntax::{LineIndex, TextRange};
use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::checked::{CheckedScript, Failure, fixed_by_name};
use super::reporter::Reporter;
use super::summary::Summary;
use crate::cli::output::visible;
use crate::cli::program;
use air_simulation::report::Span;

/// A range of more lines than this is shown by its first line.
const MAX_MARKED_LINES: u32 = 8;
/// Places at most so many lines apart are shown in one excerpt.
const MAX_GAP_LINES: u32 = 2;
/// A line of more bytes than this is shown by a window.
const MAX_LINE_BYTES: usize = 400;
/// Bytes of a long line before and after the start of the place.
const WINDOW_BYTES: (usize, usize) = (40, 80);

/// See the module.
pub struct Full {
    renderer: Renderer,
}

impl Full {
    /// With colours or not, for a terminal of that many columns.
    pub fn new(colour: bool, width: usize) -> Full {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let width = if width == 0 { DEFAULT_TERM_WIDTH } else { width };
        Full { renderer: renderer.term_width(width) }
    }

    /// One diagnostic.
    pub fn render(&self, name: &str, analysis: &Analysis, found: &Diagnostic) -> String {
        self.render_in(name, &analysis.text, analysis.line_index(), found)
    }

    /// One diagnostic of a text that need not be a script.
    pub fn render_in(&self, name: &str, text: &str, lines: &LineIndex, found: &Diagnostic) -> String {
        let excerpts = excerpts(text, lines, found);
        let snippets = excerpts.iter().enumerate().map(|(index, excerpt)| {
            let marks = excerpt.marks.iter().map(|mark| {
                let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                kind.span(mark.span.clone()).label((!mark.label.is_empty()).then_some(mark.label.as_str()))
            });
            let snippet = Snippet::source(excerpt.source.as_str()).line_start(excerpt.line);
            snippet.path(placeholder(index)).annotations(marks)
        });
        let title = level(found.severity).primary_title(visible(&found.message)).id(found.code.as_str());
        let mut group = title.elements(snippets);
        for fix in &found.fixes {
            let how = if fix.safe {
                format!(" (`{} check --fix` applies it)", program::name())
            } else {
                String::new()
            };
            group = group.element(Level::HELP.message(format!("{}{how}", visible(&fix.title))));
        }
        let code = found.code;
        group = group.element(Level::NOTE.message(format!(
            "{}: `{} explain {}` says more",
            code.name(),
            program::name(),
            code.as_str()
        )));
        let mut drawn = self.renderer.render(&[group]);
        for (index, excerpt) in excerpts.iter().enumerate() {
            let place = format!("{}:{}:{}", visible(name), excerpt.place.0, excerpt.place.1);
            set_place(&mut drawn, &placeholder(index), &place);
        }
        drawn + "\n\n"
    }
}

impl Reporter for Full {
    fn script(&self, checked: &CheckedScript) -> String {
        let mut out = String::new();
        for found in &checked.diagnostics {
            out += &self.render_in(&checked.name, &checked.text, &checked.lines, found);
        }
        if !checked.fixed.is_empty() {
            out += &format!("{}: fixed {}\n", visible(&checked.name), fixed_by_name(&checked.fixed));
        }
        out
    }

    fn tail(&self, _: &Summary, _: &[Failure]) -> String {
        String::new()
    }
}

/// Stands for the place of an excerpt while it is drawn: the drawing counts columns in the excerpt,
/// which may be cut out of a long line, and in characters instead of UTF-16 units.
fn placeholder(index: usize) -> String {
    format!("\u{e000}{index}\u{e000}")
}

/// Replaces a placeholder, and the line and column after it.
fn set_place(drawn: &mut String, placeholder: &str, place: &str) {
    let Some(start) = drawn.find(placeholder) else { return };
    let after = start + placeholder.len();
    let rest = drawn.get(after..).unwrap_or_default();
    let end = rest.find(|c: char| c != ':' && !c.is_ascii_digit()).unwrap_or(rest.len());
    drawn.replace_range(start..after + end, place);
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
    }
}

/// Some lines of a text with marks.
struct Excerpt {
    source: String,
    /// Number of the first line, from 1.
    line: usize,
    /// Line and column that the excerpt is about, from 1.
    place: (usize, usize),
    marks: Vec<Mark>,
}

/// A mark within an excerpt; the span counts bytes of its source.
struct Mark {
    span: Range<usize>,
    label: String,
    primary: bool,
}

/// A place before it is cut out.
struct Place<'d> {
    range: TextRange,
    span: Span,
    label: &'d str,
    primary: bool,
}

fn excerpts(text: &str, lines: &LineIndex, found: &Diagnostic) -> Vec<Excerpt> {
    let place = |range, label, primary| Place { range, span: Span::new(lines, range), label, primary };
    let mut places = vec![place(found.range, "", true)];
    places.extend(found.related.iter().map(|related| place(related.range, &*related.message, false)));

    // The finding comes first, then what explains it; what is near joins the excerpt before it.
    let mut groups: Vec<Vec<Place<'_>>> = Vec::new();
    for place in places {
        let long = is_long(line_at(text, place.range.start().into()));
        let near = groups.iter_mut().find(|group| {
            let near = |other: &Place<'_>| {
                place.span.line.abs_diff(other.span.line) <= MAX_GAP_LINES
                    && place.span.start.abs_diff(other.span.start) as usize <= MAX_LINE_BYTES
            };
            !long
                && group.iter().any(near)
                && group.iter().all(|other| !is_long(line_at(text, other.range.start().into())))
        });
        match near {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups.into_iter().map(|group| cut(text, &group)).collect()
}

fn cut(text: &str, places: &[Place<'_>]) -> Excerpt {
    let start_of = |place: &Place<'_>| usize::from(place.range.start());
    let ends: Vec<usize> = places.iter().map(|place| shown_end(text, place)).collect();
    let first = places.iter().map(start_of).min().unwrap_or_default();
    let last = ends.iter().copied().max().unwrap_or(first);
    let mut from = line_at(text, first).start;
    let mut to = line_at(text, last).end.max(last);
    let (mut before, mut after) = ("", "");
    if is_long(line_at(text, first)) {
        let start = text.floor_char_boundary(first.saturating_sub(WINDOW_BYTES.0));
        let end = text.ceil_char_boundary(first.saturating_add(WINDOW_BYTES.1)).min(to);
        if start > from {
            (from, before) = (start, "… ");
        }
        if end < to {
            (to, after) = (end, " …");
        }
    }
    let shown = text.get(from..to).unwrap_or_default();
    let marks = places.iter().zip(&ends).map(|(place, end)| {
        let inside = |offset: usize| before.len() + offset.clamp(from, to) - from;
        Mark {
            span: inside(start_of(place))..inside(*end),
            label: visible(place.label).into_owned(),
            primary: place.primary,
        }
    });
    let marks: Vec<_> = marks.collect();
    let about = places.first().map_or((1, 1), |place| (place.span.line, place.span.column));
    let line = places.iter().map(|place| place.span.line).min().unwrap_or(1);
    Excerpt {
        source: format!("{before}{shown}{after}"),
        line: line as usize,
        place: (about.0 as usize, about.1 as usize),
        marks,
    }
}

/// Where the mark of a place ends: a place of many or long lines is marked in its first line only.
fn shown_end(text: &str, place: &Place<'_>) -> usize {
    let (start, end) = (usize::from(place.range.start()), usize::from(place.range.end()));
    let line = line_at(text, start);
    let many = place.span.end_line - place.span.line >= MAX_MARKED_LINES;
    let wide = end > line.end && end - start > MAX_LINE_BYTES;
    if many || wide { line.end.max(start) } else { end }
}

fn is_long(line: Range<usize>) -> bool {
    line.len() > MAX_LINE_BYTES
}

/// The line around an offset, without its line feed; of a long line only the neighbourhood, still
/// long, so that a script of one line costs no more than others.
fn line_at(text: &str, offset: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let offset = offset.min(bytes.len());
    let from = offset.saturating_sub(MAX_LINE_BYTES + 1);
    let to = offset.saturating_add(MAX_LINE_BYTES + 1).min(bytes.len());
    let before = bytes.get(from..offset).unwrap_or_default();
    let after = bytes.get(offset..to).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(from, |index| from + index + 1);
    let end = memchr::memchr(b'\n', after).map_or(to, |index| offset + index);
    text.floor_char_boundary(start)..text.ceil_char_boundary(end)
}

#[cfg(test)]
mod tests {
    use air_analysis::codes::Code;
    use air_analysis::diagnostic::Related;

    use super::*;

    fn found(range: TextRange, related: TextRange) -> Diagnostic {
        let code = Code::ALL[0];
        Diagnostic {
            code,
            severity: code.severity(),
            message: "message".into(),
            range,
            related: vec![Related { range: related, message: "related".into() }],
            reference: None,
            fixes: vec![],
        }
    }

    /// Any two places of any text can be drawn, and the place named is the true one.
    #[test]
    fn every_place_can_be_drawn() {
        let long = format!("(a {}\n{}ж😀{}", "ж".repeat(300), "b ".repeat(400), "😀".repeat(200));
        let lines = format!("{}x", "(seq\n".repeat(30));
        let texts = [
            "",
            "\n",
            "\r\n",
            "a",
            "ж😀",
            "(a\r\n\tb\r\n)",
            "a\n\n\n\nb",
            "\u{1b}[31m\0\u{85}\u{202e}x",
            &long,
            &lines,
        ];
        let full = Full::new(false, 0);
        for text in texts {
            let analysis = Analysis::new(text);
            let boundaries: Vec<_> =
                (0..=text.len()).filter(|&offset| text.is_char_boundary(offset)).collect();
            let step = boundaries.len() / 25 + 1;
            for &start in boundaries.iter().step_by(step) {
                for &end in boundaries.iter().rev().step_by(step).filter(|&&end| end >= start) {
                    let range = TextRange::new((start as u32).into(), (end as u32).into());
                    let other = TextRange::new((start as u32).into(), (text.len() as u32).into());
                    for (one, two) in [(range, other), (other, range), (range, TextRange::empty(0.into()))] {
                        let drawn = full.render("x.air", &analysis, &found(one, two));
                        let span = Span::new(analysis.line_index(), one);
                        let place = format!("--> x.air:{}:{}\n", span.line, span.column);
                        assert!(drawn.contains(&place), "{text:?} {one:?}\n{drawn}");
                        assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{e000}'), "{drawn}");
                        assert!(drawn.lines().all(|line| line.chars().count() < 200), "{drawn}");
                    }
                }
            }
        }
    }

    #[test]
    fn windows_end_between_characters() {
        let text = format!("{}x{}", "ж".repeat(1000), "😀".repeat(1000));
        let range = TextRange::new(2000.into(), 2001.into());
        let analysis = Analysis::new(text.as_str());
        let drawn = Full::new(false, 0).render("x.air", &analysis, &found(range, range));
        let window = format!("1 | … {}x{} …\n", "ж".repeat(20), "😀".repeat(20));
        assert!(drawn.contains(&window), "{drawn}");
    }
}
