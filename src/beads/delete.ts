import { recomputeAround } from './blocked-recompute.ts';
import { READINESS_EDGES, readEdgesFrom, readEdgesTo } from './blocked-facts.ts';
import { BEAD_TABLES, TABLES } from './rows.ts';
import type { WriteScope } from './scope.ts';
import type { Bead } from './types.ts';

/**
 * Removes a bead with its labels, comments, events and edges (foreign keys cascade), and frees who it blocked.
 * The edges that name a wisp have no foreign key: they are removed here.
 */
export async function deleteBead(scope: WriteScope, bead: Bead): Promise<void> {
  const arriving = await readEdgesTo(scope, [bead.id], READINESS_EDGES);
  const parents = await readEdgesFrom(scope, [bead.id], ['parent-child']);
  for (const table of BEAD_TABLES) {
    await scope.sql.run(
      `DELETE FROM ${TABLES[table].dependencies} WHERE depends_on_issue_id = ? OR depends_on_wisp_id = ?`,
      [bead.id, bead.id],
    );
  }
  await scope.sql.run(`DELETE FROM ${bead.table} WHERE id = ?`, [bead.id]);
  await recomputeAround(scope, {
    beads: arriving.map((edge) => edge.from),
    spawners: parents.map((edge) => edge.to),
  });
}
