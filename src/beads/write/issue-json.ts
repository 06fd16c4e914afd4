import type { Bead } from '../types.ts';

/**
 * A bead as `bd --json` and the event log write it: snake_case, keys in bd's order, empty optional ones left out.
 */
export function issueJson(bead: Bead): Record<string, unknown> {
  return withoutEmpty({
    id: bead.id,
    title: bead.title,
    description: bead.description,
    design: bead.design,
    acceptance_criteria: bead.acceptanceCriteria,
    notes: bead.notes,
    status: bead.status,
    priority: bead.priority,
    issue_type: bead.type,
    assignee: bead.assignee,
    owner: bead.owner,
    estimated_minutes: bead.estimatedMinutes,
    created_at: bead.createdAt,
    created_by: bead.createdBy,
    updated_at: bead.updatedAt,
    started_at: bead.startedAt,
    closed_at: bead.closedAt,
    close_reason: bead.closeReason,
    closed_by_session: bead.closedBySession,
    due_at: bead.dueAt,
    defer_until: bead.deferUntil,
    external_ref: bead.externalRef,
    metadata: Object.keys(bead.metadata).length === 0 ? undefined : bead.metadata,
    labels: bead.labels.length === 0 ? undefined : bead.labels,
    ephemeral: bead.ephemeral,
    no_history: bead.noHistory,
    wisp_type: bead.wispType,
    pinned: bead.pinned,
    is_template: bead.isTemplate,
    await_type: bead.awaitType,
    await_id: bead.awaitId,
    timeout: bead.timeoutMs === 0 ? undefined : bead.timeoutMs * 1_000_000,
    waiters: bead.waiters.length === 0 ? undefined : bead.waiters,
    hook_bead: bead.hookBead,
    role_bead: bead.roleBead,
    agent_state: bead.agentState,
    role_type: bead.roleType,
    rig: bead.rig,
    mol_type: bead.molType,
    work_type: bead.workType,
  });
}

/** Drops '', false and undefined; 0 stays, because priority 0 is the first. */
function withoutEmpty(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== false),
  );
}
