// Shared by both webviews: one panel beside the script, a strict content policy, clicks that go to a line.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { reveal } from "./run.ts";

/** A panel with a page about one script. */
export class Panel {
  #panel: vscode.WebviewPanel | undefined;
  #script: vscode.Uri | undefined;
  #messages: ((message: { kind: string } & Record<string, unknown>) => void) | undefined;

  /** `name` is the kind of the panel and of its files in `media`. */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly name: string,
    private readonly title: string,
  ) {}

  /** The script that is shown, while the panel is open. */
  get script(): vscode.Uri | undefined {
    return this.#panel && this.#script;
  }

  onMessage(handler: (message: { kind: string } & Record<string, unknown>) => void): void {
    this.#messages = handler;
  }

  /** Shows a page; `body` is HTML whose text is escaped already. */
  show(script: vscode.Uri, body: string): void {
    const media = vscode.Uri.joinPath(this.extension, "media");
    const name = script.path.slice(script.path.lastIndexOf("/") + 1);
    let panel = this.#panel;
    if (!panel) {
      const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      panel = vscode.window.createWebviewPanel(`air.${this.name}`, this.title, where, { enableScripts: true, localResourceRoots: [media], enableFindWidget: true });
      panel.onDidDispose(() => (this.#panel = undefined));
      panel.webview.onDidReceiveMessage((message: { kind: string } & Record<string, unknown>) => this.#received(message));
      panel.iconPath = vscode.Uri.joinPath(media, "file.svg");
      this.#panel = panel;
    }
    this.#script = script;
    panel.title = `${this.title}: ${name}`;
    panel.webview.html = page(panel.webview, media, this.name, body);
    panel.reveal(undefined, true);
  }

  /** Marks the page as outdated: it belongs to an earlier version of the script. */
  outdated(): void {
    void this.#panel?.webview.postMessage({ kind: "outdated" });
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #received(message: { kind: string } & Record<string, unknown>): void {
    if (message.kind !== "go") {
      this.#messages?.(message);
      return;
    }
    const [line, column] = [Number(message["line"]), Number(message["column"])];
    const script = this.#script;
    if (!script || !Number.isInteger(line) || !Number.isInteger(column)) return;
    const visible = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === script.toString());
    if (visible) reveal(visible, line - 1, column - 1);
    else void vscode.window.showTextDocument(script, { viewColumn: vscode.ViewColumn.One }).then((editor) => reveal(editor, line - 1, column - 1));
  }
}

/** Escapes text for HTML. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function page(webview: vscode.Webview, media: vscode.Uri, name: string, body: string): string {
  const nonce = randomBytes(16).toString("base64");
  const file = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file(`${name}.css`)}">
</head>
<body>
<p id="outdated" hidden>The script has changed since this run. Run it again for current results.</p>
${body}
<script nonce="${nonce}" src="${file(`${name}.js`)}"></script>
</body>
</html>`;
}
