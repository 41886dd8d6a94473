// Makes `dist` from `src`: one file as a module, one for `require`, types, and the interpreter that `air avm` writes.
//
//     AIR=path/to/air node build.mjs        (or AVM_WASM=module.wasm)
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
mkdirSync(here('dist'), { recursive: true });

// In the order in which they use each other; a name is used in one file only, or means the same in all.
const bodies = ['msgpack', 'formats', 'types', 'avmHelpers'].map((name) => {
  const text = readFileSync(here(`src/${name}.mjs`), 'utf8').replace(/^import .*\n+/gm, '');
  // Names of a file for itself stay for itself.
  const exported = [...text.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map(([, it]) => it);
  const inner = text.replace(/^export /gm, '');
  return `const { ${exported.join(', ')} } = (() => {\n${inner}\nreturn { ${exported.join(', ')} };\n})();\n`;
});
const names = [...readFileSync(here('src/index.mjs'), 'utf8').matchAll(/^export \{ (.+) \} from/gm)].flatMap(([, list]) => list.split(', '));
const text = `// Made by build.mjs of the files in src.\n${bodies.join('\n')}\n`;
writeFileSync(here('dist/index.mjs'), `${text}export { ${names.join(', ')} };\n`);
// Written one by one, so that Node finds the names without running the file.
writeFileSync(here('dist/index.js'), `'use strict';\n${text}${names.map((name) => `exports.${name} = ${name};\n`).join('')}`);
copyFileSync(here('src/index.d.ts'), here('dist/index.d.ts'));
copyFileSync(here('src/index.d.ts'), here('dist/index.d.mts'));
if (process.env.AVM_WASM) copyFileSync(process.env.AVM_WASM, here('dist/avm.wasm'));
else execFileSync(process.env.AIR ?? 'air', ['avm', '--output', here('dist/avm.wasm')], { stdio: 'inherit' });
