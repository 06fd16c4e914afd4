import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import type { RunResult } from '../ports/processes.ts';
import type { Rig } from '../rig/registry.ts';
import { lastLines } from '../core/text.ts';
import { classifyRun, failedTests, fingerprintOf } from './failures.ts';
import type { GateEnd } from './failures.ts';
import { gateEnv } from './gate-env.ts';
import type { GateSubject } from './gate-env.ts';
import type { Gate } from './settings.ts';

const TAIL_LINES = 20;
const KEEP_BYTES = 4 * 1024 * 1024;
/**
 * Marks our gate processes in the process list: the words `gt-gate <worktree> <command>` follow the script. A
 * shell replaces itself by its last command, and the mark would go with it, so the script ends with its own exit.
 */
const MARK = 'gt-gate';
const SCRIPT = 'eval "$2"; exit $?';

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
  readonly signal: AbortSignal;
}

/** Runs one gate in its own process group and keeps its log. Never throws for what the command does. */
export async function runGate(ctx: TownContext, rig: Rig, request: GateRunRequest): Promise<GateRun> {
  const { gate, worktree, subject, signal } = request;
  const result = await ctx.ports.processes.run({
    argv: ['sh', '-c', SCRIPT, MARK, worktree, gate.command],
    cwd: worktree,
    env: gateEnv(ctx.env, subject),
    timeoutMs: gate.timeoutMs,
    keepBytes: KEEP_BYTES,
    leftovers: 'kill',
    signal,
  });
  const end = classifyRun(result);
  const output = `${result.stdout}${result.stderr}`;
  const failing = end.kind === 'red' ? failedTests(output) : [];
  const failure = end.kind === 'red' ? end.failure : end.kind;
  return {
    gate,
    end,
    ms: result.ms,
    failing,
    fingerprint: fingerprintOf({ gate: gate.name, failure, failing, output }),
    tail: lastLines(output, TAIL_LINES),
    log: end.kind === 'cut' ? '' : await keepLog(ctx, rig, { request, result, end }),
  };
}

async function keepLog(
  ctx: TownContext,
  rig: Rig,
  run: { readonly request: GateRunRequest; readonly result: RunResult; readonly end: GateEnd },
): Promise<string> {
  const { gate, subject } = run.request;
  const stamp = new Date(ctx.ports.clock.now()).toISOString().replaceAll(/[:.]/g, '');
  const path = join(logFolder(rig), `${stamp}-${gate.name}-${subject.tree.slice(0, 10)}.log`);
  const head = [
    `gate:    ${gate.name}`,
    `command: ${gate.command}`,
    `tree:    ${subject.tree}`,
    `changes: ${subject.mrs.join(' ')}`,
    `end:     ${describeEnd(run.end)} after ${run.result.ms} ms`,
  ].join('\n');
  const body = `--- stdout\n${run.result.stdout}\n--- stderr\n${run.result.stderr}\n`;
  await ctx.ports.files.writeAtomic(path, `${head}\n${body}`, { mode: 0o600 });
  return path;
}

function describeEnd(end: GateEnd): string {
  switch (end.kind) {
    case 'pass':
      return 'passed';
    case 'red':
      return { code: 'failed', timeout: 'timed out', dirty: 'changed tracked files' }[end.failure];
    case 'infra':
      return `could not run: ${end.why}`;
    case 'cut':
      return 'stopped';
  }
}

function logFolder(rig: Rig): string {
  return join(rig.paths.gateDir, 'logs');
}

/** Ends gates that a killed engine left running in the rig's gate worktrees: their answer is lost, their load is not. */
export async function stopStrayGates(ctx: TownContext, rig: Rig): Promise<number> {
  const { processes } = ctx.ports;
  const prefix = join(rig.paths.gateDir, 'wt-');
  const strays = (await processes.list()).filter(({ argv }) => {
    const mark = argv.indexOf(MARK);
    return mark > 0 && argv[mark + 1]?.startsWith(prefix) === true;
  });
  for (const stray of strays) await processes.stopTree(stray, 2000);
  return strays.length;
}
