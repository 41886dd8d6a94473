// The particle's path between the peers, as the server draws it, in the editor's colours; a click goes to the line.
import * as vscode from "vscode";
import { Panel } from "./panel.ts";
import { activeScript, type Runs } from "./run.ts";
import type { Server } from "./server.ts";

export class DiagramView implements vscode.Disposable {
  #panel: Panel;
  /** The picture that is shown, with its own colours: what is saved. */
  #svg: string | undefined;
  #subscriptions: vscode.Disposable[];

  constructor(
    extension: vscode.Uri,
    private readonly server: Server,
    private readonly runs: Runs,
  ) {
    this.#panel = new Panel(extension, "diagram", "Particle");
    this.#panel.onMessage((message) => {
      if (message.kind === "save") void this.#save();
    });
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
    this.#svg = drawn.svg;
    this.#panel.show(script, TOOLS + ground(drawn.svg));
    return true;
  }

  async #save(): Promise<void> {
    const script = this.#panel.script;
    if (!script || this.#svg === undefined) return;
    const beside = script.scheme === "file" ? script.with({ path: script.path.replace(/(\.air)?$/, ".svg") }) : undefined;
    const file = await vscode.window.showSaveDialog({ ...(beside && { defaultUri: beside }), filters: { SVG: ["svg"] }, title: "Save Diagram" });
    if (file) await vscode.workspace.fs.writeFile(file, Buffer.from(this.#svg, "utf8"));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel.dispose();
  }
}

/** Above the picture; `media/diagram.js` knows them by their ids. */
const TOOLS = `<div id="tools" role="toolbar" aria-label="Diagram">
<button id="smaller" title="Smaller (Ctrl+wheel)">−</button><span id="scale"></span><button id="larger" title="Larger (Ctrl+wheel)">+</button>
<button id="natural" title="Natural size">1:1</button><button id="fit" title="As wide as the panel">Fit</button><button id="save" title="Save as SVG">Save…</button>
</div>
`;

/** The picture without its own colours: the page's style sheet sets the editor's. */
export function ground(svg: string): string {
  return svg.replace(/<style>[\s\S]*?<\/style>/g, "");
}
