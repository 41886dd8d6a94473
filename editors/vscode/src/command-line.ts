// Calls of `air`.
import { execFile } from "node:child_process";
import * as vscode from "vscode";
import type { Server } from "./server.ts";

/** What a call gave: exit code 0 for nothing to report, 1 for findings, 2 if it could not. */
export interface Output {
  code: number;
  out: string;
  err: string;
}

/** Runs `air`; throws if it cannot be started. */
export async function air(server: Server, args: string[], cwd: string | undefined, token?: vscode.CancellationToken): Promise<Output> {
  const program = server.commandLine;
  if (program === undefined) throw new Error("there is no program air; see the setting air.server.path");
  return new Promise((resolve, reject) => {
    const child = execFile(program, ["--color", "never", ...args], { cwd, maxBuffer: 1 << 28 }, (error, out, err) => {
      if (error && typeof error.code !== "number") reject(new Error(`${program}: ${error.message}`));
      else resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    token?.onCancellationRequested(() => child.kill());
  });
}
