/** Milliseconds since some moment, never backwards. `performance.now()` loads a module of Node that takes 3 ms. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
