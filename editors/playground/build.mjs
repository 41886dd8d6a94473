// Makes `dist/index.html`: the whole page in one file, which works from a server as well as from a folder.
//
//     AIR_WEB_WASM=path/to/air_web.wasm node build.mjs      (after `npm ci`; see README.md)
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const npm = here('../../lsp-server/web/npm');
execFileSync(process.execPath, ['build.mjs'], { cwd: npm, stdio: 'inherit' });

const workerAsText = {
  name: 'worker-as-text',
  setup(builder) {
    builder.onResolve({ filter: /^#worker$/ }, () => ({ path: `${npm}/dist/worker.js`, namespace: 'text' }));
    builder.onLoad({ filter: /.*/, namespace: 'text' }, ({ path }) => ({ contents: readFileSync(path, 'utf8'), loader: 'text' }));
  },
};
const bundled = await build({
  entryPoints: [here('src/main.js')],
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  plugins: [workerAsText],
  legalComments: 'inline',
});
// What would end the element early.
const script = bundled.outputFiles[0].text.replaceAll('</script', '<\\/script');
const wasm = gzipSync(readFileSync(`${npm}/dist/air.wasm`), { level: 9 }).toString('base64');
const page = readFileSync(here('src/index.html'), 'utf8')
  .replace('/*STYLE*/', () => readFileSync(here('src/style.css'), 'utf8'))
  .replace('/*WASM*/', () => wasm)
  .replace('/*SCRIPT*/', () => script);
mkdirSync(here('dist'), { recursive: true });
writeFileSync(here('dist/index.html'), page);
console.log(`playground: ${page.length} bytes, ${gzipSync(page).length} over the wire`);
