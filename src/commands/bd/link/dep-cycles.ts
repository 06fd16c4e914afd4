import { findCycles } from '../../../beads/graphs/cycles.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { Bead, Ledger } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { openBeads } from '../open.ts';
import { cyclesSchema } from '../schema.ts';

export { cyclesSchema as schema };

/** Beads that block each other in a circle; our own writes never make one, others may have. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const { cycles, text } = await readCycles(home);
  const ids = cycles.flat();
  const beads = ids.length === 0 ? [] : await home.list({ ids, includeTemplates: true });
  const byId = new Map<string, Bead>(beads.map((bead) => [bead.id, bead]));
  return {
    data: cycles.map((cycle) =>
      cycle.flatMap((id) => {
        const bead = byId.get(id);
        return bead === undefined ? [] : [issueJson(bead)];
      }),
    ),
    text,
  };
}

export async function readCycles(home: Ledger): Promise<{
  readonly cycles: readonly (readonly string[])[];
  readonly text: string;
}> {
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
