// Calls of the command line `air`.
import { execFile } from "node:child_process";
import * as vscode from "vscode";
import type { Server } from "./server.ts";

/** The result of a call. Exit code: 0 nothing to report, 1 findings, 2 the work could not be done. */
export interface Output {
  code: number;
  out: string;
  err: string;
}

/** Runs `air`; throws if it cannot be started. */
export async function air(server: Server, args: string[], cwd: string | undefined, token?: vscode.CancellationToken): Promise<Output> {
  const program = server.commandLine;
  if (program === undefined) throw new Error("the program air was not found; set air.server.path");
  return new Promise((resolve, reject) => {
    const child = execFile(program, ["--color", "never", ...args], { cwd, maxBuffer: 1 << 28 }, (error, out, err) => {
      if (error && typeof error.code !== "number") reject(new Error(`${program}: ${error.message}`));
      else resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    token?.onCancellationRequested(() => child.kill());
  });
}
