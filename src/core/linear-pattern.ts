import { setFlagsFromString } from 'node:v8';

/**
 * A pattern that somebody else wrote, compiled so that it cannot hang the process: where it backtracks too often, V8's
 * linear engine takes over. That engine knows neither look-around, nor back references, nor the flag `u`.
 */
export function linearPattern(source: string, flags: '' | 's' = ''): RegExp {
  // Here and not at every start: loading the module takes 2 ms, and code caches are for the flags they were made with.
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  return new RegExp(source, flags);
}
