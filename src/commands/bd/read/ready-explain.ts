import { findCycles } from '../../../beads/graphs/cycles.ts';
import { beadsById } from '../../../beads/read/by-id.ts';
import type { Ledger, ReadyFilter } from '../../../beads/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { counted } from '../../../core/text.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { readListed, type ListedBead } from '../views.ts';

/** Why each ready bead is ready, and what holds the others: the blocked ones with their blockers, and circles. */
export async function explainReady(
  app: AppContext,
  home: Ledger,
  filter: ReadyFilter,
): Promise<CommandReply> {
  const ready = await readListed(home, await home.ready(filter));
  const blocked = await home.blocked(filter.below);
  const blockers = await beadsById(
    home,
    blocked.flatMap(({ blockedBy }) => blockedBy),
  );
  const cycles = findCycles(await home.edgesFrom(blocked.map(({ bead }) => bead.id)));
  const paint = app.output.style;
  const blockersOf = (held: readonly string[]) => held.flatMap((id) => blockers.get(id) ?? []);
  return {
    data: {
      ready: ready.map(readyJson),
      blocked: blocked.map(({ bead, blockedBy }) => ({
        ...issueJson(bead),
        blocked_by: blockersOf(blockedBy).map(({ id, title, status, priority }) => ({
          id,
          title,
          status,
          priority,
        })),
        blocked_by_count: blockedBy.length,
      })),
      ...(cycles.length === 0 ? {} : { cycles }),
      summary: { total_ready: ready.length, total_blocked: blocked.length, cycle_count: cycles.length },
    },
    text: [
      paint.bold(counted(ready.length, 'ready bead')),
      ...ready.map((listed) =>
        beadLine(listed.bead, app.output, { before: '  ', after: `  (${reasonOf(listed)})` }),
      ),
      '',
      paint.bold(counted(blocked.length, 'blocked bead')),
      ...blocked.flatMap(({ bead, blockedBy }) => [
        beadLine(bead, app.output, { before: '  ' }),
        ...blockersOf(blockedBy).map((blocker) =>
          beadLine(blocker, app.output, { before: '      waits for ' }),
        ),
      ]),
      ...cycles.map((cycle) => paint.red(`\nThese wait for each other in a circle: ${cycle.join(', ')}`)),
    ].join('\n'),
  };
}

function readyJson(listed: ListedBead): Record<string, unknown> {
  return {
    ...issueJson(listed.bead),
    reason: reasonOf(listed),
    resolved_blockers: doneBlockers(listed),
    dependency_count: listed.dependencies,
    dependent_count: listed.dependents,
    ...(listed.parent === undefined ? {} : { parent: listed.parent }),
  };
}

/** A ready bead's blockers are all done. */
function doneBlockers({ edges }: ListedBead): readonly string[] {
  return edges
    .filter(({ type, external }) => /^(?:conditional-)?blocks$/.test(type) && !external)
    .map((edge) => edge.to);
}

function reasonOf(listed: ListedBead): string {
  const done = doneBlockers(listed);
  return done.length === 0
    ? 'no blocking dependencies'
    : `${counted(done.length, 'blocker')} done: ${done.join(', ')}`;
}
