// The settings in the form the server takes: the sections of air.toml, without the extension's own settings.
import * as vscode from "vscode";

const SECTIONS = ["format", "levels", "beautify", "hints", "run"] as const;

/** The settings for a document, or without one for the window. In an untrusted workspace nothing runs unasked. */
export function settingsFor(scope: string | undefined): Record<string, unknown> {
  const uri = scope === undefined ? undefined : vscode.Uri.parse(scope);
  const air = vscode.workspace.getConfiguration("air", uri);
  const settings: Record<string, unknown> = {};
  for (const section of SECTIONS) {
    // Copied to plain data: the editor's objects are proxies.
    settings[section] = JSON.parse(JSON.stringify(air.get(section) ?? {}));
  }
  if (!vscode.workspace.isTrusted) (settings["run"] as Record<string, unknown>)["on-save"] = false;
  return settings;
}
