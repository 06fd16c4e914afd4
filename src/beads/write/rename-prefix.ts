import { parseBeadId, parsePrefix } from '../../core/names.ts';
import { existing } from '../read/find.ts';
import { selectBead } from '../read/select.ts';
import { BEAD_TABLES, TABLES, text } from '../sql/rows.ts';
import { sqlNow, type WriteScope } from '../sql/scope.ts';
import type { Bead } from '../types.ts';
import { literally } from '../words/texts.ts';
import { alreadyExists } from './allocate-id.ts';

const TEXTS = [
  'title',
  'description',
  'design',
  'acceptance_criteria',
  'notes',
  'metadata',
  'await_id',
  'hook_bead',
  'role_bead',
];

/**
 * Gives every bead of this database the prefix instead of the present one, in ids and in all that names them.
 * Labels, comments, events, counters and edges between issues follow by their foreign keys.
 * Throws RefusedError `bead.exists` when a new id is taken, UsageError for a bad prefix. @returns beads renamed
 */
export async function renamePrefix(scope: WriteScope, wanted: string): Promise<number> {
  const prefix = parsePrefix(wanted);
  const renamed = new Map<string, string>();
  for (const table of BEAD_TABLES) {
    for (const row of await scope.sql.query(`SELECT id FROM ${table}`)) {
      const id = text(row, 'id');
      if (id.startsWith(`${scope.prefix}-`))
        renamed.set(id, `${prefix}-${id.slice(scope.prefix.length + 1)}`);
    }
  }
  await refuseTaken(scope, renamed);
  for (const table of BEAD_TABLES) await renameTexts(scope, table, renamed);
  for (const [before, after] of renamed) await renameRow(scope, before, after);
  await scope.sql.run("UPDATE config SET value = ? WHERE `key` = 'issue_prefix'", [prefix]);
  await scope.sql.run('UPDATE issue_counter SET prefix = ? WHERE prefix = ?', [prefix, scope.prefix]);
  return renamed.size;
}

/** One bead. Texts that name it stay as they are. */
export async function renameBead(scope: WriteScope, before: string, wanted: string): Promise<Bead> {
  const after = parseBeadId(wanted);
  await existing(scope, before);
  if ((await selectBead(scope, after)) !== undefined) throw alreadyExists(after);
  await renameRow(scope, before, after);
  return existing(scope, after);
}

async function refuseTaken(scope: WriteScope, renamed: ReadonlyMap<string, string>): Promise<void> {
  const taken = new Set<string>();
  for (const table of BEAD_TABLES)
    for (const row of await scope.sql.query(`SELECT id FROM ${table}`)) taken.add(text(row, 'id'));
  const clash = [...renamed.values()].find((id) => taken.has(id));
  if (clash !== undefined) throw alreadyExists(clash);
}

async function renameRow(scope: WriteScope, before: string, after: string): Promise<void> {
  for (const table of BEAD_TABLES) {
    await scope.sql.run(`UPDATE ${table} SET id = ?, updated_at = ? WHERE id = ?`, [
      after,
      sqlNow(scope),
      before,
    ]);
  }
  // No foreign key leads from an issue's edges to wisps.
  await scope.sql.run(
    `UPDATE ${TABLES.issues.dependencies} SET depends_on_wisp_id = ? WHERE depends_on_wisp_id = ?`,
    [after, before],
  );
}

/** Names of renamed beads in texts; words that only look like an id stay. */
async function renameTexts(
  scope: WriteScope,
  table: 'issues' | 'wisps',
  renamed: ReadonlyMap<string, string>,
): Promise<void> {
  const word = new RegExp(String.raw`(?<![\w-])${literally(scope.prefix)}-[A-Za-z0-9][\w.-]*`, 'g');
  const swap = (value: string): string => value.replaceAll(word, (found) => swapWord(found, renamed));
  const rows = await scope.sql.query(`SELECT id, ${TEXTS.join(', ')} FROM ${table}`);
  for (const row of rows) {
    const changed = TEXTS.map(
      (column) => [column, text(row, column), swap(text(row, column))] as const,
    ).filter(([, before, after]) => before !== after);
    if (changed.length === 0) continue;
    const set = changed.map(([column]) => `${column} = ?`).join(', ');
    await scope.sql.run(`UPDATE ${table} SET ${set} WHERE id = ?`, [
      ...changed.map(([, , after]) => after),
      text(row, 'id'),
    ]);
  }
}

/** A full stop or dash after an id belongs to the sentence. */
function swapWord(found: string, renamed: ReadonlyMap<string, string>): string {
  const id = found.replace(/[.-]+$/, '');
  const after = renamed.get(id);
  return after === undefined ? found : after + found.slice(id.length);
}
