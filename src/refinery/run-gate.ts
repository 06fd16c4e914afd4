import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { lastLines } from '../core/text.ts';
import { classifyRun, failedTests, fingerprintOf } from './failures.ts';
import type { GateEnd } from './failures.ts';
import { gateEnv } from './gate-env.ts';
import type { GateSubject } from './gate-env.ts';
import { keepLog, liveFolder, openLiveLog } from './gate-log.ts';
import { readTestReport } from './test-report.ts';
import type { Gate, GateLimits } from './settings.ts';

const TAIL_LINES = 20;
const KEEP_BYTES = 4 * 1024 * 1024;
/** The words after it in the process list: `gt-gate <worktree> <command>`, then the limits. */
const SCRIPT = [
  '[ "$3" = 0 ] || ulimit -v "$3" || exit 126',
  '[ "$4" = 0 ] || renice -n "$4" -p $$ > /dev/null || exit 126',
  'eval "$2"',
  'exit $?',
].join('\n');

/** One finished run of one gate. */
export interface GateRun {
  readonly gate: Gate;
  readonly end: GateEnd;
  readonly ms: number;
  readonly failing: readonly string[];
  readonly fingerprint: string;
  /** Last lines of the output. */
  readonly tail: readonly string[];
  /** File with all of the output; '' when the run was cut. */
  readonly log: string;
}

export interface GateRunRequest {
  readonly gate: Gate;
  readonly worktree: string;
  readonly subject: GateSubject;
  readonly limits: GateLimits;
  readonly signal: AbortSignal;
}

/** Runs one gate in its own process group and keeps its log. Never throws for what the command does. */
export async function runGate(ctx: TownContext, rig: Rig, request: GateRunRequest): Promise<GateRun> {
  const { gate, worktree, subject, signal } = request;
  const live = openLiveLog(ctx, rig, { gate, subject });
  const { memoryMiB, nice } = request.limits;
  const result = await ctx.ports.processes.run({
    argv: ['sh', '-c', SCRIPT, 'gt-gate', worktree, gate.command, String(memoryMiB * 1024), String(nice)],
    onOutput: (chunk) => live.add(chunk),
    cwd: worktree,
    env: gateEnv(ctx, subject),
    timeoutMs: gate.timeoutMs,
    keepBytes: KEEP_BYTES,
    leftovers: { marked: join(worktree, gate.name) },
    signal,
  });
  await live.close();
  const end = classifyRun(result);
  const output = `${result.stdout}${result.stderr}`;
  const failing = end.kind === 'red' ? await failedIn(ctx, request, output) : [];
  const failure = end.kind === 'red' ? end.failure : end.kind;
  return {
    gate,
    end,
    ms: result.ms,
    failing,
    fingerprint: fingerprintOf({ gate: gate.name, failure, failing, output }),
    tail: lastLines(output, TAIL_LINES),
    log: end.kind === 'cut' ? '' : await keepLog(ctx, rig, { gate, subject, result, end }),
  };
}

/** What the gate's own report names, else what its output does. */
async function failedIn(
  ctx: TownContext,
  { gate, worktree }: GateRunRequest,
  output: string,
): Promise<readonly string[]> {
  const reported = gate.report === undefined ? [] : await readTestReport(ctx, worktree, gate.report);
  return reported.length > 0 ? reported : failedTests(output);
}

/** Ends gates that a killed engine left running in the rig's gate worktrees: their answer is lost, their load is not. */
export async function stopStrayGates(ctx: TownContext, rig: Rig): Promise<number> {
  const { processes } = ctx.ports;
  const strays = await processes.list(rig.paths.gateDir);
  for (const stray of strays) await processes.stopTree(stray, 2000);
  await ctx.ports.files.remove(liveFolder(rig));
  return strays.length;
}
