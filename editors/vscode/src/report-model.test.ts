import assert from "node:assert/strict";
import { test } from "node:test";
import { type Report, sections, stateText, summary } from "./report-model.ts";

const at = (line: number) => ({ line, column: 3, end_line: line, end_column: 9 });
const REPORT: Report = {
  outcome: { status: "waiting", text: "waits", waiting: [{ range: at(9), peer: "@b", text: "waits for x" }] },
  steps: [{ from: null, peer: "@a", runs: [{ ret_code: 0, calls: [
    { id: 1, service_id: "s", function_name: "f", arguments: ["x", 1], answer: { ret_code: 0, value: { n: 7 } } },
    { id: 2, service_id: "s", function_name: "g", arguments: [], answer: { ret_code: 3, value: "no" } },
    { id: 3, service_id: "s", function_name: "h", arguments: [] },
  ] }] }],
  final: { "@a": { trace: [{ call: { scalar: { cid: "baga", value: { n: 7 } } } }, { par: [1, 2] }] } },
  values: [{ range: at(4), role: "output", name: "x", count: 5, values: [
    { value: { json: { n: 7 }, short: '{"n": 7}' }, peer: "@a" },
    { value: { json: null, short: "…" }, peer: "@b", made_up: true },
  ] }],
  executed: [],
  not_executed: [{ range: at(7), instructions: 1, text: "waits for x" }],
  requests: [{ range: at(4), peer: "@a", id: 1 }],
  coverage: { instructions: 9, executed: 4, calls: 3, calls_executed: 3 },
  errors: [{ range: null, code: 10000, message: "long", text: "short", peer: "@a", caught_by: at(2) }],
};

test("sections", () => {
  const rows = Object.fromEntries(sections(REPORT).map(({ title, rows }) => [title, rows]));
  assert.deepEqual(rows["Values"]?.map((row) => [row.head, row.peer, row.text, row.mark]), [["x", "@a", '{"n": 7}', undefined], ["x", "@b", "…", "made-up"], ["x", "", "… 3 more", undefined]]);
  assert.deepEqual(rows["Requests"]?.map((row) => [row.at, row.head, row.text, row.mark]), [
    [[4, 3], "s.f", '("x", 1) → {"n":7}', undefined],
    [null, "s.g", '() → error 3: "no"', "error"],
    [null, "s.h", "() → no answer", undefined],
  ]);
  assert.deepEqual(rows["Errors"]?.map((row) => [row.head, row.text, row.whole, row.mark]), [["10000", "short", "long", "caught"]]);
  assert.deepEqual(rows["Trace"]?.map((row) => row.text), ['call scalar {"n":7}', "par [1,2]"]);
  assert.equal(rows["Did not run"]?.[0]?.head, "1 instruction");
  assert.equal(rows["Waiting"]?.[0]?.peer, "@b");
  assert.equal(summary(REPORT), "waiting, 4 of 9 ran");
});

test("states of all kinds", () => {
  assert.equal(stateText({ call: { unused: { value_cid: "baga" } } }), 'call {"unused":{"value_cid":"baga"}}');
  assert.equal(stateText(null), "null");
});
