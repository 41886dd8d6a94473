// The tool's worker: one for the language server, and one for runs, which can be ended.
import workerText from '#worker';

let bytes;

/** The module out of the page: packed, as text, so that the page works from a folder, where `fetch` does not. */
export async function unpack() {
  const packed = document.getElementById('air-wasm').textContent;
  const data = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('gzip'));
  bytes = await WebAssembly.compile(await new Response(stream).arrayBuffer());
}

export function start() {
  const url = URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' }));
  const worker = new Worker(url);
  worker.postMessage({ wasm: bytes });
  return worker;
}

/** Calls of functions, one worker for all until one is ended. */
export class Calls {
  #worker;
  #waiting = new Map();
  #last = 0;

  call(name, text, options) {
    if (!this.#worker) {
      this.#worker = start();
      this.#worker.onmessage = ({ data: { id, result, error } }) => {
        const { resolve, reject } = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error) reject(new Error(error.message));
        else resolve(result);
      };
    }
    const id = ++this.#last;
    this.#worker.postMessage({ id, function: name, text, name: 'script.air', options });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Ends what is under way. */
  stop() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error('stopped'));
    this.#waiting.clear();
  }
}
