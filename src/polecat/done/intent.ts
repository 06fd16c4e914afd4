import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { DoneSubject } from './facts.ts';
import { DONE_KEY, doneLabels, intentLabel, parseIntent, pushedLabel } from './request.ts';
import type { DoneIntent, DoneRequest } from './request.ts';

/** G1: says that a done is under way and which one, so that a daemon can end it when this process dies. */
export async function writeIntent(
  ctx: TownContext,
  subject: DoneSubject,
  request: DoneRequest,
): Promise<void> {
  const { rig, row, bead } = subject;
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
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await readAgentRow(tx, row.address, rig.prefix);
    await writeAgentRow(tx, row.address, rig.prefix, {
      removeLabels: doneLabels(now?.labels ?? []),
      addLabels: [intentLabel(request.status, ctx.ports.clock.now())],
    });
    await tx.update(row.bead.id, { metadata: { [DONE_KEY]: intent } });
  });
}

/** Checkpoint of G3. */
export async function writePushed(ctx: TownContext, subject: DoneSubject, head: string): Promise<void> {
  const { rig, row } = subject;
  const ledger = await ctx.ledgers.open(rig.database);
  const label = pushedLabel(head, ctx.ports.clock.now());
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    await writeAgentRow(tx, row.address, rig.prefix, { addLabels: [label] });
  });
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
  const { rig, row } = subject;
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await readAgentRow(tx, row.address, rig.prefix);
    await writeAgentRow(tx, row.address, rig.prefix, { removeLabels: doneLabels(now?.labels ?? []) });
    await tx.update(row.bead.id, { metadata: { [DONE_KEY]: null } });
  });
}
