//! Markdown for terminals, as far as our pages use it: headings, paragraphs, lists, tables, code, `code`, **strong**.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::output::{GOOD, Output, STRONG};

/// Lines are no longer than this, however wide the terminal is: longer ones are hard to read.
const MAX_COLUMNS: usize = 100;

/// Prints a page: wrapped where standard output is a terminal, else a line for each paragraph.
pub(crate) fn render(markdown: &str, output: &mut Output) {
    let width = output.width();
    let columns = if width == 0 { usize::MAX } else { width.min(MAX_COLUMNS) };
    let mut code = false;
    let mut block = Block::default();
    for line in markdown.lines() {
        if line.starts_with("```") {
            block.end(columns, output);
            code = !code;
        } else if code {
            let shown = output.paint(GOOD, format_args!("    {line}")).to_string();
            output.line(shown.trim_end());
        } else if let Some(heading) = line.strip_prefix('#') {
            block.end(columns, output);
            let shown = output.paint(STRONG, heading.trim_start_matches('#').trim()).to_string();
            output.line(shown);
        } else if line.trim().is_empty() {
            block.end(columns, output);
            output.line("");
        } else if line.starts_with('|') {
            block.end(columns, output);
            row(line, columns, output);
        } else {
            let bullet = bullet(line);
            if bullet > 0 {
                block.end(columns, output);
                block.indent = bullet;
            }
            block.add(line);
        }
    }
    block.end(columns, output);
}

/// Columns that a list's mark takes; 0 for a line that begins no item.
fn bullet(line: &str) -> usize {
    let text = line.trim_start();
    let mark = match text.split_once(' ') {
        Some(("-" | "*", _)) => 2,
        Some((number, _)) if number.strip_suffix('.').is_some_and(|it| it.parse::<u16>().is_ok()) => {
            number.len() + 1
        }
        _ => return 0,
    };
    line.len() - text.len() + mark
}

/// A row of a table: the first cell, and the others below it; the head and its rule are left out.
fn row(line: &str, columns: usize, output: &mut Output) {
    let line = line.trim().trim_matches('|').replace("\\|", "\u{0}");
    let cells: Vec<String> = line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect();
    if cells.iter().all(|cell| cell.chars().all(|letter| matches!(letter, '-' | ':'))) {
        return;
    }
    let mut cells = cells.iter();
    let first = Block { text: format!("  {}", cells.next().map_or("", String::as_str)), indent: 4 };
    first.lines(columns, output);
    for cell in cells.filter(|cell| !cell.is_empty()) {
        Block { text: format!("      {cell}"), indent: 6 }.lines(columns, output);
    }
}

/// A paragraph or an item of a list.
#[derive(Default)]
struct Block {
    text: String,
    /// Columns before every line but the first.
    indent: usize,
}

impl Block {
    fn add(&mut self, line: &str) {
        if self.text.is_empty() {
            self.text.push_str(line.trim_end());
        } else {
            self.text.push(' ');
            self.text.push_str(line.trim());
        }
    }

    fn end(&mut self, columns: usize, output: &mut Output) {
        if !self.text.is_empty() {
            std::mem::take(self).lines(columns, output);
        }
        self.indent = 0;
    }

    fn lines(&self, columns: usize, output: &mut Output) {
        let start = self.text.len() - self.text.trim_start().len();
        let mut line = " ".repeat(start);
        let mut used = start;
        let mut first = true;
        for word in words(&self.text, output.colour()) {
            let wide: usize = word.iter().map(|(_, text)| text.width()).sum();
            if !first && used + 1 + wide > columns {
                output.line(&line);
                line = " ".repeat(self.indent);
                used = self.indent;
                first = true;
            }
            if !first {
                line.push(' ');
                used += 1;
            }
            first = false;
            used += wide;
            for (style, text) in word {
                match style {
                    Some(style) => line.push_str(&output.paint(style, text).to_string()),
                    None => line.push_str(&text),
                }
            }
        }
        output.line(line);
    }
}

/// What is between two spaces: pieces of one style each.
type Word = Vec<(Option<Style>, String)>;

/// Words of a paragraph. Without colours the marks of code stay, since something must show where it begins.
fn words(text: &str, colour: bool) -> Vec<Word> {
    let mut words: Vec<Word> = vec![Vec::new()];
    let mut add = |style: Option<Style>, text: &str| {
        for (index, piece) in text.split(' ').enumerate() {
            if index > 0 {
                words.push(Vec::new());
            }
            if !piece.is_empty()
                && let Some(word) = words.last_mut()
            {
                word.push((style, piece.to_owned()));
            }
        }
    };
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            if colour {
                add(Some(GOOD), part)
            } else {
                add(None, &format!("`{part}`"))
            }
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            add((index % 2 == 1).then_some(STRONG), &without_links(part));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `[text](address)` as its text: the address is a file beside the page.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once("](").and_then(|(text, after)| Some((text, after.split_once(')')?.1))) {
            Some((text, after)) => {
                out.push_str(text);
                rest = after;
            }
            None => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        let joined = |word: &Word| word.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().concat();
        words(text, false).iter().map(joined).collect()
    }

    #[test]
    fn marks_and_links() {
        assert_eq!(plain("**Waits for** `a b`, [it](x.md)."), ["Waits", "for", "`a", "b`,", "it."]);
        assert_eq!(plain("x [ y ]"), ["x", "[", "y", "]"]);
        assert_eq!(words("`a b` c", true).len(), 3);
    }

    #[test]
    fn items_of_lists() {
        assert_eq!(
            [bullet("- a"), bullet("  * a"), bullet("12. a"), bullet("a - b"), bullet("-a")],
            [2, 4, 4, 0, 0]
        );
    }
}
