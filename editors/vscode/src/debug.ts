// The debugger: `air dap`, a process for each session. What the protocol has no words for are commands here.
import * as vscode from "vscode";
import type { Server } from "./server.ts";
import { NAME, names } from "./debug-names.ts";

/** A moment of the run, with its place, as `air/…` requests give it. */
interface Moment {
  moment: number;
  peer: string;
  event?: number;
  line?: number;
  column?: number;
}

/** A moment that a value comes from. */
interface Origin extends Moment {
  depth: number;
  text: string;
}

/** The commands of a session, and everything that makes it a debugger of this editor. */
export function provideDebugger(air: Server): vscode.Disposable {
  const commands: Record<string, () => unknown> = {
    "air.debugScript": debugActive,
    "air.debug.previous": () => request("air/previous", { threadId: thread() }),
    "air.debug.stepBackOut": () => request("air/stepBackOut", { threadId: thread() }),
    "air.debug.origins": showOrigins,
    "air.debug.whyNot": showReason,
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, command]) => vscode.commands.registerCommand(name, command)),
    vscode.debug.registerDebugConfigurationProvider("air", { resolveDebugConfiguration: (_, wanted) => resolve(wanted) }),
    vscode.debug.registerDebugAdapterDescriptorFactory("air", {
      createDebugAdapterDescriptor() {
        const program = air.commandLine;
        if (program === undefined) throw new Error("the AIR server is not found, and with it the debugger; AIR: Show Status says more");
        return new vscode.DebugAdapterExecutable(program, ["dap"]);
      },
    }),
    vscode.languages.registerInlineValuesProvider("air", { provideInlineValues: inlineValues }),
    vscode.languages.registerEvaluatableExpressionProvider("air", { provideEvaluatableExpression: evaluatable }),
  );
}

/** F5 without launch.json: the script of the active editor. */
function resolve(wanted: vscode.DebugConfiguration): vscode.DebugConfiguration | undefined {
  if (wanted.type) return wanted;
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "air" ? configuration(document) : undefined;
}

function configuration(document: vscode.TextDocument): vscode.DebugConfiguration {
  const script = document.uri.scheme === "file" ? { program: document.uri.fsPath } : { text: document.getText() };
  return { type: "air", request: "launch", name: "Debug script", stopOnEntry: true, ...script };
}

async function debugActive(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "air") return;
  if (document.isDirty) await document.save();
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(document.uri), configuration(document));
}

/** The thread that is looked at. */
function thread(): number | undefined {
  return vscode.debug.activeStackItem?.threadId;
}

/** Asks the running session; an error is shown. */
async function request<R>(command: string, argument: object): Promise<R | undefined> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== "air") return undefined;
  try {
    return (await session.customRequest(command, argument)) as R;
  } catch (error) {
    void vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function frame(): number | undefined {
  const item = vscode.debug.activeStackItem;
  return item instanceof vscode.DebugStackFrame ? item.frameId : undefined;
}

/** Where the value under the cursor comes from, as a list to go to. */
async function showOrigins(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active, NAME);
  if (!editor || !range) return;
  const name = editor.document.getText(range);
  const answer = await request<{ origins: Origin[] }>("air/origins", { name, frameId: frame() });
  if (!answer) return;
  const items = answer.origins.map((origin) => ({
    label: "  ".repeat(origin.depth) + origin.text,
    description: `event ${origin.event ?? "?"}, line ${origin.line ?? "?"}`,
    origin,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: `Where ${name} comes from` });
  if (chosen) await request("air/goto", { moment: chosen.origin.moment });
}

/** Why what stands at the cursor has not run. */
async function showReason(): Promise<void> {
  const place = vscode.window.activeTextEditor?.selection.active;
  if (!place) return;
  const answer = await request<{ text: string; goto?: Moment }>("air/whyNot", { line: place.line + 1, column: place.character + 1 });
  if (!answer) return;
  const go = answer.goto && `Go to event ${answer.goto.event ?? "?"}`;
  const chosen = await vscode.window.showInformationMessage(answer.text, ...(go === undefined ? [] : [go]));
  if (chosen !== undefined && answer.goto) await request("air/goto", { moment: answer.goto.moment });
}

function inlineValues(document: vscode.TextDocument, visible: vscode.Range, context: vscode.InlineValueContext): vscode.InlineValue[] {
  const values: vscode.InlineValue[] = [];
  const last = Math.min(visible.end.line, context.stoppedLocation.end.line);
  for (let line = visible.start.line; line <= last; line += 1) {
    for (const { name, start } of names(document.lineAt(line).text)) {
      const range = new vscode.Range(line, start, line, start + name.length);
      values.push(new vscode.InlineValueEvaluatableExpression(range, name));
    }
  }
  return values;
}

function evaluatable(document: vscode.TextDocument, position: vscode.Position): vscode.EvaluatableExpression | undefined {
  const range = document.getWordRangeAtPosition(position, NAME);
  return range && new vscode.EvaluatableExpression(range, document.getText(range));
}
