import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import { readWanted } from '../town/wanted.ts';

/** A daemon in a town that is wanted down would end at once. RefusedError `town.down`. */
export async function refuseWantedDown(ctx: TownContext): Promise<void> {
  const wanted = await readWanted(ctx);
  if (wanted.town === 'up') return;
  throw new RefusedError({
    code: 'town.down',
    message: `the town was taken down${wanted.by === '' ? '' : ` by ${wanted.by}`}`,
    hint: 'Run: gt up',
  });
}
