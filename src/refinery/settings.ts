import { z } from 'zod/mini';
import { emailOf, formatAddress } from '../core/address.ts';
import { parseDuration } from '../core/duration.ts';
import { UnreadableError, messageOf } from '../core/errors.ts';
import { readRigSettings } from '../rig/settings.ts';
import type { ForgeKind } from '../ports/forge.ts';
import type { RigSettings } from '../rig/settings.ts';
import type { Rig } from '../rig/registry.ts';
import type { TownContext } from '../beads/context.ts';
import { readMachineSize } from '../polecat/machine-size.ts';
import { readTownSettings } from '../town/settings.ts';

/** A command that must pass on the exact tree that will be pushed. Comes from settings only, never from a candidate. */
export interface Gate {
  readonly name: string;
  /** Run by `sh -c` in the gate worktree. Never empty. */
  readonly command: string;
  readonly timeoutMs: number;
  /** What a pass is remembered for: the same files, the same commit, or nothing. */
  readonly cache: 'tree' | 'commit' | 'none';
  /** `post-squash` gates run after all others, one by one. */
  readonly phase: 'pre-merge' | 'post-squash';
  /** Path below the worktree of a JUnit or TAP file that the gate writes. */
  readonly report: string | undefined;
  /** The file that says so. */
  readonly source: string;
}

/** What a gate's processes may use; 0 = no limit. */
export interface GateLimits {
  /** Address space of each process. */
  readonly memoryMiB: number;
  /** Added to their niceness, 0 … 19. */
  readonly nice: number;
}

/** How a rig's merge queue works, resolved once per pass. */
export interface QueueSettings {
  readonly enabled: boolean;
  readonly strategy: 'direct' | 'pr';
  readonly provider: ForgeKind;
  /** A pull request waits for an approval even where its forge asks for none. */
  readonly requireReview: boolean;
  readonly method: 'squash' | 'rebase' | 'merge';
  readonly autoPush: boolean;
  readonly deleteBranches: boolean;
  /** Integration branches land by themselves when their work is complete. */
  readonly autoLand: boolean;
  /** Prepares the worktree before gates run; a prerequisite, not a verdict. */
  readonly setup: Gate | undefined;
  readonly gates: readonly Gate[];
  readonly parallel: boolean;
  readonly limits: GateLimits;
  /** 0 = not decided yet: by the machine. */
  readonly slots: number;
  readonly maxBatch: number;
  /** Red runs after which a change is sent back even if each run failed differently. */
  readonly maxReds: number;
  /** Red runs of quarantined tests alone before a change has to wait. */
  readonly softReds: number;
  /** Conflicts of one branch before it is given up. */
  readonly maxConflicts: number;
  /** A branch that does not merge as a whole is tried commit by commit first. */
  readonly autoRebase: boolean;
  /** Who commits what lands; the author stays the worker. */
  readonly committer: { readonly name: string; readonly email: string };
  readonly pollMs: number;
  /** A claim of somebody else that is older is not honoured, milliseconds. */
  readonly staleClaimMs: number;
  readonly warnings: readonly string[];
}

const COMMANDS = ['typecheck', 'lint', 'build', 'test'] as const;
/** The first red, its confirmation and one more where the two differ. */
const LEAST_REDS = 3;

/** UnreadableError `config.bad-value` when a gate makes no sense: a gate that cannot run must never count as passed. */
export async function readQueueSettings(ctx: TownContext, rig: Rig): Promise<QueueSettings> {
  const [settings, town] = await Promise.all([readRigSettings(ctx, rig), readTownSettings(ctx)]);
  const address = { role: 'refinery', rig: rig.name } as const;
  const resolved = resolveSettings(settings, {
    name: formatAddress(address),
    email: emailOf(address, town.get('agent_email_domain')),
  });
  return resolved.slots > 0 ? resolved : { ...resolved, slots: await slotsOfMachine(ctx) };
}

/** Half of its cores; 1 where nobody can tell how many there are. */
async function slotsOfMachine(ctx: TownContext): Promise<number> {
  const size = await readMachineSize(ctx);
  return size.ok ? Math.max(1, Math.min(8, Math.floor(size.value.cores / 2))) : 1;
}

