// Do the colours of the grammars agree with the server's? For every script, each piece that the server colours
// (semantic tokens) must have the same class in the TextMate grammar and in tree-sitter's highlights for each editor, and nothing
// that the server leaves plain may be coloured, brackets aside.
//
//   node agree.mjs AIR-LSP COLOURS [NAME]   AIR-LSP: the server; COLOURS: the example of tests/tree-sitter;
//                                           NAME: only files with that in their path, differences in full
//
// Classes are what a reader can distinguish; `tables` below has the names that each side uses for them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { INITIAL, Registry, parseRawGrammar } = require('vscode-textmate');
const oniguruma = require('vscode-oniguruma');

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const [server, colours, only] = process.argv.slice(2);

// A name stands for itself and for names that begin with it and a dot; the first match counts.
const tables = {
  'tree-sitter': [
    ['keyword', 'keyword'], ['comment.documentation', 'directive'], ['comment', 'comment'],
    ['number', 'number'], ['boolean', 'boolean'], ['string', 'string'], ['type', 'peer'], ['module', 'service'],
    ['function', 'function'], ['property.builtin', 'length'], ['property', 'field'],
    ['variable.builtin', 'constant'], ['variable.parameter', 'iterator'], ['variable.stream_map', 'stream map'],
    ['variable.stream', 'stream'], ['variable.canon_map', 'canon map'], ['variable.canon', 'canon'],
    ['variable', 'scalar'], ['punctuation', null],
  ],
  Helix: [
    ['keyword', 'keyword'], ['comment.line.documentation', 'directive'], ['comment', 'comment'],
    ['constant.numeric', 'number'], ['constant.builtin.boolean', 'boolean'], ['string', 'string'], ['type', 'peer'],
    ['namespace', 'service'], ['function.builtin', 'length'], ['function', 'function'],
    ['variable.other.member', 'field'], ['variable.builtin', 'constant'],
    ['variable.other.stream_map', 'stream map'], ['variable.other.stream', 'stream'],
    ['variable.other.canon_map', 'canon map'], ['variable.other.canon', 'canon'], ['variable', 'scalar'],
    ['punctuation', null],
  ],
  Zed: [
    ['keyword', 'keyword'], ['comment.doc', 'directive'], ['comment', 'comment'], ['number', 'number'],
    ['boolean', 'boolean'], ['string', 'string'], ['type', 'peer'], ['namespace', 'service'],
    ['function', 'function'], ['property.builtin', 'length'], ['property', 'field'],
    ['variable.special', 'constant'], ['variable.parameter', 'iterator'], ['variable.stream_map', 'stream map'],
    ['variable.stream', 'stream'], ['variable.canon_map', 'canon map'], ['variable.canon', 'canon'],
    ['variable', 'scalar'], ['punctuation', null],
  ],
  TextMate: [
    ['comment.line.semicolon.documentation', 'directive'], ['comment', 'comment'], ['keyword', 'keyword'],
    ['constant.numeric', 'number'], ['constant.language.boolean', 'boolean'], ['entity.name.type', 'peer'],
    ['entity.name.namespace', 'service'], ['entity.name.function', 'function'], ['string', 'string'],
    ['support.variable.property', 'length'], ['variable.other.property', 'field'],
    ['variable.language', 'constant'], ['variable.parameter', 'iterator'],
    ['variable.other.stream-map', 'stream map'], ['variable.other.stream', 'stream'],
    ['variable.other.canon-map', 'canon map'], ['variable.other.canon', 'canon'],
    ['variable.other.scalar', 'scalar'],
  ],
};

