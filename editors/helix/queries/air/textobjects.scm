; A call is the unit of work (`]f`, `maf`), what opens a scope the larger one (`]t`, `mat`).
(call) @function.around
(call arguments: (arguments) @function.inside)

[(new) (fold)] @class.around
(new body: (_) @class.inside)
(fold body: (_) @class.inside)

(arguments (_) @parameter.inside @parameter.around)

(comment) @comment.around
