import * as z from 'zod/mini';
import { findCycles } from '../../../beads/graphs/cycles.ts';
import { beadsById } from '../../../beads/read/by-id.ts';
import type { Ledger } from '../../../beads/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { onLedger } from '../handlers.ts';
import { issuesSchema } from '../schema.ts';

/** `dep cycles`: beads that block each other in a circle; our own writes never make one, others may have. */
export const list: CommandModule = {
  schema: z.array(issuesSchema),
  run: onLedger(async ({ home }) => {
    const { cycles, text } = await readCycles(home);
    const beads = await beadsById(home, cycles.flat());
    const data = cycles.map((cycle) => cycle.flatMap((id) => beads.get(id) ?? []).map(issueJson));
    return { data, text };
  }),
};

/** `graph check`: exit 1 when there are any. */
export const check: CommandModule = {
  schema: z.object({
    clean: z.boolean(),
    cycles: z.array(z.array(z.string())),
    summary: z.object({ cycle_count: z.number() }),
  }),
  run: onLedger(async ({ home }) => {
    const { cycles, text } = await readCycles(home);
    const clean = cycles.length === 0;
    return {
      data: { clean, cycles, summary: { cycle_count: cycles.length } },
      text,
      exitCode: clean ? 0 : 1,
    };
  }),
};

async function readCycles(home: Ledger) {
  // Only what waits can be in a circle.
  const blocked = await home.list({ blocked: true, notStatus: ['closed'], includeTemplates: true });
  const cycles = findCycles(await home.edgesFrom(blocked.map((bead) => bead.id)));
  const lines = cycles.map((cycle) => `  ${cycle.join(' → ')} → ${cycle[0]}`);
  return {
    cycles,
    text:
      cycles.length === 0
        ? 'No dependency cycles.'
        : [
            'These wait for each other for ever; bd dep remove <bead> <depends-on> opens a circle:',
            ...lines,
          ].join('\n'),
  };
}
