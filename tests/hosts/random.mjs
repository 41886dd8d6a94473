// Random scripts on random networks: each invocation on both modules with the same input.
//
//     node random.mjs OURS PUBLISHED [INVOCATIONS [SEED [marine-js]]]
//
// By default through the modules' exports; with `marine-js` inside of what the JS client runs them in.
// Of the two data the next invocation gets one by chance, so data and answers go from one to the other all the time.
// Codes, messages of errors in the script, peers, requests and decoded data have to be the same. Some data is damaged
// on its way; then the codes have to be the same.
import { isDeepStrictEqual } from 'node:util';
import { Avm, requestsOf, VERSION } from './lib/marine.mjs';
import { MarineJs } from './lib/marine-js.mjs';
import { encode } from './lib/msgpack.mjs';
import { parameters, peerOf } from './lib/keys.mjs';
import { answer, Random, script } from './lib/random.mjs';

const [oursFile, publishedFile, wanted = '2000', seed = '1', host] = process.argv.slice(2);
const open = (file) => (host === 'marine-js' ? MarineJs.open(file) : Avm.open(file));
const [ours, published] = [await open(oursFile), await open(publishedFile)];
const random = new Random(Number(seed));
const peers = ['init', 'b', 'c'].map(peerOf);
const EMPTY = new Uint8Array();
const multi = (value) => Uint8Array.from([0x81, 0x04, ...encode(value)]);

const seen = { invocations: 0, scripts: 0, damaged: 0, traps: 0, codes: {}, requests: 0, hops: 0 };
const problems = [];

function visible(avm, outcome, damaged) {
  const { ret_code, error_message, next_peer_pks, call_requests, flags, data } = outcome;
  if (damaged && ret_code !== 0) return { ret_code };
  const json = data.length === 0 ? null : avm.readable(data).replace(VERSION, 'V');
  return {
    ret_code,
    message: ret_code >= 10000 && ret_code < 30000 ? error_message : '',
    peers: [...next_peer_pks].sort(),
    requests: requestsOf(call_requests),
    flags,
    // After an error of preparation it is the previous data, which the other one may have written.
    data: json && JSON.parse(json),
  };
}

/** Both outcomes; null if the published module trapped. */
async function invoke(air, input, damaged) {
  seen.invocations++;
  const mine = ours.invoke(air, ...input);
  let theirs;
  try {
    theirs = published.invoke(air, ...input);
  } catch (error) {
    seen.traps++;
    await published.start();
    return null;
  }
  seen.codes[mine.ret_code] = (seen.codes[mine.ret_code] ?? 0) + 1;
  const [have, want] = [visible(ours, mine, damaged), visible(published, theirs, damaged)];
  if (!isDeepStrictEqual(have, want)) {
    const keys = Object.keys({ ...have, ...want }).filter((key) => !isDeepStrictEqual(have[key], want[key]));
    const show = (it) => keys.map((key) => `${key} ${JSON.stringify(it[key])?.slice(0, 700)}`).join(' ');
    problems.push(`${damaged ? Buffer.from(input[1]).toString("hex").slice(0, 300) : ""} ${mine.error_message} | ${theirs.error_message} ${air}\n    want ${show(want)}\n    have ${show(have)}`);
  }
  return random.chance(50) ? mine : theirs;
}

async function network() {
  const air = script(random, peers.map(({ id }) => id));
  const kept = new Map(peers.map(({ id }) => [id, EMPTY]));
  const queue = [{ to: peers[0].id, data: EMPTY, results: {} }];
  for (let step = 0; step < 25 && queue.length > 0; step++) {
    const [{ to, data, results }] = queue.splice(random.below(queue.length), 1);
    const peer = peers.find(({ id }) => id === to);
    const input = [kept.get(to), data, parameters(peers[0], peer, 'particle'), multi(results)];
    const damaged = data.length > 0 && random.chance(3);
    if (damaged) {
      seen.damaged++;
      input[1] = data.slice();
      input[1][random.below(data.length)] ^= 1 << random.below(8);
    }
    const outcome = await invoke(air, input, damaged);
    if (outcome === null) return;
    if (damaged) continue;
    kept.set(to, outcome.data);
    for (const next of outcome.next_peer_pks) {
      seen.hops++;
      if (kept.has(next)) queue.push({ to: next, data: outcome.data, results: {} });
    }
    const requests = Object.entries(requestsOf(outcome.call_requests) ?? {});
    seen.requests += requests.length;
    const answers = requests.map(([id, request]) => [id, answer(random, request)]);
    if (answers.length > 1 && random.chance(50)) {
      for (const one of answers) queue.push({ to, data: EMPTY, results: Object.fromEntries([one]) });
    } else if (answers.length > 0) queue.push({ to, data: EMPTY, results: Object.fromEntries(answers) });
  }
  seen.scripts++;
}

while (seen.invocations < Number(wanted)) await network();
problems.slice(0, 5).forEach((problem) => console.log(`DIFFERS ${problem}`));
console.log(
  `random: ${seen.invocations} invocations of ${seen.scripts} scripts, ${seen.requests} requests, ${seen.hops} hops, ` +
    `${seen.damaged} damaged data, ${seen.traps} traps of the published module; ${problems.length} differ`,
);
console.log(`codes: ${JSON.stringify(seen.codes)}`);
if (host !== 'marine-js') console.log(`memory: ours ${ours.memory} bytes, published ${published.memory} bytes`);
const enough = seen.requests > seen.invocations / 20 && seen.hops > 0 && Object.keys(seen.codes).length > 3;
if (!enough) console.log('too little was compared');
process.exitCode = problems.length === 0 && enough ? 0 : 1;
