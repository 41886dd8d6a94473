// Runs a script, with or without sample data, from lenses and commands; shows the outcome and why something did not run.
import * as vscode from "vscode";
import { type Report, summary } from "./report-model.ts";
import { message, type Server } from "./server.ts";
import type { Status } from "./status.ts";

/** The argument of the server's command `air.run`. */
interface RunArgument {
  uri: string;
  sample?: boolean;
  case?: string;
}

/** A part of the script that did not run, as `air.explainNotExecuted` answers. */
interface NotExecuted {
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  instructions: number;
  text: string;
}

/** Runs scripts and notifies the other views. */
export class Runs implements vscode.Disposable {
  #done = new vscode.EventEmitter<string>();
  /** Fires with the URI of a script that was run and has a report. */
  readonly onDidRun = this.#done.event;
  #lenses = new Lenses();
  #subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly status: Status,
  ) {
    server.intercept((command, argument) => (command === "air.run" ? this.run(argument as RunArgument) : undefined));
    this.#subscriptions = [
      vscode.languages.registerCodeLensProvider({ language: "air" }, this.#lenses),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0) this.#lenses.forget(event.document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.#lenses.forget(document.uri)),
    ];
  }

  /** Runs the active script. `sample`: with or without sample data; when absent, with it if the file exists. */
  async runActive(sample?: boolean): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    await this.run({ uri: editor.document.uri.toString(), ...(sample === undefined ? {} : { sample }) });
  }

  async runAll(): Promise<void> {
    await this.server.command("air.runAll", undefined);
  }

  async run(argument: RunArgument): Promise<Report | undefined> {
    const name = decodeURIComponent(argument.uri.slice(argument.uri.lastIndexOf("/") + 1));
    const options = { location: vscode.ProgressLocation.Window, title: `AIR: running ${name}`, cancellable: true };
    try {
      const report = await vscode.window.withProgress(options, (progress, token) => this.server.command<Report | null>("air.run", argument, token, progress));
      if (!report) return undefined;
      this.status.ran(summary(report));
      this.#lenses.show(argument.uri);
      this.#done.fire(argument.uri);
      return report;
    } catch (error) {
      // Stopped, or outdated by an edit: the user did that and needs no message.
      const code = (error as { code?: unknown }).code;
      if (code === -32800 || code === -32801) return undefined;
      this.status.ran("could not run");
      const choice = await vscode.window.showErrorMessage(`AIR: ${message(error)}`, "Show Output");
      if (choice) this.server.output.show();
      return undefined;
    }
  }

  async stop(): Promise<void> {
    await this.server.command("air.stop", undefined);
  }

  async clear(): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    await this.server.command("air.clearResults", { uri: editor.document.uri.toString() });
    this.#lenses.forget(editor.document.uri);
  }

  /** Explains the part around the cursor, or offers all parts that did not run. */
  async explain(): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    const uri = editor.document.uri.toString();
    const { line, character } = editor.selection.active;
    const here = await this.server.command<NotExecuted[] | null>("air.explainNotExecuted", { uri, position: { line, character } });
    if (here === undefined) return;
    if (here === null) {
      const choice = await vscode.window.showInformationMessage("AIR: this version of the script was not run yet.", "Run");
      if (choice && (await this.run({ uri }))) await this.explain();
      return;
    }
    const parts = here.length > 0 ? here : ((await this.server.command<NotExecuted[] | null>("air.explainNotExecuted", { uri })) ?? []);
    if (parts.length === 0) {
      void vscode.window.showInformationMessage("AIR: every instruction ran.");
      return;
    }
    const items = parts.map((part) => ({
      label: part.text,
      description: `line ${part.range.start.line + 1}, ${part.instructions} instruction${part.instructions === 1 ? "" : "s"}`,
      part,
    }));
    const title = here.length > 0 ? "Why this did not run" : "What did not run, and why";
    const choice = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
    if (choice) reveal(editor, choice.part.range.start.line, choice.part.range.start.character);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#done.dispose();
  }
}

/** Lenses that open the other views, beside the server's, while there are results. */
class Lenses implements vscode.CodeLensProvider {
  #shown = new Set<string>();
  #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  show(uri: string): void {
    this.#shown.add(vscode.Uri.parse(uri).toString());
    this.#changed.fire();
  }

  forget(uri: vscode.Uri): void {
    if (this.#shown.delete(uri.toString())) this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.#shown.has(document.uri.toString())) return [];
    const first = firstInstruction(document);
    return [
      new vscode.CodeLens(first, { title: "Report", command: "air.report" }),
      new vscode.CodeLens(first, { title: "Diagram", command: "air.diagram" }),
      new vscode.CodeLens(first, { title: "What did not run", command: "air.explain" }),
    ];
  }
}

function firstInstruction(document: vscode.TextDocument): vscode.Range {
  for (let line = 0; line < document.lineCount; line += 1) {
    const { text } = document.lineAt(line);
    const at = text.search(/[^\s;]/);
    if (at >= 0 && !/^\s*;/.test(text)) return new vscode.Range(line, at, line, at);
  }
  return new vscode.Range(0, 0, 0, 0);
}

/** The active editor if it shows a script, else the only visible one that does. */
export function activeScript(): vscode.TextEditor | undefined {
  const active = vscode.window.activeTextEditor;
  if (active?.document.languageId === "air") return active;
  const visible = vscode.window.visibleTextEditors.filter((editor) => editor.document.languageId === "air");
  if (visible.length === 1) return visible[0];
  void vscode.window.showInformationMessage("AIR: no script is open; open one first.");
  return undefined;
}

/** Moves the cursor to a position and shows it; lines and characters count from 0. */
export function reveal(editor: vscode.TextEditor, line: number, character: number): void {
  const at = new vscode.Position(line, character);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  void vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? vscode.ViewColumn.One, selection: editor.selection });
}
