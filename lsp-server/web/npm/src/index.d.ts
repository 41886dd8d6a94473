/** A place in a text: bytes, and lines and columns from 1 (columns in UTF-16 units). */
export interface Span {
    start: number;
    end: number;
    line: number;
    column: number;
    end_line: number;
    end_column: number;
}

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** One finding. */
export interface Diagnostic extends Span {
    /** A letter and a number; never changes. */
    code: string;
    /** A name in kebab-case; never changes. */
    name: string;
    origin: 'syntax' | 'validation' | 'lint';
    severity: Severity;
    message: string;
    related: (Span & { message: string })[];
    fixes: { title: string; safe: boolean; edits: (Span & { new_text: string })[] }[];
    /** AquaVM's own words and place, where it reports the finding. */
    reference?: { message: string; start: number; end: number };
}

/** What `air check --output-format json` prints. */
export interface CheckReport {
    version: 1;
    files: { path: string; accepted: boolean; diagnostics: Diagnostic[] }[];
    failures: { path: string; message: string }[];
    summary: Record<'files' | 'accepted' | 'rejected' | 'failed' | 'errors' | 'warnings' | 'infos' | 'hints' | 'fixed', number>;
}

/** For all functions about a script. */
export interface Named {
    /** The script's name, as it stands in answers; `script.air` without. */
    name?: string;
}

/** For functions that have settings. */
export interface Configured extends Named {
    /** The text of an `air.toml`. Other options go before it. */
    config?: string;
}

export interface CheckOptions extends Configured {
    /** Lints by code, name or group that are not reported. */
    allow?: string[];
    /** Those that are warnings. */
    warn?: string[];
    /** Those that are errors. */
    deny?: string[];
}

export interface FormatOptions extends Configured {
    /** Spaces per level, 1 to 8. */
    indent_width?: number;
    /** Closing brackets on the line of the last child. */
    compact?: boolean;
    line_ending?: 'auto' | 'lf' | 'crlf';
}

export interface Formatted {
    text: string;
    changed: boolean;
    /** The first syntax error with its place; parts may then have stayed as they were. */
    error: string | null;
}

export interface BeautifyOptions extends Configured {
    /** Spaces per level, 4 without. */
    indent_step?: number;
    /** Show the compiler's hops as `hopon`. */
    patterns?: boolean;
    comments?: boolean;
    /** Name all idioms of the Aqua compiler. */
    idioms?: boolean;
    /** Show what can be shown of a rejected script. */
    force?: boolean;
}

/** What `air parse --json` prints; see `parse.schema.json`. */
export interface Tree {
    version: 1;
    path: string;
    length: number;
    accepted: boolean;
    /** Indices of top-level instructions. */
    roots: number[];
    /** All instructions in text order, parents before children. */
    nodes: (Span & { id: number; kind: string; parent: number | null; operands: Record<string, unknown>[]; children: number[] })[];
    comments: (Span & { text: string })[];
    diagnostics: Diagnostic[];
}

/** Sample data, and which of it. */
export interface Sampled extends Named {
    /** The text of a `NAME.sample.json`. */
    sample?: string;
    /** Which case of it, if it has several. */
    case?: string;
    /** Make up the answers and variables that sample data does not give. */
    make_up?: boolean;
}

export interface RunOptions extends Sampled {
    /** What comes next of all that is under way. */
    order?: 'fifo' | 'lifo' | { random: number };
    /** What comes first, move by move, as the report and `explore` write it. */
    schedule?: string;
    /** Which answers come together. */
    answers?: 'together' | 'single' | { random: number };
    /** What goes wrong by chance: percentages, and the seed that chooses. */
    faults?: { lose?: number; duplicate?: number; seed?: number };
    /** What goes wrong by name: `lose @a→@b`, `@a dies after 3`. */
    named_faults?: string[];
    /** Milliseconds that the particle lives, 0: for ever. */
    ttl?: number;
    /** Milliseconds since 1970 at which it was sent. */
    timestamp?: number;
    /** What the host supplies: parameters and outside variables by name. */
    given?: Record<string, unknown>;
    /** What ends a run early. */
    limits?: { max_steps?: number; max_instructions?: number; max_memory?: number };
}

