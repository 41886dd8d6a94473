// The module for browsers against the native program: what both say of real scripts is equal, text for text.
//
//     node web.mjs MODULE AIR FOLDER [SCRIPTS]
//
// FOLDER has scripts; SCRIPTS of them are taken, evenly (by default 120). Prints the times of both as well.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Tool } from '../../lsp-server/web/npm/src/tool.mjs';

const [file, air, folder, count = '120'] = process.argv.slice(2);
const tool = new Tool(new WebAssembly.Module(readFileSync(file)));
const all = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.air')).sort();
const every = Math.max(1, Math.floor(all.length / Number(count)));
const scripts = all.filter((_, at) => at % every === 0).map((name) => path.join(folder, name));
const text = (script) => readFileSync(script, 'utf8');

let differing = 0;
const times = {};
function compare(what, script, ours, native) {
  if (ours === native) return;
  if (++differing > 5) return;
  const at = [...ours].findIndex((letter, at) => letter !== native[at]);
  console.log(`DIFFERS ${what} ${script} at ${at}:\n  ${ours.slice(at - 40, at + 80)}\n  ${native.slice(at - 40, at + 80)}`);
}
function timed(what, run) {
  const start = performance.now();
  const result = run();
  times[what] = (times[what] ?? 0) + performance.now() - start;
  return result;
}
const native = (input, ...args) => spawnSync(air, args, { input, encoding: 'utf8', maxBuffer: 1 << 30 }).stdout;
/** The document inside of an answer, as it was written. */
const document = (answer) => answer.slice('{"result":'.length, -1);

// All in one process, as people run it; each by itself here.
const lines = timed('check, native', () => native('', 'check', '--isolated', '--exit-zero', '-o', 'jsonl', ...scripts)).split('\n');
scripts.forEach((script, at) => {
  const input = text(script);
  const ours = timed('check', () => tool.answer({ function: 'check', text: input, name: script }));
  const [, one] = document(ours).match(/^\{"version":1,"files":\[(.*)\],"failures":\[\],"summary":[^[\]]*\}$/s);
  compare('check', script, one, lines[at]);
});

const copies = mkdtempSync(path.join(tmpdir(), 'air-web-'));
const copy = (at) => path.join(copies, `${at}.air`);
scripts.forEach((script, at) => writeFileSync(copy(at), readFileSync(script)));
timed('format, native', () => spawnSync(air, ['fmt', '--isolated', copies]));
scripts.forEach((script, at) => {
  const input = text(script);
  const ours = JSON.parse(timed('format', () => tool.answer({ function: 'format', text: input })));
  compare('format', script, ours.result?.text ?? input, text(copy(at)));
});
rmSync(copies, { recursive: true });

// A process each, so fewer of them.
for (const script of scripts.filter((_, at) => at % 6 === 0)) {
  const input = text(script);
  const beside = script.replace(/\.air$/, '.sample.json');
  const options = { make_up: true, sample: existsSync(beside) ? text(beside) : undefined };
  const ours = timed('run', () => tool.answer({ function: 'run', text: input, options }));
  compare('run', script, document(ours), timed('run, native', () => native('', 'run', '--json', '--make-up', '--native', script)).trimEnd());
  compare('parse', script, document(tool.answer({ function: 'parse', text: input, name: '<stdin>' })), native(input, 'parse', '--json').trimEnd());
}
console.log(`web: ${scripts.length} scripts, ${differing} answers differ; ms: ${Object.entries(times).map(([what, ms]) => `${what} ${ms.toFixed(0)}`).join(', ')}`);
process.exitCode = differing === 0 && scripts.length > 20 ? 0 : 1;
