// Tests in sample data, the report of `air test`, and which lines ran.
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Report } from "./report-model.ts";

/** A test: sample data with expectations, or one case of it. */
export interface SampleTest {
  /** `undefined` for the sample data itself. */
  name: string | undefined;
  /** The test's place in the sample data, in UTF-16 units. */
  offset: number;
  length: number;
}

/** The tests of some sample data, in the order of the text. */
export function testsIn(sample: string): SampleTest[] {
  const root = parseTree(sample, [], { allowTrailingComma: true });
  if (!root) return [];
  const found: SampleTest[] = [];
  const common = findNodeAtLocation(root, ["expect"]);
  const cases = findNodeAtLocation(root, ["cases"])?.children ?? [];
  for (const [index, node] of cases.entries()) {
    const name: unknown = valueAt(node, ["name"]);
    if (!common && !findNodeAtLocation(node, ["expect"])) continue;
    found.push({ name: typeof name === "string" ? name : String(index + 1), offset: node.offset, length: node.length });
  }
  if (common && cases.length === 0) found.push({ name: undefined, offset: common.offset, length: common.length });
  return found;
}

/** The place of an expectation: the member `what` of a test's `expect`, else `expect`, else the test. */
export function expectationAt(sample: string, test: SampleTest, what: string): { offset: number; length: number } {
  const root = parseTree(sample, [], { allowTrailingComma: true });
  const nodes = root ? [...(findNodeAtLocation(root, ["cases"])?.children ?? []), root] : [];
  const own = nodes.find((node) => test.name === undefined ? node === root : node.offset === test.offset);
  const node = own && (findNodeAtLocation(own, ["expect", what]) ?? findNodeAtLocation(own, ["expect"]));
  return node ?? test;
}

/** The part of the output of `air test --output-format json` that is read here. */
export interface TestReport {
  tests: { path: string; case?: string; status: "passed" | "failed" | "blessed"; problems: { what: string; message: string }[]; outcome: string }[];
  failures: { path: string; message: string }[];
}

/** How often the instruction that begins on a line ran; lines count from 0. */
export type LineCounts = Map<number, number>;

/** The counts of several runs together; lines on which no instruction begins are left out. */
export function lineCounts(reports: Report[], text: string): LineCounts {
  const counts: LineCounts = new Map();
  const lines = text.split(/\r\n|\r|\n/);
  for (const report of reports) {
    for (const { range } of report.not_executed) {
      for (let line = range.line - 1; line < range.end_line; line += 1) {
        if (/^\s*\(/.test((lines[line] ?? "").slice(line === range.line - 1 ? range.column - 1 : 0)) && !counts.has(line)) counts.set(line, 0);
      }
    }
    for (const { range, times } of report.executed) {
      counts.set(range.line - 1, (counts.get(range.line - 1) ?? 0) + times);
    }
  }
  return counts;
}

function valueAt(node: Node, path: string[]): unknown {
  const found = findNodeAtLocation(node, path);
  return found && (getNodeValue(found) as unknown);
}
