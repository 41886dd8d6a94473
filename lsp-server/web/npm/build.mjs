// Makes `dist` from `src`: one module with types, the worker as one plain script, and the WebAssembly module.
//
//     AIR_WEB_WASM=path/to/air_web.wasm node build.mjs
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
mkdirSync(here('dist'), { recursive: true });

// In the order in which they use each other; names of one file are not used in another with another meaning.
const text = (names) =>
  names.map((name) => readFileSync(here(`src/${name}.mjs`), 'utf8').replace(/^import .* from '\.\/.*\n+/gm, '')).join('\n');
writeFileSync(here('dist/index.js'), text(['module', 'server', 'tool', 'index']).replace(/^export \{.*\n+/gm, ''));
// A plain script works as a worker everywhere: from a file, from a blob, in extension hosts, in Node.js.
const worker = text(['module', 'tool', 'server', 'worker']).replace(/^export /gm, '');
const start = `if (typeof self === 'object' && typeof self.postMessage === 'function') {
  const take = serve(self);
  self.onmessage = ({ data }) => take(data);
} else {
  import('node:worker_threads').then(({ parentPort }) => parentPort.on('message', serve(parentPort)));
}`;
writeFileSync(here('dist/worker.js'), `(() => {\n${worker}\n${start}\n})();\n`);
copyFileSync(here('src/index.d.ts'), here('dist/index.d.ts'));
if (!process.env.AIR_WEB_WASM) throw new Error('AIR_WEB_WASM names no module; see README.md');
copyFileSync(process.env.AIR_WEB_WASM, here('dist/air.wasm'));
