import { agentBeadIdOf, emailOf } from '../../core/address.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead, BeadEvent } from '../../beads/types.ts';
import type { WorkerName } from '../../core/names.ts';
import type { GitCommit } from '../../ports/git.ts';
import type { Rig } from '../../rig/registry.ts';
import { readTownSettings } from '../../town/settings.ts';
import { languageOf } from './languages.ts';
import { givenBeads, stintsOf } from './stints.ts';
import type { Stint } from './stints.ts';

/** What a worker has done so far, computed from the ledger's events and the landed commits. */
export interface WorkHistory {
  readonly completed: number;
  readonly failed: number;
  readonly abandoned: number;
  /** From being given to being closed; undefined before the first. */
  readonly averageMinutes: number | undefined;
  /** Share of the completed ones that the queue never sent back, 0 to 1; undefined before the first. */
  readonly firstPassRate: number | undefined;
  /** Completed beads by their type. */
  readonly workTypes: Readonly<Record<string, number>>;
  /** Files changed by landed commits, by language, most first. */
  readonly languages: Readonly<Record<string, number>>;
  /** Newest first. */
  readonly recent: readonly RecentWork[];
}

export interface RecentWork {
  readonly bead: string;
  readonly title: string;
  readonly type: string;
  /** RFC 3339. */
  readonly completed: string;
}

const RECENT = 10;
/** Commits looked through on the default branch, and of the worker's own those whose files are counted. */
const DEPTH = 2000;
const COUNTED_COMMITS = 50;

export async function readHistory(ctx: TownContext, rig: Rig, worker: WorkerName): Promise<WorkHistory> {
  const ledger = await ctx.ledgers.open(rig.database);
  const address = { role: 'polecat', rig: rig.name, name: worker } as const;
  const row = sinceRemoval(await ledger.events(agentBeadIdOf(address, rig.prefix)));
  const ids = [...new Set(givenBeads(row).map(({ bead }) => bead))];
  const [beads, events] =
    ids.length === 0 ? [[], []] : await Promise.all([ledger.list({ ids }), ledger.events(...ids)]);
  const history = summarize(stintsOf(row, events), beads);
  return { ...history, languages: await countLanguages(ctx, rig, { worker, ids: new Set(ids) }) };
}

/** An identity that was removed and added again begins anew. */
function sinceRemoval(row: readonly BeadEvent[]): readonly BeadEvent[] {
  return row.slice(row.findLastIndex(({ type }) => type === 'closed') + 1);
}

/** Pure. */
export function summarize(
  stints: readonly Stint[],
  beads: readonly Pick<Bead, 'id' | 'title' | 'type'>[],
): Omit<WorkHistory, 'languages'> {
  const byId = new Map<string, Pick<Bead, 'id' | 'title' | 'type'>>(beads.map((bead) => [bead.id, bead]));
  const completed = stints.filter(({ outcome }) => outcome === 'completed');
  const count = (outcome: Stint['outcome']): number =>
    stints.filter((stint) => stint.outcome === outcome).length;
  const minutes = completed.map(({ from, until = from }) => (Date.parse(until) - Date.parse(from)) / 60_000);
  const share = (part: number): number | undefined =>
    completed.length === 0 ? undefined : part / completed.length;
  return {
    completed: completed.length,
    failed: count('failed'),
    abandoned: count('abandoned'),
    averageMinutes: share(minutes.reduce((sum, each) => sum + each, 0)),
    firstPassRate: share(completed.filter(({ firstPass }) => firstPass).length),
    workTypes: tally(completed.map(({ bead }) => byId.get(bead)?.type || 'task')),
    recent: completed
      .toReversed()
      .slice(0, RECENT)
      .map(({ bead, from, until = from }) => ({
        bead,
        title: byId.get(bead)?.title ?? '',
        type: byId.get(bead)?.type ?? '',
        completed: until,
      })),
  };
}

/** Most first. */
function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length] as const);
  return Object.fromEntries(counts.toSorted(([, left], [, right]) => right - left));
}

async function countLanguages(
  ctx: TownContext,
  rig: Rig,
  { worker, ids }: { readonly worker: WorkerName; readonly ids: ReadonlySet<string> },
): Promise<Readonly<Record<string, number>>> {
  const { objects } = ctx.ports.git;
  const { bare } = rig.paths;
  const tip = await objects.resolve(bare, `refs/remotes/origin/${rig.defaultBranch}`);
  if (tip === undefined) return {};
  const domain = (await readTownSettings(ctx)).get('agent_email_domain');
  const email = emailOf({ role: 'polecat', rig: rig.name, name: worker }, domain);
  // A commit keeps the address of the name it was made under; the bead in it tells the same after a rename.
  const isOwn = ({ author, message }: GitCommit): boolean =>
    author.email === email || ids.has(/^Gt-Issue: (\S+)$/m.exec(message)?.[1] ?? '');
  const commits = (await objects.log(bare, { to: tip, limit: DEPTH }))
    .filter(isOwn)
    .slice(0, COUNTED_COMMITS);
  const pairs = commits.flatMap(({ sha, parents: [parent] }) =>
    parent === undefined ? [] : [{ from: parent, to: sha }],
  );
  const changes = await objects.changedPaths(bare, pairs);
  return tally(changes.flat().flatMap(({ path }) => languageOf(path) ?? []));
}
