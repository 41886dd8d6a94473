// `NAME.sample.json` as documents of the server: it finds their errors, completes and explains keys, and has a lens for
// each case. These features are registered one by one and not by the client's selector: for everything else, formatting
// above all, the editor's JSON support is responsible. The package has no JSON schema for sample data, because the same
// errors would be reported twice.
import { type ParseError, parseTree } from "jsonc-parser";
import type * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient/node";

const SELECTOR = ["json", "jsonc"].flatMap((language) => ["file", "untitled"].map((scheme) => ({ language, scheme, pattern: "**/*.sample.json" })));

/** Lets the server see sample data from now on; called once for each start of the server. */
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
  // Diagnostics of the whole workspace are requested already.
  take(client.getFeature("textDocument/diagnostic"), { ...provider?.diagnosticProvider, workspaceDiagnostics: false });
}

/** Whether a document is sample data, by its name. */
export function isSample(document: vscode.TextDocument | vscode.Uri): boolean {
  return ("uri" in document ? document.uri : document).path.endsWith(".sample.json");
}

/** Whether the text can be read as JSON at all; comments and trailing commas are allowed. */
export function isJson(text: string): boolean {
  const errors: ParseError[] = [];
  parseTree(text, errors, { allowTrailingComma: true });
  return errors.length === 0;
}
