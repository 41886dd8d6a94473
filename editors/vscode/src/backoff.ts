// When a server that crashed is started again: later each time, and not for ever.

/** Crashes within this time count together, in milliseconds. */
const WINDOW = 180_000;
/** After so many of them the server is left alone. */
const MOST = 5;

/** Counts crashes. */
export class Backoff {
  #crashes: number[] = [];

  /** A crash at `now` (milliseconds): how long to wait before the next start, or `undefined` to give up. */
  crashed(now: number): number | undefined {
    this.#crashes = this.#crashes.filter((at) => now - at < WINDOW);
    this.#crashes.push(now);
    const count = this.#crashes.length;
    return count > MOST ? undefined : 250 * 2 ** (count - 1);
  }

  /** A start by hand forgives everything. */
  reset(): void {
    this.#crashes = [];
  }
}
