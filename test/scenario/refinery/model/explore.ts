import * as fc from 'fast-check';
import { histories } from './happenings.ts';
import { runHistory } from './run-history.ts';

/*
 * node test/scenario/refinery/model/explore.ts [COUNT] [SEED] [as-is]: plays COUNT (default 1000) random histories. The first
 * that breaks an invariant is shrunk (not with `as-is`) and printed as a line for regressions.json; exit 1.
 */
const [count = '1000', seed = String(Date.now() % 2 ** 31), shrink = ''] = process.argv.slice(2);
const details = await fc.check(
  fc.asyncProperty(histories, async (history) => (await runHistory(history)).wrong.length === 0),
  { numRuns: Number(count), seed: Number(seed), endOnFailure: shrink === 'as-is' },
);
const [history] = details.counterexample ?? [];
if (history !== undefined) {
  const { wrong } = await runHistory(history);
  process.stdout.write(`${JSON.stringify({ broke: wrong, history })}\n`);
}
process.stderr.write(
  `${details.numRuns} histories of seed ${seed}: ${details.failed ? 'broken' : 'all nine hold'}\n`,
);
process.exitCode = details.failed ? 1 : 0;
