import assert from "node:assert/strict";
import { test } from "node:test";
import { names } from "./debug-names.ts";

test("names of a line, each once and where it stands", () => {
  const found = names(`  (call peer ("srv" "f") [x x.$.[0] #can %init_peer_id%] $out) ; not this`);
  assert.deepEqual(found.map(({ name, start }) => `${name}@${start}`), ["peer@8", "x@26", "#can@36", "$out@57"]);
  assert.deepEqual(names("(seq (null) :error:)"), []);
});
