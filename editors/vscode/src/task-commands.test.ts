import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, isCommand } from "./task-commands.ts";

test("commands of tasks are those that are listed", () => {
  for (const command of Object.keys(COMMANDS)) assert.ok(isCommand(command), command);
  for (const other of ["toString", "constructor", "__proto__", "hasOwnProperty", "", "run"]) assert.ok(!isCommand(other), other);
});
