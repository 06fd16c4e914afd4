import { OVERSEER } from '../../../src/core/address.ts';
import type { TownBase } from '../../../src/town/base.ts';
import { townPaths } from '../../../src/town/layout.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import type { FakeClock } from '../../fakes/clock.ts';
import { createFakeFiles } from '../../fakes/files.ts';
import type { FakeFiles } from '../../fakes/files.ts';
import { createFakeLocks } from '../../fakes/locks.ts';
import type { FakeLocks } from '../../fakes/locks.ts';
import { createFakeLog } from '../../fakes/log.ts';

export const ROOT = '/town';

/** An empty town folder on fakes, with what town code needs of a context. */
export interface BareTown {
  readonly town: TownBase;
  readonly files: FakeFiles;
  readonly clock: FakeClock;
  readonly locks: FakeLocks;
  readonly json: (path: string, value: unknown) => Promise<void>;
  readonly read: (path: string) => Promise<unknown>;
}

export function makeBareTown(): BareTown {
  const clock = createFakeClock();
  const files = createFakeFiles({ clock });
  const locks = createFakeLocks({ clock });
  const town = {
    root: ROOT,
    paths: townPaths(ROOT),
    ports: { files, locks, clock, log: createFakeLog() },
    actor: OVERSEER,
  };
  return {
    town,
    files,
    clock,
    locks,
    json: (path, value) => files.writeAtomic(`${ROOT}/${path}`, JSON.stringify(value)),
    read: async (path) => JSON.parse((await files.readText(`${ROOT}/${path}`)) ?? 'null') as unknown,
  };
}
