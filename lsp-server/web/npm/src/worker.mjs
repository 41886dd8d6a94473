// The language server and the functions by postMessage.
//
// First message: `{ wasm }`, the module's bytes or a WebAssembly.Module. Messages of the protocol (`jsonrpc`) go to the language
// server; `{ id, function, text, name, kind, options }` is a call, answered by `{ id, result }` or `{ id, error: { code, message } }`.
import { AirError } from './module.mjs';
import { Server } from './server.mjs';
import { Tool } from './tool.mjs';

export function serve(port) {
  let module;
  let server;
  let tool;
  return (message) => {
    if (message.wasm) {
      module = message.wasm instanceof WebAssembly.Module ? message.wasm : new WebAssembly.Module(message.wasm);
      return;
    }
    if (!module) throw new AirError('no-module', 'the first message is { wasm }');
    if (message.jsonrpc) {
      server ??= new Server(module, (said) => port.postMessage(said));
      server.receive(message);
      return;
    }
    tool ??= new Tool(module);
    const { id, function: name, text, name: script, kind, options } = message;
    try {
      port.postMessage({ id, result: tool.call(name, text, { ...options, name: script, kind }) });
    } catch (error) {
      port.postMessage({ id, error: { code: error.code ?? 'failed', message: error.message } });
    }
  };
}
