import type { Sha } from '../../../src/core/names.ts';
import { makeFakeTown } from './fake-machine.ts';

export interface LandAll {
  /** Changes 1 … count, all in the queue before the engine begins; each a file of its own. */
  readonly count: number;
  readonly slots: number;
  readonly isBad: (change: number) => boolean;
  /** Is this run (from 1) red for nothing? */
  readonly isFlake?: (run: number) => boolean;
}

export interface Landed {
  /** Gate runs, also those that a shorter red one stopped. */
  readonly runs: number;
  /** Rounds of runs side by side. */
  readonly rounds: number;
  /** Change → number of rounds before it was on the target. */
  readonly landedAt: ReadonlyMap<number, number>;
}

/** The whole engine, on fakes, works off a queue on a target whose tip has passed. */
export async function landAll({ count, slots, isBad, isFlake }: LandAll): Promise<Landed> {
  const town = await makeFakeTown();
  const landedAt = new Map<number, number>();
  const names = new Map<string, number>();
  let rounds = 0;
  try {
    await town.set({ test_command: 'run-gate', max_concurrent: slots });
    // What the queue has landed itself is proven.
    await town.submit('first', { 'first.txt': 'good\n' });
    const before = (await town.tick()).runs;
    town.gate(({ files, earlier }) => {
      const isRed = Object.values(files).includes('BAD\n') || isFlake?.(earlier - before + 1) === true;
      return { code: isRed ? 1 : 0 };
    });
    for (let change = 1; change <= count; change += 1) {
      await town.clock.advance(1000);
      const { mr } = await town.submit(`w${change}`, {
        [`w${change}.txt`]: isBad(change) ? 'BAD\n' : 'good\n',
      });
      names.set(mr, change);
    }
    town.remote.onPush((_, apply) => {
      const old = town.remote.head('main');
      const outcome = apply();
      let at: Sha | undefined = town.remote.head('main');
      for (; at !== undefined && at !== old; at = town.git.commitOf(at).parents[0]) {
        const [, mr = ''] = /^Gt-MR: (\S+)$/m.exec(town.git.commitOf(at).message) ?? [];
        const change = names.get(mr);
        if (change !== undefined) landedAt.set(change, rounds);
      }
      return outcome;
    });
    const counting = town.as({}, (step, moment) => {
      if (step === 'H3' && moment === 'before') rounds += 1;
    });
    const { runs } = await counting.tick();
    return { runs, rounds, landedAt };
  } finally {
    await town.close();
  }
}
