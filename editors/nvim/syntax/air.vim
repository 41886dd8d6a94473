" Colours for AIR where the server's semantic tokens are not drawn (Neovim before 0.9, or no server).
if exists('b:current_syntax')
  finish
endif

syntax match airComment /;.*$/ contains=airTodo,airSample
syntax keyword airTodo contained TODO FIXME
syntax match airSample contained /\<\%(ok\|err\|seq_ok\|seq_error\|behaviour\|map\)\ze\s*=/
syntax match airSample contained /\<air:\s*\%(given\|allow\|fmt\)\>/
syntax region airString start=/"/ end=/"/
syntax match airInstruction /(\@1<=\s*\%(ap\|call\|canon\|fail\|fold\|match\|mismatch\|never\|new\|next\|null\|par\|seq\|xor\)\ze[[:space:])"(]/
syntax match airInstruction /(\@1<=\s*\%(ap\|call\|canon\|fail\|fold\|match\|mismatch\|never\|new\|next\|null\|par\|seq\|xor\)$/
syntax match airNumber /\%(^\|[[:space:][(]\)\@1<=[-+]\?\d\+\%(\.\d\+\)\?\ze\%([[:space:]\])]\|$\)/
syntax match airBoolean /\%(^\|[[:space:][(]\)\@1<=\%(true\|false\)\ze\%([[:space:]\])]\|$\)/
syntax match airStream /\$[[:alnum:]_-]\+/
syntax match airStreamMap /%[[:alnum:]_-]\+/
syntax match airCanon /#[$%]\?[[:alnum:]_-]\+/
syntax match airConstant /%\%(init_peer_id\|timestamp\|ttl\|last_error\)%/
syntax match airConstant /:error:/
syntax match airLens /\.\%(\$\|length\)[^[:space:]()]*/

highlight default link airComment Comment
highlight default link airTodo Todo
highlight default link airSample SpecialComment
highlight default link airString String
highlight default link airInstruction Keyword
highlight default link airNumber Number
highlight default link airBoolean Boolean
highlight default link airStream Identifier
highlight default link airStreamMap Identifier
highlight default link airCanon Type
highlight default link airConstant Constant
highlight default link airLens Special

let b:current_syntax = 'air'
