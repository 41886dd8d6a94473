["(" ")" "[" "]"] @rainbow.bracket

[
  (call) (function_ref) (arguments) (canon_instr) (ap) (map_entry) (seq) (par) (xor) (never) (null) (new) (fail) (fold)
  (next) (match) (mismatch) (empty_array)
] @rainbow.scope
