// The Test Explorer: sample data with expectations, run by `air test`, with what ran shown beside the script.
import * as vscode from "vscode";
import { air } from "./command-line.ts";
import type { Report } from "./report-model.ts";
import { message, type Server } from "./server.ts";
import { expectationAt, type SampleTest, lineCounts, type TestReport, testsIn } from "./test-model.ts";

const PATTERN = "**/*.sample.json";

/** What a test item stands for. */
interface TestTarget {
  script: vscode.Uri;
  sample: vscode.Uri;
  /** The case, if the sample data has several; `undefined` for the whole script. */
  test: SampleTest | undefined;
}

export class Tests implements vscode.Disposable {
  #controller = vscode.tests.createTestController("air", "AIR");
  #targets = new WeakMap<vscode.TestItem, TestTarget>();
  #details = new WeakMap<vscode.FileCoverage, vscode.FileCoverageDetail[]>();
  #subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    const run = (withCoverage: boolean) => (request: vscode.TestRunRequest, token: vscode.CancellationToken) => this.#run(request, token, withCoverage);
    this.#controller.createRunProfile("Run", vscode.TestRunProfileKind.Run, run(false), true);
    const coverage = this.#controller.createRunProfile("Coverage", vscode.TestRunProfileKind.Coverage, run(true), true);
    coverage.loadDetailedCoverage = (_, file) => Promise.resolve(this.#details.get(file) ?? []);
    this.#controller.refreshHandler = () => this.#discover();
    this.#controller.resolveHandler = async (item) => {
      if (!item) await this.#discover();
    };
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate((uri) => void this.#look(uri)),
      watcher.onDidChange((uri) => void this.#look(uri)),
      watcher.onDidDelete((uri) => this.#controller.items.delete(uri.toString())),
    ];
    void this.#discover();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#controller.dispose();
  }

  async #discover(): Promise<void> {
    const found = await vscode.workspace.findFiles(PATTERN, "**/node_modules/**", 10_000);
    const there = new Set(found.map((uri) => uri.toString()));
    this.#controller.items.forEach((item) => void (there.has(item.id) || this.#controller.items.delete(item.id)));
    await Promise.all(found.map((uri) => this.#look(uri)));
  }

  /** Adds the tests of some sample data, or removes its item if there are none. */
  async #look(sample: vscode.Uri): Promise<void> {
    const script = sample.with({ path: sample.path.replace(/\.sample\.json$/, ".air") });
    let text: string;
    try {
      text = await textOf(sample);
      await vscode.workspace.fs.stat(script);
    } catch {
      this.#controller.items.delete(sample.toString());
      return;
    }
    const found = testsIn(text);
    if (found.length === 0) {
      this.#controller.items.delete(sample.toString());
      return;
    }
    const lines = new Lines(text);
    const only = found[0]?.name === undefined ? found[0] : undefined;
    const item = this.#controller.createTestItem(sample.toString(), vscode.workspace.asRelativePath(script), sample);
    item.range = only ? lines.range(only) : new vscode.Range(0, 0, 0, 0);
    this.#targets.set(item, { script, sample, test: only });
    if (!only) {
      for (const test of found) {
        const child = this.#controller.createTestItem(`${sample.toString()}#${test.name}`, test.name ?? "", sample);
        child.range = lines.range(test);
        this.#targets.set(child, { script, sample, test });
        item.children.add(child);
      }
    }
    this.#controller.items.add(item);
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken, withCoverage: boolean): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const leaves = this.#leaves(request);
    for (const item of leaves) run.enqueued(item);
    // One call of `air test` runs all cases of a script.
    const scripts = new Map<string, vscode.TestItem[]>();
    for (const item of leaves) {
      const script = this.#targets.get(item)!.script.toString();
      scripts.set(script, [...(scripts.get(script) ?? []), item]);
    }
    for (const items of scripts.values()) {
      if (token.isCancellationRequested) break;
      for (const item of items) run.started(item);
      const begun = Date.now();
      try {
        await this.#runScript(run, items, begun, token);
        if (withCoverage) await this.#cover(run, items, token);
      } catch (error) {
        for (const item of items) run.errored(item, new vscode.TestMessage(message(error)));
      }
    }
    run.end();
  }

