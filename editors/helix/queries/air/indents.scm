[
  (call) (canon_instr) (ap) (seq) (par) (xor) (new) (fail) (fold) (match) (mismatch) (arguments)
] @indent

[")" "]"] @outdent

; While an instruction is being typed.
(ERROR "(" @indent)
