; Iterators wherever they are used, not only where `fold` names them; `new` hides them.
[(fold) (new)] @local.scope

(fold iterator: (scalar) @local.definition.variable.parameter)
(new variable: (scalar) @local.definition.variable)

(scalar) @local.reference
