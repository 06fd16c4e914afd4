/** Above this the agent is held, below half of it let go again. */
const HIGH_BYTES = 512 * 1024;
const CHECK_MS = 10;

export interface FlowOptions {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Bytes that some reader has not taken yet: screen, terminal, recording. */
  readonly loads: () => readonly number[];
}

/** Holds the agent while a reader of its output lags, so that memory stays bounded. */
export interface Flow {
  /** To be called after each chunk. */
  check(): void;
  stop(): void;
}

export function createFlow({ pause, resume, loads }: FlowOptions): Flow {
  let timer: NodeJS.Timeout | undefined;
  const relieve = (): void => {
    timer = undefined;
    if (Math.max(...loads()) > HIGH_BYTES / 2) timer = setTimeout(relieve, CHECK_MS);
    else resume();
  };
  return {
    check: () => {
      if (timer !== undefined || Math.max(...loads()) <= HIGH_BYTES) return;
      pause();
      timer = setTimeout(relieve, CHECK_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
