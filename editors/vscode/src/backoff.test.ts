import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "./backoff.ts";

test("longer waits, then no restart", () => {
  const backoff = new Backoff();
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((at) => backoff.crashed(at)), [250, 500, 1000, 2000, 4000, undefined]);
  backoff.reset();
  assert.equal(backoff.crashed(6), 250);
});

test("crashes long ago are forgotten", () => {
  const backoff = new Backoff();
  for (let i = 0; i < 20; i += 1) assert.equal(backoff.crashed(i * 200_000), 250);
});
