import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { renderBeadTable } from '../../../ui/text/beads.ts';
import { readFilter, readLimit, readOrder } from '../filter.ts';
import { openBeads } from '../open.ts';
import { foundJson, readListed } from '../views.ts';

export { issuesSchema as schema } from '../schema.ts';

const DEFAULT_LIMIT = 50;

/** Beads with a text in their id, title or description; closed ones only with --status. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const text = (input.flag('query') ?? input.args('text').join(' ')).trim();
  if (text === '') {
    throw new UsageError({
      code: 'beads.no-text',
      message: 'the text to look for is missing',
      hint: 'Run: bd search <text>',
    });
  }
  const place = await openBeads(app, input);
  const filter = await readFilter(place, input);
  const withClosed = filter.status !== undefined || input.list('status').includes('all');
  const limit = readLimit(input, DEFAULT_LIMIT);
  const found = await place.home.list({
    ...filter,
    ...readOrder(input),
    ...(withClosed ? {} : { notStatus: ['closed'] }),
    ...(limit === undefined ? {} : { limit }),
    textContains: text,
  });
  return {
    data: input.json ? (await readListed(place.home, found)).map(foundJson) : undefined,
    text: () =>
      renderBeadTable(found, app.output, {
        nothing: `No open bead mentions '${oneLine(text, 60)}'. Closed ones too: bd search -s all <text>`,
      }),
  };
}
