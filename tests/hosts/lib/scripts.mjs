// What runs on the clients: `"@a"` is where it starts, `"@b"` and `"@c"` are the others. A script ends by calling `done`
// on `@a`, `want` times.

const done = (values) => `(call %init_peer_id% ("done" "value") [${values}])`;
const failed = '(call %init_peer_id% ("done" "error") [:error:.$.error_code :error:.$.message])';

export const scripts = {
  echo: { air: `(seq (call "@a" ("test" "echo") ["hi"] x) ${done('x')})` },
  hop: { air: `(seq (call "@b" ("test" "name") [] x) ${done('x')})` },
  ring: {
    air: `(seq (call "@b" ("test" "name") [] x) (seq (call "@c" ("test" "all") [x "c"] y) (seq (call "@b" ("test" "all") [y] z) ${done('x y z')})))`,
  },
  par: {
    air: `(seq (par (call "@b" ("test" "name") [] x) (call "@c" ("test" "name") [] y)) (seq (call "@a" ("test" "all") [x y] z) ${done('z')}))`,
  },
  lens: { air: `(seq (call "@b" ("test" "all") [%init_peer_id% "x" 1.5 true] x) ${done('x.$.[1] x.$.[2] x.length')})` },
  stream: {
    air: `(seq (seq (call "@a" ("test" "peers") [] ps) (fold ps p (seq (call p ("test" "name") [] $s) (next p)))) (seq (canon "@a" $s #all) ${done('#all #all.length')}))`,
  },
  'stream in par': {
    air: `(seq (call "@a" ("test" "peers") [] ps) (seq (par (fold ps p (par (call p ("test" "name") [] $s) (next p)) (never)) (null)) (new $t (seq (seq (call "@b" ("test" "name") [] $t) (call "@c" ("test" "name") [] $t)) (seq (canon "@a" $t #t) ${done('#t')})))))`,
  },
  'refused and caught': { air: `(xor (call "@b" ("test" "refuse") ["no"] x) ${failed})` },
  'thrown and caught': { air: `(xor (call "@c" ("test" "throw") [] x) ${failed})` },
  'refused and not caught': { air: '(call "@a" ("test" "refuse") ["no"] x)' },
  'no such service': { air: `(xor (call "@b" ("nowhere" "f") [] x) ${failed})` },
  'nested errors': {
    air: `(xor (xor (call "@b" ("test" "refuse") ["one"] x) (call "@c" ("test" "refuse") [:error:.$.message] y)) ${failed})`,
  },
  match: { air: `(seq (call "@b" ("test" "name") [] x) (xor (match x "b" ${done('"is b"')}) ${done('"is not b"')}))` },
  mismatch: { air: `(seq (call "@b" ("test" "name") [] x) (xor (mismatch x "b" (null)) ${failed}))` },
  fail: { air: `(xor (fail 77 "on purpose") ${failed})` },
  'fail with what was caught': { air: `(xor (xor (call "@b" ("test" "refuse") ["no"] x) (fail :error:)) ${failed})` },
  'tetraplets of values': {
    air: `(seq (seq (call "@b" ("test" "all") ["x" 1] x) (ap x.$.[0] y)) (seq (call "@c" ("test" "tetraplets") [x x.$.[1] y "literal" %init_peer_id%] t) ${done('t x y')}))`,
  },
  'tetraplets of streams': {
    air: `(seq (seq (call "@b" ("test" "name") [] $s) (call "@c" ("test" "name") [] $s)) (seq (canon "@b" $s #all) (seq (call "@c" ("test" "tetraplets") [#all #all.$.[0]] t) ${done('t #all')})))`,
  },
  'stream map': {
    air: `(seq (seq (seq (call "@b" ("test" "name") [] x) (ap ("k" x) %m)) (ap (3 "three") %m)) (seq (canon "@b" %m #%m) ${done('#%m #%m.$.k')}))`,
  },
  'new hides': {
    air: `(seq (ap "outer" x) (seq (new x (seq (call "@b" ("test" "name") [] x) ${done('x')})) ${done('x')}))`,
    want: 2,
  },
  'recursive stream': {
    air: `(seq (ap 1 $s) (seq (par (fold $s i (seq (xor (mismatch i 3 (seq (call "@b" ("test" "echo") [i] j) (xor (match j 1 (ap 2 $s)) (ap 3 $s)))) (null)) (next i)) (never)) (null)) (seq (call "@b" ("test" "later") ["end"] e) ${done('e')})))`,
  },
  'large value': { air: `(seq (call "@b" ("test" "large") [200000] x) (seq (call "@c" ("test" "echo") [x] y) ${done('y')}))` },
  'any text': { air: `(seq (call "@b" ("test" "echo") ["é \\u 😀 \\n '"] x) ${done('x')})` },
  'numbers': { air: `(seq (call "@b" ("test" "all") [0 -1 1.5 -0.25 9007199254740991 true] x) ${done('x')})` },
  'many calls': {
    air: `(seq ${Array.from({ length: 40 }, (_, n) => `(call "@${'abc'[n % 3]}" ("test" "echo") [${n}] $s)`).reduceRight((rest, call) => `(par ${call} ${rest})`, '(null)')} (seq (call "@a" ("test" "later") [1] y) (seq (canon "@a" $none #none) ${done('"over" #none')})))`,
  },
  'broken script': { air: '(seq (null)' },
  'undefined variable': { air: `(seq (null) (call "@a" ("test" "echo") [undefined] x))` },
};

const returns = (name) => ({
  functionName: name,
  arrow: {
    tag: 'arrow',
    domain: { tag: 'labeledProduct', fields: { n: { tag: 'scalar', name: 'i32' } } },
    codomain: { tag: 'unlabeledProduct', items: [{ tag: 'scalar', name: 'i32' }] },
  },
  names: {
    relay: '-relay-', getDataSrv: 'getDataSrv', callbackSrv: 'callbackSrv', responseSrv: 'callbackSrv',
    responseFnName: 'response', errorHandlingSrv: 'errorHandlingSrv', errorFnName: 'error',
  },
});

/** As the Aqua compiler writes functions. */
const wrapped = (body) => `
(xor
 (seq
  (call %init_peer_id% ("getDataSrv" "n") [] n)
  (seq ${body} (call %init_peer_id% ("callbackSrv" "response") [result]))
 )
 (call %init_peer_id% ("errorHandlingSrv" "error") [:error: 0])
)`;

export const functions = {
  'v5_callFunction': { args: [42], definition: returns('echo'), air: wrapped('(call "@b" ("test" "echo") [n] result)') },
  'v5_callFunction with an error': { args: [42], definition: returns('refuse'), air: wrapped('(call "@b" ("test" "refuse") ["no"] result)') },
};
