import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress, isTownAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import { isBeadId } from '../core/names.ts';
import { resolveAddress } from '../rig/crew-folders.ts';
import { listRigs, rigNamed } from '../rig/registry.ts';
import { canonicalAssignee, readAgentWork } from './held-work.ts';

export interface HookedQuery {
  /** A bead, an agent, or '' for the caller's own hook. */
  readonly bead: string;
  /** The agent expected to have it; '' = whoever. */
  readonly target: string;
}

export interface Hooked {
  readonly bead: Bead;
  readonly agent: string;
}

/** The bead a command speaks of, by itself or by who has it; an agent may have none. RefusedError `hook.other-agent`. */
export async function findHooked(
  ctx: TownContext,
  { bead: word, target }: HookedQuery,
): Promise<Hooked | { readonly bead: undefined; readonly agent: string }> {
  const named = await agentIn(ctx, word);
  const agent =
    named !== undefined && word === '' && target !== '' ? await resolveAddress(ctx, target) : named;
  if (agent !== undefined) {
    const [held] = (await heldEverywhere(ctx, agent)).held;
    return { bead: held, agent: formatAddress(agent) };
  }
  const bead = await (await ctx.ledgers.of(word)).find(word);
  const wanted = target === '' ? undefined : formatAddress(await resolveAddress(ctx, target));
  if (wanted !== undefined && canonicalAssignee(bead.assignee) !== wanted) {
    const where = bead.assignee === '' ? 'on nobody' : `on ${bead.assignee}`;
    throw new RefusedError({ code: 'hook.other-agent', message: `${bead.id} is ${where}, not on ${wanted}` });
  }
  return { bead, agent: bead.assignee };
}

/** `proj/nux` and `mayor` are agents, `gt-abc` is a bead, nothing is the caller. */
async function agentIn(ctx: TownContext, word: string): Promise<AgentAddress | undefined> {
  if (word === '') return ctx.actor;
  if (isBeadId(word) || (word.includes('-') && !word.includes('/'))) return undefined;
  if (word.includes('/') || isTownAddress(word)) return resolveAddress(ctx, word);
  throw new UsageError({
    code: 'hook.unknown-word',
    message: `'${word.slice(0, 60)}' is neither a bead nor an agent`,
    hint: 'Write a bead (gt-abc12) or an agent (<rig>/<polecat>, mayor)',
  });
}

/** The same for a command that needs one. NotFoundError `hook.empty`. */
export async function needHooked(ctx: TownContext, query: HookedQuery): Promise<Hooked> {
  const { bead, agent } = await findHooked(ctx, query);
  if (bead !== undefined) return { bead, agent };
  throw new NotFoundError({
    code: 'hook.empty',
    message: `the hook of ${agent} is empty`,
    hint: 'Run: gt polecat list',
  });
}

/** Work of an agent: in its rig's database, then the town's; town agents may hold work of any rig. */
export async function heldEverywhere(ctx: TownContext, agent: AgentAddress) {
  const hq = await ctx.ledgers.hq();
  const rigs = 'rig' in agent ? [await rigNamed(ctx, agent.rig)] : await listRigs(ctx);
  const ledgers = [...(await Promise.all(rigs.map((rig) => ctx.ledgers.open(rig.database)))), hq];
  const found = await Promise.all(ledgers.map((ledger) => readAgentWork(ledger, agent)));
  return { held: found.flatMap(({ held }) => held), submitted: found.flatMap(({ submitted }) => submitted) };
}
