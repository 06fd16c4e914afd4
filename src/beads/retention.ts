import { parseFields } from './forms/fields.ts';
import { BUILTIN_TYPES } from './words/kinds.ts';
import type { Bead, Deletion, Ledger, LedgerReads, LedgerTx } from './types.ts';

const HOUR_MS = 3_600_000;

/** How long a closed wisp of each class is kept, milliseconds (spec 02 §3). */
const CLASS_MS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    heartbeat: 6 * HOUR_MS,
    ping: 6 * HOUR_MS,
    patrol: 24 * HOUR_MS,
    gc_report: 24 * HOUR_MS,
    recovery: 168 * HOUR_MS,
    error: 168 * HOUR_MS,
    escalation: 168 * HOUR_MS,
  }),
);
const NO_CLASS_MS = 24 * HOUR_MS;

/** Wisps of the town's work; every other `gt:` label marks something that lives on (agents, lanes, standing orders ...). */
const PASSING_LABELS: ReadonlySet<string> = new Set([
  'gt:task',
  'gt:bug',
  'gt:epic',
  'gt:molecule',
  'gt:wisp',
  'gt:sling-context',
]);
const INFRA_TYPES = ['agent', 'rig', 'role', 'message'];

export interface RetentionRules {
  /** Closed at least this long ago, milliseconds; absent = by class. */
  readonly closedForMs?: number;
  /** Types left alone besides the protected ones. */
  readonly notTypes?: readonly string[];
  /** Only these are looked at. */
  readonly only?: (bead: Bead) => boolean;
}

/** A row that names a wisp. */
export interface WispReference {
  readonly from: string;
  readonly to: string;
}

export interface RetentionFacts {
  /** Rows of table `wisps`. */
  readonly wisps: readonly Bead[];
  readonly references: readonly WispReference[];
  /** Wisps that are somebody's hook or attached work, and steps of a parent that is not closed. */
  readonly held: ReadonlySet<string>;
  readonly infraTypes: ReadonlySet<string>;
  /** Unix milliseconds. */
  readonly now: number;
}

export type KeptWhy =
  'open' | 'kept for good' | 'protected' | 'recent' | 'held' | 'referenced' | 'not asked for';

export interface RetentionPlan {
  readonly remove: readonly Bead[];
  readonly kept: readonly { readonly bead: Bead; readonly why: KeptWhy }[];
}

/**
 * Which wisps may go: an allow list, so what the rules do not know stays (P23). A wisp that a staying row names
 * stays too, and so does what only that one names.
 */
export function planRetention(facts: RetentionFacts, rules: RetentionRules = {}): RetentionPlan {
  const kept = new Map<string, KeptWhy>();
  for (const bead of facts.wisps) {
    const why = whyKept(bead, facts, rules);
    if (why !== undefined) kept.set(bead.id, why);
  }
  const going = new Set<string>(facts.wisps.map((bead) => bead.id).filter((id) => !kept.has(id)));
  const named = Map.groupBy(facts.references, (reference) => reference.from);
  const staying = [...named.keys()].filter((id) => !going.has(id));
  for (let from = staying.pop(); from !== undefined; from = staying.pop()) {
    for (const { to } of named.get(from) ?? []) {
      if (!going.delete(to)) continue;
      kept.set(to, 'referenced');
      staying.push(to);
    }
  }
  return {
    remove: facts.wisps.filter((bead) => going.has(bead.id)),
    kept: facts.wisps.flatMap((bead) => {
      const why = kept.get(bead.id);
      return why === undefined ? [] : [{ bead, why }];
    }),
  };
}

function whyKept(bead: Bead, facts: RetentionFacts, rules: RetentionRules): KeptWhy | undefined {
  if (bead.status !== 'closed' || bead.closedAt === undefined) return 'open';
  if (bead.table !== 'wisps' || !bead.ephemeral || bead.noHistory) return 'kept for good';
  if (isProtected(bead, facts.infraTypes) || rules.notTypes?.includes(bead.type) === true) return 'protected';
  if (rules.only?.(bead) === false) return 'not asked for';
  if (facts.held.has(bead.id)) return 'held';
  const ageMs = facts.now - Date.parse(bead.closedAt);
  return ageMs < (rules.closedForMs ?? CLASS_MS.get(bead.wispType) ?? NO_CLASS_MS) ? 'recent' : undefined;
}

