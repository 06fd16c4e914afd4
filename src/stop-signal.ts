/** How this process was asked to end. */
export interface StopWatch {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. Reading it installs the handlers: without them the system's default holds. */
  readonly signal: AbortSignal;
  /** 130, 143 or 129 once asked to end, else undefined. */
  readonly exitCode: () => number | undefined;
}

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export function createStopWatch(): StopWatch {
  const controller = new AbortController();
  let listening = false;
  let code: number | undefined;
  const listen = (): void => {
    listening = true;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        /* Somebody asks again because the orderly end takes too long for them. */
        if (code !== undefined) process.exit(CODES[name]);
        code = CODES[name];
        controller.abort();
      });
    }
  };
  return {
    get signal() {
      if (!listening) listen();
      return controller.signal;
    },
    exitCode: () => code,
  };
}
