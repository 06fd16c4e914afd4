import type { TownContext } from '../../beads/context.ts';
import { UsageError } from '../../core/errors.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';

/** `<rig>/<polecat>` or `<rig>/polecats/<polecat>`. UsageError `polecat.bad-name`, NotFoundError `rig.not-found`. */
export async function parsePolecat(
  town: TownContext,
  text: string,
): Promise<{ readonly rig: Rig; readonly name: string }> {
  const [rig = '', ...rest] = text.split('/');
  const [name = '', ...more] = rest[0] === 'polecats' ? rest.slice(1) : rest;
  if (rig === '' || name === '' || more.length > 0) {
    throw new UsageError({
      code: 'polecat.bad-name',
      message: `'${text.slice(0, 60)}' names no polecat`,
      hint: 'Write <rig>/<polecat>. Run: gt polecat list',
    });
  }
  return { rig: await rigNamed(town, rig), name };
}
