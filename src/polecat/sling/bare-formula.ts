import type { TownContext } from '../../beads/context.ts';
import { draftBead } from '../../beads/write/new-row.ts';
import { formatAddress } from '../../core/address.ts';
import { NotFoundError, UsageError, type GtError } from '../../core/errors.ts';
import { shortHash } from '../../core/short-hash.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import type { Rig } from '../../rig/registry.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import { formulaCalled } from './choose-formula.ts';
import type { SlingForm } from './form.ts';
import { badOptions, type SlingOptions } from './options.ts';

export interface Bare {
  readonly word: string;
  /** Why it is no bead. */
  readonly missing: GtError;
  /** undefined = nobody was named. */
  readonly to: Recipient | undefined;
  /** The only rig of the town. */
  readonly onlyRig: Rig | undefined;
  readonly options: SlingOptions;
}

const LIKE_AN_ID = /^[a-z]{1,5}-[a-z0-9][a-z0-9.-]*$/;

/**
 * A formula by itself: its work is a passing bead that the hook transaction makes. NotFoundError `sling.unknown` and
 * `bead.not-found`, UsageError `sling.options` `sling.target`.
 */
export async function bareFormula(ctx: TownContext, bare: Bare): Promise<SlingForm> {
  const { word, missing, options, onlyRig } = bare;
  const to = bare.to ?? (onlyRig === undefined ? undefined : { kind: 'worker', rig: onlyRig });
  const name = await formulaCalled(ctx, to?.kind === 'worker' ? to.rig : undefined, word);
  if (name === undefined) throw LIKE_AN_ID.test(word) ? missing : unknownWord(word);
  if (options.formula !== undefined || options.rawBead === true)
    throw badOptions(`${name} is a formula already: leave out --formula, --on and --hook-raw-bead`);
  if (to === undefined) throw nobody(name);
  const fresh = {
    id: `${await prefixFor(ctx, to)}-wisp-${shortHash(ctx.ports.random.bytes(5))}`,
    title: `Work through ${name}`,
    type: 'task',
    keep: 'wisp',
  } as const;
  const bead = draftBead(fresh, { actor: formatAddress(ctx.actor), now: ctx.ports.clock.now() });
  return { options: { ...options, formula: name, noConvoy: true }, items: [{ bead, fresh, to }] };
}

async function prefixFor(ctx: TownContext, to: Recipient): Promise<string> {
  if (to.kind === 'worker') return to.rig.prefix;
  return to.kind === 'dog' ? 'hq' : (await agentPlace(ctx, to.address)).prefix;
}

function nobody(name: string): UsageError {
  return new UsageError({
    code: 'sling.target',
    message: `who follows ${name}?`,
    hint: `Run: gt sling ${name} <rig>`,
  });
}

function unknownWord(word: string): NotFoundError {
  return new NotFoundError({
    code: 'sling.unknown',
    message: `'${word.slice(0, 60)}' is neither a bead nor a formula`,
    hint: 'Run: bd ready, or gt formula list',
  });
}
