" .air is also used by other languages: see air#detect().
autocmd BufNewFile,BufRead *.air call air#detect()
