import type { SqlRow, SqlValue } from '../../ports/store.ts';
import { isJsonObject } from '../../town/json-file.ts';
import { placeholders } from '../sql/conditions.ts';
import { contentHash } from '../write/content-hash.ts';
import { writeEvent } from '../write/events.ts';
import { TABLES, text, type BeadTable } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import { checkLabel, checkShort, cleanText } from '../words/texts.ts';
import { parseTime } from '../words/times.ts';
import { ALL_FIELDS, textAt, type JsonRecord } from './fields.ts';
import { missingParts, partsOf, type ImportPlan } from './plan.ts';

/** Inserts a bead with its labels and comments; edges come later, when all their ends are there. */
export async function createRecord(scope: WriteScope, record: JsonRecord): Promise<void> {
  const table: BeadTable = record['ephemeral'] === true || record['no_history'] === true ? 'wisps' : 'issues';
  const row = rowOf(scope, record);
  const columns = Object.keys(row);
  await scope.sql.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${placeholders(columns.length)})`,
    Object.values(row),
  );
  const bead = { id: text(row, 'id'), table };
  await writeEvent(scope, bead, { type: 'created', comment: 'Imported' });
  await addLabels(scope, bead, partsOf(record, 'labels'));
  await addComments(scope, bead, partsOf(record, 'comments'));
}

/** Takes the file's fields over and adds what of its labels and comments is missing. */
export async function updateRecord(scope: WriteScope, change: ImportPlan['update'][number]): Promise<void> {
  const { stored, record, fields } = change;
  const kept = new Set(['id', 'ephemeral', 'no_history', ...leftOut(record)]);
  const row = Object.fromEntries(
    Object.entries(rowOf(scope, record)).filter(([column]) => !kept.has(column)),
  );
  const bead = { id: textAt(record, 'id'), table: stored.table };
  await scope.sql.run(
    `UPDATE ${bead.table} SET ${Object.keys(row)
      .map((column) => `${column} = ?`)
      .join(', ')} WHERE id = ?`,
    [...Object.values(row), bead.id],
  );
  await writeEvent(scope, bead, { type: 'updated', comment: `Imported: ${fields.join(', ')}` });
  await addLabels(scope, bead, missingParts(stored.record, record, 'labels'));
  await addComments(scope, bead, missingParts(stored.record, record, 'comments'));
}

/** Columns that a line without the key leaves as they are. */
function leftOut(record: JsonRecord): readonly string[] {
  return ['created_at', 'created_by'].filter((key) => record[key] === undefined);
}

function rowOf(scope: WriteScope, record: JsonRecord): SqlRow {
  const now = sqlNow(scope);
  const row = Object.fromEntries(
    ALL_FIELDS.map(({ column, key, read }): readonly [string, SqlValue] => [column, read(record[key])]),
  );
  const updated = row['updated_at'] ?? now;
  const metadata = text(row, 'metadata');
  return {
    ...row,
    content_hash: contentHash(row, metadata === '{}' ? '' : metadata),
    created_at: row['created_at'] ?? updated,
    created_by: text(row, 'created_by') || scope.actor,
    updated_at: updated,
    closed_at: row['closed_at'] ?? (row['status'] === 'closed' ? updated : null),
  };
}

type Place = { readonly id: string; readonly table: BeadTable };

async function addLabels(scope: WriteScope, bead: Place, labels: readonly unknown[]): Promise<void> {
  for (const label of new Set(labels.map((one) => checkLabel(String(one))))) {
    await scope.sql.run(`INSERT INTO ${TABLES[bead.table].labels} (issue_id, label) VALUES (?, ?)`, [
      bead.id,
      label,
    ]);
  }
}

async function addComments(scope: WriteScope, bead: Place, comments: readonly unknown[]): Promise<void> {
  for (const comment of comments) {
    if (!isJsonObject(comment)) continue;
    const id = await freeCommentId(scope, bead, comment['id']);
    const created = comment['created_at'];
    await scope.sql.run(
      `INSERT INTO ${TABLES[bead.table].comments} (id, issue_id, author, text, created_at) VALUES (?, ?, ?, ?, ?)`,
      [
        id,
        bead.id,
        checkShort('author', textAt(comment, 'author')) || scope.actor,
        cleanText(textAt(comment, 'text')),
        typeof created === 'string' ? parseTime(created) : sqlNow(scope),
      ],
    );
  }
}

/** The file's own id, so that two ledgers agree; a new one where it is none, or taken. */
async function freeCommentId(scope: WriteScope, bead: Place, id: unknown): Promise<string> {
  if (typeof id !== 'string' || id === '' || id.length > 36) return scope.uuid7();
  const taken = await scope.sql.query(`SELECT id FROM ${TABLES[bead.table].comments} WHERE id = ?`, [id]);
  return taken.length > 0 ? scope.uuid7() : id;
}
