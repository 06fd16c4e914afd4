import { ExternalError, NotFoundError, RefusedError, UnavailableError } from '../core/errors.ts';

export function squatterError(port: number, holder: string, why: string): RefusedError {
  return new RefusedError({
    code: 'dolt.squatter',
    message: `port ${port} is held by ${holder}: not this town's Dolt server, ${why}`,
    hint: 'Stop that program yourself, or choose another port: gt config set dolt.port <port>',
  });
}

export function muteError(port: number, pid: number, why: string): UnavailableError {
  return new UnavailableError({
    code: 'dolt.mute',
    message: `the Dolt server (pid ${pid}) holds port ${port} but does not answer: ${why}`,
    hint: 'Run: gt down, then gt up',
  });
}

export function notInstalled(): NotFoundError {
  return new NotFoundError({
    code: 'dolt.not-installed',
    message: 'dolt is neither on PATH nor in ~/go/bin',
    hint: 'Run: go install github.com/dolthub/dolt/go/cmd/dolt@v1.88.1',
  });
}

export function notReady(why: string, logFile: string): ExternalError {
  return new ExternalError({
    code: 'dolt.not-ready',
    message: `the Dolt server did not come up: ${why}`,
    hint: `See ${logFile}`,
  });
}

export function notStopped(pid: number): ExternalError {
  return new ExternalError({
    code: 'dolt.not-stopped',
    message: `the Dolt server (pid ${pid}) is still there after SIGKILL`,
    hint: 'Look at the process: it may wait for the disk',
  });
}
