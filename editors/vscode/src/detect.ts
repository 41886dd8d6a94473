// `.air` files that are something else are shown as plain text.
import * as vscode from "vscode";
import { mayBeAir } from "./recognise.ts";

/** Enough to see what a file is. */
const BEGINNING = 4096;

export function watchLanguages(): vscode.Disposable {
  const seen = (document: vscode.TextDocument): void => {
    if (document.languageId !== "air" || document.uri.scheme !== "file" || document.isDirty) return;
    if (!vscode.workspace.getConfiguration("air", document.uri).get<boolean>("detectByContent", true)) return;
    const beginning = document.getText(new vscode.Range(document.positionAt(0), document.positionAt(BEGINNING)));
    if (!mayBeAir(beginning)) void vscode.languages.setTextDocumentLanguage(document, "plaintext");
  };
  vscode.workspace.textDocuments.forEach(seen);
  return vscode.workspace.onDidOpenTextDocument(seen);
}
