import type { TownContext } from '../../beads/context.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TmuxMenuItem } from '../../ports/tmux-ui.ts';
import { agentText } from '../../ui/text/agents.ts';
import { listAgents, sectionsOf } from '../../watchdog/view/agent-list.ts';
import type { AgentListing } from '../../watchdog/view/agent-list.ts';
import { fitMenu } from '../tmux/fit-menu.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  return showAgentMenu(town, {
    listing: await listAgents(town),
    polecats: input.bool('all'),
    client: input.flag('client') || undefined,
    from: input.number('from') ?? 0,
  });
}

interface MenuRequest {
  readonly listing: AgentListing;
  readonly polecats: boolean;
  readonly client: string | undefined;
  /** Entries on the pages before. */
  readonly from: number;
}

/** Opens the menu in the client's terminal, page by page when it is long. */
export async function showAgentMenu(town: TownContext, request: MenuRequest): Promise<CommandReply> {
  const { client, from, listing } = request;
  const standing = entriesOf(listing, false);
  // A menu that only says that there are workers is one key too many.
  const polecats = request.polecats || standing.length === 0;
  const entries = polecats ? entriesOf(listing, true) : standing;
  if (entries.length === 0) return { text: 'No agent is in tmux. Talk to one: gt mayor attach' };
  const rows = await town.ports.tmux.ui.rows(client);
  const again = (next: number, all: boolean): readonly string[] => [
    'agents',
    'menu',
    `--from=${next}`,
    ...(all ? ['--all'] : []),
    ...(client === undefined ? [] : [`--client=${client}`]),
  ];
  const more: readonly TmuxMenuItem[] = polecats
    ? []
    : [
        {
          kind: 'choice',
          text: 'polecats (workers) too',
          key: 'A',
          action: { kind: 'run', words: again(0, true) },
        },
      ];
  const items = fitMenu(entries, { rows, from, more, nextPage: (next) => again(next, polecats) });
  await town.ports.tmux.ui.menu({ title: 'Agents', client, items });
  return {};
}

function entriesOf(listing: AgentListing, polecats: boolean): readonly TmuxMenuItem[] {
  const sections = sectionsOf(listing, { polecats }).map(({ title, agents }) => ({
    title,
    items: agents
      .filter(({ inTmux }) => inTmux)
      .map((agent): TmuxMenuItem => ({
        kind: 'choice',
        text: `${agent.view.needsPerson ? '⚠ ' : ''}${agentText(agent)}`,
        action: { kind: 'show', session: agent.view.session },
      })),
  }));
  const personal = listing.personal.map((session): TmuxMenuItem => ({
    kind: 'choice',
    text: session,
    action: { kind: 'show', session },
  }));
  return [...sections, { title: 'Personal', items: personal }].flatMap(
    ({ title, items }): readonly TmuxMenuItem[] =>
      items.length === 0 ? [] : [{ kind: 'heading', text: `── ${title} ──` }, ...items],
  );
}
