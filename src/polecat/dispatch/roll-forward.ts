import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { dispatchOf } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { BugError, GtError, UnavailableError, messageOf } from '../../core/errors.ts';
import type { Topic } from '../../hooks/start-prompt.ts';
import { lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { addAttempt } from '../../town/attempts.ts';
import { readTownSettings } from '../../town/settings.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import { giveUpBead } from '../give-up.ts';
import { carryOut } from './carry-out.ts';
import { readDispatch } from './dispatch.ts';
import type { WorkerDispatch } from './dispatch.ts';

export type RollForward =
  | { readonly kind: 'carried'; readonly worker: string; readonly spawn: number }
  /** Nothing to carry on, or somebody is at it. */
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string; readonly attempts: number; readonly blocked: boolean };

/**
 * F4-F7 of a bead whose sling was killed after the hook transaction: whatever is missing is made, the rest is left
 * alone. A failure counts as an attempt; after the last one the bead is blocked.
 */
export function rollForwardDispatch(ctx: TownContext, rig: Rig, bead: Bead): Promise<RollForward> {
  return carryOn(ctx, rig, { bead, topic: 'assigned', prepare: (dispatch) => Promise.resolve(dispatch) });
}

/** Whose fault it was that an agent died: the work's, which uses up an attempt, or the machine's. */
export type Death = 'counts' | 'forgiven';

/**
 * Starts the dead agent of a bead again, in the same worktree with everything in it: the next spawn number, then
 * F4-F7. The caller has judged it dead.
 */
export function respawnWorker(
  ctx: TownContext,
  rig: Rig,
  { bead, death }: { readonly bead: Bead; readonly death: Death },
): Promise<RollForward> {
  const prepare = async (dispatch: WorkerDispatch) => {
    // Somebody else was faster: a session that lives is not replaced for the death of an earlier one.
    const seen = await ctx.ports.panes.observe(sessionOf(dispatch.address, rig.prefix));
    if (seen.kind === 'live') return undefined;
    // Counted before the start, by its spawn: killed in between, the next daemon tells the same death again.
    if (death === 'counts') await addAttempt(ctx, bead.id, `death of spawn ${dispatch.spawn}`);
    return raiseSpawn(ctx, dispatch);
  };
  return carryOn(ctx, rig, { bead, topic: 'restart', prepare });
}

/**
 * Replaces the session of a worker that lives: same bead, same worktree, the next spawn number, a new conversation.
 * Called from within that session it does not return, and a daemon carries on what a kill leaves.
 */
export function renewWorker(ctx: TownContext, rig: Rig, bead: Bead): Promise<RollForward> {
  const prepare = (dispatch: WorkerDispatch) => raiseSpawn(ctx, dispatch);
  return carryOn(ctx, rig, { bead, topic: 'handoff', prepare });
}

interface CarryOn {
  readonly bead: Bead;
  readonly topic: Topic;
  readonly prepare: (dispatch: WorkerDispatch) => Promise<WorkerDispatch | undefined>;
}

async function carryOn(ctx: TownContext, rig: Rig, { bead, topic, prepare }: CarryOn): Promise<RollForward> {
  const found = await findDispatch(ctx, rig, bead);
  if (found === undefined) return { kind: 'skipped', why: `${bead.id} is on no polecat` };
  const { worker } = found;
  try {
    await using _lock = await lockWorktree(ctx, rig, { worker, purpose: `carry on ${bead.id}`, waitMs: 0 });
    // Read again: it may have been finished, stopped or taken back while we waited.
    if (agentWanted(await readWanted(ctx), found.address) === 'down')
      return { kind: 'skipped', why: `${rig.name}/${worker} is wanted down` };
    const current = await findDispatch(ctx, rig, bead);
    const dispatch = current?.token === found.token ? await prepare(current) : undefined;
    if (dispatch === undefined) return { kind: 'skipped', why: `${bead.id} has moved on` };
    await carryOut(ctx, dispatch, { progress: {}, topic });
    return { kind: 'carried', worker, spawn: dispatch.spawn };
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'lock.held') {
      return { kind: 'skipped', why: `somebody is at work on ${rig.name}/${worker}` };
    }
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return countFailure(ctx, { rig, dispatch: found, why: messageOf(error) });
  }
}

async function findDispatch(ctx: TownContext, rig: Rig, bead: Bead): Promise<WorkerDispatch | undefined> {
  const ledger = await ctx.ledgers.open(rig.database);
  const now = await ledger.get(bead.id);
  const held = now !== undefined && (now.status === 'hooked' || now.status === 'in_progress');
  return held ? readDispatch(ledger, rig, now) : undefined;
}

async function raiseSpawn(ctx: TownContext, dispatch: WorkerDispatch): Promise<WorkerDispatch | undefined> {
  const { rig, bead, address } = dispatch;
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = await tx.get(bead.id);
    if (now === undefined || dispatchOf(now) !== dispatch.token || now.assignee !== bead.assignee) return;
    await writeAgentRow(tx, address, rig.prefix, {
      agentState: 'spawning',
      spawn: dispatch.spawn + 1,
      hookBead: bead.id,
    });
  });
  const raised = await findDispatch(ctx, rig, bead);
  return raised?.token === dispatch.token ? raised : undefined;
}

async function countFailure(
  ctx: TownContext,
  { rig, dispatch, why }: { readonly rig: Rig; readonly dispatch: WorkerDispatch; readonly why: string },
): Promise<RollForward> {
  const { bead, address } = dispatch;
  const attempts = await addAttempt(ctx, bead.id);
  const limit = (await readTownSettings(ctx)).get('operational.witness.max_bead_respawns');
  const blocked = attempts >= limit;
  if (blocked) {
    const cause = `Given up after ${attempts} failed starts: ${why}`;
    await giveUpBead(ctx, { rig, bead, agent: address, cause });
  }
  return { kind: 'failed', why, attempts, blocked };
}
