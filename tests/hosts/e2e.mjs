// Scripts on three clients of @fluencelabs/js-client in one process, which exchange particles.
//
//     node e2e.mjs PACKAGES MODULE…
//
// PACKAGES is a folder with node_modules; the modules go to the three clients in turn, `-` is the one that the package
// @fluencelabs/avm in PACKAGES brings. Prints one line of JSON for each script: values, errors, tetraplets, and the times
// go to standard error.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import './lib/node24.mjs';
import { scripts, functions } from './lib/scripts.mjs';

const [packages, ...modules] = process.argv.slice(2);
const client = (file) =>
  import(pathToFileURL(path.resolve(packages, 'node_modules/@fluencelabs/js-client/dist', file)).href);
const { FluencePeer, DEFAULT_CONFIG } = await client('jsPeer/FluencePeer.js');
const { JsServiceHost } = await client('jsServiceHost/JsServiceHost.js');
const { KeyPair } = await client('keypair/index.js');
const { loadMarineDeps } = await client('marine/loader.js');
const { MarineBackgroundRunner } = await client('marine/worker/index.js');
const { EphemeralConnection } = await client('ephemeral/network.js');
const { v5_callFunction } = await client('api.js');

class Client extends FluencePeer {
  constructor(key, marine, connection) {
    super(DEFAULT_CONFIG, key, marine, new JsServiceHost(), connection);
    this.connection_ = connection;
  }
}

const started = performance.now();
const clients = {};
for (const [number, name] of ['a', 'b', 'c'].entries()) {
  const key = await KeyPair.fromEd25519SK(new Uint8Array(32).fill(number + 1));
  const [marineJs, avm, worker] = await loadMarineDeps('/');
  const module = modules[number % modules.length] ?? '-';
  const bytes = module === '-' ? avm : readFileSync(module);
  const connection = new EphemeralConnection(key.getPeerId());
  for (const other of Object.values(clients)) connection.connectToOther(other.connection_);
  clients[name] = new Client(key, new MarineBackgroundRunner(marineJs, bytes, worker), connection);
}
await Promise.all(Object.values(clients).map((it) => it.start()));
const times = { start: performance.now() - started };

const success = (result) => ({ retCode: 0, result });
for (const [name, peer] of Object.entries(clients)) {
  const on = (service, run) => peer.internals.regHandler.common('test', service, (req) => run(req));
  on('echo', ({ args }) => success(args[0] ?? null));
  on('all', ({ args }) => success(args));
  on('name', () => success(name));
  on('peers', () => success(Object.values(clients).map((it) => it.getPeerId())));
  on('tetraplets', ({ tetraplets }) => success(tetraplets));
  on('refuse', ({ args }) => ({ retCode: 1, result: args[0] ?? 'refused' }));
  on('throw', () => { throw new Error('thrown by a service'); });
  on('large', ({ args }) => success('x'.repeat(args[0])));
  on('later', ({ args }) => new Promise((resolve) => setTimeout(() => resolve(success(args[0])), 30)));
}

const ids = Object.entries(clients).map(([name, peer]) => [`@${name}`, peer.getPeerId()]);
/** Peers' names for their ids, and nothing that differs from run to run. */
const named = (value, particle) => {
  let text = JSON.stringify(value);
  for (const [name, id] of ids) text = text.replaceAll(id, name);
  return JSON.parse(text.replaceAll(particle, 'PARTICLE'));
};

async function run({ air, want }) {
  const peer = clients.a;
  const script = ids.reduce((text, [name, id]) => text.replaceAll(`"${name}"`, `"${id}"`), air);
  const particle = await peer.internals.createNewParticle(script, 20000);
  const got = [];
  await new Promise((resolve) => {
    const timer = setTimeout(() => { got.push('no answer'); resolve(); }, 20000);
    const end = () => { clearTimeout(timer); resolve(); };
    const handle = (name) => ({ args, tetraplets }) => {
      got.push([name, args, tetraplets]);
      if (got.length >= (want ?? 1)) end();
      return success({});
    };
    for (const name of ['value', 'error']) peer.internals.regHandler.forParticle(particle.id, 'done', name, handle(name));
    peer.internals.initiateParticle(particle, () => {}, (error) => { got.push(['onError', error.message]); end(); });
  });
  return named(got, particle.id);
}

for (const [name, script] of Object.entries(scripts)) {
  const begun = performance.now();
  console.log(JSON.stringify([name, await run(script)]));
  times[name] = performance.now() - begun;
}
for (const [name, { args, definition, air }] of Object.entries(functions)) {
  const script = ids.reduce((text, [it, id]) => text.replaceAll(`"${it}"`, `"${id}"`), air);
  const result = await v5_callFunction([clients.a, ...args], definition, script).catch((error) => `rejected: ${error.message ?? error}`);
  console.log(JSON.stringify([name, named(result, 'no particle')]));
}
// Aqua functions: their compiler's definitions, and scripts that our tools have been at.
const folder = process.env.HOSTS_AQUA;
const AQUA = { double: [21], far: ['@b'], everywhere: [], caught: ['@c'] };
for (const name of folder ? Object.keys(AQUA) : []) {
  const script = readFileSync(path.join(folder, `${name}.air`), 'utf8');
  const definition = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
  const args = AQUA[name].map((arg) => ids.find(([it]) => it === arg)?.[1] ?? arg);
  const result = await v5_callFunction([clients.a, ...args], definition, script).catch((error) => `rejected: ${error.message ?? error}`);
  console.log(JSON.stringify([`aqua ${name}`, named(result, 'no particle')]));
}
const ast = await clients.a.internals.parseAst('(seq (null) (call "p" ("s" "f") [] $s))');
console.log(JSON.stringify(['ast', ast]));

const first = performance.now();
for (let number = 0; number < 50; number++) await run(scripts.echo);
times['50 runs'] = performance.now() - first;
console.error(JSON.stringify(times, (_, it) => (typeof it === 'number' ? Math.round(it) : it)));
await Promise.all(Object.values(clients).map((it) => it.stop()));
process.exit(0);
