import { writeFileSync } from "node:fs";
import { join } from "node:path";

// What is tried in a workspace that is not trusted, and without a server.

const untrusted = async (editor, assert) => {
  await editor.open("findings.air");
  await editor.page.locator(".squiggly-error").first().waitFor();
  await editor.status("Restricted Mode").waitFor();
  await editor.picture("untrusted");
  // The setting of the user says that scripts run when saved; here they do not.
  await editor.configure({ "air.run.on-save": true });
  await editor.open("shop.air");
  await editor.lens("Run with").waitFor();
  await editor.toLine(1, 3);
  await editor.press("x", "Control+S");
  await editor.page.waitForTimeout(1500);
  assert.ok(!(await editor.texts()).some((text) => text.includes("= {")), "nothing ran");
};

const missing = async (editor) => {
  await editor.configure({ "air.server.path": "/nowhere/air-lsp" });
  await editor.open("shop.air");
  await editor.notification("There is no program /nowhere/air-lsp").waitFor();
  await editor.page.locator(".notification-list-item", { hasText: "no program" }).locator("a", { hasText: "Open Settings" }).waitFor();
  await editor.picture("missing");
};

const rival = async (editor, assert) => {
  // Without a server the grammar alone gives the colours: ours, although another extension has one for the same language.
  await editor.open("findings.air");
  const colour = async (text) => editor.word(text).evaluate((word) => getComputedStyle(word).color);
  const [keyword, service, name] = [await colour("call"), await colour('"service"'), await colour('"load"')];
  // The other one makes them all `invalid`.
  assert.equal(new Set([keyword, service, name]).size, 3, `${keyword} ${service} ${name}`);
  await editor.picture("rival");
};

/** A server from long ago: all it says is its version. */
const OLD = `#!/usr/bin/env node
let text = "";
process.stdin.on("data", (data) => {
  text += data;
  const id = /"id":(\\d+),"method":"initialize"/.exec(text)?.[1];
  if (id === undefined) return;
  text = "";
  const answer = JSON.stringify({ jsonrpc: "2.0", id: Number(id), result: { capabilities: {}, serverInfo: { name: "air-lsp", version: "0.0.1" } } });
  process.stdout.write("Content-Length: " + answer.length + "\\r\\n\\r\\n" + answer);
});
`;

const old = async (editor) => {
  const file = join(editor.rig.home, "air-lsp");
  writeFileSync(file, OLD, { mode: 0o755 });
  await editor.configure({ "air.server.path": file });
  await editor.open("findings.air");
  await editor.notification("is 0.0.1; this extension needs").waitFor();
  await editor.picture("old");
};

export const restricted = [["untrusted workspace", untrusted], ["missing server", missing], ["beside the Aqua extension", rival], ["old server", old]];
