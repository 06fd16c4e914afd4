import type { SqlRow } from '../../ports/store.ts';
import { findWrongBlocked, recomputeAll } from '../blocked/recompute.ts';
import { BEAD_TABLES, TABLES, text, type BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { LedgerCheck } from './run.ts';

const COLUMN = { issues: 'depends_on_issue_id', wisps: 'depends_on_wisp_id' } as const;
const TWIN = { issues: 'wisps', wisps: 'issues' } as const;

interface BadEdge {
  /** Table of the edge. */
  readonly table: string;
  readonly rowId: string;
  readonly from: string;
  readonly to: string;
  /** Where the column says that the target is. */
  readonly named: BeadTable;
}

/** Edges whose target is not in the table that their column names; `isElsewhere`: but in the other one. */
async function badTargets(scope: LedgerScope, isElsewhere: boolean): Promise<readonly BadEdge[]> {
  const found: BadEdge[] = [];
  for (const table of BEAD_TABLES.map((name) => TABLES[name].dependencies)) {
    for (const named of BEAD_TABLES) {
      const rows = await scope.sql.query(
        `SELECT d.id, d.issue_id, d.${COLUMN[named]} AS target FROM ${table} d
          LEFT JOIN ${named} a ON a.id = d.${COLUMN[named]} LEFT JOIN ${TWIN[named]} b ON b.id = d.${COLUMN[named]}
          WHERE d.${COLUMN[named]} IS NOT NULL AND a.id IS NULL AND b.id IS ${isElsewhere ? 'NOT NULL' : 'NULL'}
          ORDER BY d.issue_id, target`,
      );
      found.push(...rows.map((row) => badEdge(table, named, row)));
    }
  }
  return found;
}

function badEdge(table: string, named: BeadTable, row: SqlRow): BadEdge {
  return { table, named, rowId: text(row, 'id'), from: text(row, 'issue_id'), to: text(row, 'target') };
}

/** Edges that leave a bead which is not there. */
async function badSources(scope: LedgerScope): Promise<readonly BadEdge[]> {
  const found: BadEdge[] = [];
  for (const table of BEAD_TABLES) {
    const edges = TABLES[table].dependencies;
    const rows = await scope.sql.query(
      `SELECT d.id, d.issue_id, COALESCE(d.depends_on_issue_id, d.depends_on_wisp_id, d.depends_on_external) AS target
        FROM ${edges} d LEFT JOIN ${table} b ON b.id = d.issue_id WHERE b.id IS NULL ORDER BY d.issue_id, target`,
    );
    found.push(...rows.map((row) => badEdge(edges, table, row)));
  }
  return found;
}

const line = ({ from, to }: BadEdge): string => `${from} -> ${to}`;

export const DANGLING_EDGES: LedgerCheck = {
  name: 'dangling-edges',
  title: 'Every dependency joins two beads that exist',
  severity: 'error',
  remedy: 'removes the dependencies that lead nowhere',
  detect: async (scope) => [...(await badSources(scope)), ...(await badTargets(scope, false))].map(line),
  async fix(scope) {
    for (const edge of [...(await badSources(scope)), ...(await badTargets(scope, false))]) {
      await scope.sql.run(`DELETE FROM ${edge.table} WHERE id = ?`, [edge.rowId]);
    }
    await recomputeAll(scope);
  },
};

export const MISPLACED_EDGES: LedgerCheck = {
  name: 'misplaced-edges',
  title: 'Every dependency names its target in the table where it is',
  severity: 'error',
  remedy: 'lets the dependencies name the table where their target is now',
  detect: async (scope) => (await badTargets(scope, true)).map(line),
  async fix(scope) {
    for (const { table, named, rowId, to } of await badTargets(scope, true)) {
      await scope.sql.run(
        `UPDATE ${table} SET ${COLUMN[named]} = NULL, ${COLUMN[TWIN[named]]} = ? WHERE id = ?`,
        [to, rowId],
      );
    }
    await recomputeAll(scope);
  },
};

export const BLOCKED_FLAGS: LedgerCheck = {
  name: 'blocked-flags',
  title: 'Every bead is marked blocked exactly when something holds it back',
  severity: 'error',
  remedy: 'computes the marks anew',
  detect: async (scope) =>
    [...(await findWrongBlocked(scope))].map(([id, isBlocked]) =>
      isBlocked ? `${id} is blocked and not marked` : `${id} is marked blocked and nothing holds it back`,
    ),
  fix: async (scope) => void (await recomputeAll(scope)),
};
