import type { Rows } from './judge-rows.ts';
import type { Story } from './story.ts';

/** Everything that became of a merge request is told at least once, and without a crash exactly once. */
export async function judgeNotices(story: Story, rows: Rows): Promise<void> {
  const { town, calm, wrong } = story;
  const text = (await town.files.readText(town.ctx.paths.eventsFile)) ?? '';
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; payload: Readonly<Record<string, string>> });
  for (const [id, row] of rows.requests) {
    const of = (type: string): number =>
      events.filter(
        ({ type: own, payload }) => own === type && payload['mr'] === id && payload['reason'] !== 'no',
      ).length;
    const landed = of('merged');
    if (row.closeReason === 'merged' && landed === 0) wrong.push(`8: nobody heard that ${id} landed`);
    const commits = events.filter(({ type, payload }) => type === 'merged' && payload['mr'] === id);
    if (calm && new Set(commits.map(({ payload }) => payload['commit'])).size < landed) {
      wrong.push(`8: ${landed} notices that ${id} landed`);
    }
    const comments = await town.ledger.comments(row.sourceIssue ?? '');
    const sentBack = comments.filter((comment) =>
      comment.text.includes(`Sent back by the merge queue (${id})`),
    ).length;
    const conflicts = events.filter(
      ({ payload }) => payload['mr'] === id && payload['reason'] === 'conflict',
    ).length;
    const told = of('merge_failed') - conflicts;
    if (told < sentBack) wrong.push(`8: ${id} was sent back ${sentBack} times, told ${told} times`);
    if (calm && told > sentBack) wrong.push(`8: ${id} was sent back ${sentBack} times, told ${told} times`);
  }
}
