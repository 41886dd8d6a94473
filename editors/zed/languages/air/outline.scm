(call
  function: (function_ref
    service: (_) @context
    function: (_) @name)) @item

(new "new" @context variable: (_) @name) @item
(fold "fold" @context iterable: (_) @name iterator: (_) @context) @item
