// The editor's tab size follows the layout that settings, air.toml and .editorconfig give a script.
import * as vscode from "vscode";
import type { Server } from "./server.ts";

export function followIndentWidth(server: Server): vscode.Disposable {
  const follow = async (editor: vscode.TextEditor | undefined): Promise<void> => {
    if (editor?.document.languageId !== "air") return;
    try {
      const state = await server.client?.sendRequest<{ indentWidth?: number } | null>("air/document", { textDocument: { uri: editor.document.uri.toString() } });
      if (state?.indentWidth) editor.options = { tabSize: state.indentWidth, indentSize: state.indentWidth, insertSpaces: true };
    } catch {
      // The server is stopping; the next one is asked again.
    }
  };
  const all = (): void => vscode.window.visibleTextEditors.forEach((editor) => void follow(editor));
  const watcher = vscode.workspace.createFileSystemWatcher("**/{air.toml,.air.toml,.editorconfig}");
  // The server is notified of the change at this moment, and reads the file only then.
  const later = (): void => void setTimeout(all, 300);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(later),
    watcher.onDidCreate(later),
    watcher.onDidDelete(later),
    vscode.window.onDidChangeActiveTextEditor((editor) => void follow(editor)),
    vscode.workspace.onDidChangeConfiguration((event) => void (event.affectsConfiguration("air.format") && later())),
    server.onDidChange((health) => void (health.kind === "running" && later())),
  );
}
