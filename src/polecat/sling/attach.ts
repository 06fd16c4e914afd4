import type { TownContext } from '../../beads/context.ts';
import { slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, NewBead } from '../../beads/types.ts';
import { draftBead } from '../../beads/write/new-row.ts';
import { formatAddress, type AgentAddress } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import { emitEvent } from '../../town/events.ts';
import { hookBead, hookFull } from '../dispatch/hook-bead.ts';
import { lockHook } from '../dispatch/lock-hook.ts';
import { makeRoom, readHookBeside, type OnHook } from './make-room.ts';

export interface AttachRequest {
  /** Id of a bead, or a new one that the hook transaction makes. */
  readonly bead: string | (NewBead & { readonly id: string });
  readonly agent: AgentAddress;
  readonly dryRun: boolean;
  /** Said in a comment on the bead. */
  readonly note?: string | undefined;
  /** What the agent holds goes back to where everybody finds it. */
  readonly force: boolean;
}

export interface Attached extends OnHook {
  readonly bead: Bead;
}

const LOCK_MS = 60_000;

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
 * `gt hook <bead>`: the hook transaction of a sling and nothing else, so its agent goes on with what it does. For those
 * who work with people; polecats get work by sling only, because it also makes their worktree and session. A bead
 * whose molecule is finished makes room. RefusedError `hook.use-sling`, `hook.not-yours`, `hook.full`, `hook.taken`,
 * `hook.not-work`.
 */
export async function attachWork(ctx: TownContext, request: AttachRequest): Promise<Attached> {
  const { agent, dryRun, note } = request;
  refuseAgents(ctx, request);
  const fresh = typeof request.bead === 'string' ? undefined : request.bead;
  const bead = await findOrDraft(ctx, request.bead);
  const purpose = `hook ${bead.id}`;
  // Its hook is seen in several databases: no transaction keeps a second bead off it.
  await using _lock = dryRun ? undefined : await lockHook(ctx, agent, { purpose, waitMs: LOCK_MS });
  const onHook = await readHookBeside(ctx, agent, bead.id);
  refuseBead(bead, request, onHook);
  if (dryRun) return { ...onHook, bead };
  await makeRoom(ctx, onHook, bead.id);
  if (note !== undefined) {
    const ledger = await ctx.ledgers.of(bead.id);
    await ledger.transaction(formatAddress(ctx.actor), (tx) => tx.comment(bead.id, note));
  }
  const terms = slingTermsOf(bead);
  const hooked = await hookBead(ctx, {
    bead,
    fresh,
    address: agent,
    rig: undefined,
    terms,
    orders: {},
    cooked: undefined,
    quiet: true,
  });
  await emitEvent(ctx, { type: 'hook', payload: { bead: bead.id, target: formatAddress(agent) } });
  return { ...onHook, bead: hooked.bead };
}

async function findOrDraft(ctx: TownContext, bead: AttachRequest['bead']): Promise<Bead> {
  if (typeof bead === 'string') return (await ctx.ledgers.of(bead)).find(bead);
  return draftBead(bead, { actor: formatAddress(ctx.actor), now: ctx.ports.clock.now() });
}

function refuseAgents(ctx: TownContext, { agent, bead }: AttachRequest): void {
  if (ctx.actor.role === 'polecat')
    throw new RefusedError({ code: 'hook.not-yours', message: 'polecats do not hand out work' });
  if (agent.role !== 'polecat') return;
  throw new RefusedError({
    code: 'hook.use-sling',
    message: `${formatAddress(agent)} is a polecat: it gets work by sling`,
    hint: `Run: gt sling ${typeof bead === 'string' ? bead : '<bead>'} ${agent.rig}/${agent.name}`,
  });
}

function refuseBead(bead: Bead, { agent, force }: AttachRequest, { others }: OnHook): void {
  const { id, type, status, assignee } = bead;
  if (MACHINERY.has(type)) {
    throw new RefusedError({
      code: 'hook.not-work',
      message: `${id} is no work: its type is ${type}`,
      hint: 'Run: bd ready',
    });
  }
  const [other] = others;
  if (other !== undefined && !force) throw hookFull(agent, other);
  if (status === 'open' && (assignee === '' || assignee === formatAddress(agent))) return;
  const where = assignee === '' ? status : `${status} on ${assignee}`;
  throw new RefusedError({
    code: 'hook.taken',
    message: `${id} cannot be hooked: it is ${where}`,
    hint: `Run: bd show ${id}`,
  });
}
