import type { TownContext } from '../../beads/context.ts';
import { scriptOf } from '../../beads/forms/sling-terms.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { readAgentFile } from '../../hooks/agent-file.ts';
import { beginWork } from '../../hooks/begin-work.ts';
import { readBackCommand } from '../../hooks/rescue-ref.ts';
import { cleanWorktree, lockWorktree } from '../../hooks/worktree.ts';
import type { RunResult } from '../../ports/processes.ts';
import { rigNamed } from '../../rig/registry.ts';
import { polecatPaths } from '../../town/layout.ts';
import { readTownSettings } from '../../town/settings.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import { commitResult, fail, handIn } from './end.ts';
import type { Job, ScriptEnd } from './end.ts';
import { planScript } from './plan.ts';
import type { ScriptPlan } from './plan.ts';

export interface ScriptRequest {
  readonly agent: AgentAddress;
  /** GT_SPAWN. */
  readonly spawn: number;
  /** Output of the script as it comes, for the pane. */
  readonly onOutput: (chunk: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The built-in `script` runtime (spec 11 J), run by the pane host in place of an agent: begins the hooked bead, runs
 * its command in the worktree, commits what changed and hands it in. No model, no prompt.
 */
export async function runScript(ctx: TownContext, request: ScriptRequest): Promise<ScriptEnd> {
  const { agent, spawn } = request;
  if (agent.role !== 'polecat') {
    throw new UsageError({
      code: 'script.not-polecat',
      message: `${formatAddress(agent)} is no polecat: scripts run as one`,
    });
  }
  const rig = await rigNamed(ctx, agent.rig);
  const start = await beginWork(ctx, { rig, agent, spawn });
  if (start.kind === 'nothing' || start.kind === 'replaced')
    return { code: 0, lines: ['nothing on the hook'] };
  const { worktree } = polecatPaths(ctx.root, rig.name, agent.name);
  const job: Job = { rig, worker: agent.name, agent, bead: start.bead, worktree, spawn };
  const plan = planScript({
    order: scriptOf(start.bead),
    status: await ctx.ports.git.worktrees.status(worktree),
    head: await headCommit(ctx, worktree),
    file: await readAgentFile(ctx, rig, agent.name),
    bead: start.bead.id,
  });
  return carry(ctx, { job, request, plan });
}

async function headCommit(ctx: TownContext, worktree: string) {
  const { objects } = ctx.ports.git;
  const head = await objects.resolve(worktree, 'HEAD');
  return head === undefined ? undefined : objects.commit(worktree, head);
}

interface Carry {
  readonly job: Job;
  readonly request: ScriptRequest;
  readonly plan: ScriptPlan;
}

async function carry(ctx: TownContext, { job, request, plan }: Carry): Promise<ScriptEnd> {
  switch (plan.do) {
    case 'refuse':
      return fail(ctx, job, { cause: plan.why, code: 1, output: '' });
    case 'hand-in':
      return handIn(ctx, job, []);
    case 'run': {
      const notes = plan.clean ? await clean(ctx, job, plan) : [];
      return runAndHandIn(ctx, job, { request, order: plan.order, notes });
    }
  }
}

/** What a killed run left is no input for the next: kept, then dropped, and the branch goes back to its start. */
async function clean(
  ctx: TownContext,
  job: Job,
  { file }: Extract<ScriptPlan, { do: 'run' }>,
): Promise<readonly string[]> {
  const { rig, worker, worktree } = job;
  await using _lock = await lockWorktree(ctx, rig, { worker, purpose: 'clean up after a killed script' });
  const refs = await cleanWorktree(ctx, rig, { worker, path: worktree });
  const { objects, worktrees } = ctx.ports.git;
  const ref = `refs/heads/${file.branch}`;
  const tip = await objects.resolve(rig.paths.bare, ref);
  if (tip !== file.start) await objects.updateRef(rig.paths.bare, ref, { to: file.start, from: tip });
  await worktrees.checkout(worktree, { commit: file.start, branch: file.branch });
  return refs.map((rescue) => `kept from a killed run: ${readBackCommand(rescue)}`);
}

async function runAndHandIn(
  ctx: TownContext,
  job: Job,
  {
    request,
    order,
    notes,
  }: { readonly request: ScriptRequest; readonly order: ScriptOrder; readonly notes: readonly string[] },
): Promise<ScriptEnd> {
  const timeoutMs = (await readTownSettings(ctx)).get('operational.session.script_timeout');
  const { worktree, bead } = job;
  const result = await ctx.ports.processes.run({
    argv: ['sh', '-c', order.cmd],
    cwd: worktree,
    // The agent's own environment, made by the pane host; the bead's text is in none of it.
    env: ctx.env,
    timeoutMs,
    leftovers: 'kill',
    onOutput: request.onOutput,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  if (result.end !== 'exit' || result.code !== 0) {
    if (await wasStopped(ctx, job, request))
      return { code: 143, lines: [`${bead.id}: stopped, the work stays held`] };
    const output = `${result.stdout}\n${result.stderr}`;
    return fail(ctx, job, {
      cause: `script ${howItEnded(result, timeoutMs)}`,
      code: exitCodeOf(result),
      output,
    });
  }
  await commitResult(ctx, job);
  const end = await handIn(ctx, job, notes);
  return { ...end, lines: [`${bead.id}: script done`, ...end.lines] };
}

/** `gt down` and `gt session stop` end the script too: that is no failure of it, the next session runs it again. */
async function wasStopped(ctx: TownContext, { agent }: Job, request: ScriptRequest): Promise<boolean> {
  const wanted = await readWanted(ctx);
  return request.signal?.aborted === true || agentWanted(wanted, agent) === 'down';
}

function howItEnded(result: RunResult, timeoutMs: number): string {
  switch (result.end) {
    case 'exit':
      return `ended with exit ${result.code}`;
    case 'signal':
      return `was ended by ${result.signal}`;
    case 'timeout':
      return `did not end within ${Math.round(timeoutMs / 1000)} s`;
    case 'aborted':
      return 'was stopped';
    case 'not-started':
      return `did not start: ${result.why}`;
  }
}

function exitCodeOf(result: RunResult): number {
  if (result.end === 'exit') return result.code;
  return result.end === 'timeout' ? 124 : 1;
}
