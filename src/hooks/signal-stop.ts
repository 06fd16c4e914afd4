import { join } from 'node:path';
import * as z from 'zod/mini';
import { readAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { dispatchOf, slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead, LedgerReads } from '../beads/types.ts';
import { sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import type { SessionName } from '../core/names.ts';
import { rigNamed } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { claimNudges, renderReminder } from '../sessions/nudge-queue.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import { readAgentWork } from './held-work.ts';
import { inert } from './inert.ts';

/** Answer of `gt signal stop`: may the agent's turn end? */
export type StopVerdict =
  | { readonly decision: 'approve' }
  /** `reason` goes to the model, which works on. */
  | { readonly decision: 'block'; readonly reason: string };

export interface StopFacts {
  /** Nudges as text for the model; undefined = none wait. */
  readonly nudges: string | undefined;
  readonly held: readonly Bead[];
  /** Its branch has commits that are not handed in. */
  readonly hasCommits: boolean;
  /** Keys of reasons this session was already told; each is given once. */
  readonly told: ReadonlySet<string>;
}

/** Pure. `key` names the reason, so that it is given once. */
export function decideStop(facts: StopFacts): {
  readonly verdict: StopVerdict;
  readonly key: string | undefined;
} {
  if (facts.nudges !== undefined)
    return { verdict: { decision: 'block', reason: facts.nudges }, key: undefined };
  const [bead] = facts.held;
  if (bead === undefined) return APPROVE;
  const token = dispatchOf(bead) ?? '';
  const fresh = {
    key: `hook:${bead.id}:${token}`,
    reason: `New work on your hook: ${bead.id} (${inert(bead.title, 120)}). Run gt prime, then begin.`,
  };
  const reminder = {
    key: `commits:${bead.id}:${token}`,
    reason: `You still hold ${bead.id} and your branch has commits. If the work is finished and tested, run gt done. If it is not, go on.`,
  };
  const [due] = [
    ...(bead.status === 'hooked' ? [fresh] : []),
    ...(facts.hasCommits ? [reminder] : []),
  ].filter(({ key }) => !facts.told.has(key));
  return due === undefined ? APPROVE : { verdict: { decision: 'block', reason: due.reason }, key: due.key };
}

const APPROVE = { verdict: { decision: 'approve' }, key: undefined } as const;

/**
 * End of a turn of a rig's agent: hands over nudges, tells of new work, reminds a worker once to hand in. Never
 * runs `gt done`. A worker that has handed in is stopped now that its turn is over (spec 11 G6).
 */
export async function runSignalStop(
  ctx: TownContext,
  agent: AgentAddress & { readonly rig: Rig['name'] },
): Promise<StopVerdict> {
  const rig = await rigNamed(ctx, agent.rig);
  const session = sessionOf(agent, rig.prefix);
  const claim = await claimNudges(ctx, session);
  const ledger = await ctx.ledgers.open(rig.database);
  const { held } = await readAgentWork(ledger, agent);
  const told = await readTold(ctx, session);
  const { verdict, key } = decideStop({
    nudges: claim === undefined ? undefined : renderReminder(claim.nudges),
    held,
    hasCommits: held.length > 0 && (await branchHasCommits(ctx, rig, { ledger, agent, bead: held[0] })),
    told,
  });
  await claim?.done();
  if (key !== undefined) await writeTold(ctx, session, [...told, key]);
  if (verdict.decision === 'approve' && agent.role === 'polecat')
    await endIfHandedIn(ctx, rig, { ledger, agent });
  return verdict;
}

interface Subject {
  readonly ledger: LedgerReads;
  readonly agent: AgentAddress;
}

async function branchHasCommits(
  ctx: TownContext,
  rig: Rig,
  { ledger, agent, bead }: Subject & { readonly bead: Bead | undefined },
): Promise<boolean> {
  const branch = (await readAgentRow(ledger, agent, rig.prefix))?.branch;
  if (bead === undefined || branch === undefined) return false;
  const { objects } = ctx.ports.git;
  const base = slingTermsOf(bead).baseBranch ?? rig.defaultBranch;
  const [to, from] = await Promise.all([
    objects.resolve(rig.paths.bare, `refs/heads/${branch}`),
    objects.resolve(rig.paths.bare, `refs/remotes/origin/${base}`),
  ]);
  if (to === undefined || from === undefined) return false;
  return (await objects.log(rig.paths.bare, { from, to, limit: 1 })).length > 0;
}

/** G6: the turn is over and the work handed in; the host ends the agent in order, this hook with it. */
async function endIfHandedIn(ctx: TownContext, rig: Rig, { ledger, agent }: Subject): Promise<void> {
  const row = await readAgentRow(ledger, agent, rig.prefix);
  if (row?.agentState !== 'done') return;
  await ctx.ports.panes.stop(sessionOf(agent, rig.prefix), 0);
}

const toldSchema = z.object({ told: z.array(z.string()) });

function toldFile(ctx: TownContext, session: SessionName): string {
  return join(ctx.paths.runtimeDir, 'stop-hook', `${session}.json`);
}

async function readTold(ctx: TownContext, session: SessionName): Promise<ReadonlySet<string>> {
  const parsed = toldSchema.safeParse(await readJsonFile(ctx.ports.files, toldFile(ctx, session)));
  return new Set(parsed.success ? parsed.data.told : []);
}

async function writeTold(ctx: TownContext, session: SessionName, told: readonly string[]): Promise<void> {
  await ctx.ports.files.writeAtomic(toldFile(ctx, session), formatJson({ told: told.slice(-50) }), {
    mode: 0o600,
  });
}
