// Networks in which the published AquaVM and ours live side by side.
//
//     node tests/mixed/run.mjs ORACLE "COMMAND" SCENARIOS
//
// ORACLE is the installed oracle (the published Wasm and the simulated network), COMMAND ours as it speaks the
// oracle's line protocol (`air invoke`), SCENARIOS a folder of *.json. Every scenario runs on
//
// - the Wasm alone, which says what is right,
// - networks in which every second peer is ours, beginning with the first and with the second,
// - networks in which every second invocation is ours, whichever peer it is for: so the data that one of them
//   stored and the answers to its calls go to the other one, even if a scenario has only one peer.
//
// Steps (with codes, messages, requests, tetraplets), hops, final traces, stores and signatures have to be the same.
// Then the final data of each peer is given to a fresh peer, on either interpreter: both have to accept its signatures,
// and to refuse it with the same code after one bit of a signature is flipped.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [oracle, command, scenarios] = process.argv.slice(2);
if (!scenarios) {
  console.error('usage: node tests/mixed/run.mjs ORACLE "COMMAND" SCENARIOS');
  process.exit(2);
}
const { openAvm, simulate, compare } = await import(pathToFileURL(resolve(oracle, 'lib/index.mjs')));
const wasm = await openAvm();
const ours = await openAvm(command);

/** Peers in the order in which they first run; every second one is ours, beginning with number `first`. */
function everySecondPeer(first) {
  const numbers = new Map();
  return (params) => {
    const peer = params.current_peer_id;
    if (!numbers.has(peer)) numbers.set(peer, numbers.size);
    return numbers.get(peer) % 2 === first;
  };
}

/** Invocations in their order; every second one is ours, beginning with number `first`. */
function everySecondInvocation(first) {
  let number = 0;
  return () => number++ % 2 === first;
}

/** An AVM for `simulate` that asks one of the two, and keeps the last request and answer of each peer. */
function mixture(isOurs) {
  const last = new Map();
  const count = { ours: 0, wasm: 0 };
  return {
    last,
    count,
    async request(request) {
      const mine = isOurs(request.params);
      count[mine ? 'ours' : 'wasm']++;
      const answer = await (mine ? ours : wasm).request(request);
      last.set(request.params.current_peer_id, { request, answer, mine });
      return answer;
    },
  };
}

