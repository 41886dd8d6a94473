//! The one way out: standard output and standard error, with or without colours.
//!
//! A reader that goes away (`air check | head`) is not an error: writing stops, the work goes on, and
//! the exit code stays what the work says. Any other failure to write is reported once and ends in
//! exit code 2.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use air_syntax::invisible;
use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use indicatif::ProgressBar;

use super::exit::Exit;
use super::program::with_name;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Color {
    /// On terminals; `NO_COLOR` and `CLICOLOR_FORCE` are respected.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Style of error marks.
pub const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// Style of warnings.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Style of notes and hints.
pub const NOTE: Style = AnsiColor::BrightBlue.on_default().bold();
/// Style of what is added or went well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Style of what is removed.
pub const REMOVED: Style = AnsiColor::Red.on_default();
/// Style of headings and paths.
pub const STRONG: Style = Style::new().bold();
/// Style of what matters less.
pub const FAINT: Style = Style::new().dimmed();

/// One of the two streams.
struct Stream {
    sink: Box<dyn Write>,
    colour: bool,
    terminal: bool,
    closed: bool,
}

impl Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        self.attempt(|sink| sink.write_all(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        self.attempt(|sink| sink.flush())
    }

    /// Runs an operation; after any failure the stream is left alone.
    fn attempt(&mut self, operation: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match operation(&mut *self.sink) {
            Ok(()) => Ok(()),
            Err(error) => {
                self.closed = true;
                if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
            }
        }
    }
}

/// Standard output and standard error of a run.
pub struct Output {
    out: Stream,
    err: Stream,
    quiet: bool,
    verbose: bool,
    failure: Option<io::Error>,
    bar: Option<ProgressBar>,
    /// Columns that were asked for.
    width: Option<usize>,
}

impl Output {
    /// The streams of the process.
    pub fn of_process(color: Color, quiet: bool, verbose: bool) -> Output {
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let decide = |auto: anstream::ColorChoice| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => auto != anstream::ColorChoice::Never,
        };
        let out_colour = decide(AutoStream::choice(&stdout));
        let err_colour = decide(AutoStream::choice(&stderr));
        let out_terminal = stdout.is_terminal();
        let err_terminal = stderr.is_terminal();
        Output {
            out: Stream {
                sink: Box::new(BufWriter::with_capacity(64 * 1024, stdout)),
                colour: out_colour,
                terminal: out_terminal,
                closed: false,
            },
            err: Stream { sink: Box::new(stderr), colour: err_colour, terminal: err_terminal, closed: false },
            quiet,
            verbose,
            failure: None,
            bar: None,
            width: None,
        }
    }

    /// Whether standard output shows colours.
    pub fn colour(&self) -> bool {
        self.out.colour
    }

    /// Whether standard error shows colours.
    pub fn err_colour(&self) -> bool {
        self.err.colour
    }

    /// Whether standard error is a terminal.
    pub fn err_is_terminal(&self) -> bool {
        self.err.terminal
    }

    /// Whether standard output is a terminal.
    pub fn out_is_terminal(&self) -> bool {
        self.out.terminal
    }

    /// Writes in so many columns, whatever the terminal has; 0: no end.
    pub fn set_width(&mut self, columns: usize) {
        self.width = Some(columns);
    }

    /// Columns that were asked for, else those of the terminal that standard output is; 0 if it is not a terminal.
    pub fn width(&self) -> usize {
        if let Some(width) = self.width {
            return width;
        }
        if !self.out.terminal {
            return 0;
        }
        terminal_size::terminal_size().map_or(0, |(width, _)| usize::from(width.0))
    }

    /// Whether only results are wanted.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// Whether details are wanted.
    pub fn verbose(&self) -> bool {
        self.verbose
    }

    /// A bar on the terminal that steps aside whenever something is written; `None` ends it.
    pub fn set_bar(&mut self, bar: Option<ProgressBar>) {
        if let Some(old) = self.bar.take() {
            old.finish_and_clear();
        }
        self.bar = bar;
    }

    /// Paints for standard output.
    pub fn paint<T: Display>(&self, style: Style, text: T) -> StyledText<T> {
        StyledText { text, style: self.out.colour.then_some(style) }
    }

    /// Text to standard output, as it is.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// The text of a script to standard output: as it is, but on a terminal with [`visible`] characters only.
    pub fn script(&mut self, text: &str) {
        if !self.out.terminal {
            return self.text(text);
        }
        let lines: Vec<_> = text.split('\n').map(|line| self.shown(line)).collect();
        self.text(&lines.join("\n"));
    }

    /// A line of a script as standard output may have it; tabs stay.
    pub fn shown<'a>(&self, line: &'a str) -> std::borrow::Cow<'a, str> {
        if !self.out.terminal {
            return line.into();
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.split('\t').map(visible).collect::<Vec<_>>().join("\t").into()
    }

    /// A line to standard output.
    pub fn line(&mut self, line: impl Display) {
        self.bytes(format!("{line}\n").as_bytes());
    }

    /// Bytes to standard output.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let out = &mut self.out;
        let result = match &self.bar {
            Some(bar) if out.terminal => bar.suspend(|| out.write(bytes).and_then(|()| out.flush())),
            _ => out.write(bytes),
        };
        self.note_failure(result);
    }

    /// Standard output for a library that writes piecemeal; it never fails, see [`Output::finish`].
    pub fn writer(&mut self) -> impl Write {
        struct Writer<'o>(&'o mut Output);
        impl Write for Writer<'_> {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.bytes(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        Writer(self)
    }

    /// What was written to standard output leaves now.
    pub fn flush(&mut self) {
        let result = self.out.flush();
        self.note_failure(result);
    }

    /// A line to standard error, after what was written to standard output before.
    pub fn err_line(&mut self, line: impl Display) {
        let result = self.out.flush();
        self.note_failure(result);
        let err = &mut self.err;
        let bytes = format!("{line}\n");
        let mut write = || err.write(bytes.as_bytes());
        // There is no other place to report it when standard error itself fails.
        let _ = match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        };
    }

    /// `error: …` on standard error, on one line: a file's name may hold anything.
    pub fn error(&mut self, message: impl Display) {
        let mark = StyledText { text: "error:", style: self.err.colour.then_some(ERROR) };
        self.err_line(format_args!("{mark} {}", visible(&with_name(&message.to_string()))));
    }

    /// `warning: …` on standard error.
    pub fn warning(&mut self, message: impl Display) {
        let mark = StyledText { text: "warning:", style: self.err.colour.then_some(WARNING) };
        self.err_line(format_args!("{mark} {}", visible(&with_name(&message.to_string()))));
    }

    /// Something worth knowing, on standard error; not with `--quiet`.
    pub fn note(&mut self, message: impl Display) {
        if !self.quiet {
            self.err_line(visible(&with_name(&message.to_string())));
        }
    }

    /// A detail for `--verbose`, on standard error.
    pub fn detail(&mut self, message: impl Display) {
        if self.verbose {
            let text = message.to_string();
            let message = StyledText { text: visible(&text), style: self.err.colour.then_some(FAINT) };
            self.err_line(message);
        }
    }

    /// The exit code of a command: its own, or 2 after its error has been reported.
    pub fn conclude(&mut self, result: Result<Exit, String>) -> Exit {
        result.unwrap_or_else(|message| {
            self.error(message);
            Exit::Failed
        })
    }

    /// Ends the run: the code of the work, or 2 when results could not be written.
    pub fn finish(mut self, exit: Exit) -> Exit {
        self.set_bar(None);
        let result = self.out.flush();
        self.note_failure(result);
        match self.failure.take() {
            Some(error) => {
                self.error(format_args!("cannot write to standard output: {error}"));
                Exit::Failed
            }
            None => exit,
        }
    }

    fn note_failure(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.failure.get_or_insert(error);
        }
    }
}

