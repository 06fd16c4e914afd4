import type { TownContext } from '../../../src/beads/context.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { makeFakeTown } from '../refinery/fake-machine.ts';
import type { FakeTown } from '../refinery/fake-machine.ts';
import { makeWorkTown } from '../work/town.ts';
import type { Worker, WorkTown } from '../work/town.ts';

/** Gives the key of a probe its value, or does nothing: what is seen must differ. */
export type Apply = (ctx: TownContext, rig: Rig) => Promise<void>;

/** What shows that a key acts. */
export interface Probe {
  /** As typed on a command line. */
  readonly value: string;
  /** What somebody could observe. */
  readonly see: (apply: Apply) => Promise<unknown>;
}

/** Something that a town at work shows. */
export function atWork(value: string, look: (town: WorkTown) => Promise<unknown>): Probe {
  return {
    value,
    async see(apply) {
      const town = await makeWorkTown();
      try {
        await apply(town.ctx, town.rig);
        return await look(town);
      } finally {
        await town.close();
      }
    },
  };
}

/** Something that a merge queue shows. `before` is set for both looks. */
export function inQueue(
  value: string,
  look: (town: FakeTown) => Promise<unknown>,
  before: Readonly<Record<string, unknown>> = { test_command: 'run-gate' },
): Probe {
  return {
    value,
    async see(apply) {
      const town = await makeFakeTown();
      try {
        await town.set(before);
        await apply(town.ctx, town.rig);
        return await look(town);
      } finally {
        await town.close();
      }
    },
  };
}

/** A polecat in the middle of its work. */
export async function busyWorker(town: WorkTown): Promise<Worker> {
  const worker = await town.dispatch((await town.create()).id);
  await worker.begin();
  town.panes.show(worker.session, 'idle');
  town.panes.show(worker.session, 'busy');
  return worker;
}

export const MINUTE = 60_000;
