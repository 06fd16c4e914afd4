import { UsageError } from '../../core/errors.ts';
import type { SqlRow } from '../../ports/store.ts';
import { parseBead, type BeadTable } from '../sql/rows.ts';
import type { NewBead, Bead } from '../types.ts';
import { checkMetadataKey, checkShort, checkTitle, cleanText } from '../words/texts.ts';
import { parseTime, toSqlTime } from '../words/times.ts';
import { contentHash } from './content-hash.ts';

/** What the database decided about a new bead before its row can be made. */
export interface RowFacts {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly actor: string;
  /** Column form. */
  readonly now: string;
}

/** The table a new bead goes to; afterwards only the place of its row counts. */
export function tableOf(bead: NewBead): BeadTable {
  return bead.keep === undefined || bead.keep === 'issue' ? 'issues' : 'wisps';
}

/**
 * All columns of a new bead. `work_type` is written as '' on purpose: the column's default would change the
 * content hash. Throws UsageError.
 */
export function newRow(bead: NewBead, facts: RowFacts): SqlRow {
  const row: SqlRow = {
    id: facts.id,
    ...contentColumns(bead),
    status: facts.status,
    priority: checkPriority(bead.priority ?? 2),
    issue_type: facts.type,
    assignee: checkShort('assignee', bead.assignee ?? '') || null,
    owner: checkShort('owner', bead.owner ?? ''),
    created_by: facts.actor,
    created_at: facts.now,
    updated_at: facts.now,
    ...lifeColumns(bead, facts),
    ...kindColumns(bead),
  };
  return { ...row, content_hash: contentHash(row, bead.metadata === undefined ? '' : metadataText(bead)) };
}

function contentColumns(bead: NewBead): SqlRow {
  return {
    title: checkTitle(bead.title),
    description: cleanText(bead.description ?? ''),
    design: cleanText(bead.design ?? ''),
    acceptance_criteria: cleanText(bead.acceptanceCriteria ?? ''),
    notes: cleanText(bead.notes ?? ''),
    external_ref: checkShort('external ref', bead.externalRef ?? '') || null,
    spec_id: '',
    metadata: metadataText(bead),
    estimated_minutes: bead.estimatedMinutes ?? null,
  };
}

function lifeColumns(bead: NewBead, facts: RowFacts): SqlRow {
  return {
    started_at: facts.status === 'in_progress' ? facts.now : null,
    closed_at: facts.status === 'closed' ? facts.now : null,
    defer_until: bead.deferUntil === undefined ? null : parseTime(bead.deferUntil),
    due_at: bead.dueAt === undefined ? null : parseTime(bead.dueAt),
  };
}

function kindColumns(bead: NewBead): SqlRow {
  return {
    ephemeral: bead.keep === 'wisp' ? 1 : 0,
    no_history: bead.keep === 'no-history' ? 1 : 0,
    wisp_type: checkShort('wisp type', bead.wispType ?? ''),
    mol_type: checkShort('molecule type', bead.molType ?? ''),
    work_type: '',
    agent_state: checkShort('agent state', bead.agentState ?? ''),
    role_type: checkShort('role type', bead.roleType ?? ''),
    rig: checkShort('rig', bead.rig ?? ''),
    ...gateColumns(bead),
    is_template: bead.isTemplate === true ? 1 : 0,
    is_blocked: 0,
  };
}

function gateColumns(bead: NewBead): SqlRow {
  return {
    await_type: checkShort('gate type', bead.awaitType ?? ''),
    await_id: checkShort('gate target', bead.awaitId ?? ''),
    // As text: more nanoseconds than a number holds exactly are 104 days.
    timeout_ns: String(BigInt(bead.timeoutMs ?? 0) * 1_000_000n),
    waiters: '',
  };
}

function metadataText(bead: NewBead): string {
  const metadata = bead.metadata ?? {};
  for (const key of Object.keys(metadata)) checkMetadataKey(key);
  return JSON.stringify(metadata);
}

/** Throws UsageError `bead.bad-priority`. */
export function checkPriority(priority: number): number {
  if (Number.isInteger(priority) && priority >= 0 && priority <= 4) return priority;
  throw new UsageError({ code: 'bead.bad-priority', message: `priority ${priority} is not one of 0-4` });
}

/** A bead as it will read once it is there: new work is judged before there is a row of it. @param now Unix ms */
export function draftBead(
  bead: NewBead & { readonly id: string },
  { actor, now }: { readonly actor: string; readonly now: number },
): Bead {
  const { id, type = 'task', status = 'open', labels = [] } = bead;
  const row = newRow(bead, { id, type, status, actor, now: toSqlTime(now) });
  return parseBead({ ...row, bead_table: tableOf(bead) }, labels);
}
