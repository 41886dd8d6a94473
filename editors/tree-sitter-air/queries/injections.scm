; Sample data after a call: `; ok = {"any": "JSON"}`. The name of a behaviour is not JSON.
((annotation
  key: (annotation_key) @_key
  value: (annotation_value) @injection.content)
  (#not-match? @_key "behaviour")
  (#set! injection.language "json"))
