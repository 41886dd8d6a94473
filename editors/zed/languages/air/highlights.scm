; Classes agree with the semantic tokens of the language server. If two patterns capture a node, the later one counts.

[
  "call" "canon" "ap" "seq" "par" "xor" "never" "null" "new" "fail" "fold" "next" "match" "mismatch"
] @keyword

[(comment) (annotation)] @comment
(directive) @comment.doc

(string) @string
[(integer) (float)] @number
(boolean) @boolean

[(init_peer_id) (timestamp) (ttl) (last_error) (error)] @variable.special

(scalar) @variable
(stream) @variable.stream
(canon) @variable.canon
(stream_map) @variable.stream_map
(canon_map) @variable.canon_map

(fold iterator: (scalar) @variable.parameter)
(next iterator: (scalar) @variable.parameter)

(call peer: (string) @type)
(canon_instr peer: (string) @type)
(function_ref service: (string) @namespace)
(function_ref function: (string) @function)

(field_name) @property
(length) @property.builtin

["(" ")" "[" "]"] @punctuation.bracket
[".$" "."] @punctuation.delimiter
