; Close to AquaVM's rules: `new` and `fold` open scopes; what calls, `ap` and `canon` set lives until the end of its scope.
[(source_file) (new) (fold)] @local.scope

(new variable: (_) @local.definition.var)
(fold iterator: (scalar) @local.definition.parameter)
(call output: (_) @local.definition.var)
(ap target: (_) @local.definition.var)
(canon_instr target: (_) @local.definition.var)

[(scalar) (stream) (stream_map) (canon) (canon_map)] @local.reference
