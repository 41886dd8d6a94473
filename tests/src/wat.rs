//! Large modules in WebAssembly's text format, for measuring servers of that language as we measure ours.

use std::fmt::Write as _;

/// A valid module of at least `bytes` bytes, and little more. The same size gives the same text.
pub fn module(bytes: usize) -> String {
    let mut out = String::from(
        "(module\n  (import \"host\" \"log\" (func $log (param i32)))\n  (global $total (mut i32) (i32.const 0))\n",
    );
    for number in 0.. {
        if out.len() >= bytes {
            break;
        }
        let _ = write!(
            out,
            "  (func $step_{number} (param $a i32) (param $b i32) (result i32)
    (local $sum i32)
    (local.set $sum
      (i32.add (local.get $a) (i32.mul (local.get $b) (i32.const {number}))))
    (if (i32.lt_s (local.get $sum) (global.get $total))
      (then
        (call $log (local.get $sum))
        (global.set $total (local.get $sum)))
      (else
        (call $log (i32.const {number}))))
    (block $done
      (br_if $done (i32.eqz (local.get $b)))
      (call $log (i32.sub (local.get $sum) (local.get $a))))
    (local.get $sum))
"
        );
    }
    out.push_str(")\n");
    out
}
