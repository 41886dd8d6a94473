// Structural editing: the server answers with the edit and the cursor position, and this module applies both.
import * as vscode from "vscode";
import type { WorkspaceEdit } from "vscode-languageclient";
import { activeScript } from "./run.ts";
import type { Server } from "./server.ts";

/** The server's commands without `air.`; the extension's own are `air.edit.` with the same name. */
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

/** The server's answer to a structural command. */
interface EditAnswer {
  edit: WorkspaceEdit | null;
  position: { line: number; character: number };
}

/** The server's error code for a text that has changed since the request. */
const CONTENT_MODIFIED = -32801;

export class Structural {
  /** Commands run one after the other, so that each one starts where the one before left the cursor. */
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
        const answer = await this.server.command<EditAnswer | null>(`air.${name}`, { uri: document.uri.toString(), position: { line, character }, version });
        if (answer && (await this.#edit(answer.edit))) put(editor, answer.position);
        return;
      } catch (error) {
        // The text changed meanwhile: try again with the current one.
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

function put(editor: vscode.TextEditor, { line, character }: EditAnswer["position"]): void {
  const at = new vscode.Position(line, character);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(editor.selection);
}
