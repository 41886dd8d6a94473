// Finds the server: the program in the settings, else the bundled one, else the one on the PATH.
import { homedir } from "node:os";
import * as path from "node:path";

/** A program with its arguments. */
export interface Program {
  command: string;
  arguments: string[];
  /** Where the program was found, for the output channel. */
  from: "setting" | "bundled" | "path";
}

/** What `locate` needs to know of its surroundings. */
export interface Surroundings {
  setting: string;
  extension: string;
  workspace: string | undefined;
  platform: NodeJS.Platform;
  path: string;
  isProgram(file: string): boolean;
}

/** The server to start; `undefined` if none is found. A setting that names a missing program is not skipped. */
export function locate(world: Surroundings): Program | undefined {
  const setting = expand(world.setting.trim(), world.workspace);
  if (setting !== "") {
    const file = setting.includes("/") || setting.includes("\\") ? existing(setting, world) : onPath(setting, world);
    return file === undefined ? undefined : server(file, "setting");
  }
  const bundled = existing(path.join(world.extension, "server", "air"), world);
  if (bundled !== undefined) return server(bundled, "bundled");
  const found = onPath("air-lsp", world);
  return found === undefined ? undefined : server(found, "path");
}

/** The command line beside a server: `air` for `air-lsp`, else the program itself. */
export function commandLine(program: Program): string {
  return isServerOnly(program.command) ? program.command.replace(/air-lsp(?=(\.exe)?$)/i, "air") : program.command;
}

/** Whether `version` is at least `needed`; parts that are not numbers count as 0. */
export function isNewEnough(version: string, needed: string): boolean {
  const parts = (text: string) => text.split(/[.+-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [parts(version), parts(needed)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function expand(setting: string, workspace: string | undefined): string {
  const home = setting === "~" || setting.startsWith("~/") ? homedir() + setting.slice(1) : setting;
  return home.replaceAll("${workspaceFolder}", workspace ?? ".").replaceAll("${userHome}", homedir());
}

function server(command: string, from: Program["from"]): Program {
  return { command, arguments: isServerOnly(command) ? [] : ["lsp"], from };
}

function isServerOnly(command: string): boolean {
  return /air-lsp(\.exe)?$/i.test(command);
}

function onPath(name: string, world: Surroundings): string | undefined {
  const folders = world.path.split(world.platform === "win32" ? ";" : ":").filter((folder) => folder !== "");
  for (const folder of folders) {
    const file = existing(path.join(folder, name), world);
    if (file !== undefined) return file;
  }
  return undefined;
}

function existing(file: string, world: Surroundings): string | undefined {
  const names = world.platform === "win32" && !/\.exe$/i.test(file) ? [`${file}.exe`, file] : [file];
  return names.find((name) => world.isProgram(name));
}
