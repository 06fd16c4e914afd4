import type { MergeTown, Submitted } from './merge-town.ts';

/**
 * What must hold after every pass, kill and recovery (P8): nothing landed twice, nothing is called merged that is
 * not on the remote, no landed work is open, nothing disappeared. Returns what is wrong, nothing when all is well.
 * A merge request that got a new head while its old one was pushed may land once with each.
 */
export async function auditQueue(town: MergeTown, all: readonly Submitted[]): Promise<readonly string[]> {
  const messages = await town.origin.messages('main');
  const wrong: string[] = [];
  for (const work of all) {
    const heads = headsLanded(messages, work.mr);
    const mr = await town.mr(work.mr);
    const issue = await town.bead(work.issue);
    const merged = mr.bead.status === 'closed' && mr.closeReason === 'merged';
    const landed = heads.some((head) => head === mr.commit);
    if (new Set(heads).size < heads.length) wrong.push(`${work.mr} landed twice: ${heads.join(' ')}`);
    if (merged !== landed) wrong.push(`${work.mr}: merged ${merged}, landed ${landed}`);
    if (issue.closeReason === `Merged in ${work.mr}` && !landed) {
      wrong.push(`${work.issue} is closed without its commits`);
    }
    if (merged && issue.status !== 'closed') wrong.push(`${work.issue} is open although it landed`);
    const branch = await town.origin.head(work.branch);
    if (branch === undefined && !landed) wrong.push(`${work.branch} is gone and was not landed`);
  }
  return wrong;
}

/** Heads of a merge request that are on the target, by the trailers of the landings. */
function headsLanded(messages: readonly string[], mr: string): readonly string[] {
  return messages
    .map((message) => message.split('\n'))
    .filter((lines) => lines.includes(`Gt-MR: ${mr}`))
    .flatMap((lines) => lines.findLast((line) => line.startsWith('Gt-Head: '))?.slice(9) ?? []);
}
