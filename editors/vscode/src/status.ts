// The status item: version, last run, memory; a click opens a menu for the server.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { Server } from "./server.ts";

/** Shows the server's health and the last run. */
export class Status implements vscode.Disposable {
  #item = vscode.window.createStatusBarItem("air.status", vscode.StatusBarAlignment.Right, 100);
  #lastRun: string | undefined;

  constructor(private readonly server: Server) {
    this.#item.name = "AIR";
    this.#item.command = "air.showStatus";
    void this.update();
    this.#item.show();
  }

  ran(what: string): void {
    this.#lastRun = what;
    void this.update();
  }

  /** Called when something happened, never on a timer: reading the memory is not free. */
  async update(): Promise<void> {
    const health = this.server.health;
    const item = this.#item;
    item.backgroundColor = undefined;
    switch (health.kind) {
      case "running": {
        item.text = this.#lastRun ? `AIR: ${this.#lastRun}` : `AIR ${health.version}`;
        const memory = await memoryOf(health.pid);
        const lines = [`**AIR** ${health.version}`, `Last run: ${this.#lastRun ?? "none"}`, `Memory: ${memory ?? "unknown"}`];
        item.tooltip = new vscode.MarkdownString(lines.join("\n\n"));
        break;
      }
      case "starting":
        item.text = "$(loading~spin) AIR";
        item.tooltip = "The server is starting";
        break;
      case "waiting":
        item.text = "$(warning) AIR";
        item.tooltip = `The server crashed and starts again in ${health.milliseconds} ms`;
        break;
      case "missing":
      case "old":
      case "failed":
      case "stopped":
        item.text = health.kind === "stopped" ? "AIR: off" : "$(error) AIR";
        item.tooltip = health.text;
        if (health.kind !== "stopped") item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
        break;
    }
  }

  /** The menu of the status item. */
  async menu(): Promise<void> {
    await this.update();
    const health = this.server.health;
    const memory = health.kind === "running" ? await memoryOf(health.pid) : undefined;
    const head = health.kind === "running" ? `air-lsp ${health.version}${memory ? `, ${memory}` : ""}` : "text" in health ? health.text : "The server is starting";
    const items = [
      { label: "$(debug-restart) Restart Server", command: "air.restartServer" },
      { label: "$(output) Show Output", command: "air.showOutput" },
      { label: "$(list-tree) Show Trace", command: "air.showTrace" },
      { label: "$(gear) Settings", command: "workbench.action.openSettings", argument: "@ext:fluencelabs.air-tooling" },
    ];
    if (this.#lastRun) items.unshift({ label: `$(output) Report of the last run: ${this.#lastRun}`, command: "air.report" });
    const choice = await vscode.window.showQuickPick(items, { title: head, placeHolder: "Choose an action" });
    if (choice) await vscode.commands.executeCommand(choice.command, choice.argument);
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** Memory of a process as text, where the system reports it. */
async function memoryOf(pid: number | undefined): Promise<string | undefined> {
  if (pid === undefined) return undefined;
  try {
    const kib = process.platform === "linux" ? await ofProc(pid) : process.platform === "win32" ? await ofTasklist(pid) : await ofPs(pid);
    return kib === undefined ? undefined : `${Math.round(kib / 1024)} MiB`;
  } catch {
    return undefined;
  }
}

async function ofProc(pid: number): Promise<number | undefined> {
  const found = /^VmRSS:\s*(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"));
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

async function ofPs(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout.trim());
}

async function ofTasklist(pid: number): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)("tasklist", ["/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"]);
  const cell = /"([^"]*)"\s*$/.exec(stdout.trim())?.[1];
  return cell === undefined ? undefined : Number(cell.replace(/\D/g, ""));
}
