import { UsageError } from '../../core/errors.ts';
import { TABLES } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import type { Bead, BeadComment } from '../types.ts';
import { cleanText } from '../words/texts.ts';
import { toRfc3339 } from '../words/times.ts';
import { writeEvent } from './events.ts';

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
