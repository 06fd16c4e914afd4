import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { RefusedError } from '../core/errors.ts';
import { emitEvent } from '../town/events.ts';
import { heldEverywhere } from './find-hooked.ts';

export interface AttachRequest {
  readonly bead: string;
  readonly agent: AgentAddress;
  readonly dryRun: boolean;
  /** Said in a comment on the bead. */
  readonly note?: string | undefined;
  /** Takes something else off the agent's hook; absent = a full hook refuses. */
  readonly makeRoom?: ((held: Bead) => Promise<unknown>) | undefined;
}

/** Rows that gt keeps for itself: a partial id must not put one of them on a hook. */
const MACHINERY: ReadonlySet<string> = new Set([
  'agent',
  'role',
  'rig',
  'merge-request',
  'convoy',
  'gate',
  'slot',
  'queue',
  'event',
]);

/**
 * Puts a bead on the hook of an agent that works with people (crew, mayor and their like). Polecats get work by
 * sling only, because it also makes their worktree and session. RefusedError `hook.use-sling`, `hook.not-yours`,
 * `hook.full`, `hook.taken`, `hook.not-work`.
 */
export async function attachWork(ctx: TownContext, request: AttachRequest): Promise<Bead> {
  const { agent } = request;
  const name = formatAddress(agent);
  if (ctx.actor.role === 'polecat') {
    throw new RefusedError({ code: 'hook.not-yours', message: 'polecats do not hand out work' });
  }
  if (agent.role === 'polecat') {
    throw new RefusedError({
      code: 'hook.use-sling',
      message: `${name} is a polecat: it gets work by sling`,
      hint: `Run: gt sling ${request.bead} ${agent.rig}/${agent.name}`,
    });
  }
  const ledger = await ctx.ledgers.of(request.bead);
  const bead = await ledger.find(request.bead);
  if (MACHINERY.has(bead.type)) {
    throw new RefusedError({
      code: 'hook.not-work',
      message: `${bead.id} is no work: its type is ${bead.type}`,
      hint: 'Run: bd ready',
    });
  }
  const others = (await heldEverywhere(ctx, agent)).held.filter((held) => held.id !== bead.id);
  const [other] = others;
  if (other !== undefined && request.makeRoom === undefined) {
    const hint = `Run: gt unsling ${other.id}`;
    throw new RefusedError({ code: 'hook.full', message: `${name} has ${other.id} already`, hint });
  }
  if (bead.status !== 'open' || (bead.assignee !== '' && bead.assignee !== name)) throw taken(bead);
  if (request.dryRun) return bead;
  for (const held of others) await request.makeRoom?.(held);
  const hooked = await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    if (request.note !== undefined) await tx.comment(bead.id, request.note);
    return tx.update(
      bead.id,
      { status: 'hooked', assignee: name },
      { status: 'open', assignee: bead.assignee },
    );
  });
  await emitEvent(ctx, { type: 'hook', payload: { bead: bead.id, target: name } });
  return hooked;
}

function taken({ id, status, assignee }: Bead): RefusedError {
  const where = assignee === '' ? status : `${status} on ${assignee}`;
  return new RefusedError({
    code: 'hook.taken',
    message: `${id} cannot be hooked: it is ${where}`,
    hint: `Run: bd show ${id}`,
  });
}
