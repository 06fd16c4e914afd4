import type { Clock } from '../ports/clock.ts';

/** Names the state of the program's own files. */
export type ReadCodeMark = () => Promise<string>;

/** Tells a running program that its own code is another one on disk. */
export interface CodeWatch {
  /** True when the files changed since the start, and have stood still since: a build or checkout is over. */
  isNew(): Promise<boolean>;
}

/** Between two looks at the files; a checkout has more than a thousand. */
const LOOK_MS = 60_000;
/** Files that changed within this are still being written. */
const STILL_MS = 10_000;

export async function createCodeWatch(read: ReadCodeMark, clock: Clock): Promise<CodeWatch> {
  const own = await read();
  let seen = own;
  let lookedAt = clock.monotonic();
  let changedAt = lookedAt;
  return {
    async isNew() {
      const now = clock.monotonic();
      const pause = seen === own ? LOOK_MS : STILL_MS;
      if (now - lookedAt < pause) return false;
      lookedAt = now;
      const found = await read();
      if (found !== seen) changedAt = now;
      seen = found;
      return seen !== own && now - changedAt >= STILL_MS;
    },
  };
}
