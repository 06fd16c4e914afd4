import { deleteEdge, insertEdge } from '../edges/write.ts';
import { existing } from '../read/find.ts';
import { createReads } from '../read/reads.ts';
import type { WriteScope } from '../sql/scope.ts';
import type { LedgerTx } from '../types.ts';
import { changeTable } from './change-table.ts';
import { claimBead } from './claim.ts';
import { closeBead, reopenBead } from './close.ts';
import { addComment } from './comments.ts';
import { writeConfig } from './config.ts';
import { createGraph } from './create-graph.ts';
import { createBead } from './create.ts';
import { deleteBeads } from './delete.ts';
import { addLabel, removeLabel } from './labels.ts';
import { renameBead, renamePrefix } from './rename-prefix.ts';
import { updateBead } from './update.ts';

/** What a transaction can do; each write looks its bead up first, so a wrong id is an error and never 0 rows. */
export function createTransaction(scope: WriteScope): LedgerTx {
  return {
    ...createReads(scope),
    create: (bead) => createBead(scope, bead),
    createGraph: (graph) => createGraph(scope, graph),
    update: (id, patch, guard) => updateBead(scope, id, patch, guard),
    close: (id, options) => closeBead(scope, id, options),
    reopen: (id, reason) => reopenBead(scope, id, reason),
    claim: (id, assignee) => claimBead(scope, id, assignee),
    addEdge: async (edge) => {
      await insertEdge(scope, { ...edge, from: await existing(scope, edge.from) });
    },
    removeEdge: async (from, to) => deleteEdge(scope, await existing(scope, from), to),
    addLabel: async (id, label) => addLabel(scope, await existing(scope, id), label),
    removeLabel: async (id, label) => removeLabel(scope, await existing(scope, id), label),
    comment: async (id, text) => addComment(scope, await existing(scope, id), text),
    delete: (...ids) => deleteBeads(scope, ids),
    move: async (id, keep) => changeTable(scope, await existing(scope, id), keep),
    rename: (id, to) => renameBead(scope, id, to),
    renamePrefix: (prefix) => renamePrefix(scope, prefix),
    setConfig: (key, value) => writeConfig(scope, key, value),
  };
}