const problems = [];
function same(what, want, have) {
  const differences = compare(want, have);
  for (const { path, want: wanted, have: got } of differences.slice(0, 3)) {
    problems.push(`${what}\n  ${path}\n    want ${JSON.stringify(wanted)}\n    have ${JSON.stringify(got)}`);
  }
  return differences.length === 0;
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The 64 bytes of a signature as it is printed: base58 of its key format and the bytes. */
function signatureBytes(text) {
  let number = 0n;
  for (const digit of text) number = number * 58n + BigInt(alphabet.indexOf(digit));
  return Buffer.from(number.toString(16).padStart(128, '0'), 'hex');
}

/** Data (base64) with one bit of its first signature flipped; null when nothing in it is signed. */
function forged(data, json) {
  const [text] = Object.values(json.data.signatures);
  if (text === undefined) return null;
  const bytes = Buffer.from(data, 'base64');
  const at = bytes.indexOf(signatureBytes(text));
  if (at < 0) throw new Error(`the signature ${text} is not in the data`);
  bytes[at + 10] ^= 1;
  return bytes.toString('base64');
}

const seen = { data: 0, signatures: 0, forgeries: 0 };

/** Shows what a peer ended with to a peer that knows nothing yet, on both interpreters. */
async function accepted(name, { request, answer, mine }) {
  if (!answer.data || !answer.data_json) return;
  const { secret_key: _, ...params } = request.params;
  const show = (avm, data) => avm.request({
    air: request.air, prev_data: '', data, call_results: {}, params: { ...params, current_peer_id: '@onlooker' },
  });
  const what = `${name}: data of ${mine ? 'ours' : 'the Wasm'}, shown to an onlooker`;
  const [onWasm, onOurs] = [await show(wasm, answer.data), await show(ours, answer.data)];
  const visible = ({ ret_code, error_message, next_peer_pks, call_requests, data_json }) => ({
    ret_code, error_message, call_requests, next: [...(next_peer_pks ?? ['no answer'])].sort(), data: data_json?.data,
  });
  same(what, visible(onWasm), visible(onOurs));
  seen.data++;
  seen.signatures += Object.keys(answer.data_json.data.signatures).length;

  const forgery = forged(answer.data, answer.data_json);
  // What is refused for another reason anyway says nothing about signatures.
  if (forgery === null || onWasm.ret_code !== 0) return;
  const [refusedByWasm, refusedByOurs] = [await show(wasm, forgery), await show(ours, forgery)];
  same(`${what} with a forged signature`, refusedByWasm.ret_code, refusedByOurs.ret_code);
  for (const [who, { ret_code }] of [['the Wasm', refusedByWasm], ['ours', refusedByOurs]]) {
    if (ret_code === 0) problems.push(`${what} with a forged signature: accepted by ${who}`);
  }
  seen.forgeries++;
}

/** An outcome as the scenarios record it. */
function withoutStores(outcome) {
  const final = Object.entries(outcome.final).map(([peer, { trace }]) => [peer, { trace }]);
  return { ...outcome, final: Object.fromEntries(final) };
}

const networks = [
  ['first peer ours', () => everySecondPeer(0)],
  ['first peer Wasm', () => everySecondPeer(1)],
  ['first invocation ours', () => everySecondInvocation(0)],
  ['first invocation Wasm', () => everySecondInvocation(1)],
];
const results = new Map(networks.map(([name]) => [name, { all: 0, agree: 0 }]));
const invocations = { ours: 0, wasm: 0 };
const newer = [];
for (const file of readdirSync(scenarios).filter((name) => name.endsWith('.json')).sort()) {
  const scenario = JSON.parse(readFileSync(join(scenarios, file), 'utf8'));
  const published = await simulate(scenario, wasm, { full: true });
  if (scenario.differs_in_0_62) newer.push(scenario.name);
  for (const [network, isOurs] of networks) {
    const mixed = mixture(isOurs());
    const outcome = await simulate(scenario, mixed, { full: true });
    invocations.ours += mixed.count.ours;
    invocations.wasm += mixed.count.wasm;
    const name = `${scenario.name}, ${network}`;
    const result = results.get(network);
    if (scenario.differs_in_0_62) {
      // Ours is as 0.64, so where it runs such a scenario alone it has to end as 0.64 recorded.
      if (mixed.count.ours > 0 && mixed.count.wasm > 0) continue;
      result.all++;
      const want = mixed.count.ours > 0 ? scenario.expected : withoutStores(published);
      if (same(name, want, withoutStores(outcome))) result.agree++;
      continue;
    }
    result.all++;
    if (same(name, published, outcome)) result.agree++;
    for (const end of mixed.last.values()) await accepted(name, end);
  }
}
wasm.close();
ours.close();

for (const problem of problems.slice(0, 20)) console.log(`DIFFERS ${problem}`);
for (const [network, { all, agree }] of results) console.log(`${network}: ${agree} of ${all} agree`);
if (newer.length > 0) {
  console.log(`${newer.join(', ')}: 0.62 (the Wasm) and 0.64 (ours) differ, so each as its version has it, left out where both run`);
}
console.log(`${invocations.ours} invocations by ours, ${invocations.wasm} by the Wasm`);
console.log(`${seen.data} data with ${seen.signatures} signatures shown to both, ${seen.forgeries} forgeries refused by both`);
console.log(`${problems.length} differ`);
const enough = invocations.ours > 0 && invocations.wasm > 0 && seen.signatures > 0 && seen.forgeries > 0;
if (!enough) console.log('too little was compared');
process.exitCode = problems.length > 0 || !enough ? 1 : 0;
