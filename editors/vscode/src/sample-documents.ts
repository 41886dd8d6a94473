// `NAME.sample.json` as documents of the server: it finds their errors, completes and explains keys, and has a lens for
// each case. Only for that, and not by the client's selector: to everything else, formatting above all, they are the
// editor's JSON. That is also why the package has no JSON schema for them: both would tell the same errors.
import { type ParseError, parseTree } from "jsonc-parser";
import type * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient/node";

const SELECTOR = ["json", "jsonc"].flatMap((language) => ["file", "untitled"].map((scheme) => ({ language, scheme, pattern: "**/*.sample.json" })));

/** Lets the server see sample data from now on; once for each start of it. */
export function takeSamples(client: BaseLanguageClient): void {
  const provider = client.initializeResult?.capabilities;
  const take = (feature: { register(data: { id: string; registerOptions: object }): void } | undefined, options: object = {}): void => {
    feature?.register({ id: `air-sample-${crypto.randomUUID()}`, registerOptions: { ...options, documentSelector: SELECTOR } });
  };
  take(client.getFeature("textDocument/didOpen"));
  take(client.getFeature("textDocument/didChange"), { syncKind: 2 });
  take(client.getFeature("textDocument/didSave"), { includeText: false });
  take(client.getFeature("textDocument/didClose"));
  take(client.getFeature("textDocument/completion"), provider?.completionProvider);
  take(client.getFeature("textDocument/hover"));
  take(client.getFeature("textDocument/codeLens"), provider?.codeLensProvider);
  // Those of the workspace are asked for already.
  take(client.getFeature("textDocument/diagnostic"), { ...provider?.diagnosticProvider, workspaceDiagnostics: false });
}

/** Whether it is sample data. */
export function isSample(document: vscode.TextDocument | vscode.Uri): boolean {
  return ("uri" in document ? document.uri : document).path.endsWith(".sample.json");
}

/** Whether it can be read at all: comments and a comma too many are fine. */
export function isJson(text: string): boolean {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  return errors.length === 0;
}
