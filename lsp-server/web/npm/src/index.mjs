// Functions that load the module beside this file when the first of them is called.
import { AirError, Instance } from './module.mjs';
import { Server } from './server.mjs';
import { Tool } from './tool.mjs';

export { AirError, Instance, Server, Tool };

let loaded;

/** The functions, on a module that is given (bytes, a module, or a response of `fetch`) or on the one beside this file. */
export async function load(source) {
  if (source !== undefined) return new Tool(await compiled(await source));
  loaded ??= compiled(await beside()).then((module) => new Tool(module));
  return loaded;
}

async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof Response === 'function' && source instanceof Response) return WebAssembly.compile(await source.arrayBuffer());
  return WebAssembly.compile(source);
}

async function beside() {
  const url = new URL('./air.wasm', import.meta.url);
  if (url.protocol !== 'file:') return fetch(url);
  const { readFile } = await import('node:fs/promises');
  return readFile(url);
}

export const check = async (script, options) => (await load()).check(script, options);
export const format = async (script, options) => (await load()).format(script, options);
export const beautify = async (script, options) => (await load()).beautify(script, options);
export const parse = async (script, options) => (await load()).parse(script, options);
export const run = async (script, options) => (await load()).run(script, options);
export const diagram = async (script, options) => (await load()).diagram(script, options);
export const explore = async (script, options) => (await load()).explore(script, options);
export const sample = async (script, options) => (await load()).sample(script, options);
export const explain = async (word) => (await load()).explain(word);
