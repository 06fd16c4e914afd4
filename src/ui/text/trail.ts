import { oneLine } from '../../core/text.ts';
import type { TownEvent } from '../../town/events.ts';
import { localTime } from '../../town/log-line.ts';
import type { RecentBead, RecentCommit } from '../../watchdog/recent-work.ts';
import { eventLine } from './event-line.ts';
import type { Paint } from './paint.ts';

export function renderCommits(commits: readonly RecentCommit[], paint: Paint): string {
  if (commits.length === 0) return 'No agent has landed a commit yet';
  return commits
    .map(
      ({ at, rig, sha, author, subject }) =>
        `${paint.dim(localTime(at))}  ${rig}  ${paint.yellow(sha.slice(0, 8))}  ${oneLine(author, 20)}  ${oneLine(subject, 80)}`,
    )
    .join('\n');
}

export function renderTrailBeads(beads: readonly RecentBead[], paint: Paint): string {
  if (beads.length === 0) return 'No bead has changed yet';
  return beads
    .map(({ id, title, status, assignee, updated_at }) => {
      const who = assignee === '' ? '' : `  ${assignee}`;
      return `${paint.dim(localTime(updated_at))}  ${id}  ${status}${who}  ${oneLine(title, 80)}`;
    })
    .join('\n');
}

export function renderTrailEvents(events: readonly TownEvent[]): string {
  if (events.length === 0) return 'Nothing is recorded about it';
  return events.map((event) => `${localTime(event.ts).slice(0, 10)} ${eventLine(event)}`).join('\n');
}
