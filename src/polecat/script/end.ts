import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { emailOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import type { WorkerName } from '../../core/names.ts';
import { oneLine } from '../../core/text.ts';
import { COMMIT_EXCLUDES } from '../../hooks/excludes.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';
import { cleanWorktree, lockWorktree } from '../../hooks/worktree.ts';
import type { Rig } from '../../rig/registry.ts';
import { emitEvent } from '../../town/events.ts';
import { readTownSettings } from '../../town/settings.ts';
import { hasIntent } from '../done/request.ts';
import { runDone } from '../done/run.ts';
import { giveUpBead } from '../give-up.ts';

/** One run of a script. */
export interface Job {
  readonly rig: Rig;
  readonly worker: WorkerName;
  readonly agent: AgentAddress;
  readonly bead: Bead;
  readonly worktree: string;
  /** GT_SPAWN. */
  readonly spawn: number;
}

/** How the runner ends: its exit code, and what it says in the pane. */
export interface ScriptEnd {
  readonly code: number;
  readonly lines: readonly string[];
}

/** J6: everything the command left, deletions too: it meant them. */
export async function commitResult(ctx: TownContext, { agent, bead, worktree, worker }: Job): Promise<void> {
  const domain = (await readTownSettings(ctx)).get('agent_email_domain');
  await ctx.ports.git.worktrees.commitAll(worktree, {
    message: `${oneLine(bead.title, 100)}\n\nGt-Issue: ${bead.id}`,
    author: { name: worker, email: emailOf(agent, domain) },
    excludes: COMMIT_EXCLUDES,
    keepDeletions: true,
  });
}

/** A run that changed nothing closes the bead, and says so. */
export async function handIn(ctx: TownContext, job: Job, notes: readonly string[]): Promise<ScriptEnd> {
  const { agent, spawn, bead } = job;
  try {
    const reason = 'script changed nothing';
    const report = await runDone(ctx, {
      agent,
      status: 'COMPLETED',
      reason,
      issue: bead.id,
      spawn,
    });
    return { code: 0, lines: [...notes, `${bead.id}: ${report.exit.kind}`] };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    // The remote may be away: the intent is written, so a daemon ends it. A refusal needs a person.
    const row = await readAgentRow(await ctx.ledgers.open(job.rig.database), agent, job.rig.prefix);
    if (row !== undefined && hasIntent(row.labels)) return { code: 1, lines: [...notes, messageOf(error)] };
    return fail(ctx, job, { cause: `gt done: ${messageOf(error)}`, code: 1, output: '' });
  }
}

export interface Failure {
  readonly cause: string;
  readonly code: number;
  readonly output: string;
}

const COMMENT_LINES = 20;

/** J4: what it made is kept, the bead is blocked with the last lines, the polecat is free again. */
export async function fail(ctx: TownContext, job: Job, { cause, code, output }: Failure): Promise<ScriptEnd> {
  const { rig, worker, agent, bead, worktree } = job;
  const refs = await keepTree(ctx, rig, { worker, worktree });
  const kept = refs.map((ref) => `Kept: ${readBackCommand(ref)}`);
  const last = output
    .split('\n')
    .map((line) => oneLine(line, 300))
    .filter((line) => line !== '')
    .slice(-COMMENT_LINES);
  await giveUpBead(ctx, { rig, bead, agent, cause, detail: [...last, ...kept] });
  await emitEvent(ctx, {
    type: 'script_failed',
    payload: { bead: bead.id, rig: rig.name, polecat: worker, reason: cause },
  });
  return { code: code === 0 ? 1 : code, lines: [`${bead.id}: ${cause}`, ...kept] };
}

async function keepTree(
  ctx: TownContext,
  rig: Rig,
  { worker, worktree }: { readonly worker: WorkerName; readonly worktree: string },
): Promise<readonly string[]> {
  await using _lock = await lockWorktree(ctx, rig, { worker, purpose: 'keep what a script left' });
  return await cleanWorktree(ctx, rig, { worker, path: worktree });
}
