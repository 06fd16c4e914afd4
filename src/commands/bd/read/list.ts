import { parseCustomStatuses } from '../../../beads/words/kinds.ts';
import type { Bead, BeadChoice, BeadFilter, Ledger } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { renderBeadTable } from '../../../ui/text/beads.ts';
import { readFilter, readLimit, readOrder } from '../filter.ts';
import { openBeads, type BdHome } from '../open.ts';
import { listedJson, parentsOf, readListed } from '../views.ts';

export { listedSchema as schema } from '../schema.ts';

/** Agents, roles, rigs and mail are the town's own rows, not work. */
const INFRA_TYPES = ['agent', 'role', 'rig', 'message'];
const DEFAULT_LIMIT = 50;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await openBeads(app, input);
  const { home } = place;
  const limit = readLimit(input, input.bool('all') ? 0 : DEFAULT_LIMIT);
  // One more than is shown tells whether there are more.
  const most = limit === undefined ? {} : { limit: limit + 1 };
  const found = await readBeads(place, input, most);
  const beads = found.slice(0, limit);
  const isTree = input.bool('tree') || input.bool('pretty');
  const parents = isTree && !input.json ? await parentsOf(home, beads) : undefined;
  return {
    data: input.json ? (await readListed(home, beads)).map(listedJson) : undefined,
    text: () =>
      renderBeadTable(beads, app.output, {
        nothing: nothingText(place),
        ...(parents === undefined ? {} : { parentOf: (bead) => parents.get(bead.id) }),
      }),
    ...(found.length > beads.length ? { warnings: [`There are more than ${limit}; -n 0 shows all`] } : {}),
  };
}

async function readBeads(
  place: BdHome,
  input: CommandInput,
  most: { readonly limit?: number },
): Promise<readonly Bead[]> {
  const filter = await readFilter(place, input);
  const { home } = place;
  if (!input.bool('ready'))
    return home.list({ ...(await listFilter(home, input, filter)), ...readOrder(input), ...most });
  return home.ready({ ...filter, ...most });
}

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
