import * as z from 'zod/mini';
import { issueJson } from '../../beads/issue-json.ts';
import { locateBead } from '../../beads/locate.ts';
import type { LocatedBead } from '../../beads/locate.ts';
import type { Bead, BeadComment, Edge, Ledger } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, messageOf } from '../../core/errors.ts';
import { oneLine, printable } from '../../core/text.ts';
import { beadMark, renderBead } from '../../ui/text/beads.ts';
import type { LinkedBead } from '../../ui/text/beads.ts';
import { forEachId } from './each.ts';
import { openBeads } from './open.ts';
import { PlainError } from './plain-error.ts';
import { failureSchema, issueSchema, issuesSchema } from './schema.ts';
import { commentJson, linkedJson, parentOf } from './views.ts';

export const schema = z.union([issuesSchema, z.record(z.string(), z.array(issueSchema)), failureSchema]);

/** Beads with all that belongs to them; --children: only their children. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const ids = [...input.args('id'), ...input.list('id')];
  const describe = (id: string, error: unknown) => `Error fetching ${id}: ${messageOf(error)}`;
  const found = await forEachId(ids, (id) => locateBead(ledgers, home, id), describe);
  if (found.done.length === 0) return nothingFound(app, input, found.failures);
  for (const line of found.failures) app.output.note(printable(line));
  const exitCode = found.failures.length === 0 ? 0 : 1;
  if (input.bool('children')) return { ...(await showChildren(found.done)), exitCode };
  const pages = await Promise.all(found.done.map(readPage));
  return {
    data: pages.map((page) => pageJson(page, input)),
    text: input.bool('short')
      ? pages.map(({ bead }) => `${beadMark(bead)}  ${oneLine(bead.title)}`).join('\n')
      : pages.map((page) => renderBead(page, app.output.style)).join('\n\n'),
    exitCode,
  };
}

/** With --json also one document on stdout, as bd does. */
function nothingFound(app: AppContext, input: CommandInput, failures: readonly string[]): CommandReply {
  if (failures.length === 0) {
    throw new NotFoundError({ code: 'beads.no-ids', message: 'no bead is named', hint: 'Run: bd show <id>' });
  }
  if (!input.json) throw new PlainError({ code: 'beads.none-done', message: failures.join('\n') });
  for (const line of failures) app.output.note(printable(line));
  return { data: { error: 'no issues found matching the provided IDs' }, exitCode: 1 };
}

async function showChildren(located: readonly LocatedBead[]): Promise<CommandReply> {
  const groups = await Promise.all(
    located.map(async ({ ledger, bead }) => ({ bead, children: await ledger.list({ parent: bead.id }) })),
  );
  const lines = groups.flatMap(({ bead, children }) => [
    `${beadMark(bead)}  ${oneLine(bead.title)}`,
    ...children.map((child) => `  ${beadMark(child)}  ${oneLine(child.title)}`),
  ]);
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
  const linked = await readBeads(ledger, ids);
  const link = (id: string, type: string): LinkedBead => ({ id, type, bead: linked.get(id) });
  return {
    bead,
    leaving,
    dependsOn: leaving.map((edge) => link(edge.to, edge.type)),
    dependents: arriving.map((edge) => link(edge.from, edge.type)),
    comments: await ledger.comments(bead.id),
  };
}

async function readBeads(ledger: Ledger, ids: readonly string[]): Promise<ReadonlyMap<string, Bead>> {
  if (ids.length === 0) return new Map();
  const beads = await ledger.list({ ids, includeTemplates: true });
  return new Map(beads.map((bead) => [bead.id, bead]));
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
  };
}

/** Beads of other databases have no row here to show. */
function linksJson(links: readonly LinkedBead[]): readonly Record<string, unknown>[] {
  return links.flatMap(({ bead, type }) => (bead === undefined ? [] : [linkedJson(bead, type)]));
}
