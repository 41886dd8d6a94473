// The report of a run: values by variable and peer, requests, errors, what did not run, traces; can be filtered and copied.
import * as vscode from "vscode";
import { escape, Panel } from "./panel.ts";
import { type Report, type Row, sections, type Section } from "./report-model.ts";
import { activeScript, type Runs } from "./run.ts";
import type { Server } from "./server.ts";

/** More rows of a section are left out; copying includes all. */
const MAX_ROWS_SHOWN = 2000;

export class ReportView implements vscode.Disposable {
  #panel: Panel;
  #report: Report | undefined;
  #subscriptions: vscode.Disposable[];

  constructor(
    extension: vscode.Uri,
    private readonly server: Server,
    private readonly runs: Runs,
  ) {
    this.#panel = new Panel(extension, "report", "Run");
    this.#panel.onMessage((message) => void (message.kind === "copy" && this.copy()));
    this.#subscriptions = [
      runs.onDidRun((uri) => {
        if (this.#panel.script?.toString() === vscode.Uri.parse(uri).toString()) void this.#draw(vscode.Uri.parse(uri));
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0 && this.#panel.script?.toString() === event.document.uri.toString()) this.#panel.outdated();
      }),
    ];
  }

  async show(): Promise<void> {
    const editor = activeScript();
    if (!editor) return;
    if (await this.#draw(editor.document.uri)) return;
    if (await this.runs.run({ uri: editor.document.uri.toString() })) await this.#draw(editor.document.uri);
  }

  async copy(): Promise<void> {
    if (!this.#report) return;
    await vscode.env.clipboard.writeText(JSON.stringify(this.#report, undefined, 2));
    vscode.window.setStatusBarMessage("AIR: report copied as JSON", 3000);
  }

  async #draw(script: vscode.Uri): Promise<boolean> {
    const report = await this.server.command<Report | null>("air.showReport", { uri: script.toString() });
    if (!report) return false;
    this.#report = report;
    this.#panel.show(script, body(report));
    return true;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel.dispose();
  }
}

function body(report: Report): string {
  const { coverage, outcome } = report;
  const figures = `${coverage.executed} of ${coverage.instructions} instructions, ${coverage.calls_executed} of ${coverage.calls} calls ran`;
  return `<header>
<p class="outcome ${outcome.status}">${escape(outcome.text)}</p>
<p class="figures">${figures}</p>
<p class="tools"><input id="filter" type="search" placeholder="Filter: a variable, peer, value …" aria-label="Filter"><button id="copy">Copy as JSON</button></p>
</header>
${sections(report).filter((section) => section.rows.length > 0).map(table).join("\n")}`;
}

function table(section: Section): string {
  const rows = section.rows.slice(0, MAX_ROWS_SHOWN).map(tableRow).join("\n");
  const more = section.rows.length > MAX_ROWS_SHOWN ? `<p class="figures">${section.rows.length - MAX_ROWS_SHOWN} more rows are not shown: copy the report as JSON</p>` : "";
  return `<details open><summary>${escape(section.title)} <span class="count">${section.rows.length}</span></summary><table>${rows}</table>${more}</details>`;
}

function tableRow(row: Row): string {
  const place = row.at ? ` data-line="${row.at[0]}" data-column="${row.at[1]}" tabindex="0"` : "";
  const whole = row.whole === undefined ? "" : ` title="${escape(row.whole.slice(0, 4000))}"`;
  const mark = row.mark === "made-up" ? ' <span class="mark">made up</span>' : row.mark === "caught" ? ' <span class="mark">caught</span>' : "";
  return `<tr class="${row.mark ?? ""}"${place}><td>${escape(row.head)}</td><td class="peer">${escape(row.peer)}</td><td class="text"${whole}>${escape(row.text)}${mark}</td><td class="line">${row.at ? row.at[0] : ""}</td></tr>`;
}
