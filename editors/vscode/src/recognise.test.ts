import assert from "node:assert/strict";
import { test } from "node:test";
import { isAir, isParticle, mayBeAir } from "./recognise.ts";

test("scripts", () => {
  for (const text of ["", "; only a comment", "(null)", " ;; header\n\n(seq\n (null) (null))", "(call", "\uFEFF(xor", "(s"]) assert.ok(mayBeAir(text), text);
  for (const text of ["(null)", "; c\n(next x)", "( seq"]) assert.ok(isAir(text), text);
});

test("other languages", () => {
  const others = ["def Fib\n\ntrace_columns {}", "[Begin Action 0]\n0,0, 0,0, 1", "<?xml version=\"1.0\"?>", "PK\u0003\u0004"];
  for (const text of others) assert.ok(!mayBeAir(text), text);
  for (const text of ["(define x 1)", "(sequence)", ""]) assert.ok(!isAir(text), text);
});

test("particles and anomalies", () => {
  assert.ok(isParticle('{"air_script": "(null)", "prev_data": [], "current_data": []}'));
  assert.ok(isParticle('{"script": "(null)", "init_peer_id": "x", "data": ""}'));
  for (const text of ['{"air_script": 1}', '{"script": "echo hi", "data": 1}', '{"scripts": {"script": ""}}', "[]", '{"air_script": "(null)"']) assert.ok(!isParticle(text), text);
});
