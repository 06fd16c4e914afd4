import { z } from 'zod/mini';
import { isBeadId, type BeadId, type Sha } from '../../core/names.ts';
import { canonicalKey, parseLine } from './fields.ts';

/**
 * Where a merge request stands (spec 11 E). `chained` and later carry the assignee `<rig>/refinery`;
 * `deferred`, `blocked`, `evicted` and `missing` are still open; the last four are closed.
 */
export const MR_PHASES = [
  'queued',
  'chained',
  'proving',
  'landing',
  'deferred',
  'blocked',
  'evicted',
  'missing',
  'done',
  'rejected',
  'superseded',
  'conflict',
] as const;
export type MrPhase = (typeof MR_PHASES)[number];

const MR_CAUSES = [
  'red',
  'conflict',
  'clash',
  'collateral',
  'empty',
  'missing',
  'deferred',
  'checks',
  'review',
] as const;
type MrCause = (typeof MR_CAUSES)[number];

/** Why a merge request was not landed; kept on it as one line of JSON, replaced by the next cause. */
export interface MrEvidence {
  readonly cause: MrCause;
  /** One line for people. */
  readonly summary: string;
  /** RFC 3339. */
  readonly at: string;
  /** The gate that failed and how: `code`, `timeout` or `dirty`. */
  readonly gate?: string | undefined;
  readonly failure?: string | undefined;
  readonly failing?: readonly string[] | undefined;
  /** Trees compared: the last green one before this change, the red one with it. */
  readonly greenTree?: string | undefined;
  readonly redTree?: string | undefined;
  /** Runs that were red. */
  readonly reds?: number | undefined;
  readonly logs?: readonly string[] | undefined;
  /** Last lines of the failing gate's output. */
  readonly tail?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  /** Head of the merge request and tip of the target it was judged with. */
  readonly head?: string | undefined;
  readonly target?: string | undefined;
}

/** The `key: value` lines of a merge request's description (spec 04 A1); absent = unset. */
export interface MrFields {
  readonly branch: string;
  readonly target?: string | undefined;
  readonly sourceIssue?: BeadId | undefined;
  /** Rig name as written; absent matches every rig (rows of old towns). */
  readonly rig?: string | undefined;
  /** Head at submission: what will be landed, whatever the branch does later. */
  readonly commit?: Sha | undefined;
  readonly worker?: string | undefined;
  readonly agentBead?: string | undefined;
  readonly mergeCommit?: Sha | undefined;
  readonly closeReason?: string | undefined;
  readonly retryCount?: number | undefined;
  readonly lastConflictSha?: Sha | undefined;
  readonly conflictTaskId?: BeadId | undefined;
  readonly convoyId?: string | undefined;
  /** RFC 3339. */
  readonly convoyCreatedAt?: string | undefined;
  readonly preVerified?: string | undefined;
  readonly preVerifiedAt?: string | undefined;
  readonly preVerifiedBase?: string | undefined;
  readonly phase?: MrPhase | undefined;
  readonly lane?: string | undefined;
  /** Lands together with the others of this name, or not at all. */
  readonly group?: string | undefined;
  /** Number of its pull request, where the rig lands through a forge. */
  readonly pullRequest?: number | undefined;
  readonly evidence?: MrEvidence | undefined;
}

/** How one field is written and read: the only list of keys, so parse and write cannot drift apart. */
interface FieldRule {
  readonly key: string;
  /** Other spellings, normalized. */
  readonly aliases?: readonly string[];
  readonly read: (text: string) => unknown;
}

const GROUP = /^[\w.-]{1,60}$/;
export function isGroupName(name: string): boolean {
  return GROUP.test(name);
}

const text = (value: string) => value;
const sha = (value: string) => (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value) ? value : undefined);
const beadId = (value: string) => (isBeadId(value) ? value : undefined);
const count = (value: string) => (/^\d{1,6}$/.test(value) ? Number(value) : undefined);
const phase = (value: string) => MR_PHASES.find((known) => known === value);

