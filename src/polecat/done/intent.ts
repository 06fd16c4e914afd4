import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { AgentPatch } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { DoneSubject } from './facts.ts';
import { DONE_KEY, intentLabel, isDoneLabel, parseIntent, pushedLabel } from './request.ts';
import type { DoneIntent, DoneRequest } from './request.ts';

/** G1: says that a done is under way and which one, so that a daemon can end it when this process dies. */
export async function writeIntent(
  ctx: TownContext,
  subject: DoneSubject,
  request: DoneRequest,
): Promise<void> {
  const { row, bead } = subject;
  const intent: DoneIntent = {
    status: request.status,
    issue: bead.id,
    spawn: row.spawn,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    ...(request.target === undefined ? {} : { target: request.target }),
    ...(request.priority === undefined ? {} : { priority: request.priority }),
    ...(request.preVerified === undefined ? {} : { preVerified: request.preVerified }),
    ...(request.cleanupStatus === undefined ? {} : { cleanupStatus: request.cleanupStatus }),
  };
  await writeRow(ctx, subject, {
    removeLabels: isDoneLabel,
    addLabels: [intentLabel(request.status, ctx.ports.clock.now())],
    metadata: { [DONE_KEY]: intent },
  });
}

async function writeRow(ctx: TownContext, { rig, row }: DoneSubject, patch: AgentPatch): Promise<void> {
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    await writeAgentRow(tx, row.address, rig.prefix, patch);
  });
}

/** Checkpoint of G3. */
export async function writePushed(ctx: TownContext, { rig, row }: DoneSubject, head: string): Promise<void> {
  const ledger = await ctx.ledgers.open(rig.database);
  const label = pushedLabel(head, ctx.ports.clock.now());
  await ledger.transaction(formatAddress(ctx.actor), (tx) => tx.addLabel(row.bead.id, label));
}

/** G3 of strategy direct, before the push: `commit` is about to become the tip of `target`. */
export async function writeLanding(
  ctx: TownContext,
  subject: DoneSubject,
  landing: NonNullable<DoneIntent['landing']>,
): Promise<void> {
  const { rig, row } = subject;
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await readAgentRow(tx, row.address, rig.prefix);
    const intent = parseIntent(now?.bead.metadata[DONE_KEY]);
    if (intent !== undefined)
      await tx.update(row.bead.id, { metadata: { [DONE_KEY]: { ...intent, landing } } });
  });
}

/** The done was refused: the worker goes on, and nobody may end its work for it. */
export async function clearIntent(ctx: TownContext, subject: DoneSubject): Promise<void> {
  await writeRow(ctx, subject, { removeLabels: isDoneLabel, metadata: { [DONE_KEY]: null } });
}
