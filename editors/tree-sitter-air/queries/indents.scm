; One level for each instruction and each list of arguments, as `air fmt` does.
[
  (call) (canon_instr) (ap) (seq) (par) (xor) (new) (fail) (fold) (match) (mismatch) (arguments)
] @indent.begin

[")" "]"] @indent.branch @indent.end

[(comment) (string)] @indent.auto

; While an instruction is being typed.
(ERROR "(") @indent.begin
