// The package by itself: what it exports, and that it writes and reads what the interpreter reads and writes.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import * as avm from '@air-tooling/avm';

const require = createRequire(import.meta.url);
const runParams = {
  initPeerId: 'init', currentPeerId: 'here', keyFormat: avm.KeyPairFormat.Ed25519, secretKeyBytes: new Uint8Array(32).fill(7),
  timestamp: 1, ttl: 2, particleId: 'p',
};

test('both kinds of modules export what @fluencelabs/avm exports', () => {
  const names = ['JsonRepr', 'KeyPairFormat', 'MsgPackRepr', 'MulticodecRepr', 'callAvm', 'deserializeAvmResult', 'serializeAvmArgs'];
  assert.deepEqual(Object.keys(avm).filter((name) => name !== 'default').sort(), names);
  assert.deepEqual(Object.keys(require('@air-tooling/avm')).sort(), names);
});

test('hosts find the module beside the entry', () => {
  const beside = path.join(path.dirname(require.resolve('@air-tooling/avm')), 'avm.wasm');
  assert.equal(beside, require.resolve('@air-tooling/avm/dist/avm.wasm'));
  const module = new WebAssembly.Module(readFileSync(beside));
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  for (const name of ['memory', 'invoke', 'invoke_tracing', 'ast', 'to_human_readable_data', 'allocate', 'release_objects']) {
    assert.ok(names.includes(name), name);
  }
});

test('arguments are what Marine takes', () => {
  const [air, prev, data, params, results] = avm.serializeAvmArgs(runParams, '(null)', Uint8Array.of(1), Uint8Array.of(2, 3), [
    [1, { retCode: 0, result: '"x"' }],
  ]);
  assert.deepEqual([air, prev, data], ['(null)', [1], [2, 3]]);
  assert.equal(params.hard_limit_enabled, false);
  // Keys are strings: {"1": {"ret_code": 0, "result": "\"x\""}}
  const text = [...new TextEncoder().encode('ret_code')], result = [...new TextEncoder().encode('result')];
  assert.deepEqual(results, [0x81, 0x04, 0x81, 0xa1, 0x31, 0x82, 0xa8, ...text, 0, 0xa6, ...result, 0xa3, 0x22, 0x78, 0x22]);
});

test('an outcome is read', () => {
  const pack = new avm.MsgPackRepr();
  const request = { service_id: 's', function_name: 'f', arguments: pack.toBinary([1, { a: [null] }]), tetraplets: pack.toBinary([[], []]) };
  const call_requests = [...new avm.MulticodecRepr(pack).toBinary({ 7: request })];
  const raw = { ret_code: 0, error_message: '', data: [1, 2], next_peer_pks: ['x'], call_requests };
  assert.deepEqual(avm.deserializeAvmResult(raw), {
    retCode: 0, errorMessage: '', data: Uint8Array.of(1, 2), nextPeerPks: ['x'],
    callRequests: [[7, { serviceId: 's', functionName: 'f', arguments: [1, { a: [null] }], tetraplets: [[], []] }]],
  });
  assert.deepEqual(avm.deserializeAvmResult({ ...raw, call_requests: [] }).callRequests, []);
  assert.throws(() => avm.deserializeAvmResult({ ...raw, call_requests: [1, 2] }), /parse call requests/);
  assert.throws(() => avm.deserializeAvmResult({ ...raw, call_requests: [0x81, 0x04, 0xdf, 0xff, 0xff, 0xff, 0xff] }), /parse call requests/);
});

test('values come back as they were', () => {
  const values = [
    null, true, 0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, Number.MAX_SAFE_INTEGER, -1, -32, -33, -128, -129,
    -32768, -32769, -2147483648, -2147483649, 1.5, -0, 1e300, '', 'é😀', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(300), 'x'.repeat(70000),
    [], new Array(16).fill(1), new Array(70000).fill(0), { a: { b: [{}] } }, JSON.parse('{"__proto__": 1}'),
    Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${n}`, n])),
  ];
  for (const repr of [new avm.MsgPackRepr(), new avm.MulticodecRepr(new avm.MsgPackRepr())]) {
    for (const value of values) assert.deepStrictEqual(repr.fromBinary(repr.toBinary(value)), value);
  }
  const json = new avm.MulticodecRepr(new avm.JsonRepr());
  assert.deepEqual([...json.toBinary({}).subarray(0, 2)], [0x80, 0x04]);
  assert.deepEqual(json.fromBinary(json.toBinary({ a: 1 })), { a: 1 });
  assert.throws(() => json.fromBinary(Uint8Array.of(0x01, 0x02)), /unknown code 1/);
});

test('a call may answer now or later', async () => {
  const raw = { ret_code: 1, error_message: 'e', data: [], next_peer_pks: [], call_requests: [] };
  const args = [runParams, '', Uint8Array.of(), Uint8Array.of(), []];
  assert.equal((await avm.callAvm(() => raw, ...args)).retCode, 1);
  assert.equal((await avm.callAvm(async () => raw, ...args)).errorMessage, 'e');
});
