[
  (call) (canon_instr) (ap) (seq) (par) (xor) (new) (fail) (fold) (match) (mismatch) (arguments)
] @fold
