// Times of both modules in one run, inside of @fluencelabs/marine-js.
//
//     node times.mjs OURS PUBLISHED [INVOCATIONS]
//
// INIT until the first call can be made, the first invocation, and INVOCATIONS (1,000) one after the other: a chain of calls, each
// answered by the next invocation. Both in turn, several times; the medians are shown.
import { performance } from 'node:perf_hooks';
import { MarineJs } from './lib/marine-js.mjs';
import { encode } from './lib/msgpack.mjs';
import { parameters, peerOf } from './lib/keys.mjs';

const [oursFile, publishedFile, count = '1000'] = process.argv.slice(2);
const peer = peerOf('times');
const params = parameters(peer, peer, 'particle');
const multi = (value) => Uint8Array.from([0x81, 0x04, ...encode(value)]);
const CALLS = 20;
let air = '(null)';
for (let number = CALLS; number > 0; number--) air = `(seq (call %init_peer_id% ("s" "f") [${number} "text"] x${number}) ${air})`;

async function measure(file) {
  const start = performance.now();
  const avm = await MarineJs.open(file);
  const init = performance.now() - start;
  const first = performance.now();
  let data = avm.invoke(air, new Uint8Array(), new Uint8Array(), params, multi({})).data;
  const firstTime = performance.now() - first;
  const all = performance.now();
  for (let number = 0; number < Number(count); number++) {
    const call = number % (CALLS + 1);
    const results = call === 0 ? {} : { [call]: { ret_code: 0, result: '{"a":[1,2,3]}' } };
    const outcome = avm.invoke(air, call === 0 ? new Uint8Array() : data, new Uint8Array(), params, multi(results));
    if (outcome.ret_code !== 0) throw new Error(outcome.error_message);
    data = outcome.data;
  }
  return { init, first: firstTime, later: performance.now() - all };
}

const rounds = { ours: [], published: [] };
for (let round = 0; round < 3; round++) {
  rounds.published.push(await measure(publishedFile));
  rounds.ours.push(await measure(oursFile));
}
const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
for (const [name, list] of Object.entries(rounds)) {
  const of = (key) => median(list.map((it) => it[key]));
  console.log(`${name}: init ${of('init').toFixed(0)} ms, first invocation ${of('first').toFixed(1)} ms, ${count} later ${of('later').toFixed(0)} ms`);
}
