// The parts of a run's report that the extension reads; see lsp-server/README.md, "Runs".

/** A piece of the script: lines and columns from 1, columns in UTF-16 units. */
export interface Span {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

export interface Shown {
  json: unknown;
  short: string;
}

export interface Report {
  outcome: { status: "completed" | "failed" | "waiting" | "stopped" | "unheard"; text: string; waiting: { range: Span; peer: string; text: string }[] };
  steps: { from: string | null; peer: string; runs: { ret_code: number; error_message?: string; next?: string[]; calls?: Call[] }[] }[];
  final: Record<string, { trace: unknown[] }>;
  values: { range: Span; role: string; name: string; count: number; values: { value: Shown; peer: string; made_up?: boolean }[] }[];
  executed: { range: Span; times: number; peers: string[] }[];
  not_executed: { range: Span; instructions: number; text: string }[];
  requests?: { range: Span; peer: string; id: number }[];
  coverage: { instructions: number; executed: number; calls: number; calls_executed: number };
  remarks?: { class: "host" | "service" | "reference"; range: Span | null; peer: string; text: string }[];
  errors: { range: Span | null; code: number; message: string; text: string; peer: string; caught_by: Span | null }[];
}

export interface Call {
  id: number;
  service_id: string;
  function_name: string;
  arguments: unknown[];
  answer?: { ret_code: number; value?: unknown; result?: string };
}

/** A row of the report view. */
export interface Row {
  /** Line and column in the script, from 1. */
  at: [number, number] | null;
  /** First column: variable, call, error code. */
  head: string;
  peer: string;
  text: string;
  /** The full text, where `text` is only its beginning. */
  whole?: string;
  mark?: "error" | "made-up" | "caught";
}

export interface Section {
  title: string;
  rows: Row[];
}

/** The sections of the report view, in order, including empty ones. */
export function sections(report: Report): Section[] {
  return [
    { title: "Values", rows: valueRows(report) },
    { title: "Requests", rows: requestRows(report) },
    { title: "Errors", rows: errorRows(report) },
    { title: "Did not run", rows: report.not_executed.map((part) => row(part.range, `${part.instructions} instruction${part.instructions === 1 ? "" : "s"}`, "", part.text)) },
    { title: "Waiting", rows: report.outcome.waiting.map((wait) => row(wait.range, "waits", wait.peer, wait.text)) },
    { title: "Remarks", rows: (report.remarks ?? []).map((remark) => row(remark.range, remark.class, remark.peer, remark.text)) },
    { title: "Trace", rows: traceRows(report) },
  ];
}

/** One sentence for the status item. */
export function summary(report: Report): string {
  return `${report.outcome.status}, ${report.coverage.executed} of ${report.coverage.instructions} ran`;
}

function row(range: Span | null, head: string, peer: string, text: string, rest: Partial<Row> = {}): Row {
  return { at: range && [range.line, range.column], head, peer, text, ...rest };
}

function valueRows(report: Report): Row[] {
  const rows: Row[] = [];
  for (const operand of report.values) {
    for (const { value, peer, made_up } of operand.values) {
      const whole = value.json === null || value.json === undefined ? undefined : JSON.stringify(value.json, undefined, 2);
      rows.push(row(operand.range, `${operand.name}`, peer, value.short, { ...(whole === undefined ? {} : { whole }), ...(made_up ? { mark: "made-up" as const } : {}) }));
    }
    const more = operand.count - operand.values.length;
    if (more > 0) rows.push(row(operand.range, operand.name, "", `… ${more} more`));
  }
  return rows;
}

function requestRows(report: Report): Row[] {
  const places = new Map((report.requests ?? []).map((request) => [`${request.peer} ${request.id}`, request.range]));
  const rows: Row[] = [];
  for (const step of report.steps) {
    for (const call of step.runs.flatMap((run) => run.calls ?? [])) {
      const text = `(${call.arguments.map((argument) => JSON.stringify(argument)).join(", ")}) → ${answerOf(call)}`;
      const failed = call.answer !== undefined && call.answer.ret_code !== 0;
      const place = places.get(`${step.peer} ${call.id}`) ?? null;
      rows.push(row(place, `${call.service_id}.${call.function_name}`, step.peer, text, failed ? { mark: "error" } : {}));
    }
  }
  return rows;
}

function answerOf(call: Call): string {
  if (call.answer === undefined) return "no answer";
  const value = call.answer.value === undefined ? (call.answer.result ?? "") : JSON.stringify(call.answer.value);
  return call.answer.ret_code === 0 ? value : `error ${call.answer.ret_code}: ${value}`;
}

function errorRows(report: Report): Row[] {
  return report.errors.map((error) =>
    row(error.range, String(error.code), error.peer, error.text || error.message, {
      whole: error.message,
      mark: error.caught_by === null ? "error" : "caught",
    }),
  );
}

function traceRows(report: Report): Row[] {
  const rows: Row[] = [];
  for (const [peer, kept] of Object.entries(report.final)) {
    kept.trace.forEach((state, index) => rows.push(row(null, String(index), peer, stateText(state), { whole: JSON.stringify(state, undefined, 2) })));
  }
  return rows;
}

/** A state of a trace in one line: values instead of CIDs. */
export function stateText(state: unknown): string {
  if (typeof state !== "object" || state === null) return JSON.stringify(state) ?? "";
  const [kind, inside] = Object.entries(state as Record<string, unknown>)[0] ?? ["", undefined];
  const value = valueIn(inside, 0);
  const what = typeof inside === "object" && inside !== null ? (Object.keys(inside)[0] ?? "") : "";
  const text = value === undefined ? JSON.stringify(inside) : JSON.stringify(value);
  return [kind, value === undefined ? "" : what, text].filter((part) => part !== "").join(" ");
}

function valueIn(state: unknown, depth: number): unknown {
  if (typeof state !== "object" || state === null || Array.isArray(state) || depth > 4) return undefined;
  if ("value" in state) return state.value;
  for (const inside of Object.values(state)) {
    const value = valueIn(inside, depth + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}
