import { writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import type { BeadId, WorkerName } from '../core/names.ts';
import { closeFinishedConvoys } from '../convoy/close-finished.ts';
import { ensureMissingConvoys } from '../convoy/ensure.ts';
import { carryOnStanding } from '../polecat/dispatch/roll-forward-standing.ts';
import { respawnWorker, rollForwardDispatch } from '../polecat/dispatch/roll-forward.ts';
import { isDoneLabel } from '../polecat/done/request.ts';
import { finishDone } from '../polecat/done/finish.ts';
import { resumeDone } from '../polecat/done/resume.ts';
import { giveUpBead } from '../polecat/give-up.ts';
import type { Rig } from '../rig/registry.ts';
import { dispatchQueue } from '../scheduler/dispatch-queue.ts';
import { nudge } from '../sessions/nudge.ts';
import { ORDERLY_MS, mustStop } from '../sessions/stop.ts';
import type { Hands } from './hands.ts';
import { restartStanding } from './roles/restart.ts';
import { startRoleSession } from './roles/start.ts';
import { startStore } from './store-service.ts';

/** The hands of a real town. @param stopMs for the orderly end of a session before it is killed */
export function createHands(ctx: TownContext, stopMs = ORDERLY_MS): Hands {
  return {
    startStore: async () => void (await startStore(ctx)),
    stopSession: (session) => mustStop(ctx, session, { waitMs: stopMs }),
    startStanding: (address) => restartStanding(ctx, address),
    rollForward: async (rig, bead) => rollForwardDispatch(ctx, rig, await beadOf(ctx, rig, bead)),
    respawn: async (rig, bead, death) =>
      respawnWorker(ctx, rig, { bead: await beadOf(ctx, rig, bead), death }),
    async giveUp(rig, worker, bead, cause) {
      const agent = { role: 'polecat', rig: rig.name, name: worker } as const;
      await giveUpBead(ctx, { rig, bead: await beadOf(ctx, rig, bead), agent, cause: `Given up: ${cause}` });
    },
    resumeDone: (rig, worker) => resumeOrRestart(ctx, rig, worker),
    finishDone: async (rig, worker) =>
      (await finishDone(ctx, rig, worker)).kind === 'ending' ? 'ending' : 'finished',
    callJudge: (rig, message) => callJudge(ctx, rig, message),
    tellStanding: async () => (await carryOnStanding(ctx)).failed.map(({ bead, why }) => `${bead}: ${why}`),
    async dispatchQueue() {
      const { dispatched, waiting } = await dispatchQueue(ctx);
      return { dispatched: dispatched.length, waiting: waiting.length };
    },
    async closeConvoys() {
      await ensureMissingConvoys(ctx);
      return (await closeFinishedConvoys(ctx)).closed.length;
    },
  };
}

/** A session that lives is told when it is idle; a new one reads it at its start. */
async function callJudge(ctx: TownContext, rig: Rig, message: string): Promise<void> {
  const address = { role: 'refinery', rig: rig.name } as const;
  const { session, how } = await startRoleSession(ctx, { address, prompt: message });
  if (how === 'started') return;
  const sender = { role: 'deacon' } as const;
  await nudge(ctx, { address, session }, { message, mode: 'wait-idle', priority: 'normal', sender });
}

/** A done that is refused now was never done: the intent goes, and the next pass restarts the agent to mend it. */
async function resumeOrRestart(ctx: TownContext, rig: Rig, worker: WorkerName): Promise<void> {
  try {
    await resumeDone(ctx, rig, worker);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const address = { role: 'polecat', rig: rig.name, name: worker } as const;
    const ledger = await ctx.ledgers.open(rig.database);
    await ledger.transaction('daemon', async (tx) => {
      const row = await writeAgentRow(tx, address, rig.prefix, { removeLabels: isDoneLabel });
      await tx.comment(row.bead.id, `gt done was interrupted and is refused now: ${error.message}`);
    });
  }
}

async function beadOf(ctx: TownContext, rig: Rig, id: BeadId): Promise<Bead> {
  const bead = await (await ctx.ledgers.open(rig.database)).get(id);
  if (bead !== undefined) return bead;
  throw new NotFoundError({ code: 'bead.not-found', message: `there is no bead ${id}` });
}
