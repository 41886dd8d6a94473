; The functions that a script calls, and the variables that `new` declares.
(call function: (function_ref function: (string) @name)) @reference.call
(new variable: (_) @name) @definition.variable
(fold iterator: (scalar) @name) @definition.variable
