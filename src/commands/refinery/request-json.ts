import * as z from 'zod/mini';
import type { Anomaly, Workable } from '../../refinery/anomalies.ts';
import type { Rig } from '../../rig/registry.ts';

/** The Go gt's shape, with its field names. */
export const requestSchema = z.object({
  ID: z.string(),
  Branch: z.string(),
  Target: z.string(),
  SourceIssue: z.string(),
  Worker: z.string(),
  Rig: z.string(),
  Title: z.string(),
  Priority: z.int(),
  AgentBead: z.string(),
  RetryCount: z.int(),
  ConvoyID: z.string(),
  ConvoyCreatedAt: z.nullable(z.string()),
  CreatedAt: z.string(),
  BlockedBy: z.string(),
  PreVerified: z.boolean(),
  PreVerifiedAt: z.nullable(z.string()),
  PreVerifiedBase: z.string(),
  UpdatedAt: z.string(),
  Assignee: z.string(),
  BranchExistsLocal: z.boolean(),
  BranchExistsRemote: z.boolean(),
});

export const anomalySchema = z.object({
  id: z.string(),
  branch: z.string(),
  type: z.string(),
  assignee: z.optional(z.string()),
  /** Nanoseconds. */
  age: z.optional(z.number()),
  detail: z.string(),
});

export function requestJson({ mr, why, onRemote }: Workable, rig: Rig): z.infer<typeof requestSchema> {
  const { bead } = mr;
  return {
    ID: bead.id,
    Branch: mr.branch,
    Target: mr.target ?? rig.defaultBranch,
    SourceIssue: mr.sourceIssue ?? '',
    Worker: mr.worker ?? '',
    Rig: mr.rig ?? rig.name,
    Title: bead.title,
    Priority: bead.priority,
    AgentBead: mr.agentBead ?? '',
    RetryCount: mr.retryCount,
    ConvoyID: mr.convoyId ?? '',
    ConvoyCreatedAt: mr.convoyCreatedAt ?? null,
    CreatedAt: bead.createdAt,
    BlockedBy: why === undefined ? '' : (mr.conflictTaskId ?? why),
    PreVerified: mr.preVerified === 'true',
    PreVerifiedAt: mr.preVerifiedAt ?? null,
    PreVerifiedBase: mr.preVerifiedBase ?? '',
    UpdatedAt: bead.updatedAt,
    Assignee: bead.assignee,
    BranchExistsLocal: onRemote,
    BranchExistsRemote: onRemote,
  };
}

export function anomalyJson({ assignee, ageMs, ...rest }: Anomaly): z.infer<typeof anomalySchema> {
  return {
    ...rest,
    ...(assignee === undefined ? {} : { assignee }),
    ...(ageMs === undefined ? {} : { age: ageMs * 1e6 }),
  };
}