  async #runScript(run: vscode.TestRun, items: vscode.TestItem[], begun: number, token: vscode.CancellationToken): Promise<void> {
    const { script, sample } = this.#targets.get(items[0]!)!;
    const { code, out, err } = await air(this.server, ["test", "--output-format", "json", script.fsPath], folderOf(script), token);
    if (err !== "") run.appendOutput(err.replaceAll("\n", "\r\n"));
    const report = readJson<TestReport>(out, `air test ended with ${code}: ${err}`);
    const failure = report.failures[0];
    if (failure) throw new Error(failure.message);
    const text = await textOf(sample);
    const lines = new Lines(text);
    for (const item of items) {
      const { test } = this.#targets.get(item)!;
      const result = report.tests.find((candidate) => candidate.case === test?.name) ?? (report.tests.length === 1 ? report.tests[0] : undefined);
      if (!result) {
        run.skipped(item);
        continue;
      }
      run.appendOutput(`${item.label}: ${result.status}, ${result.outcome}\r\n`, undefined, item);
      if (result.status !== "failed") {
        run.passed(item, Date.now() - begun);
        continue;
      }
      const messages = result.problems.map((problem) => {
        const shown = new vscode.TestMessage(`${problem.what}: ${problem.message}`);
        if (test) shown.location = new vscode.Location(sample, lines.range(expectationAt(text, test, problem.what)));
        return shown;
      });
      run.failed(item, messages, Date.now() - begun);
    }
  }

  async #cover(run: vscode.TestRun, items: vscode.TestItem[], token: vscode.CancellationToken): Promise<void> {
    const { script, sample } = this.#targets.get(items[0]!)!;
    const reports: Report[] = [];
    for (const item of items) {
      const name = this.#targets.get(item)!.test?.name;
      const args = ["run", "--json", "--sample", sample.fsPath, ...(name === undefined ? [] : ["--case", name]), script.fsPath];
      const { out, err } = await air(this.server, args, folderOf(script), token);
      if (out.trim() === "") run.appendOutput(`no coverage for ${item.label}: ${err.replaceAll("\n", "\r\n")}`);
      else reports.push(readJson<Report>(out, err));
    }
    const text = await textOf(script);
    const lengths = text.split(/\r\n|\r|\n/).map((line) => [line.search(/\S/), line.length] as const);
    const details = [...lineCounts(reports, text)].map(([line, count]) => {
      const [start, end] = lengths[line] ?? [0, 0];
      return new vscode.StatementCoverage(count, new vscode.Range(line, Math.max(0, start), line, end));
    });
    const file = vscode.FileCoverage.fromDetails(script, details);
    this.#details.set(file, details);
    run.addCoverage(file);
  }

  #leaves(request: vscode.TestRunRequest): vscode.TestItem[] {
    const out = new Set(request.exclude ?? []);
    const leaves: vscode.TestItem[] = [];
    const take = (item: vscode.TestItem): void => {
      if (out.has(item)) return;
      if (item.children.size === 0) leaves.push(item);
      else item.children.forEach(take);
    };
    if (request.include) request.include.forEach(take);
    else this.#controller.items.forEach(take);
    return leaves;
  }
}

/** Converts offsets to positions. */
class Lines {
  #starts = [0];

  constructor(text: string) {
    for (const found of text.matchAll(/\n/g)) this.#starts.push(found.index + 1);
  }

  range(part: { offset: number; length: number }): vscode.Range {
    return new vscode.Range(this.#at(part.offset), this.#at(part.offset + part.length));
  }

  #at(offset: number): vscode.Position {
    const after = this.#starts.findIndex((start) => start > offset);
    const line = (after < 0 ? this.#starts.length : after) - 1;
    return new vscode.Position(line, offset - (this.#starts[line] ?? 0));
  }
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

function folderOf(uri: vscode.Uri): string | undefined {
  return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
}

function readJson<T>(text: string, instead: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(instead);
  }
}
