import * as fc from 'fast-check';
import { histories } from './happenings.ts';
import { readRegressions } from './regressions.ts';
import type { Regression } from './regressions.ts';
import { runHistory } from './run-history.ts';

/*
 * node test/scenario/refinery/model/explore.ts [COUNT] [SEED] [as-is]: plays COUNT (default 1000) random histories after
 * the known ones. The first that breaks an invariant is shrunk (not with `as-is`) and printed as a line for regressions.json; exit 1.
 */
const [count = '1000', seed = String(Date.now() % 2 ** 31), shrink = ''] = process.argv.slice(2);
const known = await firstBroken(readRegressions());
const found = known ?? (await search());
if (found !== undefined) process.stdout.write(`${JSON.stringify(found)}\n`);
process.stderr.write(
  `${count} histories of seed ${seed}: ${found === undefined ? 'all nine hold' : 'broken'}\n`,
);
process.exitCode = found === undefined ? 0 : 1;

async function firstBroken(regressions: readonly Regression[]): Promise<Regression | undefined> {
  for (const { history } of regressions) {
    const { wrong } = await runHistory(history);
    if (wrong.length > 0) return { broke: wrong, history };
  }
  return undefined;
}

async function search(): Promise<Regression | undefined> {
  const details = await fc.check(
    fc.asyncProperty(histories, async (history) => (await runHistory(history)).wrong.length === 0),
    { numRuns: Number(count), seed: Number(seed), endOnFailure: shrink === 'as-is' },
  );
  const [history] = details.counterexample ?? [];
  return history === undefined ? undefined : { broke: (await runHistory(history)).wrong, history };
}
