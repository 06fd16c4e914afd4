import * as z from 'zod/mini';
import { findCycles } from '../../beads/cycles.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { openBeads } from './open.ts';

export const schema = z.array(z.array(z.string()));

/** Beads that block each other in a circle; our own writes never make one, others may have. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const open = await home.list({ notStatus: ['closed'], includeTemplates: true });
  const cycles = findCycles(await home.edgesFrom(open.map((bead) => bead.id)));
  const lines = cycles.map((cycle) => cycle.join(' → '));
  return {
    data: cycles,
    text:
      lines.length === 0
        ? 'No dependency cycles.'
        : ['Dependency cycles:', ...lines.map((line) => `  ${line}`)].join('\n'),
  };
}
