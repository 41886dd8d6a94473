// Writes vscode_uri.json: how VS Code spells the URIs of files, by its own library.
//
//   npm install --no-save --prefix /tmp/uris vscode-uri@3.2.0
//   node vscode_uri.mjs /tmp/uris/node_modules/vscode-uri > vscode_uri.json
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const library = resolve(process.argv[2] ?? "node_modules/vscode-uri");
const require = createRequire(join(library, "package.json"));
const { version } = require(join(library, "package.json"));

const names = [
  "a.air",
  "@x+(1)/one's.air",
  "copy (2)/c++/[slug].air",
  "ä ö/日本/🙂.air",
  "a%41%2F.air",
  "a=b&c;d,e!$~`^{}.air",
  "100%.air",
];
const systems = {
  linux: [
    ...names.map((name) => `/home/u/${name}`),
    "/a#b/c?d.air",
    "/back\\slash/a:b.air",
    "/C:/looks/like/a/drive.air",
    "/<tag>/\"quoted\"/a|b*c.air",
  ],
  win32: [
    ...names.map((name) => `C:\\Users\\u\\${name.replaceAll("/", "\\")}`),
    "c:\\small\\drive.air",
    "D:/slashes/of/unix.air",
    "C:\\a#b.air",
    "\\\\server\\share\\copy (2)\\a.air",
    "\\\\SERVER\\Share\\ä.air",
    "\\\\wsl$\\Ubuntu\\home\\u\\a.air",
    "\\\\wsl.localhost\\Ubuntu\\home\\u\\a.air",
    "\\\\?\\C:\\long\\a.air",
    "\\\\?\\UNC\\server\\share\\a.air",
  ],
};

const rows = [];
for (const [system, paths] of Object.entries(systems)) {
  // The library looks at it once, when it is loaded.
  Object.defineProperty(process, "platform", { value: system });
  const main = require.resolve(library);
  delete require.cache[main];
  const { URI } = require(main);
  for (const path of paths) {
    const uri = URI.file(path);
    // Clients send the first; the second is what extensions may write into settings and arguments.
    rows.push({ system, path, uri: uri.toString(), loose: uri.toString(true), back: uri.fsPath });
  }
}
console.log(JSON.stringify({ made_with: `vscode-uri ${version}`, rows }, null, 1));
