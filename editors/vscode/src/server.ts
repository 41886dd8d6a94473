// The server's life cycle: found, started, watched, and restarted after a crash with growing waits.
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient, type LanguageClientOptions, RevealOutputChannelOn, State, vsdiag, WorkDoneProgress } from "vscode-languageclient/node";
import { Backoff } from "./backoff.ts";
import { takeHosts } from "./embedded.ts";
import { isJson, isSample, takeSamples } from "./sample-documents.ts";
import { commandLine, isNewEnough, locate, type Program } from "./locate.ts";
import { settingsFor } from "./settings.ts";

/** The oldest version of the server whose answers this extension understands. */
export const OLDEST = "0.1.0";

/** The state of the server. */
export type Health =
  | { kind: "starting" }
  | { kind: "running"; version: string; pid: number | undefined }
  | { kind: "waiting"; milliseconds: number }
  | { kind: "missing" | "old" | "stopped" | "failed"; text: string };

/** Handles commands of the server that the editor itself triggers, such as those of lenses. */
export type Intercept = (command: string, argument: unknown) => Thenable<unknown> | undefined;

export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("AIR", { log: true });
  readonly trace = vscode.window.createOutputChannel("AIR Trace");
  #health: Health = { kind: "stopped", text: "not started" };
  #changed = new vscode.EventEmitter<Health>();
  readonly onDidChange = this.#changed.event;
  #client: LanguageClient | undefined;
  #process: ChildProcess | undefined;
  #program: Program | undefined;
  #backoff = new Backoff();
  #intercept: Intercept = () => undefined;
  /** Starts and stops happen one after the other: settings may change while a server is starting. */
  #queue: Promise<void> = Promise.resolve();
  /** Commands whose progress is shown, counted. */
  #shown = 0;
  /** Whether a server that ends has to be started again. */
  #wanted = false;

  constructor(private readonly extension: vscode.ExtensionContext) {}

  get health(): Health {
    return this.#health;
  }

  /** The client while the server answers. */
  get client(): LanguageClient | undefined {
    return this.#health.kind === "running" ? this.#client : undefined;
  }

  /** The command line `air` that belongs to the server. */
  get commandLine(): string | undefined {
    const program = this.#program ?? this.#locate();
    return program && commandLine(program);
  }

  intercept(intercept: Intercept): void {
    this.#intercept = intercept;
  }

  /** Sends a request; shows why and returns `undefined` if the server is not running. */
  async request<R>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<R | undefined> {
    const client = this.client;
    if (!client) {
      this.explain();
      return undefined;
    }
    return token ? client.sendRequest<R>(method, params, token) : client.sendRequest<R>(method, params);
  }

  /** Executes a command of the server. Whoever shows its progress gets what the server says of it; the server shows none then. */
  async command<R>(
    command: string,
    argument: unknown,
    token?: vscode.CancellationToken,
    progress?: vscode.Progress<{ message?: string }>,
  ): Promise<R | undefined> {
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    const client = this.client;
    if (!client || !progress) return this.request<R>("workspace/executeCommand", params, token);
    this.#shown += 1;
    const workDoneToken = `air-command-${this.#shown}`;
    const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind === "report" && value.message !== undefined) progress.report({ message: value.message });
    });
    try {
      return await this.request<R>("workspace/executeCommand", { ...params, workDoneToken }, token);
    } finally {
      listener.dispose();
    }
  }

  start(): Promise<void> {
    return this.#then(() => this.#start());
  }

  stop(): Promise<void> {
    this.#giveUpStarting();
    return this.#then(() => this.#stop());
  }

  restart(): Promise<void> {
    this.#giveUpStarting();
    return this.#then(async () => {
      await this.#stop();
      this.#backoff.reset();
      await this.#start();
    });
  }

  /** Shows why the server is not running, and offers what to do. */
  explain(): void {
    const health = this.#health;
    const text = health.kind === "starting" || health.kind === "waiting" ? "The language server is starting." : "text" in health ? health.text : undefined;
    if (text === undefined) return;
    if (health.kind === "starting" || health.kind === "waiting") void vscode.window.showInformationMessage(`AIR: ${text}`);
    else void this.#offer(text);
  }

  dispose(): void {
    void this.stop();
    this.output.dispose();
    this.trace.dispose();
    this.#changed.dispose();
  }

  #then(task: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(task).catch((error: unknown) => this.output.error(message(error)));
    return this.#queue;
  }

  /** Ends a server that does not answer `initialize`: the queue would wait for it without end. */
  #giveUpStarting(): void {
    if (this.#health.kind !== "starting") return;
    const slow = this.#process;
    setTimeout(() => {
      if (this.#health.kind === "starting" && this.#process === slow) slow?.kill();
    }, 5000);
  }

  async #start(): Promise<void> {
    this.#program = this.#locate();
    if (!this.#program) {
      const setting = vscode.workspace.getConfiguration("air").get<string>("server.path", "").trim();
      const text = setting === "" ? "This build of the extension has no language server for this platform, and air-lsp is not on the PATH; set air.server.path." : `There is no program ${setting}; change the setting air.server.path.`;
      this.#fail({ kind: "missing", text });
      return;
    }
    this.#set({ kind: "starting" });
    this.#wanted = true;
    const program = this.#program;
    this.output.info(`starting ${program.command} ${program.arguments.join(" ")} (${program.from})`);
    const client = new LanguageClient("air", "AIR", () => this.#spawn(program), this.#options());
    this.#client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.#client === client && newState === State.Running) this.#running(client);
    });
    try {
      await client.start();
    } catch (error) {
      if (this.#wanted && this.#health.kind === "starting") {
        this.#fail({ kind: "failed", text: `The language server ${program.command} did not start: ${message(error)}` });
      }
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#wanted = false;
    this.#client = undefined;
    this.#set({ kind: "stopped", text: "stopped" });
    try {
      await client?.dispose(2000);
    } catch (error) {
      this.output.debug(`while stopping: ${message(error)}`);
    }
    this.#process?.kill();
    this.#process = undefined;
  }

  #set(health: Health): void {
    this.#health = health;
    this.#changed.fire(health);
  }

  #fail(health: Health & { text: string }): void {
    this.output.error(health.text);
    this.#set(health);
    void this.#offer(health.text);
  }

  async #offer(text: string): Promise<void> {
    const [settings, restart, output] = ["Open Settings", "Try Again", "Show Output"];
    const choice = await vscode.window.showErrorMessage(`AIR: ${text} Syntax colours work; diagnostics, formatting and runs do not.`, settings, restart, output);
    if (choice === settings) await vscode.commands.executeCommand("workbench.action.openSettings", "air.server.path");
    else if (choice === restart) await this.restart();
    else if (choice === output) this.output.show();
  }

  #locate(): Program | undefined {
    return locate({
      setting: vscode.workspace.getConfiguration("air").get<string>("server.path", ""),
      extension: this.extension.extensionPath,
      workspace: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      platform: process.platform,
      path: process.env["PATH"] ?? "",
      isProgram,
    });
  }

  #spawn(program: Program): Promise<ChildProcess> {
    const more = vscode.workspace.getConfiguration("air").get<Record<string, string>>("server.environment", {});
    const child = spawn(program.command, program.arguments, { env: { ...process.env, ...more } });
    this.#process = child;
    return new Promise((resolve, reject) => {
      child.once("spawn", () => resolve(child));
      child.once("error", reject);
    });
  }

  #running(client: LanguageClient): void {
    const version = client.initializeResult?.serverInfo?.version ?? "";
    if (!isNewEnough(version, OLDEST)) {
      const text = `The language server ${this.#program?.command ?? ""} is ${version || "of an unknown version"}; this extension needs ${OLDEST} or newer.`;
      void this.stop().then(() => this.#fail({ kind: "old", text }));
      return;
    }
    this.output.info(`air-lsp ${version}, process ${this.#process?.pid ?? "unknown"}`);
    takeSamples(client);
    takeHosts(client);
    this.#set({ kind: "running", version, pid: this.#process?.pid });
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: [{ language: "air", scheme: "file" }, { language: "air", scheme: "untitled" }],
      outputChannel: this.output,
      traceOutputChannel: this.trace,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: settingsFor(undefined),
      synchronize: { configurationSection: "air" },
      markdown: { isTrusted: false, supportHtml: false },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => this.#closed(),
      },
      middleware: {
        // If the text is not JSON at all, the editor's own JSON support reports it, and sooner.
        provideDiagnostics: async (document, previous, token, next) => {
          const uri = ("uri" in document ? document.uri : document).toString();
          const open = isSample(document) ? vscode.workspace.textDocuments.find((it) => it.uri.toString() === uri) : undefined;
          return open && !isJson(open.getText()) ? { kind: vsdiag.DocumentDiagnosticReportKind.full, items: [] } : next(document, previous, token);
        },
        executeCommand: (command, args, next) => (this.#intercept(command, args[0]) ?? next(command, args)) as Thenable<unknown>,
        workspace: {
          configuration: async (params, token, next) => {
            const answer: unknown = await next(params, token);
            const others = Array.isArray(answer) ? (answer as unknown[]) : [];
            return params.items.map((item, index) => (item.section === "air" ? settingsFor(item.scopeUri) : others[index]));
          },
          didChangeConfiguration: async () => {
            await this.#client?.sendNotification("workspace/didChangeConfiguration", { settings: { air: settingsFor(undefined) } });
          },
        },
      },
    };
  }

  async #closed(): Promise<{ action: CloseAction; handled: boolean }> {
    const give = { action: CloseAction.DoNotRestart, handled: true };
    if (!this.#wanted) return give;
    const wait = this.#backoff.crashed(Date.now());
    if (wait === undefined) {
      this.#fail({ kind: "failed", text: "The language server crashed repeatedly and is not started again; choose Try Again, or see the output." });
      return give;
    }
    this.output.warn(`the server ended unexpectedly; it starts again in ${wait} ms`);
    this.#set({ kind: "waiting", milliseconds: wait });
    const client = this.#client;
    await new Promise((resolve) => setTimeout(resolve, wait));
    return this.#wanted && this.#client === client ? { action: CloseAction.Restart, handled: true } : give;
  }
}

/** The text of an error. */
export function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isProgram(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    accessSync(file, process.platform === "win32" ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
