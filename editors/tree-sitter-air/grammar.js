/**
 * AIR for tree-sitter: every script that AquaVM accepts parses without an ERROR node.
 *
 * Nodes have the names of the language server's tree in snake case. Words are split as AquaVM's lexer
 * splits them, except in texts that it rejects anyway.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// Letters and digits of any alphabet, `_` and `-`.
const NAME = /[\p{Alphabetic}\p{N}_\-]+/;

module.exports = grammar({
  name: 'air',

  word: $ => $.scalar,

  extras: $ => [/\p{White_Space}/, $.comment, $.directive, $.annotation],

  supertypes: $ => [$.instruction],

  rules: {
    source_file: $ => repeat($.instruction),

    instruction: $ => choice(
      $.call, $.canon_instr, $.ap, $.seq, $.par, $.xor, $.never, $.null, $.new, $.fail, $.fold, $.next,
      $.match, $.mismatch,
    ),

    call: $ => seq(
      '(', 'call',
      field('peer', $._word),
      field('function', $.function_ref),
      field('arguments', $.arguments),
      field('output', optional(choice($.scalar, $.stream))),
      ')',
    ),
    function_ref: $ => seq('(', field('service', $._word), field('function', $._word), ')'),
    arguments: $ => seq('[', repeat($._value), ']'),

    canon_instr: $ => seq(
      '(', 'canon',
      field('peer', $._word),
      field('source', choice($.stream, $.stream_map)),
      field('target', choice($.canon, $.canon_map, $.scalar)),
      ')',
    ),

    ap: $ => seq(
      '(', 'ap',
      choice(
        seq(field('source', $._value), field('target', choice($.scalar, $.stream))),
        seq(field('entry', $.map_entry), field('target', $.stream_map)),
      ),
      ')',
    ),
    map_entry: $ => seq('(', field('key', $._value), field('value', $._value), ')'),

    seq: $ => seq('(', 'seq', field('left', $.instruction), field('right', $.instruction), ')'),
    par: $ => seq('(', 'par', field('left', $.instruction), field('right', $.instruction), ')'),
    xor: $ => seq('(', 'xor', field('left', $.instruction), field('right', $.instruction), ')'),
    never: _ => seq('(', 'never', ')'),
    null: _ => seq('(', 'null', ')'),
    new: $ => seq('(', 'new', field('variable', $._variable), field('body', $.instruction), ')'),
    fail: $ => seq(
      '(', 'fail',
      choice(
        field('error', choice($.scalar, $.lensed, $.last_error, $.error)),
        seq(field('code', $.integer), field('message', $.string)),
      ),
      ')',
    ),
    fold: $ => seq(
      '(', 'fold',
      field('iterable', choice($._variable, $.lensed, $.empty_array)),
      field('iterator', $.scalar),
      field('body', $.instruction),
      field('last', optional($.instruction)),
      ')',
    ),
    next: $ => seq('(', 'next', field('iterator', $.scalar), ')'),
    match: $ => seq(
      '(', 'match', field('left', $._value), field('right', $._value), field('body', $.instruction), ')',
    ),
    mismatch: $ => seq(
      '(', 'mismatch', field('left', $._value), field('right', $._value), field('body', $.instruction), ')',
    ),

    // Peers, services and functions.
    _word: $ => choice($.init_peer_id, $.string, $.scalar, $.lensed),

    _value: $ => choice(
      $.init_peer_id, $.timestamp, $.ttl, $.last_error, $.error,
      $.string, $.integer, $.float, $.boolean, $.empty_array,
      $.scalar, $.canon, $.canon_map, $.lensed,
    ),

    _variable: $ => choice($.scalar, $.stream, $.stream_map, $.canon, $.canon_map),

    empty_array: _ => seq('[', ']'),

    lensed: $ => seq(
      field('base', choice($.scalar, $.canon, $.canon_map, $.last_error, $.error)),
      field('lens', $.lens),
    ),
    lens: $ => choice(
      seq(token.immediate('.'), alias($._length, $.length)),
      seq(token.immediate('.$'), repeat1($._accessor)),
    ),
    _length: _ => token.immediate('length'),
    _accessor: $ => choice($.field_access, $.index_access, $.variable_access),
    field_access: $ => seq(
      token.immediate('.'), field('name', alias($._field_name, $.field_name)), optional(token.immediate('!')),
    ),
    index_access: $ => seq(
      optional(token.immediate('.')), token.immediate('['), field('index', alias($._index, $.integer)),
      token.immediate(']'), optional(token.immediate('!')),
    ),
    variable_access: $ => seq(
      optional(token.immediate('.')), token.immediate('['), field('name', alias($._lens_variable, $.scalar)),
      token.immediate(']'), optional(token.immediate('!')),
    ),
    _field_name: _ => token.immediate(NAME),
    _index: _ => token.immediate(prec(1, /[0-9]+/)),
    _lens_variable: _ => token.immediate(NAME),

    init_peer_id: _ => '%init_peer_id%',
    timestamp: _ => '%timestamp%',
    ttl: _ => '%ttl%',
    last_error: _ => '%last_error%',
    error: _ => ':error:',

    string: _ => /"[^"]*"/,
    integer: _ => /[+\-]?[0-9]+/,
    float: _ => /[+\-]?[0-9]+\.[0-9]*/,
    boolean: _ => choice('true', 'false'),

    scalar: _ => /[+\-]?[\p{Alphabetic}\p{N}_\-]+/,
    stream: _ => token(seq('$', NAME)),
    stream_map: _ => token(seq('%', NAME)),
    canon: _ => token(seq('#', optional('$'), NAME)),
    // AquaVM reads any word whose second character is `%` as one of these.
    canon_map: _ => token(seq(/[#$%+\-]|[\p{Alphabetic}\p{N}_]/, '%', NAME)),

    comment: _ => token(seq(';', /[^\n]*/)),

    // What AIR's tools read in comments.
    directive: $ => seq(
      token(prec(1, /;+[ \t]*air:/)),
      alias(token.immediate(/[^\n]*/), $.directive_text),
    ),
    annotation: $ => seq(
      field('key', alias(
        token(prec(1, /;+[ \t]*(ok|err|seq_ok|seq_error|behaviour|dbg_behaviour|map)[ \t]*=/)), $.annotation_key,
      )),
      field('value', alias(token.immediate(/[^\n]*/), $.annotation_value)),
    ),
  },
});