// What the server knows and a grammar cannot know. `before` tests the text before the word.
const answer = /(?:^|\n)[^\n]*;+[ \t]*(?:ok|err|seq_ok|seq_error|map)[ \t]*=[^\n]*$/;
const named = /(?:[(\s]next|\(\s*fold\s+[^\s;()]+)\s+$/;
const exceptions = [
  {
    side: 'Helix', server: 'iterator', grammar: 'scalar', before: () => true,
    reason: 'its queries for scopes (locals.scm), not those for colours, recognise iterators',
  },
  {
    server: 'iterator', grammar: 'scalar', before: text => !named.test(text),
    reason: 'a grammar recognises an iterator only directly after `fold` and `next`',
  },
  ...['field', 'string', 'number', 'boolean', 'keyword', null].map(word => ({
    server: word, grammar: 'comment', before: text => answer.test(text),
    reason: 'JSON of sample answers: the grammars leave it to the JSON grammar',
  })),
  {
    server: 'scalar', grammar: 'iterator', before: text => named.test(text),
    reason: 'a `next` without its fold has no meaning to the server',
  },
];

function classOf(table, name) {
  const found = table.find(([prefix]) => name === prefix || name.startsWith(`${prefix}.`));
  if (!found) throw new Error(`no class for ${name}`);
  return found[1];
}

function files() {
  const folder = path.join(root, 'tests/scripts');
  // The broken script has no meaning that the sides could agree on.
  const own = readdirSync(folder).filter(name => name !== 'broken.air').map(name => path.join(folder, name));
  const corpus = path.join(process.env.AIR_SHARED ?? path.join(root, '../shared'), 'corpus/air');
  if (!existsSync(corpus)) {
    console.log(`SKIPPED: ${corpus} is missing (set AIR_SHARED); only the project's own scripts are compared`);
    return own;
  }
  const index = readFileSync(path.join(corpus, 'index.jsonl'), 'utf8').trim().split('\n').map(line => JSON.parse(line));
  return own.concat(index.filter(entry => entry.parses_0_12_0).map(entry => path.join(corpus, entry.file)));
}

// ---- The three sides: for a text, the class of each UTF-16 unit.

class Server {
  constructor(command) {
    this.child = spawn(command, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.on('exit', code => this.ending ?? this.fail(new Error(`the server ended: ${code}`)));
    this.child.stdout.on('data', part => this.read(part));
    this.waiting = new Map();
    this.next = 1;
    this.rest = Buffer.alloc(0);
  }

  fail(error) {
    for (const { reject } of this.waiting.values()) reject(error);
  }

  read(part) {
    this.rest = Buffer.concat([this.rest, part]);
    for (;;) {
      const head = this.rest.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.rest.toString('latin1', 0, head))[1]);
      if (this.rest.length < head + 4 + length) return;
      const message = JSON.parse(this.rest.toString('utf8', head + 4, head + 4 + length));
      this.rest = this.rest.subarray(head + 4 + length);
      if (message.method && message.id !== undefined) this.send({ id: message.id, result: null });
      const waiting = !message.method && this.waiting.get(message.id);
      if (waiting) {
        this.waiting.delete(message.id);
        message.error ? waiting.reject(new Error(JSON.stringify(message.error))) : waiting.resolve(message.result);
      }
    }
  }

  send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  request(method, params) {
    const id = this.next++;
    this.send({ id, method, params });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async start() {
    const tokens = {
      requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: ['relative'],
      overlappingTokenSupport: false, multilineTokenSupport: true,
    };
    const { capabilities } = await this.request('initialize', {
      processId: process.pid, rootUri: null, capabilities: { textDocument: { semanticTokens: tokens } },
    });
    this.legend = capabilities.semanticTokensProvider.legend;
    this.send({ method: 'initialized', params: {} });
  }

  async tokens(file, text) {
    const uri = pathToFileURL(file).href;
    this.send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'air', version: 1, text } } });
    const { data } = await this.request('textDocument/semanticTokens/full', { textDocument: { uri } });
    this.send({ method: 'textDocument/didClose', params: { textDocument: { uri } } });
    const starts = lineStarts(text), found = [];
    let line = 0, column = 0;
    for (let at = 0; at < data.length; at += 5) {
      if (data[at]) column = 0;
      line += data[at];
      column += data[at + 1];
      const start = starts[line] + column, end = start + data[at + 2];
      const modifiers = this.legend.tokenModifiers.filter((_, bit) => data[at + 4] & (1 << bit));
      found.push({ start, end, class: serverClass(this.legend.tokenTypes[data[at + 3]], modifiers, text.slice(start, end)) });
    }
    return found;
  }

  async stop() {
    this.ending = true;
    await this.request('shutdown');
    this.send({ method: 'exit' });
  }
}

