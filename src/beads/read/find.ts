import { UsageError } from '../../core/errors.ts';
import { beadNotFound } from '../errors.ts';
import { text, BEAD_TABLES } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { unionAll } from '../sql/union.ts';
import type { Bead } from '../types.ts';
import { selectByIds, selectBead } from './select.ts';

const SHOWN_CANDIDATES = 8;

/**
 * The bead a person means: exact id, id without its prefix, or a unique piece of the hash.
 * Throws NotFoundError `bead.not-found`, UsageError `bead.ambiguous`.
 */
export async function findBead(scope: LedgerScope, typed: string): Promise<Bead> {
  const wanted = typed.trim();
  if (wanted === '' || wanted.length > 255) throw beadNotFound(typed);
  const exact = await selectByIds(scope, [wanted, `${scope.prefix}-${wanted}`]);
  const best = exact.find((bead) => bead.id === wanted) ?? exact[0];
  if (best !== undefined) return best;
  const ids = await idsWithHashPiece(scope, wanted);
  if (ids.length > 1) throw ambiguous(typed, ids);
  const only = await selectByIds(scope, ids);
  if (only[0] === undefined) throw beadNotFound(typed);
  return only[0];
}

/** Ids whose part after the prefix contains the piece. */
async function idsWithHashPiece(scope: LedgerScope, wanted: string): Promise<readonly string[]> {
  const stem = `${scope.prefix}-`;
  const piece = wanted.startsWith(stem) ? wanted.slice(stem.length) : wanted;
  if (!/^[A-Za-z0-9_.-]+$/.test(piece)) return [];
  const sql = BEAD_TABLES.map(
    (table) => `SELECT id FROM ${table} WHERE INSTR(SUBSTR(id, INSTR(id, '-') + 1), ?) > 0`,
  );
  const order = `ORDER BY id LIMIT ${SHOWN_CANDIDATES + 2}`;
  const rows = await scope.sql.query(`${unionAll(sql)} ${order}`, [piece, piece]);
  // An id may wrongly sit in both tables.
  return [...new Set(rows.map((row) => text(row, 'id')))];
}

function ambiguous(typed: string, ids: readonly string[]): UsageError {
  const shown = ids.slice(0, SHOWN_CANDIDATES).join(', ');
  return new UsageError({
    code: 'bead.ambiguous',
    message: `ambiguous ID ${JSON.stringify(typed.slice(0, 80))} matches ${shown}${ids.length > SHOWN_CANDIDATES ? ', …' : ''}`,
    hint: 'Type more of the id',
  });
}

/** The bead of this id. Throws NotFoundError `bead.not-found`. */
export async function existing(scope: LedgerScope, id: string): Promise<Bead> {
  const bead = await selectBead(scope, id);
  if (bead === undefined) throw beadNotFound(id);
  return bead;
}
