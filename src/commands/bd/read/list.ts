import { parseCustomStatuses } from '../../../beads/words/kinds.ts';
import type { BeadChoice, BeadFilter, Ledger } from '../../../beads/types.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { readFilter, readLimit, readOrder } from '../filter.ts';
import { onLedger } from '../handlers.ts';
import type { BdHome } from '../open.ts';
import { parentsOf } from '../views.ts';
import { listReply, oneMore } from './list-reply.ts';

export { listedSchema as schema } from '../schema.ts';

/** Agents, roles, rigs and mail are the town's own rows, not work. */
const INFRA_TYPES = ['agent', 'role', 'rig', 'message'];
const DEFAULT_LIMIT = 50;

export const run = onLedger(async (on) => {
  const { input, beads, home } = on;
  const limit = readLimit(input, input.bool('all') ? 0 : DEFAULT_LIMIT);
  const filter = await readFilter(beads, input);
  const found = input.bool('ready')
    ? await home.ready({ ...filter, ...oneMore(limit) })
    : await home.list({
        ...(await listFilter(home, input, filter)),
        ...readOrder(input),
        ...oneMore(limit),
      });
  const isTree = input.bool('tree') || input.bool('pretty');
  const parents = isTree && !input.json ? await parentsOf(home, found.slice(0, limit)) : undefined;
  return listReply(on, found, {
    limit,
    nothing: nothingText(beads),
    ...(parents === undefined ? {} : { parentOf: (bead) => parents.get(bead.id) }),
  });
});

/** What nobody asked for by name stays out: what is done, pinned, a gate, infrastructure. */
async function listFilter(home: Ledger, input: CommandInput, filter: BeadChoice): Promise<BeadFilter> {
  const withAll = input.bool('all') || [...input.list('status'), ...input.list('state')].includes('all');
  const isOpen = filter.status === undefined && !withAll && filter.pinned !== true;
  const hiddenTypes = [
    ...(input.bool('include-gates') ? [] : ['gate']),
    ...(input.bool('include-infra') ? [] : INFRA_TYPES),
  ];
  return {
    ...filter,
    ...(isOpen ? { notStatus: await doneStatuses(home) } : {}),
    ...(isOpen && filter.pinned === undefined ? { pinned: false } : {}),
    ...(filter.type === undefined ? { notType: [...(filter.notType ?? []), ...hiddenTypes] } : {}),
    ...(input.bool('include-templates') ? { includeTemplates: true } : {}),
  };
}

/** closed, pinned, and custom statuses of the categories done and frozen. */
async function doneStatuses(home: Ledger): Promise<readonly string[]> {
  const custom = parseCustomStatuses((await home.config()).get('status.custom') ?? '');
  const over = [...custom].filter(([, category]) => category === 'done' || category === 'frozen');
  return ['closed', 'pinned', ...over.map(([name]) => name)];
}

/** What to do next when the list is empty. */
function nothingText({ home, town }: BdHome): string {
  const where = town === undefined ? '' : ` in '${home.database}'`;
  const elsewhere = town === undefined ? '' : "; another rig's: bd -C <rig> list";
  return `No beads match${where}. New: bd create "Title"; closed ones: bd list --all${elsewhere}`;
}
