# AIR: file type, colours, indentation, and the program `air`.

hook global BufCreate .*[.]air %{
    # Other languages use the extension too: an AIR script begins with an instruction, after comments and spaces.
    evaluate-commands %sh{
        if [ ! -s "$kak_buffile" ] || sed 's/;.*//' "$kak_buffile" | tr -d ' \t\r\n' |
            grep -qE '^(\((ap|call|canon|fail|fold|match|mismatch|never|new|next|null|par|seq|xor)|$)'; then
            echo 'set-option buffer filetype air'
        fi
    }
}

hook global WinSetOption filetype=air %{
    require-module air
    set-option window comment_line ';'
    set-option window indentwidth 1
    hook window InsertChar \n -group air-indent air-indent-on-new-line
    hook -once -always window WinSetOption filetype=.* %{ remove-hooks window air-.+ }
}

hook -group air-highlight global WinSetOption filetype=air %{
    add-highlighter window/air ref air
    hook -once -always window WinSetOption filetype=.* %{ remove-highlighter window/air }
}

provide-module air %§

add-highlighter shared/air regions
add-highlighter shared/air/code default-region group
add-highlighter shared/air/string region '"' '"' fill string
add-highlighter shared/air/comment region ';' '$' group
add-highlighter shared/air/comment/ fill comment
add-highlighter shared/air/comment/ regex ';+\h*(air:[^\n]*|(?:ok|err|seq_ok|seq_error|map|(?:dbg_)?behaviour)\h*=)' 1:documentation
add-highlighter shared/air/code/ regex '\(\s*(ap|call|canon|fail|fold|match|mismatch|never|new|next|null|par|seq|xor)(?=[\s)])' 1:keyword
add-highlighter shared/air/code/ regex '(?<![^\s()\[\]])[+-]?\d+(\.\d*)?(?=[\s)\]])' 0:value
add-highlighter shared/air/code/ regex '(?<![^\s()\[\]])(true|false)(?=[\s)\]])' 0:value
add-highlighter shared/air/code/ regex '[$%][\w-]+(?![\w%-])' 0:variable
add-highlighter shared/air/code/ regex '#[$%]?[\w-]+' 0:type
add-highlighter shared/air/code/ regex '%(init_peer_id|timestamp|ttl|last_error)%|:error:' 0:builtin
add-highlighter shared/air/code/ regex '\.(\$|length)[^\s()]*' 0:attribute

# As deep as the line before; one deeper if that line leaves a bracket open.
define-command -hidden air-indent-on-new-line %{
    evaluate-commands -draft -itersel %{
        try %{ execute-keys -draft <semicolon> K <a-&> }
        try %{ execute-keys -draft k x <a-k> '^[^;"]*[(\[][^)\]\n]*$' <ret> j i <space> <esc> }
    }
}

define-command air-run -docstring 'run this script on simulated peers' %{
    write
    info -title air %sh{ air run --color never "$kak_buffile" 2>&1 }
}

define-command air-check -docstring 'show the findings in this script' %{
    write
    info -title air %sh{ air check --color never --output-format concise "$kak_buffile" 2>&1 }
}

define-command air-format -docstring 'format this script as the Aqua compiler does' %{
    execute-keys -draft '%|air fmt -<ret>'
}

§