/* Order matters to the Go gt: `branch` is matched as a prefix of the text, `source_issue` with its newline. */
const RULES: { readonly [Field in keyof Required<MrFields>]: FieldRule } = {
  branch: { key: 'branch', read: text },
  target: { key: 'target', read: text },
  sourceIssue: { key: 'source_issue', read: beadId },
  rig: { key: 'rig', read: text },
  commit: { key: 'commit_sha', read: sha },
  worker: { key: 'worker', read: (value) => value.replace(/^(?:[^/]+\/)?polecats\//, '') },
  agentBead: { key: 'agent_bead', read: text },
  mergeCommit: { key: 'merge_commit', read: sha },
  closeReason: { key: 'close_reason', read: text },
  retryCount: { key: 'retry_count', read: count },
  lastConflictSha: { key: 'last_conflict_sha', read: sha },
  conflictTaskId: { key: 'conflict_task_id', read: beadId },
  convoyId: { key: 'convoy_id', aliases: ['convoy'], read: text },
  convoyCreatedAt: { key: 'convoy_created_at', read: text },
  preVerified: { key: 'pre_verified', read: text },
  preVerifiedAt: { key: 'pre_verified_at', read: text },
  preVerifiedBase: { key: 'pre_verified_base', read: text },
  lane: { key: 'lane', read: text },
  group: { key: 'group', read: (value) => (isGroupName(value) ? value : undefined) },
  pullRequest: { key: 'pull_request', read: count },
  evidence: { key: 'evidence', read: parseEvidence },
  phase: { key: 'phase', read: phase },
};

type FieldName = keyof typeof RULES;

const FIELD_BY_KEY: ReadonlyMap<string, FieldName> = new Map(
  fieldNames().flatMap((name) => {
    const rule = RULES[name];
    return [rule.key, ...(rule.aliases ?? [])].map((key) => [canonicalKey(key), name] as const);
  }),
);

function fieldNames(): readonly FieldName[] {
  return Object.keys(RULES) as FieldName[];
}

function splitLine(line: string): { readonly field: FieldName; readonly value: string } | undefined {
  const parsed = parseLine(line);
  const field = FIELD_BY_KEY.get(canonicalKey(parsed?.key ?? ''));
  return field === undefined ? undefined : { field, value: parsed?.value?.trim() ?? '' };
}

/** Reads the known lines of a description. Keys ignore case, `_` and `-`; `null` and empty are unset; the first set value counts. */
export function parseMrFields(description: string): MrFields {
  const found: Record<string, unknown> = {};
  for (const line of description.split('\n')) {
    const known = splitLine(line);
    if (known === undefined || known.value === '' || known.value === 'null') continue;
    found[known.field] ??= RULES[known.field].read(known.value);
  }
  return { branch: '', ...found };
}

/**
 * The description with `patch` applied: every set field once, `branch` first, `phase` last (so `source_issue`
 * never is), then the other lines as they were. A patch value of undefined unsets the field.
 */
export function writeMrFields(description: string, patch: Partial<MrFields>): string {
  const fields: MrFields = { phase: 'queued', ...parseMrFields(description), ...patch };
  const lines = fieldNames().flatMap((name) => {
    const value = fields[name];
    return value === undefined || value === '' ? [] : [`${RULES[name].key}: ${writeValue(value)}`];
  });
  const prose = description.split('\n').filter((line) => splitLine(line) === undefined);
  while (prose[0]?.trim() === '') prose.shift();
  const tail = prose.join('\n').trimEnd();
  return tail === '' ? lines.join('\n') : `${lines.join('\n')}\n\n${tail}`;
}

function writeValue(value: NonNullable<MrFields[FieldName]>): string {
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value).replaceAll(/\s+/g, ' ').trim();
}

const evidenceSchema = z.object({
  cause: z.enum(MR_CAUSES),
  summary: z.string(),
  at: z.string(),
  gate: z.optional(z.string()),
  failure: z.optional(z.string()),
  failing: z.optional(z.array(z.string())),
  greenTree: z.optional(z.string()),
  redTree: z.optional(z.string()),
  reds: z.optional(z.number()),
  logs: z.optional(z.array(z.string())),
  tail: z.optional(z.array(z.string())),
  paths: z.optional(z.array(z.string())),
  head: z.optional(z.string()),
  target: z.optional(z.string()),
});

function parseEvidence(value: string): MrEvidence | undefined {
  try {
    const parsed = evidenceSchema.safeParse(JSON.parse(value));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Somebody's own prose on an `evidence:` line: not ours, and no reason to fail the whole queue.
    return undefined;
  }
}
