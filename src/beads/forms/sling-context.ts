import * as z from 'zod/mini';
import { BugError } from '../../core/errors.ts';
import { isBeadId, parseBeadId, type BeadId } from '../../core/names.ts';
import { oneLine } from '../../core/text.ts';
import type { Bead, LedgerReads, LedgerTx } from '../types.ts';

export const SLING_CONTEXT_LABEL = 'gt:sling-context';

/** What a dispatch needs beyond the bead itself; in the queue row, and on the bead's attachment lines once slung. */
export interface SlingTerms {
  readonly args?: string | undefined;
  /** Such as `prior_branch`, `prior_failure`, `base_branch`. */
  readonly vars: Readonly<Record<string, string>>;
  readonly merge?: 'direct' | 'mr' | 'local' | undefined;
  /** Convoy id, chosen when the bead was slung. */
  readonly convoy?: string | undefined;
  readonly owned: boolean;
  readonly baseBranch?: string | undefined;
  readonly noMerge: boolean;
  readonly reviewOnly: boolean;
  /** Name of the workflow formula to follow; absent = the built-in checklist. */
  readonly formula?: string | undefined;
  /** Runtime name. */
  readonly agent?: string | undefined;
  /** Login of the runtime (`mayor/accounts.json`). */
  readonly account?: string | undefined;
  /** `ralph` = a fresh session for each step. */
  readonly mode?: 'ralph' | undefined;
  /** Worker that had the bead before: it gets it again when it is idle. */
  readonly worker?: string | undefined;
}

export const NO_TERMS: SlingTerms = { vars: {}, owned: false, noMerge: false, reviewOnly: false };

/** One queued bead: an open wisp that waits for its blockers or for a free slot (spec 11 A). */
export interface SlingContext extends SlingTerms {
  readonly bead: Bead;
  readonly workBead: BeadId;
  readonly rig: string;
  /** RFC 3339. */
  readonly enqueuedAt: string;
  readonly dispatchFailures: number;
  readonly lastFailure: string | undefined;
}

export interface NewSlingContext extends Partial<SlingTerms> {
  readonly workBead: BeadId;
  /** Title of the work bead. */
  readonly title: string;
  readonly rig: string;
  /** RFC 3339. */
  readonly enqueuedAt: string;
}

const flag = z.optional(z.nullable(z.boolean()));
const text = z.optional(z.nullable(z.string()));

/** Unknown keys stay. */
const documentSchema = z.looseObject({
  version: z.optional(z.number()),
  work_bead_id: z.string(),
  target_rig: z.string(),
  args: text,
  vars: text,
  enqueued_at: text,
  merge: text,
  convoy: text,
  base_branch: text,
  no_merge: flag,
  review_only: flag,
  agent: text,
  account: text,
  mode: text,
  formula: text,
  owned: flag,
  dispatch_failures: z.optional(z.nullable(z.number())),
  last_failure: text,
  worker: text,
});
type Document = z.infer<typeof documentSchema>;

/**
 * Puts a bead into the queue, inside the transaction that decided so. A bead is queued once: its open row, if
 * there is one, takes the new terms and keeps its place.
 */
export async function enqueueSling(tx: LedgerTx, request: NewSlingContext): Promise<SlingContext> {
  const known = await slingContextOf(tx, request.workBead);
  const document = formatDocument(request, known);
  if (known !== undefined) return parseOrFail(await tx.update(known.bead.id, { description: document }));
  const bead = await tx.create({
    title: oneLine(`sling-context: ${request.title}`, 200),
    description: document,
    type: 'task',
    keep: 'wisp',
    labels: [SLING_CONTEXT_LABEL],
    noInheritLabels: true,
  });
  await tx.addEdge({ from: bead.id, to: request.workBead, type: 'tracks' });
  return parseOrFail(bead);
}

/** Every open row that can be read, in id order; rows that make no sense are in `broken`. */
export async function openSlingContexts(reads: LedgerReads): Promise<SlingQueue> {
  const beads = await reads.list({ labels: [SLING_CONTEXT_LABEL], notStatus: ['closed'], order: 'id' });
  const parsed = beads.map((bead) => ({ bead, context: parseSlingContext(bead) }));
  return {
    contexts: parsed.map(({ context }) => context).filter((context) => context !== undefined),
    broken: parsed.filter(({ context }) => context === undefined).map(({ bead }) => bead),
  };
}

export interface SlingQueue {
  readonly contexts: readonly SlingContext[];
  readonly broken: readonly Bead[];
}

