#!/usr/bin/env node
// The module for browsers in the place of `air-lsp`: the protocol over standard input and output, so that the tests of the
// native server run against it. The client's part that a browser has to do is done here: files are sent.
//
//     AIR_WEB_WASM=module.wasm web-stdio.mjs
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Server } from '../../../lsp-server/web/npm/src/server.mjs';

const FILES = 2000;
let ended = false;
const server = new Server(new WebAssembly.Module(readFileSync(process.env.AIR_WEB_WASM)), (message) => {
  const body = Buffer.from(JSON.stringify(message));
  process.stdout.write(`Content-Length: ${body.length}\r\n\r\n`);
  process.stdout.write(body);
  if (message.params?.message?.startsWith('the AIR language server ended')) process.stderr.write(`panicked: ${message.params.message}\n`);
});

const roots = new Set();
const sent = new Map();

/** Sends what has changed on the disk in folders that the client has named. */
function sendFiles() {
  const now = new Map();
  for (const root of roots) walk(root, now);
  const written = [];
  const removed = [...sent.keys()].filter((file) => !now.has(file)).map((file) => pathToFileURL(file).href);
  for (const [file, time] of now) {
    if (sent.get(file) === time) continue;
    const text = new TextDecoder('utf-8', { fatal: true });
    try {
      written.push({ uri: pathToFileURL(file).href, text: text.decode(readFileSync(file)) });
    } catch {
      // Not text: a browser's client would not send it either.
    }
  }
  sent.clear();
  for (const entry of now) sent.set(...entry);
  if (written.length + removed.length > 0) server.receive({ jsonrpc: '2.0', method: 'air/files', params: { written, removed, quiet: true } });
}

function walk(folder, found) {
  let names = [];
  try {
    names = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const name of names) {
    const file = path.join(folder, name.name);
    if (found.size >= FILES) return;
    if (name.isDirectory()) walk(file, found);
    else if (name.isFile()) {
      const about = statSync(file, { throwIfNoEntry: false });
      if (about) found.set(file, `${about.mtimeMs} ${about.size}`);
    }
  }
}

function learn({ method, params }) {
  const uris = method === 'initialize' ? [params?.rootUri, ...(params?.workspaceFolders ?? []).map(({ uri }) => uri)] : [];
  if (method === 'workspace/didChangeWorkspaceFolders') uris.push(...params.event.added.map(({ uri }) => uri));
  const opened = method === 'textDocument/didOpen' ? params?.textDocument?.uri : undefined;
  for (const uri of [...uris, opened]) {
    if (typeof uri !== 'string' || !uri.startsWith('file:')) continue;
    try {
      const file = fileURLToPath(uri);
      const folder = uri === opened ? path.dirname(file) : file;
      // Short ones are made up.
      if (folder.split('/').length > 2) roots.add(folder);
    } catch {
      // A host that is not here.
    }
  }
}

let pending = Buffer.alloc(0);
process.stdin.on('data', (bytes) => {
  pending = Buffer.concat([pending, bytes]);
  for (;;) {
    const end = pending.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/Content-Length: *(\d+)/i.exec(pending.subarray(0, end).toString())?.[1]);
    if (pending.length < end + 4 + length) return;
    const text = pending.subarray(end + 4, end + 4 + length).toString();
    pending = pending.subarray(end + 4 + length);
    let message;
    try {
      message = JSON.parse(text);
    } catch (error) {
      message = { id: null, error: error.message };
    }
    if (message.method === 'exit') process.exit(ended ? 0 : 1);
    if (message.method === 'shutdown') ended = true;
    if (message.method) learn(message);
    sendFiles();
    server.receive(message);
  }
});
process.stdin.on('end', () => process.exit(1));
