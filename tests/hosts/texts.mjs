// `ast` and `to_human_readable_data` of both modules.
//
//     node texts.mjs OURS PUBLISHED SCRIPTS GOLDEN
//
// Over all scripts below the folder SCRIPTS the trees have to be equal, byte for byte, and so have the reports of rejected
// ones, but for their order where AquaVM's is random. Over the data in GOLDEN (corpus/data/golden.jsonl) the texts have to be
// equal, with the members of stores in any order, because AquaVM's order is random there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Avm } from './lib/marine.mjs';

const [oursFile, publishedFile, scripts, golden] = process.argv.slice(2);
const [ours, published] = [Avm.open(oursFile), Avm.open(publishedFile)];
const problems = [];
const seen = { trees: 0, reports: 0, otherOrder: 0, traps: 0, data: 0, otherTexts: 0 };

const files = readdirSync(scripts, { recursive: true }).map(String).filter((name) => name.endsWith('.air')).sort();
const isTree = (text) => text.startsWith('{');
// Where errors have another order, so have the lines that lead to them.
const sorted = (report) => report.split(/[^\p{L}\p{N}$#%'"-]+/u).sort().join(' ');
for (const file of files) {
  const script = readFileSync(join(scripts, file), 'utf8');
  const have = ours.ast(script);
  let want;
  try {
    want = published.ast(script);
  } catch {
    seen.traps++;
    published.start();
    continue;
  }
  if (have === want) seen[isTree(want) ? 'trees' : 'reports']++;
  else if (!isTree(want) && !isTree(have) && sorted(have) === sorted(want)) seen.otherOrder++;
  else problems.push(`${file}\n    want ${want.slice(0, 300)}\n    have ${have.slice(0, 300)}`);
}

for (const line of readFileSync(golden, 'utf8').split('\n').filter(Boolean)) {
  const { id, expected, envelope_hex } = JSON.parse(line);
  const data = envelope_hex ? Buffer.from(envelope_hex, 'hex') : expected?.data_b64 && Buffer.from(expected.data_b64, 'base64');
  if (!data?.length) continue;
  const [have, want] = [ours.readable(data), published.readable(data)];
  if (have === want) seen.data++;
  else problems.push(`${id}\n    want ${want.slice(0, 300)}\n    have ${have.slice(0, 300)}`);
}
// Bytes that are not data: the words may differ.
for (const bytes of [Uint8Array.of(), Uint8Array.of(1, 2, 3)]) {
  if (isTree(ours.readable(bytes)) || isTree(published.readable(bytes))) problems.push(`${bytes}: not data`);
}

problems.slice(0, 8).forEach((problem) => console.log(`DIFFERS ${problem}`));
console.log(
  `texts: ${seen.trees} trees and ${seen.reports + seen.otherOrder} reports of ${files.length} scripts equal ` +
    `(${seen.otherOrder} in another order), ${seen.traps} traps of the published module; ${seen.data} data equal; ${problems.length} differ`,
);
process.exitCode = problems.length === 0 && seen.trees > 0 && seen.data > 0 ? 0 : 1;
