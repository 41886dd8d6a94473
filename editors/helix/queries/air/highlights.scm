; No node is captured by two patterns, because which of them counts differs between versions of Helix. Iterators get
; their colour from locals.scm. Classes agree with the semantic tokens of the language server.

[
  "call" "canon" "ap" "seq" "par" "xor" "never" "null" "new" "fail" "fold" "next" "match" "mismatch"
] @keyword

[(comment) (annotation)] @comment.line
(directive) @comment.line.documentation

[(integer) (float)] @constant.numeric
(boolean) @constant.builtin.boolean

[(init_peer_id) (timestamp) (ttl) (last_error) (error)] @variable.builtin

(scalar) @variable
(stream) @variable.other.stream
(canon) @variable.other.canon
(stream_map) @variable.other.stream_map
(canon_map) @variable.other.canon_map

; Literals by what they name.
(call peer: (string) @type)
(canon_instr peer: (string) @type)
(function_ref service: (string) @namespace)
(function_ref function: (string) @function)

; Other literals.
(arguments (string) @string)
(ap source: (string) @string)
(map_entry (string) @string)
(match (string) @string)
(mismatch (string) @string)
(fail message: (string) @string)
(ERROR (string) @string)

(field_name) @variable.other.member
(length) @function.builtin

["(" ")" "[" "]"] @punctuation.bracket
[".$" "."] @punctuation.delimiter
