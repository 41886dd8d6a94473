// The page: two editors, a bar with what can be done, and what came of it.
import { basicSetup } from 'codemirror';
import { formatDocument } from '@codemirror/lsp-client';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { examples } from './examples.js';
import * as link from './link.js';
import { connect, semanticColours } from './server.js';
import { show, values } from './values.js';
import { Calls, unpack } from './worker.js';

const SCRIPT = 'file:///playground/script.air';
const SAMPLE = 'file:///playground/script.sample.json';

const at = (id) => document.getElementById(id);
const calls = new Calls();
let script;
let sample;

/** Options of a run: sample data, and the order if one is written. */
function options() {
  const text = sample.state.doc.toString();
  const faults = at('fault').value.split(',').map((fault) => fault.trim()).filter(Boolean);
  const given = { make_up: true, ...(text.trim() && { sample: text }), ...(faults.length > 0 && { named_faults: faults }) };
  const order = at('order').value.trim();
  if (order === '' || order === 'fifo') return given;
  if (order === 'lifo') return { ...given, order };
  const random = order.match(/^random:(\d+)$/);
  if (random) return { ...given, order: { random: Number(random[1]) } };
  return { ...given, answers: 'single', schedule: order.replaceAll(/,\s*/g, '\n') };
}

/** Does something that may take long, with a button to stop it. */
async function busy(what, work) {
  document.body.dataset.busy = what;
  at('stop').hidden = false;
  try {
    await work(script.state.doc.toString());
  } catch (error) {
    say(error.message, 'failed');
  } finally {
    delete document.body.dataset.busy;
    at('stop').hidden = true;
  }
}

function say(text, kind = '') {
  at('outcome').textContent = text;
  at('outcome').dataset.kind = kind;
}

const run = () =>
  busy('running', async (text) => {
    show(script, null);
    at('picture').replaceChildren();
    at('printed').textContent = '';
    const report = await calls.call('run', text, options());
    show(script, report);
    say(report.outcome.text, report.outcome.status);
    at('printed').textContent = report.printed.map(({ peer, text }) => `${peer} printed ${text}`).join('\n');
    const picture = await calls.call('diagram', text, options());
    const image = new Image();
    image.alt = `Picture of the run: ${report.outcome.text}`;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.text)}`;
    at('picture').replaceChildren(image);
  });

const explore = () =>
  busy('exploring', async (text) => {
    const { sample, make_up } = options();
    const found = await calls.call('explore', text, { sample, make_up });
    const orders = found.complete ? `all ${found.orders} orders` : `${found.orders} orders of at least ${found.at_least}`;
    say(`${found.found_ends === 1 ? 'One end' : `${found.found_ends} ends`} in ${orders} that can be told apart`, 'explored');
    at('ends').replaceChildren(
      ...found.ends.map((end) => {
        const order = end.default ? '' : end.order.replaceAll('\n', ', ');
        const decided = end.deciding ? ` – decided by ${end.deciding.what}` : '';
        return item(`${end.text}${end.default ? ' (the usual end)' : ''}${decided} `, shower(end.text, order, ''));
      }),
    );
  });

const faults = () =>
  busy('trying faults', async (text) => {
    const { sample, make_up } = options();
    const found = (await calls.call('explore', text, { sample, make_up, faults: true })).faults;
    const harmful = found.filter(({ harms }) => harms);
    say(`${harmful.length} of ${found.length} single faults keep the initiator from what it learns without them`, 'explored');
    at('ends').replaceChildren(...found.map(({ fault, harms, text }) => item(`${harms ? `✗ ${fault}: ${text}` : `✓ ${fault}`} `, shower(fault, '', fault))));
  });

/** A button that runs the script with that order and fault. */
function shower(what, order, fault) {
  const button = document.createElement('button');
  button.textContent = 'Show';
  button.setAttribute('aria-label', `Show: ${what}`);
  button.onclick = () => {
    at('order').value = order;
    at('fault').value = fault;
    run();
  };
  return button;
}

function item(...parts) {
  const li = document.createElement('li');
  li.append(...parts);
  return li;
}

const format = () => formatDocument(script);

async function copyLink() {
  const state = { script: script.state.doc.toString(), sample: sample.state.doc.toString(), order: at('order').value, fault: at('fault').value };
  const url = `${location.href.replace(/#.*/, '')}#s=${await link.pack(state)}`;
  history.replaceState(null, '', url);
  await navigator.clipboard?.writeText(url).catch(() => {});
  say('The address of this page now holds script, sample data, order and fault', 'explored');
}

function replace(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
}

function open(state) {
  replace(script, state.script);
  replace(sample, state.sample);
  at('order').value = state.order;
  at('fault').value = state.fault;
  at('ends').replaceChildren();
  at('picture').replaceChildren();
  at('printed').textContent = '';
  say('Not run yet');
}

function openExample(index) {
  const { about, script, sample } = examples[index];
  at('about').textContent = about;
  open({ script, sample: `${JSON.stringify(sample, null, 2)}\n`, order: '', fault: '' });
}

function editor(parent, label, uri, language, client, more) {
  const keys = keymap.of([
    { key: 'Mod-Enter', run: () => (run(), true) },
    { key: 'Shift-Alt-f', run: (view) => formatDocument(view) },
  ]);
  const extensions = [keys, basicSetup, EditorView.contentAttributes.of({ 'aria-label': label }), client.plugin(uri, language), more];
  return new EditorView({ state: EditorState.create({ extensions }), parent });
}

async function begin() {
  await unpack();
  const client = connect();
  await client.initializing;
  script = editor(at('script'), 'Script', SCRIPT, 'air', client, [semanticColours(client, SCRIPT), values]);
  sample = editor(at('sample'), 'Sample data', SAMPLE, 'json', client, EditorView.lineWrapping);
  examples.forEach(({ name }, index) => at('example').append(new Option(`${index + 1}. ${name}`, index)));
  at('example').onchange = () => openExample(at('example').value);
  for (const [id, does] of Object.entries({ run, explore, faults, format, link: copyLink, stop: () => calls.stop() })) at(id).onclick = does;
  const shared = await link.unpack(location.hash);
  if (shared) open(shared);
  else openExample(0);
  document.body.dataset.ready = 'true';
  Object.assign(globalThis, { playground: { script, sample } });
}

begin().catch((error) => say(`This browser cannot run the page: ${error.message}`, 'failed'));
