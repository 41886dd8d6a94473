; The outermost instruction is the script.
(source_file . (instruction) @run
  (#set! tag air-run))
