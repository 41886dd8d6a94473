// Maps lines of a script to lines of its readable view, and back.

/** `[line of the view, first line, last line of the script]`, from 0, ascending in the view's lines. */
export type Lines = readonly (readonly [number, number, number])[];

/** The line of the view for a line of the script: the nearest one that shows it, or the last one before it. */
export function toView(lines: Lines, line: number): number {
  let best: readonly [number, number, number] | undefined;
  let before = 0;
  for (const entry of lines) {
    const [view, first, last] = entry;
    if (first <= line && line <= last && (!best || last - first < best[2] - best[1])) best = entry;
    if (first <= line) before = view;
  }
  return best ? best[0] : before;
}

/** The lines of the script that a line of the view shows. */
export function toScript(lines: Lines, line: number): readonly [number, number] {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.[0] ?? Infinity) <= line) low = middle + 1;
    else high = middle;
  }
  const entry = lines[Math.max(0, low - 1)];
  return entry ? [entry[1], entry[2]] : [0, 0];
}
