import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Outcome } from './town.ts';

/** What a command says before its main work; anything else on stderr belongs to the error. */
const PROGRESS = /^Cloning \S+ …\n/;

/** P14: exit 1, nothing on stdout, `Error: …` in one line and at most one next step (or the usage) after it. */
export function expectRefusal(outcome: Outcome, says: RegExp): void {
  const stderr = outcome.stderr.replace(PROGRESS, '');
  expect({ code: outcome.code, stdout: outcome.stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Error\b/) as string,
  });
  const [first = '', ...rest] = stderr.split('\n');
  expect(first).toMatch(says);
  expect(stderr).not.toMatch(/^\s+at |fault in gt|\p{Cc}(?<!\n)/mu);
  expect(rest.filter((line) => line.startsWith('Error'))).toEqual([]);
}

/** Paths that come and go with every look into the town: who has a lock, what SQLite shares between readers. */
const PASSING = /\.runtime\/locks\/|\.db-(?:shm|wal|journal)$/;

/** Everything in a folder by path, but for what merely looking changes. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !PASSING.test(path))
    .toSorted();
}
