import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { readJsonFile } from '../town/json-file.ts';
import { readRigLabels } from './labels.ts';
import type { Rig } from './registry.ts';

/** Properties of a rig that operators set and code acts on; undefined = nobody has set it. */
export interface RigProperties {
  /** Polecats that may work at once; at least 1. */
  readonly maxPolecats: number | undefined;
  /** How branches of polecats are called; undefined = `polecat/<name>/<issue>@<time>`. */
  readonly branchTemplate: string | undefined;
}

const wispSchema = z.object({
  values: z.optional(z.record(z.string(), z.unknown())),
  blocked: z.optional(z.array(z.string())),
});

/**
 * The first that says something: the rig's short-lived file `.beads-wisp/config/<rig>.json` (a blocked name counts as
 * not set, whatever comes after), then a label `<name>:<value>` of the rig's bead.
 */
export async function readRigProperties(ctx: TownContext, rig: Rig): Promise<RigProperties> {
  const path = join(ctx.root, '.beads-wisp/config', `${rig.name}.json`);
  const parsed = wispSchema.safeParse((await readJsonFile(ctx.ports.files, path)) ?? {});
  const { values = {}, blocked = [] } = parsed.success ? parsed.data : {};
  const labels = await readRigLabels(ctx, rig);
  const get = (name: string): string | undefined => {
    if (blocked.includes(name)) return undefined;
    const value = values[name] ?? labels.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const most = Number(get('max_polecats'));
  const template = get('polecat_branch_template');
  return {
    maxPolecats: Number.isInteger(most) && most > 0 ? most : undefined,
    branchTemplate: template === '' ? undefined : template,
  };
}
