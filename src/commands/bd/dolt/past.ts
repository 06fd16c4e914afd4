import * as z from 'zod/mini';
import { beadHistory, beadChanges, type BeadChange } from '../../../beads/read/history.ts';
import type { Bead } from '../../../beads/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { oneLine } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { onLedger } from '../handlers.ts';
import { openVersions } from './versions.ts';

/** The versions of one bead, newest first. */
export const history: CommandModule = {
  schema: z.array(
    z.object({
      CommitHash: z.string(),
      Committer: z.string(),
      CommitDate: z.string(),
      Issue: z.record(z.string(), z.unknown()),
    }),
  ),
  run: onLedger(async ({ app, input, beads, locate }) => {
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
  }),
};

const issueSchema = z.nullable(z.record(z.string(), z.unknown()));

/** What changed between two versions. */
export const diff: CommandModule = {
  schema: z.array(
    z.object({
      IssueID: z.string(),
      DiffType: z.enum(['added', 'modified', 'removed']),
      OldValue: issueSchema,
      NewValue: issueSchema,
    }),
  ),
  async run(app, input) {
    const { store, database } = await openVersions(app, input);
    const [from, to] = [input.arg('from'), input.arg('to')];
    const changes = await beadChanges(await store.open(database), from, to);
    return {
      data: changes.map(({ id, kind, before, after }) => ({
        IssueID: id,
        DiffType: kind,
        OldValue: before === undefined ? null : issueJson(before),
        NewValue: after === undefined ? null : issueJson(after),
      })),
      text: changes.length === 0 ? `No bead changed between ${from} and ${to}` : changes.map(line).join('\n'),
    };
  },
};

const MARKS = { added: '+', modified: '~', removed: '-' } as const;

function line({ id, kind, before, after }: BeadChange): string {
  const title = oneLine((after ?? before)?.title ?? '');
  const fields = before === undefined || after === undefined ? [] : changedFields(before, after);
  return `${MARKS[kind]} ${id}  ${title}${fields.length === 0 ? '' : `  (${fields.join(', ')})`}`;
}

function changedFields(before: Bead, after: Bead): readonly string[] {
  const [old, now] = [issueJson(before), issueJson(after)];
  const short = new Set(['status', 'priority', 'assignee', 'issue_type']);
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => key !== 'updated_at' && JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
  const word = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? oneLine(String(value)) : 'none';
  return changed.map((key) => (short.has(key) ? `${key}: ${word(old[key])} → ${word(now[key])}` : key));
}
