import type { Bead, Ledger, ReadyFilter } from '../../beads/types.ts';
import { canonicalType, parsePriority } from '../../beads/kinds.ts';
import { issueJson } from '../../beads/issue-json.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { GtError, NotFoundError } from '../../core/errors.ts';
import { beadMark, renderBeadTable } from '../../ui/text/beads.ts';
import { oneLine } from '../../core/text.ts';
import { readActor } from './author.ts';
import { openBeads } from './open.ts';
import type { BdHome } from './open.ts';
import { listedJson, readListed } from './views.ts';
import { openWrite } from './write.ts';

export { issuesSchema as schema } from './schema.ts';

const DEFAULT_LIMIT = 100;

/** Work that can start now. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const limit = input.number('limit') ?? DEFAULT_LIMIT;
  const filter = { ...readReadyFilter(input), ...(limit === 0 ? {} : { limit }) };
  const ready = await beads.home.ready(filter);
  if (input.bool('claim')) return claimFirst(app, input, { beads, ready });
  if (input.json) return { data: (await readListed(beads.home, ready)).map(listedJson) };
  return { text: input.bool('explain') ? await explain(beads.home, ready) : readyTable(app, ready) };
}

function readyTable(app: AppContext, ready: readonly Bead[]): string {
  return renderBeadTable(ready, app.output, {
    nothing: 'Nothing is ready. bd blocked shows what waits for what.',
    noun: 'ready bead',
  });
}

function readReadyFilter(input: CommandInput): ReadyFilter {
  const priority = input.flag('priority');
  const assignee = input.flag('assignee');
  const parent = input.flag('parent');
  const order = (['priority', 'hybrid', 'oldest'] as const).find((name) => name === input.flag('sort'));
  return {
    ...(input.list('type').length === 0 ? {} : { types: input.list('type').map(canonicalType) }),
    ...(input.list('label').length === 0 ? {} : { labels: input.list('label') }),
    ...(input.list('label-any').length === 0 ? {} : { anyLabel: input.list('label-any') }),
    ...(priority === undefined ? {} : { priority: parsePriority(priority) }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(parent === undefined ? {} : { parent }),
    ...(order === undefined ? {} : { order }),
    ...(input.bool('unassigned') ? { unassigned: true } : {}),
    ...(input.bool('include-deferred') ? { includeDeferred: true } : {}),
    ...(input.bool('include-ephemeral') ? { includeEphemeral: true } : {}),
  };
}

/** Tries the ready beads in order: another agent may take one between the look and the claim. */
async function claimFirst(
  app: AppContext,
  input: CommandInput,
  { beads, ready }: { readonly beads: BdHome; readonly ready: readonly Bead[] },
): Promise<CommandReply> {
  const write = await openWrite(app, input, beads);
  const actor = await readActor(app, input, beads);
  for (const bead of ready) {
    try {
      const claimed = await write(beads.home, `claim ${bead.id}`, (tx) => tx.claim(bead.id, actor));
      return { data: [issueJson(claimed)], text: `Claimed ${beadMark(claimed)}  ${oneLine(claimed.title)}` };
    } catch (error) {
      const isTaken =
        error instanceof GtError && /^bead\.(?:claimed|not-claimable|not-found)$/.test(error.code);
      if (!isTaken) throw error;
    }
  }
  throw new NotFoundError({
    code: 'beads.none-ready',
    message: 'no ready bead to claim',
    hint: 'Run: bd blocked',
  });
}

/** Why each one is ready: what it depended on is done. */
async function explain(home: Ledger, ready: readonly Bead[]): Promise<string> {
  const edges = Map.groupBy(await home.edgesFrom(ready.map((bead) => bead.id)), (edge) => edge.from);
  const lines = ready.map((bead) => {
    const done = (edges.get(bead.id) ?? []).filter((edge) => edge.type === 'blocks').map((edge) => edge.to);
    const why = done.length === 0 ? 'depends on nothing' : `done: ${done.join(', ')}`;
    return `${beadMark(bead)}  ${oneLine(bead.title)}  (${why})`;
  });
  return lines.length === 0 ? 'Nothing is ready.' : lines.join('\n');
}
