import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import type { WorkerName } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';
import { DONE_KEY, hasIntent, parseIntent } from './request.ts';
import { runDone } from './run.ts';
import type { DoneReport } from './run.ts';

/**
 * Carries on a `gt done` whose process was killed, from the first missing step. undefined = none was under way.
 * The caller has seen that the session is dead.
 */
export async function resumeDone(
  ctx: TownContext,
  rig: Rig,
  worker: WorkerName,
): Promise<DoneReport | undefined> {
  const agent = { role: 'polecat', rig: rig.name, name: worker } as const;
  const row = await readAgentRow(await ctx.ledgers.open(rig.database), agent, rig.prefix);
  const intent =
    row === undefined || !hasIntent(row.labels) ? undefined : parseIntent(row.bead.metadata[DONE_KEY]);
  if (row === undefined || intent === undefined || intent.spawn !== row.spawn) return undefined;
  const { status, issue, spawn } = intent;
  return runDone(ctx, { agent, status, issue, spawn, resume: true });
}