function serverClass(type, modifiers, text) {
  const has = name => modifiers.includes(name);
  switch (type) {
    case 'keyword': return text === 'true' || text === 'false' ? 'boolean' : 'keyword';
    case 'class': return 'peer';
    case 'namespace': return 'service';
    case 'property': return has('defaultLibrary') ? 'length' : 'field';
    case 'parameter': return 'iterator';
    case 'comment': return has('documentation') ? 'directive' : 'comment';
    case 'variable':
      if (has('defaultLibrary')) return 'constant';
      return { stream: 'stream', canon: 'canon', streamMap: 'stream map', canonMap: 'canon map' }[
        modifiers.find(name => ['stream', 'canon', 'streamMap', 'canonMap'].includes(name))] ?? 'scalar';
    default: return type;
  }
}

function lineStarts(text) {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    // A line of the protocol ends with \n, \r\n or \r.
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) starts.push(at + 1);
  }
  return starts;
}

async function textmate() {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const file = path.join(root, 'editors/textmate/air.tmLanguage.json');
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: patterns => new oniguruma.OnigScanner(patterns),
      createOnigString: text => new oniguruma.OnigString(text),
    }),
    loadGrammar: async name => (name === 'source.air' ? parseRawGrammar(readFileSync(file, 'utf8'), file) : null),
  });
  const grammar = await registry.loadGrammar('source.air');
  const table = tables.TextMate;
  // Of the scopes around a piece the one that counts: the innermost in the table, but a comment is one throughout.
  const known = new Map();
  const classes = scopes => {
    const key = scopes.join(' ');
    if (!known.has(key)) {
      const names = scopes.flatMap(scope => scope.split(' '));
      const fits = names.filter(name => table.some(([prefix]) => name === prefix || name.startsWith(`${prefix}.`)));
      const deciding = fits.find(name => name.startsWith('comment')) ?? fits.at(-1);
      known.set(key, deciding ? classOf(table, deciding) : null);
    }
    return known.get(key);
  };
  return text => {
    const painted = new Array(text.length).fill(null);
    let state = INITIAL, start = 0;
    for (const line of text.split('\n')) {
      const result = grammar.tokenizeLine(line, state);
      state = result.ruleStack;
      for (const { startIndex, endIndex, scopes } of result.tokens) {
        painted.fill(classes(scopes), start + startIndex, start + Math.min(endIndex, line.length));
      }
      start += line.length + 1;
    }
    return painted;
  };
}

const queries = {
  'tree-sitter': 'tree-sitter-air/queries', Helix: 'helix/queries/air', Zed: 'zed/languages/air',
};

function treeSitter(paths) {
  const files = Object.values(queries).map(folder => path.join(root, 'editors', folder, 'highlights.scm'));
  const { stdout, status, error } = spawnSync(colours, files, { input: paths.join('\n'), maxBuffer: 1 << 30 });
  if (status !== 0) throw error ?? new Error(`${colours} ended with ${status}`);
  const lines = stdout.toString().trim().split('\n').map(line => JSON.parse(line));
  return (side, index, text) => {
    const painted = new Array(text.length).fill(null);
    const captures = lines[index][Object.keys(queries).indexOf(side)];
    for (const [start, end, name] of captures) painted.fill(classOf(tables[side], name), start, end);
    return painted;
  };
}

// ---- Comparison

const sides = ['TextMate', ...Object.keys(queries)];
const counts = new Map();
const differences = Object.fromEntries(sides.map(side => [side, new Map()]));

function countOf(name) {
  if (!counts.has(name)) counts.set(name, { server: 0, excepted: {}, ...Object.fromEntries(sides.map(side => [side, 0])) });
  return counts.get(name);
}

