// Generates sample data to start from: a file beside the script, or annotations in it. The server writes them.
import * as vscode from "vscode";
import { activeScript } from "./run.ts";
import type { Server } from "./server.ts";

const KIND = vscode.CodeActionKind.Source.append("generateSample.air");

export async function generateSample(server: Server): Promise<void> {
  const editor = activeScript();
  if (!editor) return;
  if (!server.client) {
    server.explain();
    return;
  }
  const { document } = editor;
  const beside = sampleOf(document.uri);
  if (beside && (await exists(beside))) {
    await vscode.window.showTextDocument(beside, { viewColumn: vscode.ViewColumn.Beside });
    void vscode.window.showInformationMessage("AIR: the script already has sample data; remove the file to generate it again.");
    return;
  }
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const actions = (await vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, whole, KIND.value)) ?? [];
  const offered = actions.filter((action) => action.edit && action.kind && KIND.contains(action.kind));
  if (offered.length === 0) {
    void vscode.window.showInformationMessage("AIR: nothing to generate: the script has errors, or no call that needs an answer.");
    return;
  }
  const choice = offered.length === 1 ? { action: offered[0]! } : await vscode.window.showQuickPick(offered.map((action) => ({ label: action.title, action })), { title: "Generate sample data" });
  if (!choice?.action.edit || !(await vscode.workspace.applyEdit(choice.action.edit))) return;
  if (!beside) return;
  const made = vscode.workspace.textDocuments.find((open) => open.uri.toString() === beside.toString());
  if (made) await made.save();
  if (await exists(beside)) await vscode.window.showTextDocument(beside, { viewColumn: vscode.ViewColumn.Beside });
}

/** `NAME.sample.json` beside `NAME.air`. */
export function sampleOf(script: vscode.Uri): vscode.Uri | undefined {
  return script.scheme === "file" && script.path.endsWith(".air") ? script.with({ path: script.path.replace(/\.air$/, ".sample.json") }) : undefined;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
