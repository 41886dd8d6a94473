// Structural editing: the server says what to edit and where the cursor goes, this does both.
import * as vscode from "vscode";
import type { WorkspaceEdit } from "vscode-languageclient";
import { activeScript } from "./run.ts";
import type { Server } from "./server.ts";

/** The server's commands without `air.`; here each is `air.edit.` and its name. */
export const STRUCTURAL = [
  "slurpForward",
  "slurpBackward",
  "barfForward",
  "barfBackward",
  "raise",
  "splice",
  "dragForward",
  "dragBackward",
  "kill",
  "jumpToClosingBracket",
  "jumpToOpeningBracket",
] as const;

interface Done {
  edit: WorkspaceEdit | null;
  position: { line: number; character: number };
}

/** What the server answers about a text that has changed since. */
const CONTENT_MODIFIED = -32801;

export class Structural {
  /** Keys pressed quickly are done one after the other, each where the one before left the cursor. */
  #queue: Promise<void> = Promise.resolve();

  constructor(private readonly server: Server) {}

  run(name: string): Promise<void> {
    this.#queue = this.#queue.then(() => this.#run(name)).catch((error: unknown) => this.server.output.warn(`${name}: ${String(error)}`));
    return this.#queue;
  }

  async #run(name: string): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { document, selection } = editor;
      const { line, character } = selection.active;
      const { version } = document;
      try {
        const done = await this.server.command<Done | null>(`air.${name}`, { uri: document.uri.toString(), position: { line, character }, version });
        if (done && (await this.#edit(done.edit))) put(editor, done.position);
        return;
      } catch (error) {
        // Somebody typed meanwhile: once more, with what stands there now.
        if ((error as { code?: number }).code !== CONTENT_MODIFIED) throw error;
      }
    }
  }

  async #edit(edit: WorkspaceEdit | null): Promise<boolean> {
    if (!edit) return true;
    const converted = await this.server.client?.protocol2CodeConverter.asWorkspaceEdit(edit);
    return converted !== undefined && vscode.workspace.applyEdit(converted);
  }
}

function put(editor: vscode.TextEditor, { line, character }: Done["position"]): void {
  const at = new vscode.Position(line, character);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(editor.selection);
}
