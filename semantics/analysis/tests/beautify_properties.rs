//! Whatever the text: views and idioms keep their promises.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "support/shown.rs"]
mod shown;

use air_analysis::Analysis;
use air_analysis::beautify::{BeautifyOptions, beautify};
use air_analysis::idioms::recognise;
use air_syntax::{TextRange, TextSize};
use proptest::prelude::*;

/// Idioms of all kinds, to cut and to mix.
const SCRIPT: &str = r#"
(xor ; entry
 (seq
  (seq
   (call %init_peer_id% ("getDataSrv" "-relay-") [] -relay-)
   (call %init_peer_id% ("getDataSrv" "xs") [] -xs-arg-)) ; loaded
  (new $out
   (seq
    (par
     (fold -xs-arg- i-0
      (par
       (xor
        (seq
         (new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-)))
         (call i-0 ("s" "f") [1.50 "é" :error:.$.x] $out))
        (seq (new $-hop- (new #-hopc- (canon -relay- $-hop- #-hopc-))) (fail :error:)))
       (next i-0))
      (never))
     (null))
    (seq
     (new $out_test
      (seq
       (seq
        (fold $out out_fold_var
         (seq
          (seq (ap out_fold_var $out_test) (canon "p" $out_test #out_iter_canon))
          (xor (match #out_iter_canon.length 2 (null)) (next out_fold_var)))
         (never))
        (canon "p" $out_test #out_result_canon))
       (ap #out_result_canon out_gate)))
     (seq
      (new -if-else-error-
       (new -else-error-
        (new -if-error-
         (xor
          (mismatch out_gate.$.[0] "a" (ap 1 $log))
          (seq
           (ap :error: -if-error-)
           (xor
            (match :error:.$.error_code 10002 (ap 2 $log))
            (seq
             (seq
              (ap :error: -else-error-)
              (xor
               (match :error:.$.error_code 10001 (ap -if-error- -if-else-error-))
               (ap -else-error- -if-else-error-)))
             (fail -if-else-error-))))))))
      (seq
       (new %T_obj_map (seq (ap ("k" 1) %T_obj_map) (canon "p" %T_obj_map T_obj)))
       (seq
        (new $array-inline
         (seq (ap T_obj $array-inline) (canon "p" $array-inline #array-inline-0)))
        (seq
         (xor (match a true (ap false not)) (ap true not))
         (seq
          (seq (canon "p" $out #-out-fix-0) (ap #-out-fix-0 -out-flat-0))
          (seq
           (par (par (null) (call "p" ("peer" "timeout") [5 "m"] t)) (call "p" ("op" "noop") []))
           (call %init_peer_id% ("callbackSrv" "response") [-out-flat-0])))))))))))
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0]))
; end"#;

fn check(text: &str) {
    let analysis = Analysis::new(text);
    let hir = analysis.hir();
    let inside = |range: TextRange| text.get(usize::from(range.start())..usize::from(range.end())).is_some();
    let idioms = recognise(hir);
    for (index, idiom) in idioms.iter().enumerate() {
        assert!(inside(idiom.range), "{idiom:?}");
        assert!(idiom.part_of.is_none_or(|outer| (outer as usize) < index));
        assert!(idiom.payloads.iter().all(|payload| idiom.range.contains_range(payload.range)), "{idiom:?}");
        assert!(idiom.label.chars().count() < 600, "{idiom:?}");
        let carriers = idiom.carriers.iter().map(|&carrier| hir.instr(carrier).unwrap().range);
        assert!(carriers.clone().all(|range| idiom.range.contains_range(range)), "{idiom:?}");
    }
    for bits in 0..8 {
        let options = BeautifyOptions {
            indent_step: 1,
            patterns: bits & 1 > 0,
            comments: bits & 2 > 0,
            idioms: bits & 4 > 0,
        };
        let view = beautify(hir, &options).unwrap();
        let mut end = TextSize::from(0);
        let mut before = TextSize::from(0);
        for line in &view.map.lines {
            assert!(inside(line.source) && line.view.start() == end && line.source.start() >= before);
            (end, before) = (line.view.end(), line.source.start());
            assert!(view.map.spans_of(line).iter().all(|span| inside(span.source)));
        }
        assert_eq!(end, TextSize::of(&*view.text));
        for offset in 0..=text.len() + 2 {
            let offset = TextSize::from(u32::try_from(offset).unwrap());
            assert!(view.map.source_to_view(offset) <= end);
        }
        for offset in 0..=view.text.len() + 2 {
            let offset = TextSize::from(u32::try_from(offset).unwrap());
            assert!(view.map.view_to_source(offset) <= TextSize::of(text));
        }
    }
    shown::nothing_is_lost(hir);
}

/// Where to cut: between tokens, roughly.
fn words() -> Vec<&'static str> {
    SCRIPT.split_inclusive([' ', '\n', ')']).collect()
}

proptest! {
    #[test]
    fn cut_scripts(from in 0usize..400, length in 0usize..12) {
        let words = words();
        let from = from.min(words.len());
        let to = (from + length).min(words.len());
        check(&(words[..from].concat() + &words[to..].concat()));
    }

    #[test]
    fn exchanged_parts(a in 0usize..400, b in 0usize..400, length in 1usize..6) {
        let mut words = words();
        for step in 0..length {
            let (a, b) = ((a + step) % words.len(), (b + step) % words.len());
            words.swap(a, b);
        }
        check(&words.concat());
    }

    #[test]
    fn soup(words in prop::collection::vec(prop::sample::select(words()), 0..40)) {
        check(&words.concat());
    }

    #[test]
    fn any_text(text in "\\PC{0,60}") {
        check(&text);
    }
}

#[test]
fn the_script_itself() {
    assert!(
        Analysis::new(SCRIPT.replace("match a true", "match out_gate true").as_str()).hir().roots.len() == 1
    );
    check(SCRIPT);
}
