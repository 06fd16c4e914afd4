import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { readOrphans } from '../../polecat/orphans/read.ts';
import type { Orphan } from '../../polecat/orphans/read.ts';
import { listRigs, rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { renderOrphans } from '../../ui/text/orphans.ts';

export const orphanSchema = z.object({
  rig: z.string(),
  kind: z.enum(['branch', 'commit']),
  branch: z.optional(z.string()),
  commit: z.string(),
  author: z.string(),
  at: z.string(),
  subject: z.string(),
  ahead: z.int(),
  kept: z.string(),
});

export const schema = z.array(orphanSchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const found = (await findOrphans(town, input)).flatMap(({ orphans }) => orphans);
  return {
    data: found.map(orphanJson),
    text: () => renderOrphans(found, app.output, town.ports.clock.now()),
  };
}

const DAY_MS = 24 * 3_600_000;

export async function findOrphans(
  town: TownContext,
  input: CommandInput,
): Promise<readonly { readonly rig: Rig; readonly orphans: readonly Orphan[] }[]> {
  const name = input.flag('rig');
  const rigs = name === undefined ? await listRigs(town) : [await rigNamed(town, name)];
  const age = (input.number('days') ?? 7) * DAY_MS;
  const since = input.bool('all') ? undefined : town.ports.clock.now() - age;
  return Promise.all(rigs.map(async (rig) => ({ rig, orphans: await readOrphans(town, rig, { since }) })));
}

export function orphanJson({ branch, ...rest }: Orphan): z.infer<typeof orphanSchema> {
  return { ...rest, ...(branch === undefined ? {} : { branch }) };
}
