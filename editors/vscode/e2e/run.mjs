// End-to-end tests: the packaged extension in a real VS Code. `npm run e2e [NAME …]`; pictures and a log in e2e/out.
//
// AIR_VSIX names the VSIX; when absent, one is built with the project's debug build of `air`.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Editor } from "./editor.mjs";
import { codeServer, Rig, until } from "./rig.mjs";
import { outdated, restricted, serverless } from "./restricted.mjs";
import { scenes } from "./scenes.mjs";

const here = import.meta.dirname;
const out = join(here, "out");
mkdirSync(out, { recursive: true });
const begun = Date.now();
const say = (text) => console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const wanted = process.argv.slice(2);

codeServer();
say("code-server is installed");
const rival = join(out, "rival.vsix");
const node = (cwd, ...args) => execFileSync(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
node(join(here, "rival"), "../../node_modules/@vscode/vsce/vsce", "package", "--no-dependencies", "--skip-license", "--out", rival);
const vsix = process.env.AIR_VSIX ? resolve(process.env.AIR_VSIX) : join(out, "air.vsix");
if (!process.env.AIR_VSIX) {
  const program = join(process.env.CARGO_TARGET_DIR ?? resolve(here, "../../../target"), "debug/air");
  assert.ok(existsSync(program), `${program} is missing; run: cargo build -p air-lsp --bins`);
  node(resolve(here, ".."), "build.mjs", "--vsix", "--server", program, "--out", vsix);
}
say(`${vsix} is packaged`);

const TRIES = 3;
let failed = 0;
const server = (file) => ({ settings: { "air.server.path": file } });
const setups = [[{}, scenes], [{ trusted: false }, restricted], [server("/nowhere/air-lsp"), serverless], [server(join(here, "old/air-lsp")), outdated]];
for (const [setup, list] of setups) {
  const chosen = list.filter(([name]) => wanted.length === 0 || wanted.includes(name));
  if (chosen.length === 0) continue;
  const begin = async () => {
    const rig = await Rig.start({ extensions: [vsix, rival], workspace: join(here, "workspace"), ...setup });
    const editor = new Editor(await rig.browse(), rig, out);
    await editor.load();
    say("workbench is up");
    return editor;
  };
  const end = async (editor) => {
    writeFileSync(join(out, "code-server.log"), editor.rig.log);
    await editor.rig.stop();
  };
  let editor = await begin();
  try {
    for (const [name, scene] of chosen) {
      // A browser on a busy machine loses a key press now and then: a scene that fails is tried again from the start, in a
      // fresh editor.
      for (let attempt = 1; attempt <= TRIES; attempt += 1) {
        try {
          await scene(editor, assert, until);
          say(`ok      ${name}${attempt > 1 ? ` (try ${attempt})` : ""}`);
          break;
        } catch (error) {
          if (attempt === TRIES) failed += 1;
          say(`${attempt === TRIES ? "FAILED" : "again"}  ${name}: ${error.stack ?? error}`);
          await editor.picture(`failed-${name.replaceAll(" ", "-")}`).catch(() => {});
          await end(editor);
          editor = await begin();
        }
      }
    }
  } finally {
    await end(editor);
  }
}
say(failed === 0 ? "all passed" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
