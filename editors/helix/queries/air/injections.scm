; Sample data behind a call: `; ok = {"any": "JSON"}`. What a behaviour is called is no JSON.
((annotation
  key: (annotation_key) @_key
  value: (annotation_value) @injection.content)
  (#not-match? @_key "behaviour")
  (#set! injection.language "json"))
