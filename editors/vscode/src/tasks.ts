// Tasks `air check`, `air test` and `air fmt`; the problem matcher $air-check reads what they print.
import * as vscode from "vscode";
import type { Server } from "./server.ts";
import { COMMANDS, isCommand } from "./task-commands.ts";

export function provideTasks(server: Server): vscode.Disposable {
  const task = (definition: vscode.TaskDefinition, scope: vscode.WorkspaceFolder | vscode.TaskScope): vscode.Task | undefined => {
    const program = server.commandLine;
    const command = String(definition["command"]);
    if (program === undefined || !isCommand(command)) return undefined;
    const more = Array.isArray(definition["arguments"]) ? definition["arguments"].map(String) : [];
    const execution = new vscode.ProcessExecution(program, [...COMMANDS[command], ...more]);
    const made = new vscode.Task(definition, scope, command, "air", execution, command === "check" ? "$air-check" : []);
    made.group = command === "test" ? vscode.TaskGroup.Test : vscode.TaskGroup.Build;
    made.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
    return made;
  };
  return vscode.tasks.registerTaskProvider("air", {
    provideTasks: () =>
      (vscode.workspace.workspaceFolders ?? []).flatMap((folder) =>
        Object.keys(COMMANDS).flatMap((command) => task({ type: "air", command }, folder) ?? []),
      ),
    resolveTask: (given) => task(given.definition, given.scope ?? vscode.TaskScope.Workspace),
  });
}
