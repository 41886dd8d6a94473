; What a script calls, and the variables it sets apart.
(call function: (function_ref function: (string) @name)) @reference.call
(new variable: (_) @name) @definition.variable
(fold iterator: (scalar) @name) @definition.variable
