//! Whatever the text: outlines keep their promises.

#![allow(clippy::indexing_slicing, clippy::string_slice)]

use air_analysis::Analysis;
use air_ide::outline::outline;

const SCRIPT: &str = include_str!("../../../tests/scripts/compiled.air");

fn check(text: &str) {
    let analysis = Analysis::new(text);
    let items = outline(&analysis);
    for (index, item) in items.iter().enumerate() {
        assert!(text.get(usize::from(item.range.start())..usize::from(item.range.end())).is_some());
        assert!(item.range.contains_range(item.selection), "{item:?}");
        let inside = |parent: u32| (parent as usize) < index && items[parent as usize].end as usize > index;
        assert!(item.parent.is_none_or(inside), "{item:?}");
    }
}

#[test]
fn each_item_lies_in_its_parent_wherever_the_script_is_cut() {
    for at in (0..=SCRIPT.len()).step_by(7).filter(|at| SCRIPT.is_char_boundary(*at)) {
        check(&SCRIPT[..at]);
        check(&SCRIPT[at..]);
        let rest = SCRIPT[at..].chars().skip(1).collect::<String>();
        check(&(SCRIPT[..at].to_owned() + &rest));
    }
}
