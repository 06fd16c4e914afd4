import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import type { Sha } from '../core/names.ts';
import type { Rig } from '../rig/registry.ts';
import { envFingerprint } from './gate-env.ts';
import { isRecent } from './time-limits.ts';
import type { Gate, QueueSettings } from './settings.ts';

const PASS_TTL_MS = 24 * 3_600_000;
/** Of a day's 256 parts. */
const PRUNED_AT_ONCE = 8;

/** A commit whose files are to be proven. */
export interface Candidate {
  readonly commit: Sha;
  readonly tree: Sha;
}

/**
 * Passed gates by what they ran on: (tree or commit, gate, environment). Only passes are kept; a red run is
 * evidence of the lane. Lost files cost a rerun, never a wrong merge.
 */
export interface GateResults {
  /** Gates that have no valid pass for the candidate. Empty = green. */
  missing(candidate: Candidate): Promise<readonly Gate[]>;
  addPass(candidate: Candidate, gate: Gate, ms: number): Promise<void>;
  /** Identity of all gates and the environment: reds of others mean nothing. */
  readonly identity: string;
  /** Removes some of the passes that are too old to count: a pass of the queue must not wait for a million files. */
  prune(): Promise<void>;
}

const passSchema = z.object({ gate: z.string(), tree: z.string(), at: z.number(), ms: z.number() });

export function openGateResults(ctx: TownContext, rig: Rig, settings: QueueSettings): GateResults {
  const { files, clock } = ctx.ports;
  const folder = join(rig.paths.gateDir, 'passes');
  const env = envFingerprint(ctx);
  const inMemory = new Set<string>();

  const keyOf = (candidate: Candidate, gate: Gate): string => {
    const subject = gate.cache === 'tree' ? candidate.tree : candidate.commit;
    return hash([subject, gateIdentity(gate), settings.setup?.command ?? '', env]);
  };
  /** A folder a day, cut into small ones: old passes go with theirs, and none is ever listed. */
  const fileOf = (key: string, at: number): string => join(folder, dayOf(at), key.slice(0, 2), `${key}.json`);
  const isFresh = (text: string): boolean => {
    const pass = parsePass(text);
    return pass !== undefined && isRecent(pass.at, { now: clock.now(), within: PASS_TTL_MS });
  };
  const isKept = async (key: string): Promise<boolean> => {
    for (const at of [clock.now(), clock.now() - PASS_TTL_MS]) {
      const text = await files.readText(fileOf(key, at));
      if (text !== undefined && isFresh(text)) return true;
    }
    return false;
  };
  const passed = async (candidate: Candidate, gate: Gate): Promise<boolean> => {
    const key = keyOf(candidate, gate);
    if (inMemory.has(key)) return true;
    if (gate.cache === 'none' || !(await isKept(key))) return false;
    inMemory.add(key);
    return true;
  };

  return {
    identity: hash([...settings.gates.map(gateIdentity), settings.setup?.command ?? '', env]),
    missing: async (candidate) => {
      const flags = await Promise.all(settings.gates.map((gate) => passed(candidate, gate)));
      return settings.gates.filter((_, index) => flags[index] !== true);
    },
    addPass: async (candidate, gate, ms) => {
      const key = keyOf(candidate, gate);
      inMemory.add(key);
      if (gate.cache === 'none') return;
      const pass = { gate: gate.name, tree: candidate.tree, at: clock.now(), ms };
      await files.writeAtomic(fileOf(key, pass.at), JSON.stringify(pass), { mode: 0o600 });
    },
    prune: async () => {
      const [oldest = '', newest = ''] = [clock.now() - PASS_TTL_MS, clock.now() + PASS_TTL_MS].map(dayOf);
      const days = (await files.list(folder)) ?? [];
      const old = days.find(({ name }) => name < oldest || name > newest);
      if (old === undefined) return;
      const day = join(folder, old.name);
      const parts = (await files.list(day)) ?? [];
      for (const { name } of parts.slice(0, PRUNED_AT_ONCE)) await files.remove(join(day, name));
      if (parts.length <= PRUNED_AT_ONCE) await files.remove(day);
    },
  };
}

/** UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function gateIdentity(gate: Gate): string {
  return hash([gate.name, gate.command, String(gate.timeoutMs), gate.cache]);
}

function parsePass(text: string): z.infer<typeof passSchema> | undefined {
  try {
    const parsed = passSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // A torn or foreign file is no pass.
    return undefined;
  }
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
