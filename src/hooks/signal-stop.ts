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
import { targetOf } from '../sessions/target.ts';
import type { Target } from '../sessions/target.ts';
import { emitEvent } from '../town/events.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import { readTownSettings } from '../town/settings.ts';
import { heldEverywhere } from './find-hooked.ts';
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
const NOTHING: StopFacts = { nudges: undefined, held: [], hasCommits: false, told: new Set() };

/** What to answer, and what follows once the answer is out. */
export interface StopAnswer {
  readonly verdict: StopVerdict;
  /** Nudges count as delivered and reasons as given; a worker that has handed in is stopped (spec 11 G6). */
  readonly told: () => Promise<void>;
}

/** The runtime waits for us: a ledger that is slow must not hold an agent. */
const DEADLINE_MS = 400;

/**
 * End of an agent's turn: hands over nudges, else tells of new work, reminds a worker once to hand in. Never runs
 * `gt done`.
 */
export async function runSignalStop(ctx: TownContext, agent: AgentAddress): Promise<StopAnswer> {
  const target = await targetOf(ctx, agent);
  const claim = await claimNudges(ctx, target.session);
  if (claim !== undefined) {
    const { verdict } = decideStop({ ...NOTHING, nudges: renderReminder(claim.nudges) });
    const told = async () => {
      await claim.done();
      await recordBlock(ctx, target, { nudges: claim.nudges.length });
    };
    return { verdict, told };
  }
  const late = ctx.ports.clock.sleep(DEADLINE_MS).then(() => APPROVED);
  return Promise.race([lookAtWork(ctx, target), late]);
}

const APPROVED: StopAnswer = { verdict: APPROVE.verdict, told: async () => undefined };

async function lookAtWork(ctx: TownContext, target: Target): Promise<StopAnswer> {
  const { address, session } = target;
  const told = await readTold(ctx, session);
  if (!('rig' in address))
    return answer(ctx, target, { held: (await heldEverywhere(ctx, address)).held, told });
  const rig = await rigNamed(ctx, address.rig);
  const ledger = await ctx.ledgers.open(rig.database);
  const subject = { ledger, agent: address };
  const { held } = await readAgentWork(ledger, address);
  const [bead] = held;
  const hasCommits = bead !== undefined && (await branchHasCommits(ctx, rig, { ...subject, bead }));
  const given = await answer(ctx, target, { held, hasCommits, told });
  const ends = given.verdict.decision === 'approve' && address.role === 'polecat';
  return ends ? { ...given, told: () => endIfHandedIn(ctx, rig, subject) } : given;
}

async function answer(ctx: TownContext, target: Target, facts: Partial<StopFacts>): Promise<StopAnswer> {
  const known = { ...NOTHING, ...facts };
  const { verdict, key } = decideStop(known);
  if (key === undefined) return { ...APPROVED, verdict };
  const told = async () => {
    await writeTold(ctx, target.session, [...known.told, key]);
    await recordBlock(ctx, target, { reason: key });
  };
  return { verdict, told };
}

function recordBlock(
  ctx: TownContext,
  { address, session }: Target,
  why: Readonly<Record<string, unknown>>,
): Promise<void> {
  const payload = { session, ...why };
  return emitEvent(ctx, { type: 'turn_continued', payload, visibility: 'audit', actor: address });
}

interface Subject {
  readonly ledger: LedgerReads;
  readonly agent: AgentAddress;
}

async function branchHasCommits(
  ctx: TownContext,
  rig: Rig,
  { ledger, agent, bead }: Subject & { readonly bead: Bead },
): Promise<boolean> {
  const branch = (await readAgentRow(ledger, agent, rig.prefix))?.branch;
  if (branch === undefined) return false;
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
  const settings = await readTownSettings(ctx);
  if (!settings.get('operational.daemon.polecat_self_terminate')) return;
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
