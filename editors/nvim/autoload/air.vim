" Sets the filetype of a *.air buffer if it is empty or its first word outside comments is `(` and one of the
" fourteen instructions. Other languages use the same extension; their files are left alone.
function! air#detect() abort
  for line in getline(1, 200)
    let text = substitute(line, ';.*', '', '')
    if text =~# '^\s*$'
      continue
    endif
    if text =~# '^\s*($' || text =~# '^\s*(\s*\%(ap\|call\|canon\|fail\|fold\|match\|mismatch\|never\|new\|next\|null\|par\|seq\|xor\)\>'
      setfiletype air
    endif
    return
  endfor
  setfiletype air
endfunction
