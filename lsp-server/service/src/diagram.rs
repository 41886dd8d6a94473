//! A run as a space-time diagram: a lane for each peer, time downwards, arrows from where the particle was sent to where it
//! arrived. Made from the report's events alone, in their order.

mod mermaid;
mod rows;
mod svg;

use air_simulation::report::{Report, Span, Status};

pub use mermaid::mermaid;
pub use svg::svg;

/// Most rows that a picture shows; of longer runs the first ones and the last ones.
const MAX_ROWS: usize = 160;

/// What a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagram {
    /// Peers in the order in which they come up; the others name them by index.
    pub peers: Vec<String>,
    /// One for each event of the report, in order; of long runs some are left out.
    pub rows: Vec<Row>,
    /// Particles, in the order in which they were sent.
    pub arrows: Vec<Arrow>,
    /// The report's sentence about the outcome, its first line.
    pub outcome: String,
    /// How the run ended.
    pub status: Status,
}

/// An event of the report, or several that are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The event's number; 0 for rows that are no event.
    pub event: u64,
    /// Index in [`Diagram::peers`]; `None` for what happens to the network as a whole.
    pub peer: Option<usize>,
    /// Whether a particle arrives with it.
    pub arrival: bool,
    /// Numbers of the events that caused it.
    pub causes: Vec<u64>,
    /// What is shown, from above.
    pub parts: Vec<Part>,
}

/// A part of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A peer's host is called.
    Call {
        /// `service.function`, in short.
        name: String,
        /// The arguments, in short.
        arguments: String,
        /// What came of it.
        result: CallResult,
        /// Whether the result was made up.
        made_up: bool,
        /// All of it in full, up to a few hundred characters.
        full: String,
        /// The call in the script.
        place: Option<Span>,
    },
    /// Answers come in that did not come at once: `service.function` of each.
    Answered(String),
    /// The invocation ended with an error: code and message, in short.
    Error {
        /// Code and message, in short.
        text: String,
        /// What failed.
        place: Option<Span>,
    },
    /// A tick of the clock, a fault, the end of the particle's life.
    Note(String),
    /// What the peer waits for when the run is over.
    Waits {
        /// A sentence, in short.
        text: String,
        /// What waits.
        place: Option<Span>,
    },
    /// So many events are left out.
    More(usize),
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallResult {
    /// A value, in short.
    Value(String),
    /// The service failed: its text, in short.
    Failed(String),
    /// The answer never came, and why.
    None(String),
}

/// A particle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// Index in [`Diagram::peers`].
    pub from: usize,
    /// Index in [`Diagram::peers`].
    pub to: usize,
    /// Index in [`Diagram::rows`] of the event that sent it.
    pub sent: usize,
    /// What became of it.
    pub end: End,
    /// Whether it is a copy that a fault made.
    pub copy: bool,
    /// What the particle goes there for.
    pub place: Option<Span>,
}

/// What became of a particle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Index in [`Diagram::rows`] of its arrival.
    Arrived(usize),
    /// It never came, and why.
    Lost(String),
}

impl Diagram {
    /// The picture of a report.
    pub fn new(report: &Report) -> Diagram {
        let mut diagram = rows::diagram(report);
        diagram.shorten();
        diagram
    }

    /// Leaves out the middle of a long run, and the peers that occur only there. Arrows that begin or end there do so at the
    /// row that stands for it; those that do both are left out.
    fn shorten(&mut self) {
        if self.rows.len() <= MAX_ROWS {
            return;
        }
        let (first, out) = (MAX_ROWS * 3 / 4, self.rows.len() - MAX_ROWS + 1);
        let more =
            Row { event: 0, peer: None, arrival: false, causes: Vec::new(), parts: vec![Part::More(out)] };
        self.rows.splice(first..first + out, [more]);
        let moved = |row: &mut usize| match *row {
            row_before if row_before < first => {}
            inside if inside < first + out => *row = first,
            after => *row = after - out + 1,
        };
        for arrow in &mut self.arrows {
            moved(&mut arrow.sent);
            if let End::Arrived(row) = &mut arrow.end {
                moved(row);
            }
        }
        self.arrows.retain(|arrow| arrow.sent != first || arrow.end != End::Arrived(first));
        let mut used = vec![false; self.peers.len()];
        let ends = self.arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]);
        for peer in ends.chain(self.rows.iter().filter_map(|row| row.peer)) {
            used.iter_mut().skip(peer).take(1).for_each(|used| *used = true);
        }
        let kept: Vec<usize> =
            (0..used.len()).filter(|peer| used.get(*peer).copied().unwrap_or_default()).collect();
        let moved = |peer: &mut usize| *peer = kept.binary_search(peer).unwrap_or_default();
        self.rows.iter_mut().filter_map(|row| row.peer.as_mut()).for_each(moved);
        self.arrows.iter_mut().flat_map(|arrow| [&mut arrow.from, &mut arrow.to]).for_each(moved);
        self.peers = kept.iter().filter_map(|peer| self.peers.get(*peer).cloned()).collect();
    }
}

