import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import { GtError } from '../../core/errors.ts';
import { nukePolecat } from '../../polecat/nuke/run.ts';
import { readStale } from '../../polecat/stale.ts';
import type { StalePolecat } from '../../polecat/stale.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { renderStale } from '../../ui/text/polecat-care.ts';
import type { StaleRow } from '../../ui/text/polecat-care.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.array(
  z.object({
    rig: z.string(),
    name: z.string(),
    commits_behind: z.nullable(z.number()),
    has_active_session: z.boolean(),
    has_uncommitted_work: z.boolean(),
    agent_state: z.string(),
    is_stale: z.boolean(),
    reason: z.string(),
    outcome: z.optional(z.enum(['removed', 'planned', 'refused'])),
    read_back: z.optional(z.array(z.string())),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const cleanup = input.bool('cleanup');
  const town = cleanup ? await actingTown(app) : await app.town();
  const rig = await rigNamed(town, input.arg('rig'));
  const found = await readStale(town, rig, input.number('threshold') ?? 20);
  const rows: StaleRow[] = [];
  for (const polecat of found) {
    const removal = cleanup && polecat.isStale ? await cleanUp(town, rig, { polecat, input }) : {};
    rows.push({ ...rowOf(rig, polecat), ...removal });
  }
  return { data: rows, text: renderStale(rows, app.output) };
}

function rowOf(rig: Rig, { view, behind, isStale, hasWork, reason }: StalePolecat): StaleRow {
  return {
    rig: rig.name,
    name: view.name,
    commits_behind: behind ?? null,
    has_active_session: view.seen.kind === 'live',
    has_uncommitted_work: hasWork,
    agent_state: view.row?.agentState ?? '',
    is_stale: isStale,
    reason,
  };
}

/** Without force: what has got work since it was looked at is refused and stays. */
async function cleanUp(
  town: TownContext,
  rig: Rig,
  { polecat, input }: { readonly polecat: StalePolecat; readonly input: CommandInput },
): Promise<Pick<StaleRow, 'outcome' | 'read_back'> & { readonly reason?: string }> {
  const dryRun = input.bool('dry-run');
  try {
    const { name: worker } = polecat.view;
    const { readBack } = await nukePolecat(town, { rig, worker, what: 'nuke', force: false, dryRun });
    return { outcome: dryRun ? 'planned' : 'removed', read_back: [...readBack] };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { outcome: 'refused', reason: error.message };
  }
}
