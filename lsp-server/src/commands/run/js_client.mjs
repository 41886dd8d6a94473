// Runs a script on clients of @fluencelabs/js-client in this process, one for each peer, and compares the calls with those of
// a simulated run. `air run --host js-client` gives this program to Node.js, with a file as its argument:
//
//     { packages, script, init, ttl, peers: [{ name, id, secret }], calls: [{ peer, service, function, arguments,
//       tetraplets, answer: { ret_code, value } }] }
//
// One line of JSON comes out: { same, missing: [call], more: [call], error }. Services answer what they answered in the
// simulation.
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// The client makes a key from its seed in a way that Node.js 24 refuses: without the public half.
const { createPrivateKey } = crypto;
crypto.createPrivateKey = (key) => {
  if (key?.format !== 'jwk' || key.key?.x !== '') return createPrivateKey(key);
  const seed = Buffer.from(key.key.d, 'base64url');
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
};

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
const request = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const root = path.join(request.packages, 'node_modules/@fluencelabs/js-client/dist');
const load = (file) => import(pathToFileURL(path.join(root, file)).href);

const names = request.peers.map(({ name, id }) => [JSON.stringify(name), JSON.stringify(id)]);
const replaced = (text, from, to) => names.reduce((all, pair) => all.replaceAll(pair[from], pair[to]), text);
const withIds = (value) => JSON.parse(replaced(JSON.stringify(value), 0, 1));
const withNames = (value) => JSON.parse(
  request.peers.reduce((text, { name, id }) => text.replaceAll(id, name), JSON.stringify(value)),
);

try {
  const { FluencePeer, DEFAULT_CONFIG } = await load('jsPeer/FluencePeer.js');
  const { JsServiceHost } = await load('jsServiceHost/JsServiceHost.js');
  const { KeyPair } = await load('keypair/index.js');
  const { loadMarineDeps } = await load('marine/loader.js');
  const { MarineBackgroundRunner } = await load('marine/worker/index.js');
  const { EphemeralConnection } = await load('ephemeral/network.js');

  /** By whom and what: members of objects in order, since the interpreter sorts them. */
  const sorted = (value) => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
  };
  const keyOf = (call) => JSON.stringify(sorted([call.peer, call.service, call.function, call.arguments]));
  const expected = new Map();
  for (const call of request.calls) {
    const key = keyOf(call);
    expected.set(key, [...(expected.get(key) ?? []), call]);
  }
  const given = new Map([...expected].map(([key, calls]) => [key, calls.map((call) => call.answer)]));
  const made = [];
  let last = Date.now();

  class Services extends JsServiceHost {
    constructor(peer) {
      super();
      this.peer = peer;
    }

    async callService({ serviceId, fnName, args, tetraplets }) {
      last = Date.now();
      const call = withNames({ peer: this.peer, service: serviceId, function: fnName, arguments: args, tetraplets });
      made.push(call);
      const answers = given.get(keyOf(call));
      const answer = answers?.length > 1 ? answers.shift() : answers?.[0];
      if (!answer) return { retCode: 1, result: 'the simulation did not make this call' };
      return { retCode: answer.ret_code, result: withIds(answer.value ?? null) };
    }
  }

  const clients = new Map();
  const connections = [];
  for (const { name, id, secret } of request.peers) {
    const key = await KeyPair.fromEd25519SK(Uint8Array.from(Buffer.from(secret, 'hex')));
    if (key.getPeerId() !== id) throw new Error(`the key of ${name} is that of ${key.getPeerId()}`);
    const connection = new EphemeralConnection(id);
    for (const other of connections) connection.connectToOther(other);
    connections.push(connection);
    const marine = new MarineBackgroundRunner(...(await loadMarineDeps('/')));
    clients.set(name, new FluencePeer(DEFAULT_CONFIG, key, marine, new Services(name), connection));
  }
  await Promise.all([...clients.values()].map((it) => it.start()));

  const init = clients.get(request.init);
  const particle = await init.internals.createNewParticle(replaced(request.script, 0, 1), request.ttl);
  let error = null;
  last = Date.now();
  init.internals.initiateParticle(particle, () => {}, (it) => {
    error ??= withNames(it.message);
    last = Date.now();
  });
  // Over when all calls have been made and no more come, or when nothing happens for long.
  const end = Date.now() + request.ttl;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const quiet = Date.now() - last;
    if (quiet > 3000 || (quiet > 500 && (made.length >= request.calls.length || error))) break;
  }

  const full = (call) => JSON.stringify(sorted([keyOf(call), call.tetraplets]));
  const rest = new Map();
  for (const call of request.calls) rest.set(full(call), [...(rest.get(full(call)) ?? []), call]);
  const more = made.filter((call) => !rest.get(full(call))?.pop());
  const missing = [...rest.values()].flat();
  const show = ({ peer, service, function: name, arguments: values, tetraplets }) => ({ peer, service, function: name, arguments: values, tetraplets });
  say({ same: made.length - more.length, missing: missing.map(show), more: more.map(show), error });
} catch (problem) {
  say({ failed: String(problem?.message ?? problem) });
}
