// Compares package.json with its sources: the settings of the server, the commands, the token modifiers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
const { contributes, capabilities } = JSON.parse(read("package.json")) as {
  contributes: {
    configuration: { properties: Record<string, { type: string; enum?: string[]; minimum?: number; maximum?: number; default: unknown }> };
    commands: { command: string; category: string }[];
    menus: Record<string, { command: string }[]>;
    keybindings: { command: string; key: string; when: string }[];
    semanticTokenModifiers: { id: string }[];
    codeActions: { languages: string[]; actions: { kind: string; title: string; description: string }[] }[];
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
};

test("settings are those of air.toml", () => {
  type Wanted = { type?: string; minimum?: number; maximum?: number; $ref?: string };
  type Definition = { properties: Record<string, Wanted>; oneOf?: { type: string; const: string }[] };
  const schema = JSON.parse(read("../../lsp-server/schemas/air.schema.json")) as { $defs: Record<string, Definition> };
  for (const section of ["Format", "Beautify", "Hints", "Run"]) {
    for (const [key, wanted] of Object.entries(schema.$defs[section]!.properties)) {
      if (key === "line-ending") continue;
      const name = `air.${section.toLowerCase()}.${key}`;
      const setting = contributes.configuration.properties[name];
      assert.ok(setting, `${name} is not a setting`);
      const words = wanted.$ref === undefined ? undefined : schema.$defs[wanted.$ref.replace("#/$defs/", "")]!.oneOf!;
      assert.deepEqual(setting.enum, words?.map((word) => word.const), name);
      const type = words?.[0]!.type ?? wanted.type;
      assert.deepEqual([setting.type, setting.minimum, setting.maximum], [type, wanted.minimum, wanted.maximum], name);
    }
  }
});

test("the server's own kinds of code actions can be found and are explained", () => {
  const table = read("../../lsp-server/README.md");
  const row = table.split("\n").find((line) => line.startsWith("| `textDocument/codeAction` |")) ?? "";
  const named = [...row.matchAll(/`(source\.[\w.]+)`/g)].map(([, kind]) => kind!);
  assert.ok(named.length >= 3);
  const [contributed] = contributes.codeActions;
  assert.deepEqual(contributed!.languages, ["air"]);
  assert.deepEqual(contributed!.actions.map(({ kind }) => kind), named);
  for (const { kind } of contributed!.actions) assert.ok(read("README.md").includes(`| \`${kind}\` |`), kind);
});

test("what names a program or runs something is not taken from an untrusted workspace", () => {
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, ["air.server.path", "air.server.environment", "air.run.on-save"]);
});

test("every structural command of the server has a command and a key of its own, in scripts only", () => {
  const page = read("../../lsp-server/ide/docs/structural-editing.md");
  const named = [...page.matchAll(/^## `air\.(\w+)`$/gm)].map(([, name]) => name);
  const source = read("src/structural.ts");
  const readme = read("README.md");
  const shown = (key: string) => key.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  assert.ok(named.length > 10);
  for (const name of named) {
    assert.ok(source.includes(`"${name}"`), name);
    assert.equal(contributes.commands.find(({ command }) => command === `air.edit.${name}`)?.category, "AIR");
    const bound = contributes.keybindings.find(({ command }) => command === `air.edit.${name}`);
    assert.match(bound?.when ?? "", /editorTextFocus .*editorLangId == air/);
    assert.equal(contributes.keybindings.filter(({ key }) => key === bound?.key).length, 1, bound?.key);
    // A key that is the beginning of a chord would never be reached.
    for (const { key } of contributes.keybindings) assert.ok(!key.startsWith(`${bound?.key} `), key);
    assert.ok(readme.includes(`| \`${shown(bound?.key ?? "")}\` |`), `${bound?.key} is not in the README`);
  }
});

test("all commands in menus and keys exist", () => {
  const extension = read("src/extension.ts") + read("src/debug.ts") + read("src/structural.ts").replace(/^ {2}"(\w+)",$/gm, '"air.edit.$1"');
  const known = new Set(contributes.commands.map(({ command }) => command));
  for (const command of known) assert.ok(extension.includes(`"${command}"`), `${command} is not registered`);
  for (const { command } of [...Object.values(contributes.menus).flat(), ...contributes.keybindings]) assert.ok(known.has(command) || command.startsWith("workbench."), `${command} is unknown`);
});

test("modifiers are the server's", () => {
  const server = read("../../lsp-server/ide/src/semantic_tokens.rs");
  for (const { id } of contributes.semanticTokenModifiers) assert.ok(server.includes(`"${id}"`), id);
});
