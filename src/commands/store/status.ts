import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';

export const schema = z.object({
  kind: z.enum(['sqlite', 'dolt']),
  location: z.string(),
  ok: z.boolean(),
  error: z.optional(z.string()),
  databases: z.array(z.object({ name: z.string(), beads: z.number() })),
});

/** Exit 1 when the store does not answer. */
export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const { ports, ledgers } = await app.town();
  const { kind, location, ok, error } = await ports.store.health();
  const all = ok ? await ledgers.all() : [];
  const databases = await Promise.all(
    all.map(async (ledger) => ({
      name: ledger.database,
      beads: await ledger.count({ includeTemplates: true }),
    })),
  );
  const lines = [
    `${kind === 'sqlite' ? 'SQLite files in' : 'Dolt server at'} ${location}: ${ok ? 'answers' : 'does not answer'}`,
    ...(error === undefined ? [] : [`  ${oneLine(error, 200)}`]),
    ...databases.map(({ name, beads }) => `  ${name}: ${beads} beads`),
  ];
  return {
    data: { kind, location, ok, ...(error === undefined ? {} : { error }), databases },
    text: lines.join('\n'),
    exitCode: ok ? 0 : 1,
  };
}
