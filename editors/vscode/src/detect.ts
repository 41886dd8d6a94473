// Shows `.air` files that are not AIR scripts as plain text.
import * as vscode from "vscode";
import { mayBeAir } from "./recognise.ts";

/** How much of a file is read to see what it is, in UTF-16 units. */
const BEGINNING_LENGTH = 4096;

export function watchLanguages(): vscode.Disposable {
  const seen = (document: vscode.TextDocument): void => {
    if (document.languageId !== "air" || document.uri.scheme !== "file" || document.isDirty) return;
    if (!vscode.workspace.getConfiguration("air", document.uri).get<boolean>("detectByContent", true)) return;
    const beginning = document.getText(new vscode.Range(document.positionAt(0), document.positionAt(BEGINNING_LENGTH)));
    if (!mayBeAir(beginning)) void vscode.languages.setTextDocumentLanguage(document, "plaintext");
  };
  vscode.workspace.textDocuments.forEach(seen);
  return vscode.workspace.onDidOpenTextDocument(seen);
}
