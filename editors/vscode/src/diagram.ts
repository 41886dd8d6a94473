// The particle's path between the peers, as the server draws it, in the editor's colours; a click goes to the line.
import * as vscode from "vscode";
import { Panel } from "./panel.ts";
import { activeScript, type Runs } from "./run.ts";
import type { Server } from "./server.ts";

export class DiagramView implements vscode.Disposable {
  #panel: Panel;
  #subscriptions: vscode.Disposable[];

  constructor(
    extension: vscode.Uri,
    private readonly server: Server,
    private readonly runs: Runs,
  ) {
    this.#panel = new Panel(extension, "diagram", "Particle");
    this.#subscriptions = [
      runs.onDidRun((uri) => {
        if (this.#panel.script?.toString() === vscode.Uri.parse(uri).toString()) void this.#draw(vscode.Uri.parse(uri));
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0 && this.#panel.script?.toString() === event.document.uri.toString()) this.#panel.outdated();
      }),
    ];
  }

  async show(): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    if (await this.#draw(editor.document.uri)) return;
    if (await this.runs.run({ uri: editor.document.uri.toString() })) await this.#draw(editor.document.uri);
  }

  async #draw(script: vscode.Uri): Promise<boolean> {
    const drawn = await this.server.command<{ svg: string } | null>("air.showDiagram", { uri: script.toString() });
    if (!drawn) return false;
    this.#panel.show(script, ground(drawn.svg));
    return true;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel.dispose();
  }
}

/** The picture without its own colours: the page's style sheet sets the editor's. */
export function ground(svg: string): string {
  return svg.replace(/<style>[\s\S]*?<\/style>/g, "");
}
