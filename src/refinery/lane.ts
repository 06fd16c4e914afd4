import { z } from 'zod/mini';
import type { BeadId, Sha } from '../core/names.ts';
import { NO_OUTCOMES } from './batch-size.ts';

/*
 * The lane record: what one merge queue of one target branch remembers between passes, as the metadata of its
 * bead. Results of gates are not here (they are keyed by tree, see gate-results.ts); a pass can always rebuild
 * the chain from the merge requests, with the same object ids.
 */

const sha = z.pipe(
  z.string().check(z.regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)),
  z.transform((text) => text as Sha),
);
const beadId = z.pipe(
  z.string(),
  z.transform((text) => text as BeadId),
);

const linkSchema = z.object({
  mr: beadId,
  /** Pinned head of the branch. */
  head: sha,
  /** The commit that lands, on top of the link before. */
  commit: sha,
  tree: sha,
  /** Commit time, Unix seconds. */
  at: z.number(),
  /** Lands together with its neighbours of the same name. */
  group: z.optional(z.string()),
});

const redSchema = z.object({
  tree: sha,
  gate: z.string(),
  failure: z.enum(['code', 'timeout', 'dirty']),
  /** Equal = it failed in the same way. */
  fingerprint: z.string(),
  failing: z.array(z.string()),
  tail: z.array(z.string()),
  log: z.string(),
  at: z.string(),
  /** All that failed are tests in quarantine: it blames nobody by itself. */
  quarantined: z._default(z.boolean(), false),
});

const landingSchema = z.object({
  mr: beadId,
  issue: z.optional(z.string()),
  branch: z.string(),
  head: sha,
  commit: sha,
  worker: z.optional(z.string()),
  /** Only its branch is still there: the remote did not answer. */
  told: z._default(z.boolean(), false),
});

const noticeSchema = z.object({
  type: z.enum(['merge_failed', 'merge_skipped']),
  mr: beadId,
  worker: z.string(),
  branch: z.string(),
  issue: z.string(),
  reason: z.string(),
  /** Names the eviction whose attempt is still to be counted. */
  attempt: z.optional(z.string()),
});

const pausedSchema = z.object({
  cause: z.enum(['human', 'infra', 'rewritten']),
  why: z.string(),
  since: z.string(),
});

const laneSchema = z.object({
  /** ULID, another one at every write: the guard that fences late writers. */
  rev: z.string(),
  target: z.string(),
  owner: z._default(z.string(), ''),
  /** RFC 3339; another machine may take the lane afterwards. */
  lease_until: z._default(z.string(), ''),
  /** Tip of the target that the chain stands on. */
  base: z.optional(sha),
  /** What this lane last put on the target: if it is gone from there, somebody rewrote history. */
  landed: z.optional(sha),
  chain: z._default(z.array(linkSchema), []),
  /** Red runs on trees of this chain or its base. */
  reds: z._default(z.array(redSchema), []),
  /** A push that may have happened. */
  intent: z.optional(z.object({ old: sha, new: sha, count: z.number(), at: z.string() })),
  /** Landed, with clean-up still to do. */
  landing: z._default(z.array(landingSchema), []),
  /** Decided, and still to be told. */
  notices: z._default(z.array(noticeSchema), []),
  paused: z.optional(pausedSchema),
  /** The base itself fails: single changes are tried, `tried` = `<mr>@<head>` already red on it. */
  broken: z.optional(z.object({ base: sha, tried: z.array(z.string()), since: z.string() })),
  infra: z._default(z.object({ strikes: z.number(), retry_at: z.string(), why: z.string() }), {
    strikes: 0,
    retry_at: '',
    why: '',
  }),
  /** Red by quarantined tests only: not tried again with this head before then (RFC 3339). */
  benched: z._default(z.array(z.object({ mr: beadId, head: sha, until: z.string() })), []),
  /** Changes landed so far, and how many that were when each waiting one came. */
  landings: z._default(z.number(), 0),
  arrivals: z._default(z.record(z.string(), z.number()), {}),
  /** When a gate was last red and green on the same files (RFC 3339): after that it takes more to be believed. */
  flaked: z._default(z.string(), ''),
  /** Pushes lost to somebody else, in a row. */
  lost: z._default(z.number(), 0),
  /** Gate runs since the lane was made: trees on which at least one gate was executed. */
  runs: z._default(z.number(), 0),
  outcomes: z._default(z.object({ landed: z.number(), evicted: z.number() }), NO_OUTCOMES),
  /** Positions being proven now, and since when; for people. */
  proving: z.optional(z.object({ positions: z.array(z.number()), since: z.string() })),
  /** Gates as of the last pass: other gates make old reds meaningless. */
  gates: z._default(z.string(), ''),
});

export type LaneRecord = z.infer<typeof laneSchema>;
export type ChainLink = z.infer<typeof linkSchema>;
export type RedRun = z.infer<typeof redSchema>;
export type Notice = z.infer<typeof noticeSchema>;
export type LandingEntry = z.infer<typeof landingSchema>;

export const LANE_LABEL = 'gt:mq-lane';

/** The record in a lane bead's metadata, or undefined when it is not one. */
export function parseLane(metadata: Readonly<Record<string, unknown>>): LaneRecord | undefined {
  // A store may keep a removed key as null.
  const set = Object.entries(metadata).filter(([, value]) => value !== null);
  const parsed = laneSchema.safeParse(Object.fromEntries(set));
  return parsed.success ? parsed.data : undefined;
}

export function newLane(target: string, rev: string): LaneRecord {
  return laneSchema.parse({ target, rev });
}

/** The record as metadata; null removes what is no longer set, because metadata merges key by key. */
export function laneMetadata(lane: LaneRecord): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(laneSchema.shape).map((key) => [key, lane[key as keyof LaneRecord] ?? null]),
  );
}

/** True when the lane has work that does not depend on open merge requests. */
export function hasUnfinished(lane: LaneRecord): boolean {
  return lane.intent !== undefined || lane.landing.length > 0 || lane.notices.length > 0;
}
