import { issueJson } from '../../beads/write/issue-json.ts';
import type { Bead, BeadComment, Edge, LedgerReads } from '../../beads/types.ts';

type Json = Record<string, unknown>;

/** An edge as bd prints it; `depends_on_id` is the stored form, `external:` included. */
export function edgeJson(edge: Edge): Json {
  return {
    issue_id: edge.from,
    depends_on_id: edge.stored ?? edge.to,
    type: edge.type,
    created_at: edge.createdAt,
    created_by: edge.createdBy,
    metadata: edge.metadata,
  };
}

export function commentJson(comment: BeadComment): Json {
  return {
    id: comment.id,
    issue_id: comment.issueId,
    author: comment.author,
    text: comment.text,
    created_at: comment.createdAt,
  };
}

/** What lists show beside the bead itself. */
export interface ListedBead {
  readonly bead: Bead;
  readonly edges: readonly Edge[];
  /** `blocks` edges only, as bd counts in lists. */
  readonly dependencies: number;
  readonly dependents: number;
  readonly comments: number;
  readonly parent: string | undefined;
}

/** One query, however many beads there are. */
export async function readListed(reads: LedgerReads, beads: readonly Bead[]): Promise<readonly ListedBead[]> {
  const around = await reads.surroundings(beads);
  return beads.map((bead) => {
    const { edges, dependents, comments } = around(bead.id);
    return {
      bead,
      edges,
      dependencies: edges.filter((edge) => edge.type === 'blocks').length,
      dependents,
      comments,
      parent: parentOf(edges),
    };
  });
}

/** The parent of each bead that has one. */
export async function parentsOf(
  reads: LedgerReads,
  beads: readonly Bead[],
): Promise<ReadonlyMap<string, string>> {
  const edges = await reads.edgesFrom(beads.map((bead) => bead.id));
  const up = edges.filter((edge) => edge.type === 'parent-child');
  return new Map(up.map((edge) => [edge.from, edge.to]));
}

export function parentOf(edges: readonly Edge[]): string | undefined {
  return edges.find((edge) => edge.type === 'parent-child')?.to;
}

export function listedJson(listed: ListedBead): Json {
  return {
    ...issueJson(listed.bead),
    ...(listed.edges.length === 0 ? {} : { dependencies: listed.edges.map(edgeJson) }),
    ...countsJson(listed),
    ...(listed.parent === undefined ? {} : { parent: listed.parent }),
  };
}

/** The same without edges and parent: what a search prints. */
export function foundJson(listed: ListedBead): Json {
  return { ...issueJson(listed.bead), ...countsJson(listed) };
}

function countsJson(listed: ListedBead): Json {
  return {
    dependency_count: listed.dependencies,
    dependent_count: listed.dependents,
    comment_count: listed.comments,
  };
}

/** A bead at the end of an edge. */
export function linkedJson(bead: Bead, type: string): Json {
  return { ...issueJson(bead), dependency_type: type };
}
