/** What hangs on beads: edges between them, comments, history. */

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

/** What a deletion removed. */
export interface Deletion {
  readonly deleted: readonly string[];
  readonly edges: number;
  readonly labels: number;
  readonly events: number;
  /** Beads in whose texts a deleted id is now marked. */
  readonly references: number;
  /** Beads that depended on a deleted one. */
  readonly orphaned: readonly string[];
}
