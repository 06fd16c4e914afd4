import type { TownContext } from '../beads/context.ts';
import { GtError, RefusedError, messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import { listPolecats } from '../polecat/list.ts';
import type { PolecatView } from '../polecat/list.ts';
import { readNukeFacts } from '../polecat/nuke/facts.ts';
import { planNuke } from '../polecat/nuke/plan.ts';
import { nukePolecat } from '../polecat/nuke/run.ts';
import { listRigPlaces, listRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { addressOfSession } from '../sessions/session-address.ts';
import { setAgentWanted } from '../town/wanted.ts';
import { runDown } from './down.ts';
import type { DownReport } from './down.ts';
import type { Hands } from './hands.ts';
import { isCrew, liveSessions, stopEach } from './stop-everything.ts';

export interface ShutdownWishes {
  /** `polecats`: only their sessions end, the town stays up. */
  readonly scope: 'town' | 'polecats';
  readonly crew: 'keep' | 'stop';
  /** Worktrees of polecats with work in them: kept, or kept in rescue refs and removed. */
  readonly dirty: 'keep' | 'rescue';
}

/** A worktree that stays, and why. */
export interface KeptWorktree {
  readonly polecat: string;
  readonly why: string;
}

export interface ShutdownReport extends DownReport {
  readonly removed: readonly string[];
  readonly kept: readonly KeptWorktree[];
  /** Commands that read rescued work back. */
  readonly readBack: readonly string[];
}

export interface ShutdownPlan {
  readonly sessions: readonly SessionName[];
  /** Polecats whose worktree would go. */
  readonly worktrees: readonly string[];
  readonly kept: readonly KeptWorktree[];
  /** The daemon runs, and would end. */
  readonly daemon: boolean;
}

/** What would end and be tidied. */
export async function planShutdown(ctx: TownContext, wishes: ShutdownWishes): Promise<ShutdownPlan> {
  const rigs = await listRigPlaces(ctx);
  const sessions = (await liveSessions(ctx)).filter((session) => {
    if (wishes.scope === 'polecats') return addressOfSession(session, rigs)?.role === 'polecat';
    return wishes.crew === 'stop' || !isCrew(session, rigs);
  });
  const looked = await Promise.all((await desksOf(ctx)).map((desk) => planDesk(ctx, desk, wishes)));
  return {
    sessions,
    worktrees: looked.filter(({ why }) => why === undefined).map(({ polecat }) => polecat),
    kept: looked.flatMap(({ polecat, why }) => (why === undefined ? [] : [{ polecat, why }])),
    daemon: wishes.scope === 'town' && (await ctx.ports.locks.holder('daemon')) !== undefined,
  };
}

/** As it will be once the session has ended. */
async function planDesk(
  ctx: TownContext,
  { rig, view }: Desk,
  { dirty }: ShutdownWishes,
): Promise<{ readonly polecat: string; readonly why: string | undefined }> {
  const polecat = `${rig.name}/${view.name}`;
  if (view.work.held.length > 0) return { polecat, why: holdsWork(view).message };
  const facts = { ...(await readNukeFacts(ctx, rig, view)), sessionUp: false };
  const plan = planNuke(facts, { what: 'remove', force: dirty === 'rescue' });
  return { polecat, why: plan.ok ? undefined : plan.error.message };
}

/** `gt down`, and worktrees of polecats that hold nothing are removed. Work is never lost: nuke refuses, or rescues first. */
export async function runShutdown(
  ctx: TownContext,
  hands: Hands,
  wishes: ShutdownWishes,
): Promise<ShutdownReport> {
  const tidied = { removed: [] as string[], kept: [] as KeptWorktree[], readBack: [] as string[] };
  const tidy = async (): Promise<void> => {
    for (const desk of await desksOf(ctx)) await clearDesk(ctx, desk, { wishes, tidied });
  };
  if (wishes.scope === 'town') {
    const spares = wishes.crew === 'keep' ? ('crew' as const) : undefined;
    return { ...(await runDown(ctx, hands, { spares, tidy })), ...tidied };
  }
  const { sessions } = await planShutdown(ctx, wishes);
  const rigs = await listRigPlaces(ctx);
  for (const session of sessions) {
    const agent = addressOfSession(session, rigs);
    // First, or the daemon would take the stopped ones for dead and start them again.
    if (agent !== undefined) await setAgentWanted(ctx, agent, 'down');
  }
  const troubles = await stopEach(hands, sessions);
  await tidy();
  return { sessions, daemonPid: undefined, storePid: undefined, survivors: [], troubles, ...tidied };
}

interface Desk {
  readonly rig: Rig;
  readonly view: PolecatView;
}

async function desksOf(ctx: TownContext): Promise<readonly Desk[]> {
  const rigs = await listRigs(ctx);
  const found = await Promise.all(
    rigs.map(async (rig) => (await listPolecats(ctx, rig)).map((view) => ({ rig, view }))),
  );
  return found.flat().filter(({ view }) => view.hasFolder);
}

async function clearDesk(
  ctx: TownContext,
  { rig, view }: Desk,
  {
    wishes,
    tidied,
  }: {
    readonly wishes: ShutdownWishes;
    readonly tidied: {
      readonly removed: string[];
      readonly kept: KeptWorktree[];
      readonly readBack: string[];
    };
  },
): Promise<void> {
  const polecat = `${rig.name}/${view.name}`;
  try {
    if (view.work.held.length > 0) throw holdsWork(view);
    const { readBack } = await nukePolecat(ctx, {
      rig,
      worker: view.name,
      what: 'remove',
      force: wishes.dirty === 'rescue',
    });
    tidied.removed.push(polecat);
    tidied.readBack.push(...readBack);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    tidied.kept.push({ polecat, why: messageOf(error) });
  }
}

/** Also when told to clear the rest: it goes on there when the town is up again. */
function holdsWork({ name, work }: PolecatView): RefusedError {
  const [bead] = work.held;
  return new RefusedError({
    code: 'nuke.holds-work',
    message: `polecat ${name} holds ${bead?.id ?? 'work'}`,
    hint: 'It goes on after gt up',
  });
}
