// The readable view beside its script: read-only, kept up to date; scrolling and selection are synchronised both ways.
import * as vscode from "vscode";
import { activeScript } from "./run.ts";
import { message, type Server } from "./server.ts";
import { type Lines, toScript, toView } from "./step.ts";

const SCHEME = "air-view";
/** Scrolling that this extension caused comes back as an event within this time. */
const ECHO_MILLISECONDS = 200;

interface View {
  text: string;
  version: number;
  lines: Lines;
}

export class Beautified implements vscode.Disposable, vscode.TextDocumentContentProvider {
  #views = new Map<string, View>();
  #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  #pending = new Map<string, NodeJS.Timeout>();
  /** Editors that this extension has scrolled, by URI, and when. */
  #scrolled = new Map<string, number>();
  #mark = vscode.window.createTextEditorDecorationType({ isWholeLine: true, backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground") });
  #subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidChangeTextDocument((event) => this.#edited(event.document)),
      vscode.window.onDidChangeTextEditorVisibleRanges((event) => this.#follow(event.textEditor)),
      vscode.window.onDidChangeTextEditorSelection((event) => {
        // Without a kind the selection was set by a program, such as this extension.
        if (event.kind !== undefined) this.#select(event.textEditor);
      }),
    ];
  }

  async show(): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    if (!this.server.client) {
      this.server.explain();
      return;
    }
    const uri = viewOf(editor.document.uri);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, "air-view");
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
    this.#select(editor);
    this.#follow(editor);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const script = scriptOf(uri);
    try {
      const view = await this.server.client?.sendRequest<View | null>("air/view", { textDocument: { uri: script.toString() } });
      if (!view) return "; no view: the script is not open, or the language server is not running\n";
      this.#views.set(script.toString(), view);
      return view.text;
    } catch (error) {
      return `; ${message(error)}\n`;
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#mark.dispose();
    this.#changed.dispose();
  }

  /** Requests the view again when typing pauses. */
  #edited(document: vscode.TextDocument): void {
    if (document.languageId !== "air") return;
    const view = viewOf(document.uri);
    const key = view.toString();
    if (!vscode.workspace.textDocuments.some((open) => open.uri.toString() === key)) return;
    clearTimeout(this.#pending.get(key));
    this.#pending.set(key, setTimeout(() => this.#changed.fire(view), 150));
  }

  #follow(editor: vscode.TextEditor): void {
    const pair = this.#pair(editor);
    const top = editor.visibleRanges[0]?.start.line;
    if (!pair || top === undefined) return;
    const key = editor.document.uri.toString();
    if (Date.now() - (this.#scrolled.get(key) ?? 0) < ECHO_MILLISECONDS) return;
    const line = pair.isView ? toScript(pair.view.lines, top)[0] : toView(pair.view.lines, top);
    if (pair.other.visibleRanges[0]?.start.line === line) return;
    this.#scrolled.set(pair.other.document.uri.toString(), Date.now());
    pair.other.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.AtTop);
  }

  #select(editor: vscode.TextEditor): void {
    const pair = this.#pair(editor);
    if (!pair) return;
    const line = editor.selection.active.line;
    const found = pair.isView ? toScript(pair.view.lines, line) : ([toView(pair.view.lines, line), toView(pair.view.lines, line)] as const);
    const range = new vscode.Range(found[0], 0, found[1], Number.MAX_SAFE_INTEGER);
    pair.other.setDecorations(this.#mark, [range]);
    editor.setDecorations(this.#mark, []);
    const start = pair.other.document.lineAt(Math.min(found[0], pair.other.document.lineCount - 1)).firstNonWhitespaceCharacterIndex;
    pair.other.selection = new vscode.Selection(found[0], start, found[0], start);
    if (pair.other.visibleRanges.some((visible) => visible.contains(range.start))) return;
    this.#scrolled.set(pair.other.document.uri.toString(), Date.now());
    pair.other.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /** The editor on the other side, if both are visible. */
  #pair(editor: vscode.TextEditor): { other: vscode.TextEditor; view: View; isView: boolean } | undefined {
    const { uri, languageId } = editor.document;
    const isView = uri.scheme === SCHEME;
    if (!isView && languageId !== "air") return undefined;
    const script = isView ? scriptOf(uri) : uri;
    const wanted = (isView ? script : viewOf(uri)).toString();
    const view = this.#views.get(script.toString());
    const other = vscode.window.visibleTextEditors.find((candidate) => candidate.document.uri.toString() === wanted);
    return view && other ? { other, view, isView } : undefined;
  }
}

function viewOf(script: vscode.Uri): vscode.Uri {
  const name = script.path.slice(script.path.lastIndexOf("/") + 1);
  return vscode.Uri.from({ scheme: SCHEME, path: `${name} (readable)`, query: script.toString() });
}

function scriptOf(view: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(view.query);
}
