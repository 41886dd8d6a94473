// The settings as the server takes them: the sections of air.toml, without what is the extension's own.
import * as vscode from "vscode";

const SECTIONS = ["format", "levels", "beautify", "hints", "run"] as const;

/** For a document, or for none. In an untrusted workspace nothing runs on its own. */
export function settingsFor(scope: string | undefined): Record<string, unknown> {
  const uri = scope === undefined ? undefined : vscode.Uri.parse(scope);
  const air = vscode.workspace.getConfiguration("air", uri);
  const settings: Record<string, unknown> = {};
  for (const section of SECTIONS) {
    // Plain data: the editor's objects are proxies.
    settings[section] = JSON.parse(JSON.stringify(air.get(section) ?? {}));
  }
  if (!vscode.workspace.isTrusted) (settings["run"] as Record<string, unknown>)["on-save"] = false;
  return settings;
}
