// The recorded runs of AquaVM 0.64.1 through a module's exports.
//
//     node golden.mjs MODULE GOLDEN
//
// MODULE is a Wasm with AquaVM's interface, GOLDEN the recorded runs (corpus/data/golden.jsonl). Codes, stable messages,
// peers, requests and decoded data have to be the same. Inputs on which AquaVM traps have to end with an error of ours,
// in the same instance.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Avm, requestsOf, VERSION } from './lib/marine.mjs';

const [module, golden] = process.argv.slice(2);
const avm = Avm.open(module);
const bytes = (base64) => new Uint8Array(Buffer.from(base64, 'base64'));
const hex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
// Addresses in debug forms, and the version of the module.
const stable = (message) => message.replace(/0x[0-9a-f]+/g, '0x').replace(VERSION, 'V');
const sameVersion = (json) => JSON.parse(JSON.stringify(json).replace(/"interpreter_version":"[^"]*"/, '"interpreter_version":"V"'));

const runs = readFileSync(golden, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
  .filter(({ kind }) => kind === 'run' || kind === 'trap');
let good = 0, traps = 0;
const problems = [];
for (const { id, kind, input, expected } of runs) {
  const { script, prev_data_b64, data_b64, run_parameters, call_results_hex } = input;
  let outcome;
  try {
    outcome = avm.invoke(script, bytes(prev_data_b64), bytes(data_b64), run_parameters, hex(call_results_hex));
  } catch (error) {
    problems.push(`${id}: traps: ${error.message}`);
    avm.start();
    continue;
  }
  if (kind === 'trap') {
    traps++;
    continue;
  }
  const different = [];
  const same = (what, have, want) => isDeepStrictEqual(have, want) || different.push([what, have, want]);
  same('ret_code', outcome.ret_code, expected.ret_code);
  if (expected.error_message_stable) same('message', stable(outcome.error_message), stable(expected.error_message));
  same('peers', [...outcome.next_peer_pks].sort(), expected.next_peer_pks_sorted);
  same('requests', requestsOf(outcome.call_requests), requestsOf(hex(expected.call_requests_hex)));
  if (Buffer.compare(Buffer.from(outcome.data), Buffer.from(expected.data_b64, 'base64')) !== 0) {
    const { versions, data } = expected.data_json;
    same('data', sameVersion(JSON.parse(avm.readable(outcome.data))), sameVersion({ versions, data }));
  }
  if (different.length === 0) good++;
  for (const [what, have, want] of different) {
    problems.push(`${id}: ${what}\n    want ${JSON.stringify(want).slice(0, 600)}\n    have ${JSON.stringify(have).slice(0, 600)}`);
  }
}
problems.slice(0, 10).forEach((problem) => console.log(problem));
const all = runs.filter(({ kind }) => kind === 'run').length;
console.log(`golden runs: ${good} of ${all}; ${traps} of ${runs.length - all} inputs that trap there answered; memory ${avm.memory} bytes`);
process.exitCode = good === all && traps === runs.length - all && all > 0 ? 0 : 1;
