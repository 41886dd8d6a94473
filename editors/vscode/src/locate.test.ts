import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";
import { commandLine, isNewEnough, locate, type Surroundings } from "./locate.ts";

function world(there: string[], part: Partial<Surroundings> = {}): Surroundings {
  return { setting: "", extension: "/ext", workspace: "/ws", platform: "linux", path: "/usr/bin:/opt/bin", isProgram: (file) => there.includes(file), ...part };
}

test("the bundled one before the PATH", () => {
  assert.deepEqual(locate(world(["/ext/server/air", "/opt/bin/air-lsp"])), { command: "/ext/server/air", arguments: ["lsp"], from: "bundled" });
  assert.deepEqual(locate(world(["/opt/bin/air-lsp"])), { command: "/opt/bin/air-lsp", arguments: [], from: "path" });
  assert.equal(locate(world([])), undefined);
});

test("a setting counts, even when the program is missing", () => {
  const there = ["/ext/server/air", "/ws/target/air", `${homedir()}/air-lsp`, "/opt/bin/air"];
  assert.equal(locate(world(there, { setting: "${workspaceFolder}/target/air" }))?.command, "/ws/target/air");
  assert.deepEqual(locate(world(there, { setting: "~/air-lsp" }))?.arguments, []);
  assert.deepEqual(locate(world(there, { setting: " air " })), { command: "/opt/bin/air", arguments: ["lsp"], from: "setting" });
  assert.equal(locate(world(there, { setting: "/gone/air" })), undefined);
});

test("Windows", () => {
  const found = locate(world(["/ext/server/air.exe"], { platform: "win32" }));
  assert.equal(found?.command, "/ext/server/air.exe");
});

test("the command line of a server", () => {
  assert.equal(commandLine({ command: "/x/air-lsp", arguments: [], from: "path" }), "/x/air");
  assert.equal(commandLine({ command: "C:\\x\\air-lsp.exe", arguments: [], from: "path" }), "C:\\x\\air.exe");
  assert.equal(commandLine({ command: "/x/air", arguments: ["lsp"], from: "bundled" }), "/x/air");
});

test("versions", () => {
  assert.ok(isNewEnough("0.1.0", "0.1.0"));
  assert.ok(isNewEnough("0.10.0", "0.9.9"));
  assert.ok(isNewEnough("1.0.0-rc.1", "0.9.0"));
  assert.ok(!isNewEnough("0.0.9", "0.1.0"));
  assert.ok(!isNewEnough("", "0.1.0"));
});
