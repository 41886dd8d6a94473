import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lines, toScript, toView } from "./step.ts";

// (seq / call / (par / null / call / ) / ): view: call, par:, null, |, call
const LINES: Lines = [[0, 1, 1], [1, 2, 2], [2, 3, 3], [3, 3, 4], [4, 4, 4]];

test("from the script to the view", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 9].map((line) => toView(LINES, line)), [0, 0, 1, 2, 4, 4, 4]);
  assert.equal(toView([], 3), 0);
});

test("from the view to the script", () => {
  assert.deepEqual([0, 1, 3, 4, 8].map((line) => toScript(LINES, line)), [[1, 1], [2, 2], [3, 4], [4, 4], [4, 4]]);
  assert.deepEqual(toScript([], 3), [0, 0]);
});
