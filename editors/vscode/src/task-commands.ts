// What a task of type `air` may run, with its arguments.
export const COMMANDS = { check: ["check", "--output-format", "concise"], test: ["test"], fmt: ["fmt"] } as const;
export type Command = keyof typeof COMMANDS;

// What every object inherits (`toString`) is no command: tasks.json is written by hand.
export function isCommand(command: string): command is Command {
  return Object.hasOwn(COMMANDS, command);
}
