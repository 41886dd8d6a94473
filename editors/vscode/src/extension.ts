// Activation: creates the parts of the extension and registers its commands.
import * as vscode from "vscode";
import { Beautified } from "./beautified.ts";
import { provideDebugger } from "./debug.ts";
import { watchLanguages } from "./detect.ts";
import { DiagramView } from "./diagram.ts";
import { followIndentWidth } from "./indent.ts";
import { Particles } from "./particle.ts";
import { ReportView } from "./report.ts";
import { Runs } from "./run.ts";
import { generateSample } from "./sample.ts";
import { Server } from "./server.ts";
import { Status } from "./status.ts";
import { STRUCTURAL, Structural } from "./structural.ts";
import { provideTasks } from "./tasks.ts";
import { Tests } from "./tests.ts";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const air = new Server(context);
  server = air;
  const status = new Status(air);
  const runs = new Runs(air, status);
  const beautified = new Beautified(air);
  const diagram = new DiagramView(context.extensionUri, air, runs);
  const report = new ReportView(context.extensionUri, air, runs);
  const particles = new Particles(air);
  const tests = new Tests(air);
  const structural = new Structural(air);

  const commands: Record<string, (...args: never[]) => unknown> = {
    "air.runScript": () => runs.runActive(false),
    "air.runWithSample": () => runs.runActive(),
    "air.runAllScripts": () => runs.runAll(),
    "air.stopRun": () => runs.stop(),
    "air.clear": () => runs.clear(),
    "air.generateSampleData": () => generateSample(air),
    "air.explain": () => runs.explain(),
    "air.beautified": () => beautified.show(),
    "air.diagram": () => diagram.show(),
    "air.report": () => report.show(),
    "air.readParticle": (file?: vscode.Uri) => particles.read(file),
    "air.replayParticle": (file?: vscode.Uri) => particles.replay(file),
    "air.restartServer": () => air.restart(),
    "air.showOutput": () => air.output.show(),
    "air.showTrace": () => air.trace.show(),
    "air.showStatus": () => status.menu(),
  };
  for (const [name, command] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, command));
  }
  for (const name of STRUCTURAL) {
    context.subscriptions.push(vscode.commands.registerCommand(`air.edit.${name}`, () => structural.run(name)));
  }
  context.subscriptions.push(
    air,
    status,
    runs,
    beautified,
    diagram,
    report,
    particles,
    tests,
    watchLanguages(),
    followIndentWidth(air),
    provideTasks(air),
    provideDebugger(air),
    air.onDidChange(() => void status.update()),
    vscode.workspace.onDidSaveTextDocument(() => void status.update()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("air.server")) void air.restart();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void air.restart()),
  );
  await air.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
