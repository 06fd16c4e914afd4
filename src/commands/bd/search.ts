import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { renderBeadTable } from '../../ui/text/beads.ts';
import { readFilter, readOrder } from './filter.ts';
import { openBeads } from './open.ts';
import { foundJson, readListed } from './views.ts';

export { issuesSchema as schema } from './schema.ts';

const DEFAULT_LIMIT = 50;

/** Beads with a text in their id, title or description; closed ones only with --status. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const text = input.args('text').join(' ').trim();
  if (text === '') {
    throw new UsageError({
      code: 'beads.no-text',
      message: 'the text to look for is missing',
      hint: 'Run: bd search <text>',
    });
  }
  const { home } = await openBeads(app, input);
  const filter = readFilter(input);
  const withClosed = filter.status !== undefined || input.list('status').includes('all');
  const limit = input.number('limit') ?? DEFAULT_LIMIT;
  const found = await home.list({
    ...filter,
    ...readOrder(input),
    ...(withClosed ? {} : { notStatus: ['closed'] }),
    ...(limit === 0 ? {} : { limit }),
    textContains: text,
  });
  return {
    data: input.json ? (await readListed(home, found)).map(foundJson) : undefined,
    text: renderBeadTable(found, app.output, { nothing: `No bead mentions '${text.slice(0, 60)}'.` }),
  };
}