/// The beginning of a text, control characters as spaces.
fn short(text: &str, length: usize) -> String {
    let mut out: String = text.chars().take(length).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(length).is_some() {
        out.push('…');
    }
    out
}

/// The name of a peer as pictures show it: long ids, which people tell apart by their ends, shortened in the middle.
fn label(peer: &str) -> String {
    let letters: Vec<char> = peer.chars().collect();
    match letters.len() {
        0..=24 => short(peer, 24),
        length => {
            let (first, last) = (letters.iter().take(6), letters.iter().skip(length - 6));
            format!("{}…{}", first.collect::<String>(), last.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use air_simulation::network::Answers;
    use air_simulation::report::EventKind;
    use air_simulation::run::{RunOrder, RunRequest, run};
    use expect_test::{Expect, expect};

    use super::*;

    fn report(text: &str, sample: &str) -> Report {
        let sample = (!sample.is_empty()).then(|| sample.to_owned());
        run(&RunRequest { text: text.to_owned(), sample, make_up: true, ..RunRequest::default() }).unwrap()
    }

    fn check(text: &str, sample: &str, expected: Expect) {
        expected.assert_eq(&mermaid(&Diagram::new(&report(text, sample))));
    }

    /// What the arrival of `a` leads to comes before what that of `b` leads to.
    const ORDER: &str = r#"(par
 (seq (call "@a" ("s" "f") [] x) (seq (call %init_peer_id% ("s" "mid1") [x] m) (call "@c" ("s" "end") [m])))
 (seq (call "@b" ("s" "g") [] y) (seq (call %init_peer_id% ("s" "mid2") [y] n) (call "@d" ("s" "end") [n]))))"#;

    #[test]
    fn in_the_order_of_events() {
        check(
            ORDER,
            "",
            expect![[r#"
            sequenceDiagram
                participant p0 as @init
                participant p1 as @a
                participant p2 as @b
                participant p3 as @c
                participant p4 as @d
                p0->>p1: 
                Note over p1: s.f()<br/>→ "f" (made up)
                p0->>p2: 
                Note over p2: s.g()<br/>→ "g" (made up)
                p1->>p0: 
                Note over p0: s.mid1("f")<br/>→ "mid1" (made up)
                p2->>p0: 
                Note over p0: s.mid2("g")<br/>→ "mid2" (made up)
                p0->>p3: 
                Note over p3: s.end("mid1")<br/>→ null
                p0->>p4: 
                Note over p4: s.end("mid2")<br/>→ null
                Note over p0,p4: completed: the script reached its end on @c
        "#]],
        );
    }

    #[test]
    fn lost_doubled_waiting() {
        let sample = r#"{"faults": ["lose @a→@init", "double @b→@init"]}"#;
        check(
            ORDER,
            sample,
            expect![[r#"
                sequenceDiagram
                    participant p0 as @init
                    participant p1 as @a
                    participant p2 as @b
                    participant p3 as @d
                    p0->>p1: 
                    Note over p1: s.f()<br/>→ "f" (made up)
                    p1-xp0: `lose @a→@init`
                    p0->>p2: 
                    Note over p2: s.g()<br/>→ "g" (made up)
                    p2->>p0: 
                    Note over p0: s.mid2("g")<br/>→ "mid2" (made up)
                    p2->>p0: a second time
                    p0->>p3: 
                    Note over p3: s.end("mid2")<br/>→ null
                    Note over p1: waits: nothing gets from @a to @init: `lose @a→@init…
                    Note over p0,p3: completed: the script reached its end on @d#59; one branch still waits
            "#]],
        );
    }

    #[test]
    fn what_never_ends_does_not_wait() {
        check(
            r#"(par (call "@b" ("s" "f") [] x) (never))"#,
            "",
            expect![[r#"
            sequenceDiagram
                participant p0 as @init
                participant p1 as @b
                p0->>p1: 
                Note over p1: s.f()<br/>→ "f" (made up)
                Note over p0,p1: unheard: the script reached its end on @b, but nothing tells @init, which waits until the particle's life is over (7000 ms)
        "#]],
        );
    }

    #[test]
    fn nulls_are_shown() {
        let sample = r#"{"services": [{"service": "s", "answer": {"ok": null}}]}"#;
        check(
            r#"(call %init_peer_id% ("s" "f") [] x)"#,
            sample,
            expect![[r#"
            sequenceDiagram
                participant p0 as @init
                Note over p0: s.f()<br/>→ null
                Note over p0: completed: the script reached its end on @init
        "#]],
        );
    }

    /// The picture shows the report's events, all of them, in order; arrows begin and end where these say.
    #[test]
    fn every_event_and_no_other() {
        let mut arrows = 0;
        for seed in 0..300 {
            let answers = Some(if seed % 2 == 0 { Answers::Together } else { Answers::Single });
            let request = RunRequest {
                text: ORDER.to_owned(),
                make_up: true,
                answers,
                order: Some(RunOrder::Random(seed)),
                faults: air_simulation::network::Faults { duplicate: 30, lose: 20, seed },
                ..RunRequest::default()
            };
            let report = run(&request).unwrap();
            let diagram = Diagram::new(&report);
            let shown: Vec<(u64, Option<&str>)> = diagram
                .rows
                .iter()
                .filter(|row| row.event > 0)
                .map(|row| (row.event, row.peer.map(|peer| &*diagram.peers[peer])))
                .collect();
            let happened: Vec<(u64, Option<&str>)> =
                report.events.iter().map(|event| (event.number, event.peer.as_deref())).collect();
            assert_eq!(shown, happened);
            let arrived = diagram.arrows.iter().filter_map(|arrow| match arrow.end {
                End::Arrived(row) => Some((diagram.rows[arrow.sent].event, diagram.rows[row].event)),
                End::Lost(_) => None,
            });
            let mut arrived: Vec<(u64, u64)> = arrived.collect();
            arrived.sort_unstable();
            let deliveries = report.events.iter().filter(|event| event.kind == EventKind::Delivery);
            let mut sent: Vec<(u64, u64)> = deliveries.map(|event| (event.causes[0], event.number)).collect();
            sent.sort_unstable();
            assert_eq!(arrived, sent, "seed {seed}");
            arrows += arrived.len();
        }
        assert!(arrows > 1000, "{arrows}");
    }

    #[test]
    fn long_runs_are_shortened() {
        let calls = (0..400).map(|_| "(call \"@b\" (\"s\" \"f\") [])".to_owned());
        let text = calls.reduce(|all, next| format!("(seq {next} {all})")).unwrap();
        let diagram = Diagram::new(&report(&text, ""));
        assert_eq!(diagram.rows.len(), MAX_ROWS);
        assert!(svg(&diagram).contains("events are left out"), "{}", svg(&diagram));
        for arrow in &diagram.arrows {
            let End::Arrived(row) = arrow.end else { panic!("lost") };
            assert!(arrow.sent <= row && row < MAX_ROWS);
        }
    }

    fn attribute(tag: &str, name: &str) -> Option<i64> {
        let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag.get(at..)?.split('"').next()?.parse().ok()
    }

    /// Boxes neither cover each other nor leave the picture, with 2 peers and with 20.
    #[test]
    fn nothing_overlaps() {
        for peers in [2, 20] {
            let calls = (0..peers).map(|peer| {
                format!("(call \"@peer{peer}\" (\"a_service\" \"with_long_names\") [\"and quite long arguments\" {peer}] x{peer})")
            });
            let text = calls.reduce(|all, next| format!("(par {all} {next})")).unwrap();
            let request =
                RunRequest { text, make_up: true, order: Some(RunOrder::Random(7)), ..RunRequest::default() };
            let picture = svg(&Diagram::new(&run(&request).unwrap()));
            let width = attribute(&picture, "width").unwrap();
            let rects = picture.split("<rect").skip(1).filter(|tag| !tag.starts_with(" class=\"ground\""));
            let boxes: Vec<[i64; 4]> = rects
                .map(|tag| {
                    let [x, y, w, h] =
                        ["x", "y", "width", "height"].map(|name| attribute(tag, name).unwrap());
                    [x, y, x + w, y + h]
                })
                .collect();
            assert!(boxes.len() >= 2 * peers, "{}", boxes.len());
            for (index, [x0, y0, x1, y1]) in boxes.iter().enumerate() {
                assert!(*x0 >= 0 && *x1 <= width, "{peers} peers: {x0} to {x1} of {width}");
                for [u0, v0, u1, v1] in &boxes[index + 1..] {
                    assert!(
                        x1 <= u0 || u1 <= x0 || y1 <= v0 || v1 <= y0,
                        "{peers} peers: boxes cover each other"
                    );
                }
            }
        }
    }
}
