[(comment) (annotation) (directive)] @comment
(string) @string
