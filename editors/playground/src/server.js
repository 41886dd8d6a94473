// The language server for CodeMirror: the official client, over messages to the worker.
import { LSPClient, languageServerExtensions } from '@codemirror/lsp-client';
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import { start } from './worker.js';

export function connect() {
  const worker = start();
  const listeners = new Map();
  const transport = {
    send: (text) => worker.postMessage(JSON.parse(text)),
    subscribe(listener) {
      const take = ({ data }) => listener(JSON.stringify(data));
      listeners.set(listener, take);
      worker.addEventListener('message', take);
    },
    unsubscribe: (listener) => worker.removeEventListener('message', listeners.get(listener)),
  };
  return new LSPClient({ rootUri: 'file:///playground', timeout: 10_000, extensions: languageServerExtensions() }).connect(transport);
}

const setColours = StateEffect.define();
const colours = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    marks = marks.map(change.changes);
    for (const effect of change.effects) if (effect.is(setColours)) marks = effect.value;
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The server's semantic tokens as classes `t-TYPE`, asked for a moment after each edit. */
export function semanticColours(client, uri) {
  const plugin = ViewPlugin.define((view) => {
    let timer;
    const ask = async () => {
      await client.initializing;
      client.sync();
      const text = view.state.doc;
      const answer = await client.request('textDocument/semanticTokens/full', { textDocument: { uri } }).catch(() => null);
      if (!answer || view.state.doc !== text) return;
      const { tokenTypes } = client.serverCapabilities.semanticTokensProvider.legend;
      view.dispatch({ effects: setColours.of(marksOf(answer.data, text, tokenTypes)) });
    };
    const soon = (wait) => {
      clearTimeout(timer);
      timer = setTimeout(ask, wait);
    };
    soon(0);
    return {
      update: (change) => change.docChanged && soon(120),
      destroy: () => clearTimeout(timer),
    };
  });
  return [colours, plugin];
}

/** Five numbers a token: lines and columns since the one before, length, type, modifiers. */
function marksOf(data, text, types) {
  const marks = [];
  let line = 0;
  let column = 0;
  for (let at = 0; at + 4 < data.length; at += 5) {
    line += data[at];
    column = data[at] === 0 ? column + data[at + 1] : data[at + 1];
    if (line >= text.lines) break;
    const from = text.line(line + 1).from + column;
    const to = Math.min(from + data[at + 2], text.length);
    if (from < to) marks.push(Decoration.mark({ class: `t-${types[data[at + 3]]}` }).range(from, to));
  }
  return Decoration.set(marks);
}
