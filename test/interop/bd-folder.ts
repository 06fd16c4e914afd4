import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

/** A clock that stands at this time. */
export function standingAt(time: string): Clock {
  const now = Date.parse(time);
  return { now: () => now, monotonic: () => 0, sleep: async () => undefined };
}

/** Gives each test of the file a ledger `fx` of its own in a new folder. */
export function eachWithLedger(clock?: Clock) {
  const place = { cwd: '', ...(clock === undefined ? {} : { clock }) } satisfies BdPlace;
  beforeEach(async () => {
    place.cwd = mkdtempSync(join(tmpdir(), 'gt-bd-'));
    await mustBd(place, ['init', '--prefix', 'fx']);
  });
  afterEach(() => rmSync(place.cwd, { recursive: true, force: true }));
  return {
    place,
    /** @returns the id */
    make: async (...words: readonly string[]) => (await mustBd(place, ['q', ...words])).trim(),
    json: async (...words: readonly string[]) => JSON.parse(await mustBd(place, [...words, '--json'])),
    /** @returns its path */
    file: (name: string, text: string): string => {
      const path = join(place.cwd, name);
      writeFileSync(path, text);
      return path;
    },
    /** @returns the code of the error */
    refusal: async (...words: readonly string[]): Promise<string> => {
      const answer = await runBd(place, [...words, '--json']);
      expect(answer).toMatchObject({ code: 1, stdout: '' });
      return JSON.parse(answer.stderr).code;
    },
  };
}
