import { createHash } from 'node:crypto';
import { lastLines, oneLine, printable } from '../core/text.ts';
import type { RunResult } from '../ports/processes.ts';

/** How one run of a gate command ended. Only `pass` can merge anything; `infra` and `cut` say nothing about the code. */
export type GateEnd =
  | { readonly kind: 'pass' }
  | { readonly kind: 'red'; readonly failure: 'code' | 'timeout' | 'dirty' }
  /** Could not run here: blames nobody. `missing` = the command was not found or not executable. */
  | { readonly kind: 'infra'; readonly why: string; readonly missing: boolean }
  /** Stopped by us because its answer is no longer needed. */
  | { readonly kind: 'cut' };

const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const DISK_FULL = /ENOSPC|No space left on device|Disk quota exceeded/;

/** What a finished process says, before anybody has looked at the worktree. */
export function classifyRun(result: RunResult): GateEnd {
  switch (result.end) {
    case 'not-started':
      return { kind: 'infra', why: `the shell did not start: ${result.why}`, missing: false };
    case 'aborted':
      return { kind: 'cut' };
    case 'timeout':
      return { kind: 'red', failure: 'timeout' };
    case 'signal':
      // The kernel's out-of-memory killer or a person: either way not the tests' own word.
      return { kind: 'infra', why: `ended by ${result.signal}`, missing: false };
    case 'exit':
      return classifyExit(result.code, `${result.stdout}\n${result.stderr}`);
  }
}

function classifyExit(code: number, output: string): GateEnd {
  if (code === 0) return { kind: 'pass' };
  if (code === NOT_FOUND || code === NOT_EXECUTABLE) {
    const why = lastLines(output, 1)[0] ?? '';
    return { kind: 'infra', why: `the command cannot run (exit ${code}): ${why}`, missing: true };
  }
  if (DISK_FULL.test(output)) return { kind: 'infra', why: 'no space left on the disk', missing: false };
  // A shell reports the signal that ended its last command this way; 137 is how out-of-memory looks.
  if (code === 137) return { kind: 'infra', why: 'killed (exit 137), perhaps out of memory', missing: false };
  return { kind: 'red', failure: 'code' };
}

/* One line per failed test, as the common runners print it; the group is the test's name. */
const FAILED_TEST = [
  /^not ok \d+ (?:- )?(.+?)(?: # .*)?$/,
  /^FAILED (\S+)/,
  /^\s*--- FAIL: (\S+)/,
  /^test (\S+) \.\.\. FAILED$/,
  /^\s*(?:FAIL|✕|×)\s+(.+?)(?: \(?\d+ ?ms\)?)?$/,
] as const;
const MOST_TESTS = 50;

/** Names of failed tests found in a gate's output, sorted; empty when it prints none we know. */
export function failedTests(output: string): readonly string[] {
  const names = new Set<string>();
  for (const line of printable(output).split('\n')) {
    const name = FAILED_TEST.map((pattern) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
    if (name !== undefined) names.add(name);
  }
  return failureNames([...names]);
}

/** Sorted, each once, and no more than people read. */
export function failureNames(names: readonly string[]): readonly string[] {
  const short = names.map((name) => oneLine(name, 200).trim());
  return [...new Set(short)].sort().slice(0, MOST_TESTS);
}

/**
 * Two runs with the same fingerprint failed in the same way: by the set of failed tests, else by the end of the
 * output without what differs from run to run (numbers, hex, times, paths).
 */
export function fingerprintOf(run: {
  readonly gate: string;
  readonly failure: string;
  readonly failing: readonly string[];
  readonly output: string;
}): string {
  const about =
    run.failing.length > 0
      ? run.failing
      : lastLines(run.output, 40).map((line) =>
          line
            .replaceAll(/0x[0-9a-f]+|\b[0-9a-f]{7,40}\b/gi, '#')
            .replaceAll(/\/\S+/g, '/')
            .replaceAll(/\d+/g, '#'),
        );
  const text = JSON.stringify([run.gate, run.failure, about]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
