import * as z from 'zod/mini';
import type { AgentAddress } from '../../core/address.ts';
import type { Sha } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';

export const DONE_STATUSES = ['COMPLETED', 'ESCALATED', 'DEFERRED'] as const;
export type DoneStatus = (typeof DONE_STATUSES)[number];

export interface VerifiableWork {
  readonly rig: Rig;
  readonly head: Sha;
  /** Branch to land on. */
  readonly target: string;
}

/** What a worker says when it ends its work. */
export interface DoneRequest {
  readonly agent: AgentAddress;
  readonly status: DoneStatus;
  readonly reason?: string | undefined;
  /** Default: the bead of the branch, else of the hook. */
  readonly issue?: string | undefined;
  /** Branch to land on; default the bead's base. */
  readonly target?: string | undefined;
  /** Of the merge request, 0-4; default the bead's. */
  readonly priority?: number | undefined;
  readonly preVerified?: boolean | undefined;
  /** With `preVerified`: proves the head before it leaves, or refuses it. A line = why it could not be found out. */
  readonly verify?: ((work: VerifiableWork) => Promise<string | undefined>) | undefined;
  /** Recorded as a hint, never a permission. */
  readonly cleanupStatus?: string | undefined;
  /** Go on with the done that was broken off, as it was asked for then. */
  readonly resume?: boolean | undefined;
  /** GT_SPAWN of the caller; absent for a caller outside the session. */
  readonly spawn?: number | undefined;
}

/** The request as the agent's row keeps it from G1 to G4, so that somebody else can carry it on. */
const intentSchema = z.object({
  status: z.enum(DONE_STATUSES),
  reason: z.optional(z.string()),
  issue: z.string(),
  target: z.optional(z.string()),
  priority: z.optional(z.number()),
  preVerified: z.optional(z.boolean()),
  cleanupStatus: z.optional(z.string()),
  spawn: z.number(),
  /** Written before a target branch is moved (strategy direct): afterwards only the remote knows whether it was. */
  landing: z.optional(z.object({ target: z.string(), commit: z.string() })),
});
export type DoneIntent = z.infer<typeof intentSchema>;

/** `metadata` key of the agent row that holds the intent between G1 and G4. */
export const DONE_KEY = 'done';

export function parseIntent(value: unknown): DoneIntent | undefined {
  const parsed = intentSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

const INTENT = /^done-intent:/;

/** `done-intent:<type>:<unix>`: a done is under way, or was killed under way. */
export function intentLabel(status: DoneStatus, unixMs: number): string {
  return `done-intent:${status}:${Math.floor(unixMs / 1000)}`;
}

export function hasIntent(labels: readonly string[]): boolean {
  return labels.some((label) => INTENT.test(label));
}

/** `done-cp:pushed:<sha>:<unix>`: the branch was read back from the remote at this commit. */
export function pushedLabel(sha: string, unixMs: number): string {
  return `done-cp:pushed:${sha}:${Math.floor(unixMs / 1000)}`;
}

/** Labels of a done that is under way: they go when it is over. */
export function isDoneLabel(label: string): boolean {
  return INTENT.test(label) || label.startsWith('done-cp:');
}
