import type { TownContext } from '../../beads/context.ts';
import { UsageError } from '../../core/errors.ts';
import { nearestHint } from '../../core/nearest.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { HookTarget } from '../../runtimes/hook-files/layers.ts';

const ROLES = ['crew', 'witness', 'refinery', 'polecat', 'mayor', 'deacon'] as const;

/** `polecats`, `crew`, `shop/crew`. UsageError `hooks.bad-target`, NotFoundError `rig.not-found`. */
export async function parseTarget(town: TownContext, text: string): Promise<HookTarget> {
  const [last = '', rig, ...more] = text.split('/').toReversed();
  const role = ROLES.find((name) => name === last || `${name}s` === last);
  const ofTown = role === 'mayor' || role === 'deacon';
  if (role === undefined || more.length > 0 || (ofTown && rig !== undefined)) {
    throw new UsageError({
      code: 'hooks.bad-target',
      message: `'${text.slice(0, 60)}' is no role and no <rig>/<role>`,
      hint: nearestHint(last, ROLES, `Roles: ${ROLES.join(', ')}`),
    });
  }
  return rig === undefined ? { role } : { role, rig: (await rigNamed(town, rig)).name };
}
