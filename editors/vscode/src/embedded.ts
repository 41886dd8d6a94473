// Documents of other languages as documents of the server: it finds scripts in their strings, and answers there only. These
// features are registered one by one and not by the client's selector: for everything else the language's own server is
// responsible. Formatting is a code action, because an editor has one formatter for a document.
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient/node";

const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact", "rust", "markdown"];
const SELECTOR = LANGUAGES.flatMap((language) => ["file", "untitled"].map((scheme) => ({ language, scheme })));

/** Lets the server see these documents from now on, if that is set; called once for each start of the server. */
export function takeHosts(client: BaseLanguageClient): void {
  if (!vscode.workspace.getConfiguration("air").get<boolean>("embedded.enable", false)) return;
  const provider = client.initializeResult?.capabilities;
  const take = (feature: { register(data: { id: string; registerOptions: object }): void } | undefined, options: object = {}): void => {
    feature?.register({ id: `air-embedded-${crypto.randomUUID()}`, registerOptions: { ...options, documentSelector: SELECTOR } });
  };
  take(client.getFeature("textDocument/didOpen"));
  take(client.getFeature("textDocument/didChange"), { syncKind: 2 });
  take(client.getFeature("textDocument/didClose"));
  take(client.getFeature("textDocument/completion"), provider?.completionProvider);
  take(client.getFeature("textDocument/hover"));
  take(client.getFeature("textDocument/definition"));
  take(client.getFeature("textDocument/documentHighlight"));
  take(client.getFeature("textDocument/signatureHelp"), provider?.signatureHelpProvider);
  take(client.getFeature("textDocument/codeAction"), typeof provider?.codeActionProvider === "object" ? provider.codeActionProvider : {});
  // Diagnostics of the whole workspace are requested already.
  take(client.getFeature("textDocument/diagnostic"), { ...provider?.diagnosticProvider, workspaceDiagnostics: false });
}
