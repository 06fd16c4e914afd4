import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { listRigs, readRigs, rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import { bareFormula } from './bare-formula.ts';
import type { SlingForm } from './form.ts';
import { isGroup, membersOf, ownRig, refuseSeveralRigs, rigsOf } from './members.ts';
import { OF_A_BRANCH, badOptions } from './options.ts';
import type { SlingOptions } from './options.ts';
import { crewMember, looksLikeTarget, readTarget } from './targets.ts';

/**
 * Finds out what the words of `gt sling` mean: one bead, several, the members of an epic or convoy, or a formula by
 * itself; and who gets them. Nothing is written. UsageError `sling.no-bead`, `sling.target`, `sling.rigs-differ`,
 * `sling.options`; NotFoundError `bead.not-found`, `sling.no-members`, `sling.unknown`.
 */
export async function readForm(
  ctx: TownContext,
  words: readonly string[],
  options: SlingOptions,
): Promise<SlingForm> {
  const { names, target } = await splitWords(ctx, words);
  const found = await Promise.all(names.map((name) => findBead(ctx, name)));
  const [only] = found;
  if (found.length === 1 && only !== undefined && 'missing' in only) {
    const { rigs, broken } = await readRigs(ctx);
    const rig = rigs.length + broken.length === 1 ? rigs[0] : undefined;
    const to = await recipientFor(ctx, { target, options, rig, many: false });
    return bareFormula(ctx, { word: names[0] ?? '', missing: only.missing, to, onlyRig: rig, options });
  }
  const given = found.map((each) => {
    if ('missing' in each) throw each.missing;
    return each.bead;
  });
  const members = (await Promise.all(given.map((bead) => membersOf(ctx, bead)))).flat();
  const beads = [...new Map(members.map((bead) => [bead.id, bead])).values()];
  if (given.some(isGroup)) refusePerTask(options);
  const rigs = await rigsOf(ctx, beads);
  const to = await recipientFor(ctx, {
    target,
    options,
    rig: rigs.values().next().value,
    many: beads.length > 1,
  });
  if (to === undefined && !given.some(isGroup)) refuseSeveralRigs(rigs);
  return { options, items: beads.map((bead) => ({ bead, to: to ?? ownRig(rigs, bead) })) };
}

interface Words {
  readonly names: readonly string[];
  readonly target: string | undefined;
}

/** The last word is the target when it can be nothing else, or names a rig. */
async function splitWords(ctx: TownContext, words: readonly string[]): Promise<Words> {
  const last = words.at(-1) ?? '';
  const isTarget = looksLikeTarget(last) || (await listRigs(ctx)).some((rig) => rig.name === last);
  // With a bead before it, a word that no bead id can be was meant as a rig.
  if (!isTarget && words.length > 1 && !last.includes('-')) await rigNamed(ctx, last);
  const names = isTarget ? words.slice(0, -1) : words;
  if (names.length > 0 && !names.includes('')) return { names, target: isTarget ? last : undefined };
  throw new UsageError({
    code: 'sling.no-bead',
    message:
      isTarget && last !== ''
        ? `which bead goes to ${last.slice(0, 60)}?`
        : 'which bead? gt sling <bead> <rig>',
    hint: 'Run: bd ready',
  });
}

type Found = { readonly bead: Bead } | { readonly missing: NotFoundError };

async function findBead(ctx: TownContext, text: string): Promise<Found> {
  try {
    return { bead: await (await ctx.ledgers.of(text)).find(text) };
  } catch (error) {
    if (error instanceof NotFoundError) return { missing: error };
    throw error;
  }
}

interface Choice {
  readonly target: string | undefined;
  readonly options: SlingOptions;
  /** Of the first bead. */
  readonly rig: Rig | undefined;
  readonly many: boolean;
}

/** undefined = each bead's own rig. Nobody named: an agent means itself, a person the rig of the bead. */
async function recipientFor(ctx: TownContext, choice: Choice): Promise<Recipient | undefined> {
  const { target, options, rig, many } = choice;
  const { crew, create = false } = options;
  const named = target === undefined ? undefined : await readTarget(ctx, target, { rig, create });
  if (crew !== undefined) return crewOf(ctx, { crew, named, rig });
  if (named !== undefined) return named;
  const { actor } = ctx;
  const needsWorker = many || OF_A_BRANCH.some((option) => options[option] !== undefined);
  return needsWorker || actor.role === 'overseer' || actor.role === 'polecat'
    ? undefined
    : { kind: 'standing', address: actor };
}

async function crewOf(
  ctx: TownContext,
  {
    crew,
    named,
    rig,
  }: { readonly crew: string; readonly named: Recipient | undefined; readonly rig: Rig | undefined },
): Promise<Recipient> {
  if (named !== undefined && (named.kind !== 'worker' || named.named !== undefined))
    throw badOptions('--crew names the one who takes it: leave out the agent');
  const home = named?.rig ?? rig;
  if (home === undefined)
    throw badOptions(`--crew ${crew} needs a rig: gt sling <bead> <rig> --crew ${crew}`);
  return crewMember(ctx, home, crew);
}

/** Flags that speak of one task only. */
const PER_TASK = ['args', 'vars', 'script', 'crew', 'create', 'mode'] as const;

function refusePerTask(options: SlingOptions): void {
  const flag = PER_TASK.find((name) =>
    name === 'vars' ? Object.keys(options.vars ?? {}).length > 0 : options[name] !== undefined,
  );
  if (flag === undefined) return;
  const shown = {
    args: 'args',
    vars: 'var',
    script: 'script',
    crew: 'crew',
    create: 'create',
    mode: 'ralph',
  }[flag];
  throw badOptions(
    `--${shown} is for one task: an epic or a convoy is many; sling those it is meant for by themselves`,
  );
}