/// A text that is coloured if the stream shows colours.
pub struct StyledText<T> {
    text: T,
    style: Option<Style>,
}

impl<T: Display> Display for StyledText<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.style {
            Some(style) => write!(f, "{style}{}{style:#}", self.text),
            None => self.text.fmt(f),
        }
    }
}

/// Makes control and invisible characters of a script visible, on one line, so that a text can neither steer the terminal
/// nor look like another one.
pub fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    let shown = invisible::shown(text);
    match shown.contains(['\n', '\r', '\t']) {
        true => shown.replace(['\n', '\r', '\t'], " ").into(),
        false => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Broken(io::ErrorKind);
    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(kind: io::ErrorKind) -> Output {
        let stream = |sink: Box<dyn Write>| Stream { sink, colour: false, terminal: false, closed: false };
        Output {
            out: stream(Box::new(Broken(kind))),
            err: stream(Box::new(io::sink())),
            quiet: false,
            verbose: false,
            failure: None,
            bar: None,
            width: None,
        }
    }

    #[test]
    fn a_reader_that_goes_away_is_not_an_error() {
        let mut broken = output(io::ErrorKind::BrokenPipe);
        broken.line("x");
        assert_eq!(broken.finish(Exit::Findings), Exit::Findings);
    }

    #[test]
    fn a_full_disk_is() {
        let mut full = output(io::ErrorKind::StorageFull);
        full.line("x");
        full.line("y");
        assert_eq!(full.finish(Exit::Clean), Exit::Failed);
    }

    #[test]
    fn control_characters_become_visible() {
        assert_eq!(visible("a\u{1b}[31mb\u{7f}\u{85}ж"), "a␛[31mb␡\u{fffd}ж");
        assert_eq!(visible("\u{202e}live\u{202c}"), "\\u{202e}live\\u{202c}");
    }
}