/** The pure part: from settings with sources to gates in the order they run. */
export function resolveSettings(settings: RigSettings, committer: QueueSettings['committer']): QueueSettings {
  const named = settings.get('merge_queue.gates');
  const fromMap = Object.entries(named).map(([name, raw]) => parseGate(settings, name, raw));
  const gates = fromMap.length > 0 ? fromMap : commandGates(settings);
  return {
    enabled: settings.get('merge_queue.enabled'),
    strategy: settings.get('merge_queue.merge_strategy'),
    provider: settings.get('merge_queue.vcs_provider'),
    requireReview: settings.get('merge_queue.require_review'),
    method: settings.get('merge_queue.merge_method'),
    autoPush: settings.get('merge_queue.auto_push'),
    deleteBranches: settings.get('merge_queue.delete_merged_branches'),
    autoLand: settings.get('merge_queue.integration_branch_auto_land'),
    setup: commandGate(settings, 'setup'),
    gates: settings.get('merge_queue.run_tests') ? gates : gates.filter((gate) => gate.name !== 'test'),
    parallel: settings.get('merge_queue.gates_parallel'),
    limits: {
      memoryMiB: settings.get('merge_queue.gate_memory_mb'),
      nice: settings.get('merge_queue.gate_nice'),
    },
    slots: settings.get('merge_queue.max_concurrent'),
    maxBatch: settings.get('merge_queue.batch.max_batch_size'),
    maxReds: Math.max(LEAST_REDS, 1 + settings.get('merge_queue.retry_flaky_tests')),
    softReds: 1 + settings.get('merge_queue.retry_flaky_tests'),
    maxConflicts: settings.get('merge_queue.max_retry_count'),
    committer,
    pollMs: settings.get('merge_queue.poll_interval'),
    staleClaimMs: settings.get('merge_queue.stale_claim_timeout'),
    autoRebase: settings.get('merge_queue.on_conflict') === 'auto_rebase',
    warnings: settings.warnings,
  };
}

function commandGates(settings: RigSettings): readonly Gate[] {
  return COMMANDS.map((name) => commandGate(settings, name)).filter((gate) => gate !== undefined);
}

/** The gate of a `<name>_command`; an empty command means there is none. */
function commandGate(settings: RigSettings, name: 'setup' | (typeof COMMANDS)[number]): Gate | undefined {
  const key = `merge_queue.${name}_command` as const;
  const command = settings.get(key)?.trim() ?? '';
  if (command === '') return undefined;
  const timeoutMs = settings.get('merge_queue.gate_timeout');
  const source = settings.source(key);
  return { name, command, timeoutMs, cache: 'tree', phase: 'pre-merge', report: undefined, source };
}

const gateSchema = z.object({
  cmd: z.string(),
  timeout: z.optional(z.union([z.string(), z.number()])),
  phase: z.optional(z.enum(['pre-merge', 'post-squash'])),
  cache: z.optional(z.enum(['tree', 'commit', 'none'])),
  report: z.optional(z.string()),
});

function parseGate(settings: RigSettings, name: string, raw: unknown): Gate {
  const source = settings.source('merge_queue.gates');
  const parsed = gateSchema.safeParse(raw);
  if (!parsed.success || parsed.data.cmd.trim() === '' || !/^[\w.-]{1,40}$/.test(name)) {
    throw badGate(source, name, 'it must be {"cmd": "<command>", "timeout"?, "phase"?, "cache"?, "report"?}');
  }
  const { cmd, timeout, phase, cache, report } = parsed.data;
  return {
    name,
    command: cmd,
    timeoutMs:
      timeout === undefined ? settings.get('merge_queue.gate_timeout') : millis(timeout, source, name),
    cache: cache ?? 'tree',
    phase: phase ?? 'pre-merge',
    report,
    source,
  };
}

/** Go writes durations as text or as nanoseconds. */
function millis(timeout: string | number, source: string, name: string): number {
  try {
    const ms = typeof timeout === 'number' ? timeout / 1e6 : parseDuration(timeout);
    if (ms > 0) return ms;
    throw badGate(source, name, 'its timeout must be positive');
  } catch (error) {
    throw badGate(source, name, messageOf(error));
  }
}

function badGate(source: string, name: string, why: string): UnreadableError {
  return new UnreadableError({
    code: 'config.bad-value',
    message: `${source}: gate '${name}': ${why}`,
    hint: 'Repair merge_queue.gates there: nothing is merged until every gate can run',
  });
}
