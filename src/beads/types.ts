import type { BeadId } from '../core/names.ts';

/** Status of a bead; custom statuses are plain strings beside these. */
export type BeadStatus =
  'open' | 'in_progress' | 'blocked' | 'deferred' | 'closed' | 'pinned' | 'hooked' | (string & {});

/** One row of `issues` or `wisps`, parsed. Times are RFC 3339 UTC, whole seconds. Empty texts are ''. */
export interface Bead {
  readonly id: BeadId;
  readonly table: 'issues' | 'wisps';
  readonly title: string;
  readonly description: string;
  readonly design: string;
  readonly acceptanceCriteria: string;
  readonly notes: string;
  readonly status: BeadStatus;
  /** 0 (first) … 4. */
  readonly priority: number;
  readonly type: string;
  readonly assignee: string;
  readonly owner: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt: string | undefined;
  readonly closedAt: string | undefined;
  readonly closeReason: string;
  /** Session that closed it, '' when unknown. */
  readonly closedBySession: string;
  readonly estimatedMinutes: number | undefined;
  readonly externalRef: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly deferUntil: string | undefined;
  readonly dueAt: string | undefined;
  readonly ephemeral: boolean;
  readonly noHistory: boolean;
  readonly pinned: boolean;
  readonly isTemplate: boolean;
  readonly isBlocked: boolean;
  readonly wispType: string;
  readonly molType: string;
  readonly workType: string;
  readonly agentState: string;
  readonly hookBead: string;
  readonly rig: string;
  readonly roleType: string;
  readonly labels: readonly string[];
}

export interface NewBead {
  readonly title: string;
  /** Chosen id; absent = generated from prefix and content. */
  readonly id?: string;
  readonly description?: string;
  readonly design?: string;
  readonly acceptanceCriteria?: string;
  readonly notes?: string;
  readonly type?: string;
  readonly priority?: number;
  readonly status?: BeadStatus;
  readonly assignee?: string;
  readonly owner?: string;
  readonly externalRef?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly labels?: readonly string[];
  readonly parent?: string;
  readonly noInheritLabels?: boolean;
  readonly deferUntil?: string;
  readonly dueAt?: string;
  /** `wisp` = table wisps, ephemeral; `no-history` = table wisps, kept. Default `issue`. */
  readonly keep?: 'issue' | 'wisp' | 'no-history';
  readonly wispType?: string;
  readonly molType?: string;
  readonly estimatedMinutes?: number;
  readonly agentState?: string;
  readonly roleType?: string;
  readonly rig?: string;
}

/** Changes of one bead; absent = untouched. `metadata` merges key by key, `null` removes a key. */
export interface BeadPatch {
  readonly title?: string;
  readonly description?: string;
  readonly design?: string;
  readonly acceptanceCriteria?: string;
  readonly notes?: string;
  readonly type?: string;
  readonly priority?: number;
  readonly status?: BeadStatus;
  readonly assignee?: string;
  readonly externalRef?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly deferUntil?: string | null;
  readonly dueAt?: string | null;
  readonly estimatedMinutes?: number | null;
  readonly agentState?: string;
  readonly hookBead?: string;
  readonly pinned?: boolean;
}

/** What must still be true of the row for a guarded update; checked in the UPDATE's own WHERE. */
export interface BeadGuard {
  readonly status?: BeadStatus | readonly BeadStatus[];
  readonly assignee?: string;
  /** metadata key → exact text value, or null = key absent. */
  readonly metadata?: Readonly<Record<string, string | null>>;
}

export interface BeadFilter {
  readonly ids?: readonly string[];
  readonly status?: readonly BeadStatus[];
  readonly notStatus?: readonly BeadStatus[];
  readonly type?: readonly string[];
  readonly notType?: readonly string[];
  readonly assignee?: string | readonly string[];
  /** All of these. */
  readonly labels?: readonly string[];
  readonly anyLabel?: readonly string[];
  readonly notLabels?: readonly string[];
  readonly parent?: string;
  readonly priority?: number;
  readonly titleContains?: string;
  readonly descriptionContains?: string;
  readonly notesContains?: string;
  /** In id, title or description. */
  readonly textContains?: string;
  readonly createdBy?: string;
  readonly noParent?: boolean;
  readonly pinned?: boolean;
  readonly molType?: string;
  readonly wispType?: string;
  /** metadata key → exact text value. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** RFC 3339 or a date, exclusive. */
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly updatedAfter?: string;
  readonly updatedBefore?: string;
  readonly closedAfter?: string;
  readonly closedBefore?: string;
  /** Which tables; default both. */
  readonly tables?: readonly ('issues' | 'wisps')[];
  readonly includeTemplates?: boolean;
  /** Times newest first, the rest upward; default priority. */
  readonly order?:
    'priority' | 'created' | 'updated' | 'closed' | 'status' | 'id' | 'title' | 'type' | 'assignee';
  /** The other way round. */
  readonly reverse?: boolean;
  /** Absent = all rows. */
  readonly limit?: number;
}

