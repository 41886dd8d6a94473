// An instance lives as long as its host: its memory after many invocations is that after the first ones, and arguments
// that lie nowhere harm nothing.
//
//     node memory.mjs MODULE [INVOCATIONS]
import { Avm, requestsOf } from './lib/marine.mjs';
import { encode } from './lib/msgpack.mjs';
import { parameters, peerOf } from './lib/keys.mjs';

const [module, count = '20000'] = process.argv.slice(2);
const avm = Avm.open(module);
const peer = peerOf('memory');
const params = parameters(peer, peer, 'particle');
const none = Uint8Array.from([0x81, 0x04, 0x80]);
const EMPTY = new Uint8Array();
const air = `(seq (fold [] i (next i)) (xor (seq (call %init_peer_id% ("s" "f") [1 "text"] x) (ap x.$.list $s)) (call %init_peer_id% ("e" "e") [:error:])))`;
const answers = Uint8Array.from([0x81, 0x04, ...encode({ 1: { ret_code: 0, result: JSON.stringify({ list: 'x'.repeat(1000) }) } })]);

let failed = false;
function check(condition, message) {
  if (condition) return;
  failed = true;
  console.log(`FAILED ${message}`);
}

function round() {
  const first = avm.invoke(air, EMPTY, EMPTY, params, none);
  const second = avm.invoke(air, first.data, EMPTY, params, answers);
  check(first.ret_code === 0 && second.ret_code === 0 && second.data.length > 1000, `${second.error_message}`);
}

for (let number = 0; number < 500; number++) round();
const before = avm.memory;
for (let number = 1000; number < Number(count); number += 4) {
  round();
  avm.ast(air);
  avm.readable(EMPTY);
  // A rejected script, and broken data.
  check(avm.invoke('(', EMPTY, EMPTY, params, none).ret_code === 1, 'a broken script is code 1');
  check(avm.invoke(air, EMPTY, none, params, none).ret_code === 3, 'broken data is code 3');
}
const drift = avm.memory - before;
check(drift <= 65536, `memory grew by ${drift} bytes`);

// Arguments that lie nowhere, twice, or too long: an error that says which, and the instance lives.
const { exports } = avm;
const wrong = [0, 1, 8, 0x7fffffff, 0xffffffff, 0x10000];
let answered = 0;
for (const place of wrong) {
  for (const length of wrong.slice(1)) {
    const [at, size] = avm.pass('(null)');
    const good = () => [...avm.pass('(null)')];
    const arguments_ = [
      [place, length, ...good(), ...good(), avm.params(params), ...avm.pass(none)],
      [...good(), place, length, ...good(), avm.params(params), ...avm.pass(none)],
      [at, size + length, ...good(), ...good(), avm.params(params), ...avm.pass(none)],
      [...good(), 0, 0, 0, 0, place, ...avm.pass(none)],
      [...good(), 0, 0, 0, 0, avm.params(params), place, length],
    ];
    for (const list of arguments_) {
      exports.invoke(...list);
      const { ret_code, error_message, call_requests } = avm.outcome();
      check(ret_code === 29009 || ret_code === 3, `code ${ret_code} for ${list}: ${error_message}`);
      check(Object.keys(requestsOf(call_requests)).length === 0, 'no requests');
      answered++;
    }
    exports.ast(place, length);
    exports.to_human_readable_data(place, length);
    exports.release_objects();
  }
}
check(exports.allocate(10, 99) === 0 && exports.allocate(0, 1) === 0, 'nothing is allocated for no type');
check(exports.allocate(0xffffffff, 4) === 0, 'more than there can be is refused');
const strings = avm.params({ ...params, particle_id: '' });
check(strings !== 0, 'parameters');
const text = avm.pass(Uint8Array.from([0x22, 0xff, 0xfe]));
exports.ast(...text);
check(/not UTF-8/.test(new TextDecoder().decode(avm.read(exports.get_result_ptr(), exports.get_result_size()))), 'not UTF-8');
exports.release_objects();
round();
console.log(`memory: ${before} bytes after 1,000 invocations, ${before + drift} after ${count}; ${answered} wrong arguments answered`);
process.exitCode = failed ? 1 : 0;
