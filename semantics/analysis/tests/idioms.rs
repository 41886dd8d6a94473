//! Idioms over the corpus of real scripts.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout
)]

#[allow(dead_code)]
#[path = "support/corpus.rs"]
mod corpus;

#[path = "support/shown.rs"]
mod shown;

use std::collections::BTreeMap;
use std::fmt::Write;

use air_analysis::idioms::{Certainty, Idiom, IdiomKind, PayloadNode, recognise, recognise_at};
use air_semantics::hir::{Hir, InstrId};
use expect_test::expect;

fn hir(text: &str) -> Hir {
    air_analysis::Analysis::new(text).hir().clone()
}

#[test]
fn counts_on_the_corpus() {
    // Files / occurrences among scripts of the compiler: generated with relay, generated without,
    // older or checked in, all; then how many are certain and how many likely.
    //
    // Where this differs from the survey of the same scripts by names (aqua-idioms of the shared
    // data) the reasons are: old dialects pass streams as arguments, which the HIR has no operand
    // for (6 array and 4 option literals, 6 waits); gates and option literals hold their own
    // `xor`, `add` and pushes, which the survey also counted alone (arithmetic, try, push); a
    // parameter that is a stream is not a `for` here (17); `co` around a canon and a loop is the
    // loop's `for par` here (4); hops around a test of an `if` do not hide it here (26).
    let mut table: BTreeMap<IdiomKind, [(u32, u32); 3]> = BTreeMap::new();
    let mut levels: BTreeMap<IdiomKind, [u32; 3]> = BTreeMap::new();
    for script in corpus::scripts() {
        let Some(group) = script.group else { continue };
        let column = ["default", "bare", "older"].iter().position(|name| *name == group).unwrap();
        let mut here: BTreeMap<IdiomKind, u32> = BTreeMap::new();
        for idiom in recognise(&hir(&script.text)) {
            *here.entry(idiom.kind).or_default() += 1;
            let level = match idiom.certainty {
                Certainty::Certain => 0,
                Certainty::Likely => 1,
                Certainty::Hint => 2,
            };
            levels.entry(idiom.kind).or_default()[level] += 1;
        }
        for (kind, count) in here {
            let cell = &mut table.entry(kind).or_default()[column];
            cell.0 += 1;
            cell.1 += count;
        }
    }
    if table.is_empty() {
        return;
    }
    let mut shown = String::new();
    for &kind in IdiomKind::ALL {
        let row = table.get(&kind).copied().unwrap_or_default();
        let files: u32 = row.iter().map(|cell| cell.0).sum();
        let all: u32 = row.iter().map(|cell| cell.1).sum();
        let [certain, likely, _] = levels.get(&kind).copied().unwrap_or_default();
        let cell = |(files, count): (u32, u32)| format!("{files}/{count}");
        writeln!(
            shown,
            "{:<18} {:>9} {:>9} {:>9} {:>9}  {certain:>5} {likely:>5}",
            kind.name(),
            cell(row[0]),
            cell(row[1]),
            cell(row[2]),
            format!("{files}/{all}")
        )
        .unwrap();
    }
    expect![[r#"
        error-wrapper        237/237   237/237   188/496   662/970    970     0
        parameter            237/516   145/279   184/496  566/1291   1291     0
        stream-parameter         6/7       6/7       3/3     15/17     15     2
        return               193/193   193/193   147/147   533/533    533     0
        callback               13/17     13/17     16/16     42/50     50     0
        hop                   91/570     28/57     10/80   129/707    707     0
        hop-service              6/9       6/9    96/448   108/466      0   466
        via                     5/12      5/10      8/23     18/45     45     0
        via-back                 4/4       0/0      6/10     10/14     14     0
        on                   108/197       0/0     14/36   122/233    233     0
        rethrow              129/359       0/0    17/291   146/650    650     0
        if                     29/58       0/0     8/119    37/177    177     0
        if-else               36/104       0/0     7/136    43/240    240     0
        if-plain                 0/0     28/57      9/10     37/67     57    10
        if-else-plain            1/2    36/104    28/125    65/231    212    19
        try-catch              14/35     14/35     10/70    38/140    139     1
        try-otherwise            4/5       4/5     14/29     22/39     37     2
        try-swallow              4/5       4/5     12/29     20/39     39     0
        boolean-operator       21/62     21/64      5/94    47/220    220     0
        arithmetic             17/27     18/28     20/28     55/83     60    23
        comparison               3/3       3/3       4/8     10/14     12     2
        stream-scope          94/169    94/169    57/240   245/578    518    60
        push                  91/342    91/342    51/399  233/1083    963   120
        push-stream              0/0       0/0      7/10      7/10     10     0
        stream-return          54/67     54/67     16/74   124/208    168    40
        freeze                 24/33     24/33     16/50    64/116     97    19
        length                  6/16      6/16     11/41     23/73     73     0
        map-to-object            0/0       0/0       0/0       0/0      0     0
        join                   46/80     46/80     22/86   114/246    246     0
        wait                     0/0       0/0       1/1       1/1      0     1
        for                    22/36     22/36     37/81    81/153    141    12
        for-par                18/24     18/24     29/33     65/81     67    14
        for-rec                  3/6       3/6       0/0      6/12     10     2
        for-try                  0/0       0/0       0/0       0/0      0     0
        parseq                   0/0       0/0       0/0       0/0      0     0
        for-map                  0/0       0/0       0/0       0/0      0     0
        co                     18/49     18/49     8/197    44/295    283    12
        par-block              12/96     12/96    13/119    37/311    305     6
        race                     4/5       4/5       8/8     16/18      0    18
        array-literal         45/263    45/263    11/464   101/990    990     0
        option-literal           2/5       2/5       3/3      7/13     13     0
        struct-literal         27/70     28/71      7/87    62/228    228     0
        struct-copy              0/0       0/0       0/0       0/0      0     0
        json-object              0/0       0/0      5/18      5/18     18     0
        property               21/39     21/39      9/76    51/154    154     0
        literal-helper          6/16      6/16       0/0     12/32     32     0
        map-get                  0/0       0/0       0/0       0/0      0     0
        map-contains             0/0       0/0       0/0       0/0      0     0
        map-keys                 0/0       0/0       0/0       0/0      0     0
        map-stream               0/0       0/0       0/0       0/0      0     0
        trace                    0/0       0/0       0/0       0/0      0     0
        traced-function          0/0       0/0       0/0       0/0      0     0
        logging               21/178    21/178    11/349    53/705      0   705
    "#]]
    .assert_eq(&shown);
}

fn check(name: &str, hir: &Hir, idioms: &[Idiom]) {
    for (index, idiom) in idioms.iter().enumerate() {
        let inside = |range: air_syntax::TextRange| {
            hir.text.get(usize::from(range.start())..usize::from(range.end())).is_some()
        };
        assert!(inside(idiom.range), "{name}: {idiom:?}");
        assert!(hir.instr(idiom.root).is_some());
        assert!(idiom.part_of.is_none_or(|outer| (outer as usize) < index), "{name}: {idiom:?}");
        for payload in &idiom.payloads {
            assert!(inside(payload.range) && idiom.range.contains_range(payload.range), "{name}: {idiom:?}");
            let range = match payload.node {
                PayloadNode::Instr(id) => hir.instr(id).unwrap().range,
                PayloadNode::Operand(id) => hir.operands[id.0 as usize].range,
            };
            assert_eq!(range, payload.range);
        }
        for &carrier in &idiom.carriers {
            assert!(idiom.range.contains_range(hir.instr(carrier).unwrap().range), "{name}: {idiom:?}");
        }
    }
}

#[test]
fn ranges_and_links_of_the_corpus_are_sound() {
    for script in corpus::scripts() {
        let hir = hir(&script.text);
        check(&script.name, &hir, &recognise(&hir));
    }
}

#[test]
fn views_with_idioms_lose_no_call() {
    for script in corpus::scripts() {
        shown::nothing_is_lost(&hir(&script.text));
    }
}

/// Longer scripts would take long.
const MAX_BYTES_FOR_EACH: usize = 20_000;

#[test]
fn one_alone_is_the_same_as_among_all() {
    let (mut some, mut none) = (0, 0);
    for script in
        corpus::scripts().into_iter().filter(|script| script.text.len() < MAX_BYTES_FOR_EACH).step_by(3)
    {
        let hir = hir(&script.text);
        let all = recognise(&hir);
        for id in (0..hir.instrs.len() as u32).step_by(5).map(InstrId) {
            let among = all.iter().find(|idiom| idiom.root == id);
            let alone = recognise_at(&hir, id);
            assert_eq!(alone.is_some(), among.is_some(), "{}: {among:?} {alone:?}", script.name);
            if let (Some(alone), Some(among)) = (alone, among) {
                // The outer one has another number here.
                assert_eq!(Idiom { part_of: among.part_of, ..alone }, *among, "{}", script.name);
                some += 1;
            } else {
                none += 1;
            }
        }
    }
    // Without the shared data there is nothing to compare.
    assert!(some + none == 0 || some > 500 && none > 500, "{some} {none}");
}
