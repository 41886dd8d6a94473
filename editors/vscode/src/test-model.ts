// Tests in sample data, what `air test` says of them, and which lines ran.
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";
import type { Report } from "./report-model.ts";

/** A test: sample data with expectations, or one case of it. */
export interface Found {
  /** `undefined` for the sample data itself. */
  name: string | undefined;
  /** Where it stands in the sample data: offset and length. */
  offset: number;
  length: number;
}

/** The tests of some sample data, in its order. */
export function testsIn(sample: string): Found[] {
  const root = parseTree(sample, [], { allowTrailingComma: true });
  if (!root) return [];
  const found: Found[] = [];
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

/** Where sample data expects something: the member `what` of a test's `expect`, else the test. */
export function expectationAt(sample: string, test: Found, what: string): { offset: number; length: number } {
  const root = parseTree(sample, [], { allowTrailingComma: true });
  const nodes = root ? [...(findNodeAtLocation(root, ["cases"])?.children ?? []), root] : [];
  const own = nodes.find((node) => test.name === undefined ? node === root : node.offset === test.offset);
  const node = own && (findNodeAtLocation(own, ["expect", what]) ?? findNodeAtLocation(own, ["expect"]));
  return node ?? test;
}

/** What `air test --output-format json` prints, as far as it is read here. */
export interface TestReport {
  tests: { path: string; case?: string; status: "passed" | "failed" | "blessed"; problems: { what: string; message: string }[]; outcome: string }[];
  failures: { path: string; message: string }[];
}

/** Lines of a script from 0 and how often an instruction that begins there ran. */
export type LineCounts = Map<number, number>;

/** What ran in some runs together; lines on which no instruction begins are left out. */
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
