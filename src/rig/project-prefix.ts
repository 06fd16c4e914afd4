import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { RefusedError, UsageError } from '../core/errors.ts';
import { parsePrefix } from '../core/names.ts';
import type { Prefix } from '../core/names.ts';
import { readRoutes } from '../town/routes.ts';
import type { AddPlan } from './add-plan.ts';
import { refusePrefix } from './add-plan.ts';

/**
 * The prefix of the rig's beads: a project that tracks its own `.beads` keeps the one it has, so that ids in its
 * history stay true. RefusedError `rig.prefix-conflict` when --prefix says otherwise.
 */
export async function adoptPrefix(ctx: TownContext, plan: AddPlan, clone: string): Promise<Prefix> {
  const text = await ctx.ports.files.readText(join(clone, '.beads/config.yaml'));
  const own = text === undefined ? undefined : parseConfigPrefix(text);
  if (own === undefined || own === plan.prefix) return plan.prefix;
  if (plan.prefixGiven) {
    throw new RefusedError({
      code: 'rig.prefix-conflict',
      message: `the project's own beads have the prefix '${own}', not '${plan.prefix}'`,
      hint: `Leave --prefix out, or say --prefix ${own}`,
    });
  }
  refusePrefix(plan.name, own, await readRoutes(ctx.ports.files, ctx.paths));
  return own;
}

/** `issue-prefix:` (else `prefix:`) of a tracked config.yaml; undefined when it names none that we could use. */
export function parseConfigPrefix(yaml: string): Prefix | undefined {
  for (const key of ['issue-prefix', 'issue_prefix', 'prefix']) {
    const value = new RegExp(`^${key}:[ \\t]*["']?([^"'#\\s]+)`, 'm').exec(yaml)?.[1];
    if (value === undefined) continue;
    try {
      return parsePrefix(value);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return undefined;
}
