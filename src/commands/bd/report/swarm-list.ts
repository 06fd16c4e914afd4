import * as z from 'zod/mini';
import { epicOf, readSwarmWork, swarmProgress } from '../../../beads/graphs/swarm.ts';
import type { Bead, Ledger } from '../../../beads/types.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { progressBar } from '../../../ui/text/progress-bar.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { onLedger } from '../handlers.ts';

const item = z.object({
  id: z.string(),
  title: z.string(),
  epic_id: z.string(),
  epic_title: z.string(),
  status: z.string(),
  coordinator: z.string(),
  total_issues: z.number(),
  completed_issues: z.number(),
  active_issues: z.number(),
  progress_percent: z.number(),
});
export const schema = z.object({ swarms: z.array(item) });
type SwarmItem = z.output<typeof item>;

/** All swarm molecules, each with how far its epic is. */
export const run = onLedger(async ({ app, home }) => {
  const swarms = await home.list({ molType: 'swarm' });
  const items = await Promise.all(swarms.map((swarm) => readItem(home, swarm)));
  return { data: { swarms: items }, text: () => tableOf(app, items) };
});

async function readItem(home: Ledger, swarm: Bead): Promise<SwarmItem> {
  const epic = await epicOf(home, swarm);
  const progress = epic === undefined ? undefined : swarmProgress(await readSwarmWork(home, epic));
  return {
    id: swarm.id,
    title: swarm.title,
    epic_id: epic?.id ?? '',
    epic_title: epic?.title ?? '',
    status: swarm.status,
    coordinator: swarm.assignee,
    total_issues: progress?.total ?? 0,
    completed_issues: progress?.completed.length ?? 0,
    active_issues: progress?.active.length ?? 0,
    progress_percent: progress?.percent ?? 0,
  };
}

function tableOf({ output }: AppContext, items: readonly SwarmItem[]): string {
  if (items.length === 0) return 'There is no swarm. bd swarm create <epic> makes one.';
  return renderTable<SwarmItem>(
    [
      { title: 'Swarm', value: ({ id }) => id },
      { title: 'Epic', value: ({ epic_id }) => epic_id || '-' },
      {
        title: 'Closed',
        value: ({ completed_issues: done, total_issues: total }) =>
          `${progressBar(done, total)} ${done}/${total}`,
      },
      { title: 'In work', value: ({ active_issues }) => String(active_issues), align: 'right' },
      { title: 'Title', value: ({ title }) => oneLine(title, Infinity), flexible: true },
      { title: 'Coordinator', value: ({ coordinator }) => oneLine(coordinator) || '-' },
    ],
    items,
    output,
  );
}
