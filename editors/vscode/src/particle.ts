// Recorded particles and anomalies: shown as readable documents (values instead of CIDs), and replayed.
import * as vscode from "vscode";
import { air } from "./command-line.ts";
import { isParticle } from "./recognise.ts";
import { message, type Server } from "./server.ts";

const SCHEME = "air-data";
/** Larger files are not examined automatically, in UTF-16 units. */
const MAX_EXAMINED_LENGTH = 1 << 24;

export class Particles implements vscode.Disposable, vscode.TextDocumentContentProvider, vscode.CodeLensProvider {
  #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  #subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server) {
    const look = (editor: vscode.TextEditor | undefined): void => {
      const document = editor?.document;
      const text = document?.uri.scheme === "file" && document.languageId.startsWith("json") ? document.getText() : "";
      void vscode.commands.executeCommand("setContext", "air.isParticle", text.length < MAX_EXAMINED_LENGTH && isParticle(text));
    };
    look(vscode.window.activeTextEditor);
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.languages.registerCodeLensProvider({ scheme: SCHEME }, this),
      vscode.window.onDidChangeActiveTextEditor(look),
      vscode.workspace.onDidSaveTextDocument(() => look(vscode.window.activeTextEditor)),
    ];
  }

  /** `uri` is the file; when absent, the active editor's. */
  async read(uri?: vscode.Uri): Promise<void> {
    await this.#open(uri, "data");
  }

  async replay(uri?: vscode.Uri): Promise<void> {
    await this.#open(uri, "replay");
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const file = vscode.Uri.parse(uri.query);
    const folder = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath;
    const args = uri.fragment === "replay" ? ["run", "--anomaly", file.fsPath] : ["data", file.fsPath];
    try {
      const { out, err } = await air(this.server, args, folder, token);
      return out + (err === "" ? "" : `\n${err}`);
    } catch (error) {
      return `${message(error)}\n`;
    }
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const file = vscode.Uri.parse(document.uri.query);
    const top = new vscode.Range(0, 0, 0, 0);
    const [title, command] = document.uri.fragment === "replay" ? ["Show the Data", "air.readParticle"] : ["▶ Replay", "air.replayParticle"];
    return [new vscode.CodeLens(top, { title, command, arguments: [file] }), new vscode.CodeLens(top, { title: "Open the File", command: "vscode.open", arguments: [file] })];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  async #open(given: vscode.Uri | undefined, what: "data" | "replay"): Promise<void> {
    const active = vscode.window.activeTextEditor?.document.uri;
    const asked = given ?? active;
    const file = asked?.scheme === SCHEME ? vscode.Uri.parse(asked.query) : asked;
    if (file?.scheme !== "file") {
      void vscode.window.showInformationMessage("AIR: no particle or anomaly is open; open its JSON file first.");
      return;
    }
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${name} (${what === "data" ? "readable" : "replay"})`, query: file.toString(), fragment: what });
    // The file, or the program that reads it, may have changed.
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}