/** What `air run --json` prints; see `run.schema.json` for all of it. */
export interface RunReport {
    version: number;
    outcome: { status: 'completed' | 'failed' | 'waiting' | 'stopped'; text: string; [more: string]: unknown };
    values: { name: string; range: Span; instruction: Span; count: number; values: { value: { short: string }; [more: string]: unknown }[] }[];
    final: Record<string, unknown>;
    printed: { peer: string; text: string }[];
    schedule: { answers: string; order: string; ttl: number; expired: boolean };
    coverage: { executed: number; instructions: number; calls: number; calls_executed: number };
    [more: string]: unknown;
}

export interface ExploreOptions extends Sampled {
    /** What counts when ends are compared. */
    compare?: 'response' | 'calls' | 'all';
    /** Follow at most this many orders, 10,000 without. */
    max_orders?: number;
    /** In place of the command line's seconds: invocations of the interpreter, 1,000,000 without. */
    max_invocations?: number;
    /** Instead of orders: lose each message by itself, and let each peer be dead by itself. */
    faults?: boolean;
}

/** What `air explore --json` prints; see `explore.schema.json`. */
export interface Exploration {
    version: number;
    /** With orders. */
    found_ends?: number;
    complete?: boolean;
    orders?: number;
    at_least?: number;
    ends?: { default: boolean; orders: number; order: string; status: string; text: string; deciding?: { event: number; what: string } }[];
    /** With `faults`. */
    faults?: { fault: string; harms: boolean; text: string; [more: string]: unknown }[];
}

export interface Entry {
    word: string;
    name: string | null;
    about: string;
    group: string;
}

/** Why there is no result: `bad-request`, `rejected`, `refused`, `unknown`, `too-deep`, `memory`, `trap`. */
export declare class AirError extends Error {
    code: string;
}

/** What is wrong with a script. */
export declare function check(script: string, options?: CheckOptions): Promise<CheckReport>;
/** The canonical layout. */
export declare function format(script: string, options?: FormatOptions): Promise<Formatted>;
/** A script as people read it. Rejected scripts have no view but with `force`. */
export declare function beautify(script: string, options?: BeautifyOptions): Promise<string>;
/** The tree of a script. */
export declare function parse(script: string, options?: Named): Promise<Tree>;
/** Runs a script on simulated peers. */
export declare function run(script: string, options?: RunOptions): Promise<RunReport>;
/** A run as a picture. */
export declare function diagram(script: string, options?: RunOptions & { kind?: 'svg' | 'mermaid' }): Promise<string>;
/** What a run may end with, in every order that a network can choose, or with one fault. */
export declare function explore(script: string, options?: ExploreOptions): Promise<Exploration>;
/** Sample data to start from, for a script or from what a node recorded; with `annotations`, the script with answers in it. */
export declare function sample(script: string, options?: Named & { annotations?: boolean }): Promise<string>;
/** The page of a code, a name, an instruction, a service or a topic, as Markdown. */
export declare function explain(word: string): Promise<string>;
/** All that can be explained. */
export declare function explain(): Promise<Entry[]>;

/** A compiled module, its bytes, or a response that has them. */
export type Source = WebAssembly.Module | BufferSource | Response;

/** The functions without promises, on a module that is given or on `air.wasm` beside this package's code. */
export declare function load(source?: Source | Promise<Source>): Promise<Tool>;

export declare class Tool {
    constructor(module: WebAssembly.Module);
    check(script: string, options?: CheckOptions): CheckReport;
    format(script: string, options?: FormatOptions): Formatted;
    beautify(script: string, options?: BeautifyOptions): string;
    parse(script: string, options?: Named): Tree;
    run(script: string, options?: RunOptions): RunReport;
    diagram(script: string, options?: RunOptions & { kind?: 'svg' | 'mermaid' }): string;
    explore(script: string, options?: ExploreOptions): Exploration;
    sample(script: string, options?: Named & { annotations?: boolean }): string;
    explain(word: string): string;
    explain(): Entry[];
    /** The answer to one request as JSON text, as the module writes it. */
    answer(request: object): string;
}

/** The language server in this very thread; `worker.js` is one in a thread of its own. */
export declare class Server {
    constructor(module: WebAssembly.Module, send: (message: object) => void);
    receive(message: object): void;
}
