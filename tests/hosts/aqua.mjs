// Aqua to scripts, with Fluence's own compiler: NAME.air and the definition that clients need, NAME.json.
//
//     node aqua.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileFromString } from '@fluencelabs/aqua-api';

const source = `aqua Hosts declares *

export double, far, everywhere, caught

service Test("test"):
  echo(n: i32) -> i32
  name() -> string
  peers() -> []string
  refuse(why: string) -> string

func double(n: i32) -> i32:
  x <- Test.echo(n)
  <- x + x

func far(peer: string) -> string:
  on peer:
    x <- Test.name()
  <- x

func everywhere() -> []string:
  peers <- Test.peers()
  names: *string
  for peer <- peers:
    on peer:
      names <- Test.name()
  <- names

func caught(peer: string) -> string:
  result: *string
  try:
    on peer:
      result <- Test.refuse("no")
  catch e:
    result <<- "caught"
  <- result!
`;

/** The compiler is Scala: its objects have members behind long names. */
function plain(it) {
  if (Array.isArray(it)) return it.map(plain);
  if (typeof it !== 'object' || it === null) return it;
  return Object.fromEntries(Object.entries(it).map(([key, value]) => [key.replace(/^L\w+__f_/, ''), plain(value)]));
}

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const { errors, functions } = await compileFromString({ code: source, noRelay: true });
if (errors.length > 0) throw new Error(errors.join('\n'));
for (const [name, { script, funcDef }] of Object.entries(functions)) {
  writeFileSync(path.join(folder, `${name}.air`), script);
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(plain(funcDef)));
}
console.log(`aqua: ${Object.keys(functions).join(', ')}`);
