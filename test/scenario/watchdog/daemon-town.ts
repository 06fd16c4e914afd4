import { parseRigName } from '../../../src/core/names.ts';
import { addRig } from '../../../src/rig/add.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { parseSource } from '../../../src/rig/source.ts';
import { NEW_MEMORY } from '../../../src/watchdog/memory.ts';
import { daemonPass } from '../../../src/watchdog/pass.ts';
import type { PassReport } from '../../../src/watchdog/pass.ts';
import type { Hands } from '../../../src/watchdog/hands.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import type { WorkTown } from '../work/town.ts';
import type { FakeMachine } from '../town/fake-town.ts';

/** Adds a rig with a fresh remote to a fake machine's town. */
export function addFakeRig(machine: FakeMachine, name: string, prefix: string): Promise<Rig> {
  const url = `https://example.test/${name}.git`;
  machine.git.createRemote(url);
  const request = { name: parseRigName(name), source: parseSource(url, '/'), mirror: false, prefix };
  return machine.clock.drive(addRig(machine.context(), request));
}

/** Passes of one daemon over a town: its memory goes from one to the next. */
export interface Passes {
  /** One pass; time moves as far as it sleeps. */
  pass(): Promise<PassReport>;
  /** `count` passes, `everyMs` apart. */
  run(count: number, everyMs: number): Promise<readonly PassReport[]>;
}

export function passesOf(
  town: Pick<WorkTown, 'ctx' | 'clock'>,
  hands: Partial<Hands> = {},
  { full = false }: { readonly full?: boolean } = {},
): Passes {
  let memory = NEW_MEMORY;
  const all: Hands = { ...createHands(town.ctx), ...hands };
  const pass = async (): Promise<PassReport> => {
    const done = await town.clock.drive(daemonPass(town.ctx, { hands: all, memory, full }));
    memory = done.memory;
    return done.report;
  };
  return {
    pass,
    async run(count, everyMs) {
      const reports: PassReport[] = [];
      for (let index = 0; index < count; index += 1) {
        reports.push(await pass());
        await town.clock.advance(everyMs);
      }
      return reports;
    },
  };
}
