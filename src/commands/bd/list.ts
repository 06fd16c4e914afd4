import { parseCustomStatuses } from '../../beads/kinds.ts';
import type { BeadFilter, Ledger } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { renderBeadTable } from '../../ui/text/beads.ts';
import { readFilter, readOrder } from './filter.ts';
import { openBeads } from './open.ts';
import { listedJson, readListed } from './views.ts';

export { listedSchema as schema } from './schema.ts';

/** Agents, roles, rigs and mail are the town's own rows, not work. */
const INFRA_TYPES = ['agent', 'role', 'rig', 'message'];
const DEFAULT_LIMIT = 50;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const limit = input.number('limit') ?? DEFAULT_LIMIT;
  const most = limit === 0 ? {} : { limit };
  const beads = input.bool('ready')
    ? await home.ready(most)
    : await home.list({ ...(await listFilter(home, input)), ...readOrder(input), ...most });
  return {
    data: input.json ? (await readListed(home, beads)).map(listedJson) : undefined,
    text: renderBeadTable(beads, app.output, {
      nothing: `No beads match in '${home.database}'; those of another rig: bd -C <rig> list`,
    }),
    ...(limit > 0 && beads.length === limit
      ? { warnings: [`The first ${limit} are shown; -n 0 shows all`] }
      : {}),
  };
}

/** What nobody asked for by name stays out: what is done, pinned, a gate, infrastructure. */
async function listFilter(home: Ledger, input: CommandInput): Promise<BeadFilter> {
  const filter = readFilter(input);
  const withAll = input.bool('all') || input.list('status').includes('all');
  const hiddenTypes = [
    ...(input.bool('include-gates') ? [] : ['gate']),
    ...(input.bool('include-infra') ? [] : INFRA_TYPES),
  ];
  return {
    ...filter,
    ...(filter.status !== undefined || withAll || filter.pinned === true
      ? {}
      : { notStatus: await doneStatuses(home) }),
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
