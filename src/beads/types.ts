import type { BeadId } from '../core/names.ts';
import type { EpicProgress } from './read/epics.ts';
import type { QueryNode } from './query/node.ts';
import type { Statistics } from './read/statistics.ts';
import type { Surroundings } from './read/surroundings.ts';
import type { BeadComment, BeadEvent, Deletion, Edge, EdgeType } from './record-types.ts';

export type { BeadComment, BeadEvent, Deletion, Edge, EdgeType } from './record-types.ts';

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
  readonly roleBead: string;
  readonly rig: string;
  readonly roleType: string;
  /** Gates: `human`, `timer`, `gh:run`, `gh:pr`, `bead`, `mail`; '' on other beads. */
  readonly awaitType: string;
  /** What a gate waits for: a run, a pull request, a bead. */
  readonly awaitId: string;
  /** How long a timer gate stays shut, milliseconds; 0 = not set. */
  readonly timeoutMs: number;
  /** Who is told when a gate opens. */
  readonly waiters: readonly string[];
  readonly labels: readonly string[];
}

export interface NewBead {
  readonly title: string;
  /** Chosen id; absent = generated from prefix and content. */
  readonly id?: string;
  /** The chosen id may have the prefix of another database. */
  readonly foreignPrefix?: boolean;
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
  readonly awaitType?: string;
  readonly awaitId?: string;
  readonly timeoutMs?: number;
  readonly isTemplate?: boolean;
}

/** Beads with ids of their own and the edges between them, written together. */
export interface NewGraph {
  readonly beads: readonly (NewBead & { readonly id: string })[];
  readonly edges: readonly Pick<Edge, 'from' | 'to' | 'type' | 'metadata'>[];
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
  readonly roleBead?: string;
  readonly awaitId?: string;
  readonly waiters?: readonly string[];
  readonly lastActivity?: string;
  /** Session that closes it; only counts with status closed. */
  readonly closedBySession?: string;
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
  /** Children of this one, or of one of these. */
  readonly parent?: string | readonly string[];
  readonly priority?: number;
  readonly titleContains?: string;
  readonly descriptionContains?: string;
  readonly notesContains?: string;
  /** In id, title or description. */
  readonly textContains?: string;
  readonly createdBy?: string;
  readonly noParent?: boolean;
  readonly pinned?: boolean;
  readonly blocked?: boolean;
  readonly molType?: string;
  readonly wispType?: string;
  /** metadata key → exact text value. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** A parsed query that must hold as well. */
  readonly query?: QueryNode;
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

export type CountGroup = 'status' | 'priority' | 'type' | 'assignee' | 'label';

/** What picks beads, whatever their order. */
export type BeadChoice = Omit<BeadFilter, 'order' | 'reverse'>;

export interface ReadyFilter extends BeadChoice {
  /** Below this bead: its children, their children, and so on. */
  readonly below?: string;
  readonly order?: 'priority' | 'hybrid' | 'oldest';
  readonly includeDeferred?: boolean;
  readonly includeEphemeral?: boolean;
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
  /** Several lists in the same two queries, all in priority order and without their limits. */
  lists(filters: readonly BeadFilter[]): Promise<readonly (readonly Bead[])[]>;
  count(filter: BeadFilter): Promise<number>;
  /** '' = unassigned, without labels; a bead counts once per label. */
  countBy(filter: BeadFilter, by: CountGroup): Promise<ReadonlyMap<string, number>>;
  /** Of all issues, or of one assignee's. */
  statistics(assignee?: string): Promise<Statistics>;
  ready(filter: ReadyFilter): Promise<readonly Bead[]>;
  /** Open epics with their children counted. */
  epics(): Promise<readonly EpicProgress[]>;
  /** All, or those below a bead. */
  blocked(
    parent?: string,
  ): Promise<readonly { readonly bead: Bead; readonly blockedBy: readonly string[] }[]>;
  /** Open blocking targets of `id` (blocks, conditional-blocks; not through the parent). */
  openBlockers(id: string): Promise<readonly string[]>;
  edgesFrom(ids: readonly string[]): Promise<readonly Edge[]>;
  edgesTo(ids: readonly string[]): Promise<readonly Edge[]>;
  comments(id: string): Promise<readonly BeadComment[]>;
  /** What lists show beside these beads, in one query for all. */
  surroundings(beads: readonly Pick<Bead, 'id' | 'table'>[]): Promise<(id: string) => Surroundings>;
  /** Of one bead, or of several together, oldest first. */
  events(...ids: readonly string[]): Promise<readonly BeadEvent[]>;
  config(): Promise<ReadonlyMap<string, string>>;
}

/** Writes, only inside a transaction; each also writes its event row and keeps `is_blocked` true to the rules. */
export interface LedgerTx extends LedgerReads {
  /** Plain INSERT, never an upsert. RefusedError `bead.exists`. */
  create(bead: NewBead): Promise<Bead>;
  /**
   * All beads of a graph that is known to be sound (no cycles, free ids); parents are edges here. Costs a few
   * statements per bead and one recompute.
   */
  createGraph(graph: NewGraph): Promise<void>;
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
  /** Removes beads and every edge that names them. NotFoundError when one is not there. */
  delete(...ids: readonly string[]): Promise<Deletion>;
  /** Moves a bead between the tables; id, labels, edges, comments and events go with it. */
  move(id: string, keep: NonNullable<NewBead['keep']>): Promise<Bead>;
  /** Gives a bead another id; labels, comments, events and edges go with it, texts that name it stay. RefusedError `bead.exists`. */
  rename(id: string, to: string): Promise<Bead>;
  /** Gives all beads of this database another prefix, in ids and texts. Returns how many. */
  renamePrefix(prefix: string): Promise<number>;
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
  /** Every database that a route leads to; fails when one of them does not open. */
  all(): Promise<readonly Ledger[]>;
  /** For each of them in turn, also when it failed for one before; throws the first failure in the end. */
  inEach(work: (ledger: Ledger) => Promise<unknown>): Promise<void>;
}
