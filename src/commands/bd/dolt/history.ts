import * as z from 'zod/mini';
import { beadHistory } from '../../../beads/read/history.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { oneLine } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.array(
  z.object({
    CommitHash: z.string(),
    Committer: z.string(),
    CommitDate: z.string(),
    Issue: z.record(z.string(), z.unknown()),
  }),
);

/** The versions of one bead, newest first. */
export const run = onLedger(async ({ app, input, beads, locate }) => {
  await beads.store.versions();
  const { bead, ledger } = await locate(input.arg('bead'));
  const limit = input.number('limit') ?? 0;
  const database = await beads.store.open(ledger.database);
  const history = await beadHistory(database, bead.id, limit === 0 ? undefined : limit);
  return {
    data: history.map(({ commit, committer, at, bead: past }) => ({
      CommitHash: commit,
      Committer: committer,
      CommitDate: at,
      Issue: issueJson(past),
    })),
    text:
      history.length === 0
        ? `No version has ${bead.id} yet. Run: bd dolt commit`
        : history
            .map(({ commit, committer, at, bead: past }) => {
              const who = past.assignee === '' ? '' : `  ${past.assignee}`;
              return `${commit.slice(0, 8)}  ${at.slice(0, 19).replace('T', ' ')}  ${oneLine(committer)}\n  ${beadLine(past, app.output, { after: `  ${past.status}${who}` })}`;
            })
            .join('\n'),
  };
});
