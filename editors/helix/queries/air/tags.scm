(call function: (function_ref function: (string) @name)) @definition.function
