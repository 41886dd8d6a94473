import assert from "node:assert/strict";
import { test } from "node:test";
import type { BaseLanguageClient } from "vscode-languageclient/node";
import { isJson, takeSamples } from "./sample-documents.ts";

test("which texts can be read as JSON", () => {
  assert.ok(isJson('{ // why\n "cases": [1, ], }'));
  assert.ok(isJson('{"servises": 1}'), "the server reports what is wrong in it");
  for (const broken of ["{", '{"a" 1}', "", '{"a": x}']) assert.ok(!isJson(broken), broken);
});

test("sample data is opened, checked, completed and explained, and not formatted", () => {
  const taken: [string, { documentSelector: { pattern: string }[]; workspaceDiagnostics?: boolean }][] = [];
  const client = {
    initializeResult: { capabilities: { completionProvider: { triggerCharacters: ['"'] }, codeLensProvider: {}, diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: true } } },
    getFeature: (method: string) => ({ register: ({ registerOptions }: { registerOptions: { documentSelector: { pattern: string }[] } }) => taken.push([method, registerOptions]) }),
  };
  takeSamples(client as unknown as BaseLanguageClient);
  assert.deepEqual(
    taken.map(([method]) => method.replace("textDocument/", "")),
    ["didOpen", "didChange", "didSave", "didClose", "completion", "hover", "codeLens", "diagnostic"],
  );
  for (const [method, { documentSelector }] of taken) assert.ok(documentSelector.every(({ pattern }) => pattern === "**/*.sample.json"), method);
  assert.equal(taken.at(-1)![1].workspaceDiagnostics, false, "or all of it would be reported twice");
});
