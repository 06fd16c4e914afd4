/** Lets work start at once while it can use a connection that is there, else after a short wait for one. */
export interface Turns {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Opening a connection takes 8 ms, a read 2: whoever comes while all are busy waits this long for one. */
const PATIENCE_MS = 15;

export function createTurns(): Turns {
  const waiting = new Set<() => void>();
  let running = 0;
  /** As many connections as ever ran at once. */
  let open = 1;
  const enter = (): void => {
    running += 1;
    open = Math.max(open, running);
  };
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      const start = (): void => {
        clearTimeout(timer);
        waiting.delete(start);
        enter();
        resolve();
      };
      const timer = setTimeout(start, PATIENCE_MS);
      waiting.add(start);
    });
  return {
    async run(work) {
      if (running < open) enter();
      else await turn();
      try {
        return await work();
      } finally {
        running -= 1;
        const [first] = waiting;
        first?.();
      }
    },
  };
}