/** The open queue row of a bead. */
export async function slingContextOf(
  reads: LedgerReads,
  workBead: string,
): Promise<SlingContext | undefined> {
  return (await openSlingContexts(reads)).contexts.find((context) => context.workBead === workBead);
}

/** Closes every open row of the bead: it was dispatched, cleared or is closed itself. */
export async function closeSlingContexts(tx: LedgerTx, workBead: string, reason: string): Promise<void> {
  for (const context of (await openSlingContexts(tx)).contexts) {
    if (context.workBead === workBead) await tx.close(context.bead.id, { reason, force: true });
  }
}

/** Counts one failed dispatch and returns how many there are now. */
export async function recordDispatchFailure(
  tx: LedgerTx,
  context: SlingContext,
  why: string,
): Promise<number> {
  const bead = (await tx.get(context.bead.id)) ?? context.bead;
  const failures = (parseSlingContext(bead)?.dispatchFailures ?? 0) + 1;
  const document = { ...readDocument(bead), dispatch_failures: failures, last_failure: oneLine(why, 500) };
  await tx.update(bead.id, { description: JSON.stringify(document) });
  return failures;
}

/** The row as terms of a dispatch; undefined when its text is not ours. */
export function parseSlingContext(bead: Bead): SlingContext | undefined {
  const document = readDocument(bead);
  if (document === undefined) return undefined;
  const merge = document.merge;
  return {
    bead,
    workBead: parseBeadId(document.work_bead_id),
    rig: document.target_rig,
    enqueuedAt: document.enqueued_at ?? bead.createdAt,
    dispatchFailures: document.dispatch_failures ?? 0,
    lastFailure: document.last_failure ?? undefined,
    args: document.args ?? undefined,
    vars: parseVars(document.vars ?? ''),
    merge: merge === 'direct' || merge === 'mr' || merge === 'local' ? merge : undefined,
    convoy: document.convoy ?? undefined,
    owned: document.owned ?? false,
    baseBranch: document.base_branch ?? undefined,
    noMerge: document.no_merge ?? false,
    reviewOnly: document.review_only ?? false,
    agent: document.agent ?? undefined,
    account: document.account ?? undefined,
    mode: document.mode === 'ralph' ? 'ralph' : undefined,
    formula: document.formula ?? undefined,
    worker: document.worker ?? undefined,
  };
}

function parseOrFail(bead: Bead): SlingContext {
  const context = parseSlingContext(bead);
  if (context === undefined) {
    throw new BugError({
      code: 'bug.queue-row',
      message: `queue row ${bead.id} does not parse after writing`,
    });
  }
  return context;
}

function readDocument(bead: Bead): Document | undefined {
  try {
    const parsed = documentSchema.safeParse(JSON.parse(bead.description));
    return parsed.success && isBeadId(parsed.data.work_bead_id) ? parsed.data : undefined;
  } catch {
    // A row edited by hand: reported as broken, never dispatched from guesses.
    return undefined;
  }
}

function formatDocument(request: NewSlingContext, known: SlingContext | undefined): string {
  const terms = { ...NO_TERMS, ...request };
  return JSON.stringify({
    ...(known === undefined ? {} : readDocument(known.bead)),
    version: 1,
    work_bead_id: request.workBead,
    target_rig: request.rig,
    args: terms.args,
    vars: formatVars(terms.vars),
    enqueued_at: known?.enqueuedAt ?? request.enqueuedAt,
    merge: terms.merge,
    convoy: terms.convoy,
    base_branch: terms.baseBranch,
    no_merge: terms.noMerge,
    review_only: terms.reviewOnly,
    agent: terms.agent,
    account: terms.account,
    mode: terms.mode,
    formula: terms.formula,
    hook_raw_bead: terms.formula === undefined,
    owned: terms.owned,
    worker: terms.worker,
    dispatch_failures: known?.dispatchFailures ?? 0,
  });
}

/** `key=value` lines; a line break in a value would start a new variable, so it becomes a blank. */
export function formatVars(vars: Readonly<Record<string, string>>): string {
  return Object.entries(vars)
    .map(([key, value]) => `${key}=${value.replaceAll(/\s*\n\s*/g, ' ')}`)
    .join('\n');
}

export function parseVars(lines: string): Readonly<Record<string, string>> {
  const pairs = lines.split('\n').map((line) => /^([^=\s]+)=(.*)$/.exec(line.trim()));
  return Object.fromEntries(pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? '']])));
}
