import { comparisonsOf, queryText, type QueryNode } from '../../../beads/query/node.ts';
import { parseQuery } from '../../../beads/query/parse.ts';
import type { Ledger } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { readLimit, readOrder } from '../filter.ts';
import { knownStatuses } from '../known-words.ts';
import { openBeads } from '../open.ts';
import { listReply, oneMore } from './list-reply.ts';

export { querySchema as schema } from '../schema.ts';

const DEFAULT_LIMIT = 50;

/** Beads of which an expression holds. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const query = parseQuery(input.args('expression').join(' '));
  const understood = queryText(query);
  if (input.bool('parse-only')) return { data: { query: understood }, text: understood };
  const { home } = await openBeads(app, input);
  const { namesStatus, namesTemplate } = await checkWords(home, query);
  const limit = readLimit(input, DEFAULT_LIMIT);
  const found = await home.list({
    query,
    ...readOrder(input),
    ...oneMore(limit),
    ...(namesStatus || input.bool('all') ? {} : { notStatus: ['closed'] }),
    ...(namesTemplate ? { includeTemplates: true } : {}),
  });
  const nothing = `No bead fulfils ${understood}.${namesStatus ? '' : ' Closed ones too: add --all'}`;
  return listReply({ app, input, home }, found, { limit, nothing });
}

/** What the expression names. Throws UsageError `bead.bad-status` for a status that nobody can have. */
async function checkWords(home: Ledger, query: QueryNode) {
  const comparisons = comparisonsOf(query);
  const statuses = comparisons.filter(({ field }) => field === 'status').map(({ value }) => value);
  await knownStatuses(home, statuses);
  return {
    namesStatus: statuses.length > 0,
    namesTemplate: comparisons.some(({ field }) => field === 'template'),
  };
}
