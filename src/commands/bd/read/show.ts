import * as z from 'zod/mini';
import type { LocatedBead } from '../../../beads/locate.ts';
import { beadsById } from '../../../beads/read/by-id.ts';
import type { Bead, BeadComment, Edge } from '../../../beads/types.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError, messageOf } from '../../../core/errors.ts';
import { printable } from '../../../core/text.ts';
import { renderBead, type LinkedBead } from '../../../ui/text/bead-page.ts';
import { beadLine } from '../../../ui/text/beads.ts';
import { treeOrder } from '../../../ui/text/tree-lines.ts';
import { readActor } from '../author.ts';
import { forEachId, noneDone, type Outcome } from '../each.ts';
import { onLedger } from '../handlers.ts';
import type { BdHome } from '../open.ts';
import { failureSchema, issueSchema, issuesSchema } from '../schema.ts';
import { commentJson, linkedJson, parentOf } from '../views.ts';

export const schema = z.union([issuesSchema, z.record(z.string(), z.array(issueSchema)), failureSchema]);

/** Beads with all that belongs to them; --children: only their children. */
export const run = onLedger(async ({ app, input, beads, locate }) => {
  const named = [...input.args('id'), ...input.list('id')];
  const ids = named.length === 0 && input.bool('current') ? [await currentId(app, input, beads)] : named;
  const describe = (id: string, error: unknown) => `Error fetching ${id}: ${messageOf(error)}`;
  const found = await forEachId(ids, (id) => locate(id), describe);
  if (found.done.length === 0) return nothingFound(app, input, found);
  for (const line of found.failures) app.output.note(printable(line));
  const exitCode = found.failures.length === 0 ? 0 : 1;
  if (input.bool('children')) return { ...(await showChildren(app, found.done)), exitCode };
  const pages = await Promise.all(found.done.map(readPage));
  return {
    data: pages.map((page) => pageJson(page, input)),
    text: () =>
      input.bool('short')
        ? pages.map(({ bead }) => beadLine(bead, app.output)).join('\n')
        : pages.map((page) => renderBead(page, app.output, app.machine.clock.now())).join('\n\n'),
    exitCode,
  };
});

/** What the caller works on: the bead it has in progress, else the one on its hook. NotFoundError `beads.no-current`. */
async function currentId(app: AppContext, input: CommandInput, beads: BdHome): Promise<string> {
  const assignee = await readActor(app, input, beads);
  const held = await beads.home.list({ status: ['in_progress', 'hooked'], assignee, order: 'updated' });
  const current = held.find((bead) => bead.status === 'in_progress') ?? held[0];
  if (current !== undefined) return current.id;
  throw new NotFoundError({
    code: 'beads.no-current',
    message: `${assignee} works on no bead`,
    hint: 'Run: bd ready',
  });
}

/** With --json also one document on stdout, as bd does. */
function nothingFound(app: AppContext, input: CommandInput, outcome: Outcome<unknown>): CommandReply {
  const { failures } = outcome;
  if (failures.length === 0) {
    throw new NotFoundError({ code: 'beads.no-ids', message: 'no bead is named', hint: 'Run: bd show <id>' });
  }
  if (!input.json) throw noneDone(outcome);
  for (const line of failures) app.output.note(printable(line));
  return { data: { error: 'no issues found matching the provided IDs' }, exitCode: 1 };
}

async function showChildren(app: AppContext, located: readonly LocatedBead[]): Promise<CommandReply> {
  const groups = await Promise.all(
    located.map(async ({ ledger, bead }) => ({ bead, children: await ledger.list({ parent: bead.id }) })),
  );
  const lines = groups.flatMap(({ bead, children }) =>
    treeOrder([bead, ...children], (item) => (item === bead ? undefined : bead.id)).map(({ item, prefix }) =>
      beadLine(item, app.output, { before: prefix }),
    ),
  );
  return {
    data: Object.fromEntries(groups.map(({ bead, children }) => [bead.id, children.map(issueJson)])),
    text: lines.join('\n'),
  };
}

interface Page {
  readonly bead: Bead;
  readonly leaving: readonly Edge[];
  readonly dependsOn: readonly LinkedBead[];
  readonly dependents: readonly LinkedBead[];
  readonly comments: readonly BeadComment[];
}

async function readPage({ ledger, bead }: LocatedBead): Promise<Page> {
  const leaving = await ledger.edgesFrom([bead.id]);
  const arriving = await ledger.edgesTo([bead.id]);
  const ids = [...leaving.map((edge) => edge.to), ...arriving.map((edge) => edge.from)];
  const linked = await beadsById(ledger, ids);
  const link = (id: string, type: string): LinkedBead => ({ id, type, bead: linked.get(id) });
  return {
    bead,
    leaving,
    dependsOn: leaving.map((edge) => link(edge.to, edge.type)),
    dependents: arriving.map((edge) => link(edge.from, edge.type)),
    comments: await ledger.comments(bead.id),
  };
}

function pageJson(page: Page, input: CommandInput): Record<string, unknown> {
  const parent = parentOf(page.leaving);
  const dependsOn = linksJson(page.dependsOn);
  return {
    ...issueJson(page.bead),
    ...(dependsOn.length === 0 ? {} : { dependencies: dependsOn }),
    ...(input.bool('include-dependents') ? { dependents: linksJson(page.dependents) } : {}),
    ...(input.bool('include-comments') ? { comments: page.comments.map(commentJson) } : {}),
    ...(parent === undefined ? {} : { parent }),
    dependent_count: page.dependents.length,
    dependency_count: page.dependsOn.length,
    comment_count: page.comments.length,
    ...(input.bool('include-dependents') ? epicJson(page) : {}),
  };
}

function epicJson({ bead, dependents }: Page): Record<string, unknown> {
  const children = dependents.filter((link) => link.type === 'parent-child');
  if (bead.type !== 'epic' || children.length === 0) return {};
  const closed = children.filter((link) => link.bead?.status === 'closed').length;
  return {
    epic_total_children: children.length,
    epic_closed_children: closed,
    epic_closeable: closed === children.length,
  };
}

/** Beads of other databases have no row here to show. */
function linksJson(links: readonly LinkedBead[]): readonly Record<string, unknown>[] {
  return links.flatMap(({ bead, type }) => (bead === undefined ? [] : [linkedJson(bead, type)]));
}