function note(side, kind, where) {
  const all = differences[side];
  all.set(kind, (all.get(kind) ?? []).concat([where]));
}

function excepted(side, ours, theirs, text, at) {
  const before = text.slice(Math.max(0, Math.min(at - 200, text.lastIndexOf('\n', at - 1))), at);
  return exceptions.some(exception => (exception.side ?? side) === side && exception.server === ours &&
    exception.grammar === theirs && exception.before(before));
}

function compare(side, file, text, tokens, painted) {
  const blank = /\s/;
  let at = 0;
  for (const token of tokens.concat([{ start: text.length, end: text.length }])) {
    // What the server leaves plain.
    for (; at < token.start; at++) {
      if (painted[at] !== null && !blank.test(text[at]) && !excepted(side, null, painted[at], text, at)) {
        note(side, `plain, but ${painted[at]}`, place(file, text, at));
      }
    }
    if (token.start === token.end) continue;
    const count = countOf(token.class);
    const seen = new Set();
    for (at = token.start; at < token.end; at++) {
      if (!blank.test(text[at])) seen.add(painted[at]);
    }
    const one = seen.size === 1 ? [...seen][0] : `[${[...seen].join(', ')}]`;
    if (one === token.class) count[side]++;
    else if (excepted(side, token.class, one, text, token.start)) {
      count.excepted[side] = (count.excepted[side] ?? 0) + 1;
    } else note(side, `${token.class}, but ${one}`, place(file, text, token.start));
  }
}

function place(file, text, at) {
  const before = text.slice(0, at).split('\n');
  const line = text.split('\n')[before.length - 1];
  return `${path.relative(root, file)}:${before.length}:${before.at(-1).length + 1}: ${line.trim().slice(0, 100)}`;
}

const begun = Date.now();
const paths = files().filter(file => !only || file.includes(only));
const paint = await textmate();
const highlights = treeSitter(paths);
const lsp = new Server(server);
await lsp.start();
let units = 0, spent = 0;
for (const [index, file] of paths.entries()) {
  const text = readFileSync(file, 'utf8');
  const tokens = await lsp.tokens(file, text);
  for (const token of tokens) countOf(token.class).server++;
  const from = performance.now();
  const painted = paint(text);
  spent += performance.now() - from;
  units += text.length;
  compare('TextMate', file, text, tokens, painted);
  for (const side of Object.keys(queries)) compare(side, file, text, tokens, highlights(side, index, text));
}
await lsp.stop();

console.log(`${paths.length} scripts, ${(units / 1e6).toFixed(1)} M characters, ${((Date.now() - begun) / 1000).toFixed(0)} s; ` +
  `TextMate tokenizes ${(units / 1e3 / spent).toFixed(1)} M characters/s`);
const share = (count, side) => {
  const excepted = count.excepted[side] ?? 0;
  return `${((100 * (count[side] + excepted)) / count.server).toFixed(2)} %${excepted ? ` (${excepted} excepted)` : ''}`;
};
const row = words => console.log(words.map((word, at) => word.padEnd(at < 2 ? 12 : 27)).join('').trimEnd());
row(['class', 'server', ...sides]);
for (const [name, count] of [...counts].sort((left, right) => right[1].server - left[1].server)) {
  row([name, String(count.server), ...sides.map(side => share(count, side))]);
}
let wrong = 0;
for (const [side, all] of Object.entries(differences)) {
  for (const [kind, places] of all) {
    wrong += places.length;
    console.log(`${side}: ${kind}: ${places.length}`);
    for (const at of places.slice(0, only ? 50 : 3)) console.log(`    ${at}`);
  }
}
for (const { side, server: ours, grammar, reason } of exceptions) {
  console.log(`excepted${side ? ` in ${side}` : ''}: ${ours} as ${grammar}: ${reason}`);
}
console.log(wrong ? `${wrong} differences` : 'the colours agree');
process.exit(wrong ? 1 : 0);