function isProtected(bead: Bead, infraTypes: ReadonlySet<string>): boolean {
  return (
    bead.pinned ||
    bead.isTemplate ||
    !BUILTIN_TYPES.has(bead.type) ||
    infraTypes.has(bead.type) ||
    bead.labels.some((label) => label.startsWith('gt:') && !PASSING_LABELS.has(label))
  );
}

export interface RetentionRequest {
  readonly ledger: LedgerReads;
  /** Other databases whose rows may name a wisp of this one. */
  readonly others?: readonly LedgerReads[];
  readonly now: number;
}

/** What `planRetention` decides from; a handful of queries per 500 closed wisps. */
export async function readRetentionFacts({
  ledger,
  others = [],
  now,
}: RetentionRequest): Promise<RetentionFacts> {
  const wisps = await ledger.list({ tables: ['wisps'], status: ['closed'], includeTemplates: true });
  const ids = wisps.map((bead) => bead.id);
  const references: WispReference[] = [];
  const held = new Set<string>();
  for (const reads of [ledger, ...others.filter(({ database }) => database !== ledger.database)]) {
    references.push(...(await reads.edgesTo(ids)));
    for (const id of await holdings(reads)) held.add(id);
  }
  for (const id of await stepsOfOpenParents(ledger, ids)) held.add(id);
  const configured = (await ledger.config()).get('types.infra') ?? '';
  const infraTypes = new Set([...INFRA_TYPES, ...configured.split(',').map((type) => type.trim())]);
  return { wisps, references, held, infraTypes, now };
}

/** Ids on hooks of agents, and attached to beads that are not closed. */
async function holdings(reads: LedgerReads): Promise<readonly string[]> {
  const agents = await reads.list({ anyLabel: ['gt:agent'] });
  const attached = await reads.list({ notStatus: ['closed'], descriptionContains: 'attached' });
  return [
    ...agents.map((bead) => bead.hookBead),
    ...[...agents, ...attached].flatMap(({ description }) => {
      const fields = parseFields(description);
      return [fields.get('attached_molecule') ?? '', fields.get('hook_bead') ?? ''];
    }),
  ].filter((id) => id !== '');
}

async function stepsOfOpenParents(ledger: LedgerReads, ids: readonly string[]): Promise<readonly string[]> {
  const edges = (await ledger.edgesFrom(ids)).filter((edge) => edge.type === 'parent-child');
  if (edges.length === 0) return [];
  const parents = await ledger.list({
    ids: [...new Set(edges.map((edge) => edge.to))],
    notStatus: ['closed'],
    includeTemplates: true,
  });
  const open = new Set<string>(parents.map((bead) => bead.id));
  return edges.filter((edge) => open.has(edge.to)).map((edge) => edge.from);
}

/** What was deleted, beside the plan; undefined when there was nothing to delete. */
export interface Retained extends RetentionPlan {
  readonly deletion: Deletion | undefined;
}

/** Reads, plans and deletes in one transaction, so nothing can take a wisp up in between. */
export function runRetention(
  ledger: Ledger,
  actor: string,
  request: RetentionRules & Omit<RetentionRequest, 'ledger'>,
): Promise<Retained> {
  return ledger.transaction(actor, (tx) => retain(tx, request));
}

/** The same inside a transaction that is there. */
export async function retain(
  tx: LedgerTx,
  request: RetentionRules & Omit<RetentionRequest, 'ledger'>,
): Promise<Retained> {
  const plan = planRetention(await readRetentionFacts({ ...request, ledger: tx }), request);
  if (plan.remove.length === 0) return { ...plan, deletion: undefined };
  return { ...plan, deletion: await tx.delete(...plan.remove.map((bead) => bead.id)) };
}
