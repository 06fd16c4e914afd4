import { UsageError } from '../../core/errors.ts';
import { writeEvent } from './events.ts';
import { BEAD_TABLES, TABLES, text, time } from '../sql/rows.ts';
import { sqlNow, type LedgerScope, type WriteScope } from '../sql/scope.ts';
import { cleanText } from '../words/texts.ts';
import { toRfc3339 } from '../words/times.ts';
import type { Bead, BeadComment } from '../types.ts';
import { unionAll } from '../sql/union.ts';

/** Comments of one bead, oldest first. */
export async function commentsOf(scope: LedgerScope, id: string): Promise<readonly BeadComment[]> {
  const sql = BEAD_TABLES.map(
    (table) =>
      `SELECT id, issue_id, author, text, created_at FROM ${TABLES[table].comments} WHERE issue_id = ?`,
  );
  const rows = await scope.sql.query(`${unionAll(sql)} ORDER BY created_at, id`, [id, id]);
  return rows.map((row) => ({
    id: text(row, 'id'),
    issueId: text(row, 'issue_id'),
    author: text(row, 'author'),
    text: text(row, 'text'),
    createdAt: time(row, 'created_at') ?? '',
  }));
}

/** Adds a comment by the scope's actor. Throws UsageError `bead.empty-comment`. */
export async function addComment(scope: WriteScope, bead: Bead, raw: string): Promise<BeadComment> {
  const content = cleanText(raw);
  if (content.trim() === '') {
    throw new UsageError({
      code: 'bead.empty-comment',
      message: 'a comment needs text',
      hint: 'Run: bd comment <id> "<text>"',
    });
  }
  const now = sqlNow(scope);
  const id = scope.uuid7();
  await scope.sql.run(
    `INSERT INTO ${TABLES[bead.table].comments} (id, issue_id, author, text, created_at) VALUES (?, ?, ?, ?, ?)`,
    [id, bead.id, scope.actor, content, now],
  );
  await writeEvent(scope, bead, { type: 'commented', comment: content });
  return { id, issueId: bead.id, author: scope.actor, text: content, createdAt: toRfc3339(now) };
}
