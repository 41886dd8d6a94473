; A call is the small unit (`]f`, `maf`), an instruction that opens a scope the large one (`]t`, `mat`).
(call) @function.around
(call arguments: (arguments) @function.inside)

[(new) (fold)] @class.around
(new body: (_) @class.inside)
(fold body: (_) @class.inside)

(arguments (_) @parameter.inside @parameter.around)

(comment) @comment.around
