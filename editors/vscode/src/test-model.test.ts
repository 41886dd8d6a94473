import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "./report-model.ts";
import { expectationAt, lineCounts, testsIn } from "./test-model.ts";

test("tests of sample data", () => {
  const names = (text: string) => testsIn(text).map(({ name }) => name);
  assert.deepEqual(names('{"services": []}'), []);
  assert.deepEqual(names('// comments are allowed\n{"expect": {"outcome": "completed"},}'), [undefined]);
  assert.deepEqual(names('{"cases": [{"name": "a", "expect": {}}, {"name": "b"}, {"expect": {}}]}'), ["a", "3"]);
  assert.deepEqual(names('{"expect": {}, "cases": [{"name": "a"}, {"name": "b"}]}'), ["a", "b"]);
  assert.deepEqual(names("{"), []);
});

test("the place of an expectation", () => {
  const text = '{"cases": [{"name": "a", "expect": {"response": [1]}}, {"name": "b", "expect": {"response": [2]}}]}';
  const [, second] = testsIn(text);
  const place = (what: string) => {
    const { offset, length } = expectationAt(text, second!, what);
    return text.slice(offset, offset + length);
  };
  assert.equal(place("response"), "[2]");
  assert.equal(place("hops"), '{"response": [2]}');
});

test("how often each line ran", () => {
  const text = "(seq\n (null)\n (xor\n  (null)\n  (fail 1 \"x\")\n )\n)";
  const span = (line: number, column: number, end_line: number) => ({ line, column, end_line, end_column: 1 });
  const report = (executed: [number, number][], missed: [number, number, number][]) =>
    ({ executed: executed.map(([line, times]) => ({ range: span(line, 1, line), times, peers: [] })), not_executed: missed.map((at) => ({ range: span(...at), instructions: 1, text: "" })) }) as unknown as Report;
  const one = report([[1, 1], [2, 2]], [[3, 2, 6]]);
  assert.deepEqual([...lineCounts([one], text)].sort(), [[0, 1], [1, 2], [2, 0], [3, 0], [4, 0]]);
  const two = report([[1, 1], [3, 1], [4, 1]], [[5, 3, 5]]);
  assert.deepEqual([...lineCounts([one, two], text)].sort(), [[0, 2], [1, 2], [2, 1], [3, 1], [4, 0]]);
});
