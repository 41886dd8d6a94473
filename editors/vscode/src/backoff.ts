// When a crashed server is started again: after a longer wait each time, and not without end.

/** Crashes within this time are counted together. */
const WINDOW_MILLISECONDS = 180_000;
/** After more crashes than this the server is not started again. */
const MAX_CRASHES = 5;

/** Counts the server's crashes. */
export class Backoff {
  #crashes: number[] = [];

  /** Records a crash at `now`; returns how long to wait before the next start, or `undefined` to give up. Both are milliseconds. */
  crashed(now: number): number | undefined {
    this.#crashes = this.#crashes.filter((at) => now - at < WINDOW_MILLISECONDS);
    this.#crashes.push(now);
    const count = this.#crashes.length;
    return count > MAX_CRASHES ? undefined : 250 * 2 ** (count - 1);
  }

  /** After a restart by the user the count begins again. */
  reset(): void {
    this.#crashes = [];
  }
}
