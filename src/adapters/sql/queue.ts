/** Runs asynchronous work strictly one after the other, in the order asked. */
export interface Queue {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const result = tail.then(work);
      // A failure belongs to its caller; the next in line starts all the same.
      tail = result.catch(() => undefined);
      return result;
    },
  };
}
