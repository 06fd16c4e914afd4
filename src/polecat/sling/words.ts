import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { parseWorkerName } from '../../core/names.ts';
import type { WorkerName } from '../../core/names.ts';
import { listRigs, rigNamed, rigOfBead } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';

/** What the words after `gt sling` mean. */
export interface SlingTarget {
  readonly rig: Rig;
  /** `<rig>/<n>`: this worker and no other. */
  readonly worker: WorkerName | undefined;
}

export interface SlingWords {
  readonly beads: readonly string[];
  readonly target: SlingTarget | undefined;
}

const OTHER_ROLES = /^(?:crew|mayor|may|deacon|dea|witness|wit|refinery|ref|dog|\.)(?:$|[:/])/;

/**
 * `<bead…> [<rig> | <rig>/<n> | <rig>/polecats/<n>]`: the last word is the target when it names a rig.
 * UsageError `sling.no-bead`, `sling.target`, NotFoundError `rig.not-found`.
 */
export async function readSlingWords(ctx: TownContext, words: readonly string[]): Promise<SlingWords> {
  const last = words.at(-1);
  if (last === undefined)
    throw new UsageError({ code: 'sling.no-bead', message: 'which bead? gt sling <bead> <rig>' });
  const target = await readTarget(ctx, last, words.length > 1);
  const beads = target === undefined ? words : words.slice(0, -1);
  if (beads.length === 0) {
    throw new UsageError({
      code: 'sling.no-bead',
      message: `which bead goes to ${last}?`,
      hint: 'Run: bd ready',
    });
  }
  return { beads, target };
}

async function readTarget(
  ctx: TownContext,
  word: string,
  afterBead: boolean,
): Promise<SlingTarget | undefined> {
  if (OTHER_ROLES.test(word)) throw badTarget(word);
  const [name = '', ...rest] = word.split('/');
  const rigs = await listRigs(ctx);
  const known = rigs.some((rig) => rig.name === name);
  if (!known && rest.length === 0) {
    // With a bead before it, a word that no bead id can be was meant as a rig.
    if (afterBead && !word.includes('-')) await rigNamed(ctx, word);
    return undefined;
  }
  const rig = await rigNamed(ctx, name);
  const path = rest[0] === 'polecats' ? rest.slice(1) : rest;
  if (rest.length === 0) return { rig, worker: undefined };
  const [worker, ...more] = path;
  if (
    worker === undefined ||
    worker === '' ||
    more.length > 0 ||
    (path.length === rest.length && rest[0] === 'crew')
  ) {
    throw badTarget(word);
  }
  return { rig, worker: parseWorkerName(worker) };
}

function badTarget(word: string): UsageError {
  return new UsageError({
    code: 'sling.target',
    message: `'${word.slice(0, 60)}' cannot take slung work: name a rig, or <rig>/<polecat>`,
    hint: 'Run: gt rig list',
  });
}

/** The beads and the one rig they all go to. NotFoundError `bead.not-found`, UsageError `sling.rigs-differ`. */
export async function findSlingBeads(
  ctx: TownContext,
  words: SlingWords,
): Promise<{ readonly beads: readonly Bead[]; readonly target: SlingTarget }> {
  const found = await Promise.all(words.beads.map(async (text) => (await ctx.ledgers.of(text)).find(text)));
  const expanded = (await Promise.all(found.map((bead) => membersOf(ctx, bead)))).flat();
  const beads = [...new Map(expanded.map((bead) => [bead.id, bead])).values()];
  return { beads, target: words.target ?? { rig: await commonRig(ctx, beads), worker: undefined } };
}

/** An epic stands for its open children, a convoy for the beads it tracks; anything else for itself. */
async function membersOf(ctx: TownContext, bead: Bead): Promise<readonly Bead[]> {
  const isEpic = bead.type === 'epic' || bead.labels.includes('gt:epic');
  const isConvoy = bead.type === 'convoy' || bead.labels.includes('gt:convoy');
  if (!isEpic && !isConvoy) return [bead];
  const members = isEpic ? await childrenOf(ctx, bead) : await trackedBy(ctx, bead);
  const open = members.filter((member) => member.status === 'open');
  if (open.length > 0) return open;
  throw new NotFoundError({
    code: 'sling.no-members',
    message: `${bead.id} has no open bead to sling`,
    hint: `Run: bd show ${bead.id}`,
  });
}

async function childrenOf(ctx: TownContext, epic: Bead): Promise<readonly Bead[]> {
  return (await ctx.ledgers.of(epic.id)).list({ parent: epic.id, order: 'priority' });
}

async function trackedBy(ctx: TownContext, convoy: Bead): Promise<readonly Bead[]> {
  const edges = await (await ctx.ledgers.of(convoy.id)).edgesFrom([convoy.id]);
  const ids = edges.filter((edge) => edge.type === 'tracks').map((edge) => edge.to);
  const beads = await Promise.all(ids.map(async (id) => (await ctx.ledgers.of(id)).get(id)));
  return beads.filter((bead) => bead !== undefined);
}

async function commonRig(ctx: TownContext, beads: readonly Bead[]): Promise<Rig> {
  const rigs = await Promise.all(beads.map((bead) => rigOfBead(ctx, bead.id)));
  const [first] = rigs;
  const names = [...new Set(rigs.map((rig) => rig.name))];
  if (first !== undefined && names.length === 1) return first;
  throw new UsageError({
    code: 'sling.rigs-differ',
    message: `these beads belong to several rigs: ${names.join(', ')}`,
    hint: 'Sling the beads of each rig on their own',
  });
}
