// The names of variables in a line of a script.

/** A variable, stream, map or canon. */
export const NAME = /[$%#]?%?[A-Za-z_][\w-]*/;

const KEYWORDS = new Set("ap call canon fail fold match mismatch never new next null par seq xor true false".split(" "));

/** Each name of the line once, with its column from 0; strings, comments and lenses are left out. */
export function names(line: string): { name: string; start: number }[] {
  const blank = (text: string) => " ".repeat(text.length);
  const code = line.replace(/"[^"]*"?/g, blank).replace(/;.*/, blank).replace(/\.(?:\$|length)[^\s()]*/g, blank).replace(/%\w+%|:error:/g, blank);
  const found = new Map<string, number>();
  for (const match of code.matchAll(new RegExp(NAME, "g"))) {
    if (!KEYWORDS.has(match[0]) && !found.has(match[0])) found.set(match[0], match.index);
  }
  return [...found].map(([name, start]) => ({ name, start }));
}
