import { createHash } from 'node:crypto';
import type { SqlRow } from '../../ports/store.ts';
import { text } from '../sql/rows.ts';

/** Column order of the hash (spec 02 §2), up to the flags. Bonds and waiters add parts only when there are any: never at creation. */
const COLUMNS_BEFORE_FLAGS = [
  'title',
  'description',
  'design',
  'acceptance_criteria',
  'notes',
  'spec_id',
  'status',
  'priority',
  'issue_type',
  'assignee',
  'owner',
  'created_by',
  'external_ref',
  'source_system',
] as const;

const COLUMNS_AFTER_FLAGS = ['mol_type', 'work_type', 'event_kind', 'actor', 'target', 'payload'] as const;

/**
 * SHA-256 hex over the row's content, each part closed by NUL. Set at creation; other writers do not keep it,
 * so it identifies what was created and nothing more.
 * @param metadata the JSON text as the caller gave it, '' when none
 */
export function contentHash(row: SqlRow, metadata: string): string {
  const parts = [
    ...COLUMNS_BEFORE_FLAGS.map((column) => text(row, column)),
    Number(row['pinned'] ?? 0) === 0 ? '' : 'pinned',
    metadata,
    Number(row['is_template'] ?? 0) === 0 ? '' : 'template',
    text(row, 'await_type'),
    text(row, 'await_id'),
    text(row, 'timeout_ns') || '0',
    ...COLUMNS_AFTER_FLAGS.map((column) => text(row, column)),
  ];
  return createHash('sha256')
    .update(parts.map((part) => `${part}\0`).join(''), 'utf8')
    .digest('hex');
}
