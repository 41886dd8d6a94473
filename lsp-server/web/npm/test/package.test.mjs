// The package by itself: the examples of the README, each function, and the worker.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test from 'node:test';
import { Worker } from 'node:worker_threads';
import * as air from '@air-tooling/air';

const require = createRequire(import.meta.url);
const wasm = readFileSync(require.resolve('@air-tooling/air/air.wasm'));
const script = '(seq (call "@a" ("s" "f") [] x) (call "@b" ("s" "g") [x]))';

test('the module imports nothing', () => {
  const module = new WebAssembly.Module(wasm);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});

test('the first example of the README', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = readme.match(/```js\n(import[^]*?)\n```/)[1];
  const says = example.match(/report\.outcome\.text; +\/\/ (.*)/)[1];
  const body = example.replace(/^import \{ (.*) \} from .*/, 'const { $1 } = air;');
  const AsyncFunction = (async () => {}).constructor;
  assert.equal(await new AsyncFunction('air', `${body}\nreturn report.outcome.text;`)(air), says);
});

test('every function answers', async () => {
  assert.equal((await air.format('( null )')).text, '(null)\n');
  const report = await air.check('(ap y x)', { name: 'a.air' });
  assert.deepEqual([report.files[0].path, report.files[0].accepted], ['a.air', false]);
  assert.match(await air.beautify('(null)'), /null/);
  assert.equal((await air.parse(script)).nodes.length, 3);
  assert.match(await air.diagram(script, { make_up: true }), /^<svg/);
  assert.match(await air.diagram(script, { kind: 'mermaid' }), /sequenceDiagram/);
  assert.match(await air.sample(script), /"services"/);
  assert.match(await air.explain('fold'), /^# fold/);
  assert.ok((await air.explain()).length > 100);
  const race = `(seq (par (call "@a" ("s" "f") [1] $all) (call "@b" ("s" "f") [2] $all))
    (seq (canon %init_peer_id% $all #all) (call %init_peer_id% ("run-console" "print") [#all])))`;
  const sample = '{"services": [{"function": "f", "answer": {"echo": 0}}]}';
  const { found_ends, complete } = await air.explore(race, { sample });
  assert.ok(found_ends > 1 && complete);
  const ran = await air.run(race, { sample, order: 'lifo', faults: { lose: 0 } });
  assert.equal(ran.outcome.status, 'completed');
});

test('errors have codes, and the next call works', async () => {
  for (const [call, code] of [
    [() => air.beautify('(ap y x)'), 'rejected'],
    [() => air.run('(null)', { sample: '{' }), 'refused'],
    [() => air.explain('nonsense'), 'unknown'],
    [() => air.check('(null)', { deny: ['nonsense'] }), 'bad-request'],
  ]) {
    await assert.rejects(call, (error) => error instanceof air.AirError && error.code === code, code);
  }
  assert.equal((await air.format('(null)')).changed, true);
});

test('an instance that lives long keeps its memory', async () => {
  const instance = new air.Instance(new WebAssembly.Module(wasm));
  const request = (text) => JSON.stringify({ function: 'run', text, options: { make_up: true } });
  const round = () => instance.call(request(script)) + instance.call(request('(')) + instance.call('no request');
  for (let count = 0; count < 50; count++) round();
  const before = instance.memory;
  for (let count = 0; count < 300; count++) round();
  assert.equal(instance.memory, before);
  // What was never allocated is an error, not a crash.
  assert.notEqual(instance.exports.web_call(16, 1 << 30), 0n);
});

test('a message that JavaScript cannot write is answered, and the server goes on', async () => {
  const said = [];
  const server = new air.Server(new WebAssembly.Module(wasm), (message) => said.push(message));
  const deep = [];
  for (let depth = 0, at = deep; depth < 100_000; depth++) {
    const inner = [];
    at.push(inner);
    at = inner;
  }
  server.receive({ jsonrpc: '2.0', id: 1, method: 'textDocument/hover', params: deep });
  server.receive({ jsonrpc: '2.0', id: 2, method: 'initialize', params: { capabilities: {} } });
  assert.deepEqual([said[0].id, said[0].error.code], [1, -32700]);
  assert.ok(said[1].result.capabilities);
});

test('the worker: a session of the protocol, and calls beside it', { timeout: 30_000 }, async () => {
  const worker = new Worker(require.resolve('@air-tooling/air/worker.js'));
  const messages = [];
  let wake = () => {};
  worker.on('message', (message) => {
    messages.push(message);
    wake();
  });
  const next = async (wanted) => {
    for (;;) {
      const at = messages.findIndex(wanted);
      if (at >= 0) return messages.splice(at, 1)[0];
      await new Promise((resolve) => (wake = resolve));
    }
  };
  let last = 0;
  const notify = (method, params) => worker.postMessage({ jsonrpc: '2.0', method, params });
  const request = (method, params) => {
    const id = ++last;
    worker.postMessage({ jsonrpc: '2.0', id, method, params });
    return next((message) => message.id === id && message.jsonrpc && !message.method);
  };
  worker.postMessage({ wasm });
  const { result } = await request('initialize', { capabilities: {}, workspaceFolders: [{ uri: 'file:///w', name: 'w' }] });
  assert.ok(result.capabilities.hoverProvider);
  notify('initialized', {});
  const sample = '{"services": [{"function": "f", "answer": {"ok": "from a file"}}]}';
  notify('air/files', { written: [{ uri: 'file:///w/a.sample.json', text: sample }] });
  const uri = 'file:///w/a.air';
  const text = '(seq (call "@a" ("s" "f") [] x) (call %init_peer_id% ("run-console" "print") [nope]))';
  notify('textDocument/didOpen', { textDocument: { uri, languageId: 'air', version: 1, text } });
  const published = await next((message) => message.method === 'textDocument/publishDiagnostics');
  assert.match(published.params.diagnostics[0].message, /nope/);
  const range = { start: { line: 0, character: 78 }, end: { line: 0, character: 82 } };
  notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ range, text: 'x' }] });
  const run = await request('workspace/executeCommand', { command: 'air.run', arguments: [{ uri }] });
  assert.match(JSON.stringify(run), /from a file/);
  const hover = await request('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 29 } });
  assert.match(JSON.stringify(hover.result), /from a file/);
  worker.postMessage({ id: 'call', function: 'format', text: '( null )' });
  assert.equal((await next((message) => message.id === 'call')).result.text, '(null)\n');
  // Half of a character counts as one letter.
  notify('textDocument/didChange', { textDocument: { uri, version: 3 }, contentChanges: [{ text: '; \ud83d' }] });
  assert.equal((await request('air/document', { textDocument: { uri } })).result.length, '; \ufffd'.length + 2);
  worker.postMessage({ id: 'bad', function: 'explain', text: 'nonsense' });
  assert.equal((await next((message) => message.id === 'bad')).error.code, 'unknown');
  await worker.terminate();
});
