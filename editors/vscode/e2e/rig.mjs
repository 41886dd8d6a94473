// VS Code in a browser: code-server with the packaged extension, driven through headless Chromium.
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const here = import.meta.dirname;
const target = process.env.CARGO_TARGET_DIR ?? resolve(here, "../../../target");
/** VS Code 1.100. */
const CODE_SERVER = "code-server@4.100.3";

/** How long one condition is waited for. */
const TIMEOUT_MILLISECONDS = Number(process.env.AIR_E2E_LIMIT ?? 30_000);

const SETTINGS = {
  "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "extensions.autoUpdate": false, "extensions.autoCheckUpdates": false,
  "update.mode": "none", "workbench.enableExperiments": false, "workbench.tips.enabled": false, "chat.commandCenter.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden", "editor.minimap.enabled": false, "files.autoSave": "off",
  "window.menuBarVisibility": "compact", "editor.fontFamily": "DejaVu Sans Mono, monospace", "workbench.layoutControl.enabled": false,
  "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "always",
  "workbench.colorTheme": "Default Dark Modern", "git.enabled": false, "editor.cursorBlinking": "solid", "breadcrumbs.enabled": true, "editor.formatOnSave": true,
};

/** Installs code-server from npm, once. Its install script needs a compiler and node-gyp for parts that are not used here. */
export function codeServer() {
  const folder = join(target, "code-server"), vscode = join(folder, "node_modules/code-server/lib/vscode");
  const npm = (cwd, ...args) => execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...args], { cwd, stdio: "inherit" });
  if (!existsSync(join(vscode, "node_modules.asar"))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}');
    npm(folder, CODE_SERVER);
    npm(vscode, "--omit=dev");
    // Loaded at the start, for passwords, which are not used here.
    writeFileSync(join(folder, "node_modules/argon2/argon2.js"), "exports.hash = exports.verify = () => { throw new Error('not built'); };\n");
    // The search program is loaded too; the system's one serves.
    const search = join(vscode, "node_modules/@vscode/ripgrep/bin");
    mkdirSync(search, { recursive: true });
    symlinkSync(execFileSync("sh", ["-c", "command -v rg"], { encoding: "utf8" }).trim(), join(search, "rg"));
    symlinkSync("node_modules", join(vscode, "node_modules.asar"));
  }
  return join(folder, "node_modules/code-server/out/node/entry.js");
}

/** A running code-server with its own home, workspace and settings. */
export class Rig {
  static async start({ extensions, workspace, settings = {}, trusted = true, theme = undefined }) {
    const rig = new Rig();
    rig.home = mkdtempSync(join(tmpdir(), "air-vscode-"));
    rig.workspace = join(rig.home, "scripts");
    rig.data = join(rig.home, "data");
    for (const folder of [join(rig.data, "User"), join(rig.home, "extensions")]) mkdirSync(folder, { recursive: true });
    cpSync(workspace, rig.workspace, { recursive: true });
    rig.settings = { ...SETTINGS, ...settings, "security.workspace.trust.enabled": !trusted, ...(theme ? { "workbench.colorTheme": theme } : {}) };
    rig.configure({});
    const entry = codeServer();
    const folders = ["--user-data-dir", rig.data, "--extensions-dir", join(rig.home, "extensions")];
    const environment = { ...process.env, EXTENSIONS_GALLERY: "{}" };
    execFileSync(process.execPath, [entry, ...folders, ...extensions.flatMap((file) => ["--install-extension", file])], { stdio: ["ignore", "ignore", "ignore"], env: environment });
    const port = await freePort();
    rig.url = `http://127.0.0.1:${port}`;
    rig.log = "";
    rig.server = spawn(process.execPath, [entry, ...folders, "--config", join(rig.home, "config.yaml"), "--auth", "none", "--bind-addr", `127.0.0.1:${port}`,
      "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"], { stdio: ["ignore", "pipe", "pipe"], detached: true, env: environment });
    for (const stream of [rig.server.stdout, rig.server.stderr]) stream.on("data", (data) => (rig.log += data));
    await until(async () => (await fetch(`${rig.url}/healthz`)).ok, 30_000);
    return rig;
  }

  /** Adds to the user's settings. */
  configure(more) {
    this.settings = { ...this.settings, ...more };
    writeFileSync(join(this.data, "User/settings.json"), JSON.stringify(this.settings, undefined, 1));
    // This is a remote window, where settings of scope `machine` count only in that file.
    const machine = Object.fromEntries(Object.entries(this.settings).filter(([name]) => name.startsWith("air.server.")));
    mkdirSync(join(this.data, "Machine"), { recursive: true });
    writeFileSync(join(this.data, "Machine/settings.json"), JSON.stringify(machine, undefined, 1));
  }

  get address() {
    return `${this.url}/?folder=${encodeURIComponent(this.workspace)}`;
  }

  async browse({ width = 1280, height = 760 } = {}) {
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-quic",
      "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"] });
    const context = await this.browser.newContext({ viewport: { width, height }, permissions: ["clipboard-read", "clipboard-write"] });
    context.setDefaultTimeout(TIMEOUT_MILLISECONDS);
    const page = await context.newPage();
    // No request may leave this machine.
    await page.route((url) => url.hostname !== "127.0.0.1" && !url.hostname.endsWith(".localhost"), (route) => route.abort());
    if (process.env.DEBUG) page.on("console", (message) => console.log("   console:", message.text().slice(0, 200)));
    return page;
  }

  /** The bundled program of the installed extension. */
  program() {
    const folder = readdirSync(join(this.home, "extensions")).find((name) => name.startsWith("fluencelabs.air-tooling"));
    return join(this.home, "extensions", folder, "server/air");
  }

  /** Ids of the language servers that run for this rig. */
  servers() {
    const program = this.program();
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter((pid) => {
      try {
        const [command, verb] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return command === program && verb === "lsp";
      } catch {
        return false;
      }
    }).map(Number);
  }

  async stop() {
    await this.browser?.close();
    try {
      process.kill(-this.server.pid, "SIGKILL");
    } catch {
      // The process has ended already.
    }
    if (!process.env.KEEP) rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Repeats `holds` until it returns true. */
export async function until(holds, milliseconds = TIMEOUT_MILLISECONDS) {
  const end = Date.now() + milliseconds;
  for (;;) {
    let last;
    try {
      if (await holds()) return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw last ?? new Error(`timed out waiting for: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
