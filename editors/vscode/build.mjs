// Builds the extension: `node build.mjs` for dist/ and the files copied into it, `node build.mjs --vsix` for air-tooling-TARGET.vsix.
//
//   --server FILE   the program `air` to bundle; by default release/air in $CARGO_TARGET_DIR or ../../target, built if it is
//                   missing; `none` for a VSIX without a server
//   --target NAME   vsce's name of the program's platform (linux-x64, alpine-arm64, win32-x64, darwin-arm64, …)
//   --out FILE      path of the VSIX
//   --watch         build dist/ again when sources change
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";

const { values } = parseArgs({ options: { vsix: { type: "boolean" }, watch: { type: "boolean" }, server: { type: "string" }, target: { type: "string" }, out: { type: "string" } } });
const here = import.meta.dirname;
const root = resolve(here, "../..");
process.chdir(here);

const options = {
  entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", bundle: true, platform: "node", format: "cjs", target: "node20",
  external: ["vscode"], mainFields: ["module", "main"], minify: !values.watch, sourcemap: values.watch ? "inline" : false, legalComments: "none", logLevel: "warning",
};
copies();
if (values.watch) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
if (values.vsix) vsix();

function copies() {
  for (const folder of ["syntaxes", "schemas"]) mkdirSync(folder, { recursive: true });
  const grammar = JSON.parse(readFileSync(join(root, "editors/textmate/air.tmLanguage.json"), "utf8"));
  writeFileSync("syntaxes/air.tmLanguage.json", JSON.stringify(grammar));
  // The Aqua extension has an older grammar for the same language, and the one loaded last wins: this one is injected into
  // either. Inside an instruction our grammar is active already.
  const over = { ...grammar, scopeName: "source.air.over", injectionSelector: "L:source.air - meta.instruction.air - comment" };
  writeFileSync("syntaxes/air-over.tmLanguage.json", JSON.stringify(over));
  copyFileSync(join(root, "editors/textmate/air-embedded.tmLanguage.json"), "syntaxes/air-embedded.tmLanguage.json");
  copyFileSync(join(root, "lsp-server/schemas/air.schema.json"), "schemas/air.schema.json");
  copyFileSync(join(root, "LICENSE"), "LICENSE");
}

function vsix() {
  const target = values.target ?? `${process.platform}-${process.arch === "arm" ? "armhf" : process.arch}`;
  const program = target.startsWith("win32") ? "air.exe" : "air";
  rmSync("server", { recursive: true, force: true });
  if (values.server !== "none") {
    const from = values.server ? resolve(values.server) : release(program);
    mkdirSync("server");
    copyFileSync(from, join("server", program));
    chmodSync(join("server", program), 0o755);
    if (target.startsWith("linux") || target.startsWith("alpine")) strip(join("server", program));
  }
  const out = resolve(values.out ?? `air-tooling-${values.server === "none" ? "no-server" : target}.vsix`);
  mkdirSync(resolve(out, ".."), { recursive: true });
  const platform = values.server === "none" ? [] : ["--target", target];
  execFileSync(process.execPath, ["node_modules/@vscode/vsce/vsce", "package", "--no-dependencies", ...platform, "--out", out], { stdio: "inherit" });
}

/** Debug symbols are only useful to this project's developers, and make up three quarters of the file. */
function strip(file) {
  try {
    execFileSync("strip", [file], { stdio: "ignore" });
  } catch {
    // The program works with symbols too.
  }
}

function release(program) {
  const file = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release", program);
  if (!existsSync(file)) execFileSync("cargo", ["build", "--release", "--locked", "-p", "air-lsp", "--bin", "air"], { cwd: root, stdio: "inherit" });
  return file;
}
