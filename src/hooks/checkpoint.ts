import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import type { AgentAddress } from '../core/address.ts';
import { formatAge } from '../core/duration.ts';
import { UnreadableError } from '../core/errors.ts';
import { counted } from '../core/text.ts';
import { agentHome } from '../town/agent-home.ts';
import { formatJson, readJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';
import { inert } from './inert.ts';
import type { Situation } from './situation.ts';
import { stepOf } from './situation.ts';

/** What an agent had in hand at some moment; the next session compares it with what it finds. */
export const checkpointSchema = z.object({
  molecule_id: z.optional(z.string()),
  current_step: z.optional(z.string()),
  step_title: z.optional(z.string()),
  modified_files: z.array(z.string()),
  last_commit: z.optional(z.string()),
  branch: z.optional(z.string()),
  hooked_bead: z.optional(z.string()),
  /** RFC 3339. */
  timestamp: z.string(),
  session_id: z.optional(z.string()),
  notes: z.optional(z.string()),
});

export type Checkpoint = z.infer<typeof checkpointSchema>;

export interface CheckpointWish {
  /** The runtime's own id of the conversation. */
  readonly sessionId?: string | undefined;
  readonly notes?: string | undefined;
  /** What the caller knows better than the ledger. */
  readonly molecule?: string | undefined;
  readonly step?: string | undefined;
}

/** Older ones tell nothing. */
const KEEP_MS = 24 * 3_600_000;
const MOST_FILES = 200;

/** Records where the agent stands; changes nothing else. */
export async function writeCheckpoint(
  ctx: TownContext,
  agent: AgentAddress,
  { situation, wish }: { readonly situation: Situation; readonly wish: CheckpointWish },
): Promise<Checkpoint> {
  const checkpoint = makeCheckpoint(situation, wish, ctx.ports.clock.now());
  await ctx.ports.files.writeAtomic(fileOf(ctx, agent), formatJson(checkpoint), { mode: 0o600 });
  return checkpoint;
}

/** The newest one; undefined when there is none, it makes no sense, or it is older than a day. */
export async function readCheckpoint(ctx: TownContext, agent: AgentAddress): Promise<Checkpoint | undefined> {
  const parsed = checkpointSchema.safeParse(await readIfSound(ctx, fileOf(ctx, agent)));
  if (!parsed.success) return undefined;
  return ctx.ports.clock.now() - Date.parse(parsed.data.timestamp) < KEEP_MS ? parsed.data : undefined;
}

async function readIfSound(ctx: TownContext, path: string): Promise<JsonObject | undefined> {
  try {
    return await readJsonFile(ctx.ports.files, path);
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

/** False when there was none. */
export async function clearCheckpoint(ctx: TownContext, agent: AgentAddress): Promise<boolean> {
  const path = fileOf(ctx, agent);
  if ((await ctx.ports.files.stat(path)) === undefined) return false;
  await ctx.ports.files.remove(path);
  return true;
}

/** One line for people and agents. @param now Unix ms */
export function checkpointLine(checkpoint: Checkpoint, now: number): string {
  const {
    hooked_bead: bead,
    step_title: step,
    current_step,
    branch,
    last_commit: commit,
    notes,
  } = checkpoint;
  const files = checkpoint.modified_files.length;
  const parts = [
    bead === undefined ? 'no work held' : inert(bead, 80),
    ...(current_step === undefined
      ? []
      : [`step ${inert(current_step, 80)} ${inert(step ?? '', 100)}`.trim()]),
    ...(branch === undefined ? [] : [`on ${inert(branch, 120)}`]),
    ...(commit === undefined ? [] : [`at ${inert(commit, 8)}`]),
    ...(files === 0 ? [] : [`${counted(files, 'file')} not committed`]),
    ...(notes === undefined ? [] : [inert(notes, 300)]),
  ];
  return `${formatAge(now - Date.parse(checkpoint.timestamp))} ago: ${parts.join(', ')}`;
}

/** Is it of this work? One of an earlier task must not speak for the next. Pure. */
export function isAbout(
  checkpoint: Checkpoint,
  now: { readonly bead: string | undefined; readonly branch: string | undefined },
): boolean {
  return checkpoint.hooked_bead === now.bead && checkpoint.branch === now.branch;
}

function makeCheckpoint({ held, tree }: Situation, wish: CheckpointWish, now: number): Checkpoint {
  const work = held.ok ? held.value : undefined;
  const step = work === undefined ? undefined : stepOf(work);
  const seen = tree?.ok === true ? tree.value : undefined;
  return present({
    molecule_id: wish.molecule ?? work?.progress?.molecule.root.id,
    current_step: wish.step ?? step?.id,
    step_title: wish.step === undefined || wish.step === step?.id ? step?.title : undefined,
    modified_files: (seen?.dirty ?? []).slice(0, MOST_FILES),
    last_commit: seen?.head?.sha,
    branch: seen?.branch,
    hooked_bead: work?.bead?.id,
    timestamp: new Date(now).toISOString(),
    session_id: wish.sessionId,
    notes: wish.notes,
  });
}

/** Absent keys are left out of the file. */
function present(checkpoint: { [K in keyof Checkpoint]: Checkpoint[K] | undefined }): Checkpoint {
  const entries = Object.entries(checkpoint).filter(([, value]) => value !== undefined);
  return checkpointSchema.parse(Object.fromEntries(entries));
}

/** In the agent's own runtime folder, which git never shows (P29). */
function fileOf(ctx: TownContext, agent: AgentAddress): string {
  return join(agentHome(ctx.root, agent), '.runtime/checkpoint.json');
}