export interface ReadyFilter {
  readonly limit?: number;
  readonly types?: readonly string[];
  readonly labels?: readonly string[];
  readonly anyLabel?: readonly string[];
  readonly assignee?: string;
  readonly unassigned?: boolean;
  readonly priority?: number;
  readonly parent?: string;
  readonly order?: 'priority' | 'hybrid' | 'oldest';
  readonly includeDeferred?: boolean;
  readonly includeEphemeral?: boolean;
}

export type EdgeType =
  | 'blocks'
  | 'conditional-blocks'
  | 'waits-for'
  | 'parent-child'
  | 'related'
  | 'discovered-from'
  | 'tracks'
  | (string & {});

/** `from` depends on `to` (parent-child points child → parent). */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly type: EdgeType;
  /** The target lives in another database (or is `external:<project>:<cap>`): never blocks. */
  readonly external: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
  /** JSON text as stored. */
  readonly metadata: string;
  /** Of an external target: the form in the row, `external:<prefix>:<id>`. */
  readonly stored?: string;
}

export interface BeadComment {
  readonly id: string;
  readonly issueId: string;
  readonly author: string;
  readonly text: string;
  readonly createdAt: string;
}

export interface BeadEvent {
  readonly id: string;
  readonly issueId: string;
  readonly type: string;
  readonly actor: string;
  readonly oldValue: string;
  readonly newValue: string;
  readonly comment: string;
  readonly createdAt: string;
}

/** Reads of one database. Every look-up covers `issues` and `wisps`. */
export interface LedgerReads {
  /** Database name (`hq` or the rig's). */
  readonly database: string;
  readonly prefix: string;
  get(id: string): Promise<Bead | undefined>;
  /** Exact id, prefix added, then unique substring of the hash. NotFoundError `bead.not-found`, UsageError `bead.ambiguous` with candidates. */
  find(text: string): Promise<Bead>;
  list(filter: BeadFilter): Promise<readonly Bead[]>;
  count(filter: BeadFilter): Promise<number>;
  ready(filter: ReadyFilter): Promise<readonly Bead[]>;
  blocked(): Promise<readonly { readonly bead: Bead; readonly blockedBy: readonly string[] }[]>;
  /** Open blocking targets of `id` (blocks, conditional-blocks; not through the parent). */
  openBlockers(id: string): Promise<readonly string[]>;
  edgesFrom(ids: readonly string[]): Promise<readonly Edge[]>;
  edgesTo(ids: readonly string[]): Promise<readonly Edge[]>;
  comments(id: string): Promise<readonly BeadComment[]>;
  /** Ids without comments are left out. */
  commentCounts(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  events(id: string): Promise<readonly BeadEvent[]>;
  config(): Promise<ReadonlyMap<string, string>>;
}

/** Writes, only inside a transaction; each also writes its event row and keeps `is_blocked` true to the rules. */
export interface LedgerTx extends LedgerReads {
  /** Plain INSERT, never an upsert. RefusedError `bead.exists`. */
  create(bead: NewBead): Promise<Bead>;
  /** NotFoundError when the row is not there; RefusedError `bead.changed` when the guard does not hold (0 rows). */
  update(id: string, patch: BeadPatch, guard?: BeadGuard): Promise<Bead>;
  /** Already closed = success. Refuses by the rules of spec 02 §4 unless `force`. */
  close(
    id: string,
    options: { readonly reason: string; readonly force?: boolean; readonly session?: string },
  ): Promise<Bead>;
  reopen(id: string, reason?: string): Promise<Bead>;
  /** Compare-and-set of spec 02 §4. RefusedError `bead.claimed` naming the holder. */
  claim(id: string, assignee: string): Promise<Bead>;
  addEdge(edge: {
    readonly from: string;
    readonly to: string;
    readonly type: EdgeType;
    readonly metadata?: string;
  }): Promise<void>;
  removeEdge(from: string, to: string): Promise<boolean>;
  addLabel(id: string, label: string): Promise<void>;
  removeLabel(id: string, label: string): Promise<void>;
  comment(id: string, text: string): Promise<BeadComment>;
  delete(id: string): Promise<void>;
  setConfig(key: string, value: string | undefined): Promise<void>;
}

/** One database of the ledger. */
export interface Ledger extends LedgerReads {
  /** Runs `work` in one transaction under the graph lock; `actor` is written into events and created_by. May run twice. */
  transaction<T>(actor: string, work: (tx: LedgerTx) => Promise<T>): Promise<T>;
  /** Recomputes is_blocked of all open rows (repairs what a foreign writer left). Returns rows changed. */
  recomputeBlocked(): Promise<number>;
}

/** All ledgers of a town; routes an id to its database by prefix, whatever the cwd (P5). */
export interface Ledgers {
  /** The ledger of one database: `hq` or a rig's. */
  open(database: string): Promise<Ledger>;
  hq(): Promise<Ledger>;
  /** The ledger that holds beads of this id's prefix. NotFoundError `bead.no-route`. */
  of(id: string): Promise<Ledger>;
  all(): Promise<readonly Ledger[]>;
}
