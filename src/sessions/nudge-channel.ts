import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { formatAddress, parseAddress } from '../core/address.ts';
import { NotFoundError } from '../core/errors.ts';
import { nearestHint } from '../core/nearest.ts';
import { corrupt, readJsonFile } from '../town/json-file.ts';
import { observeSessions } from './observe.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';

export const messagingSchema = z.object({
  nudge_channels: z.optional(z.record(z.string(), z.array(z.string()))),
});

/**
 * Whom a channel of `config/messaging.json` names: addresses as they stand, and for patterns such as
 * `shop/polecats/*` or `*\/witness` the agents whose sessions run. NotFoundError `nudge.no-channel`.
 */
export async function channelTargets(ctx: TownContext, name: string): Promise<readonly Target[]> {
  const path = join(ctx.root, 'config/messaging.json');
  const parsed = messagingSchema.safeParse((await readJsonFile(ctx.ports.files, path)) ?? {});
  if (!parsed.success) throw corrupt(path, 'nudge_channels: wanted lists of addresses by name');
  const channels = parsed.data.nudge_channels ?? {};
  const members = Object.hasOwn(channels, name) ? channels[name] : undefined;
  if (members === undefined) {
    throw new NotFoundError({
      code: 'nudge.no-channel',
      message: `there is no nudge channel '${name.slice(0, 60)}'`,
      hint: nearestHint(name, Object.keys(channels), `Name its members in ${path}: nudge_channels`),
    });
  }
  const fixed = members.filter((member) => !member.includes('*')).map(parseAddress);
  const patterns = members.filter((member) => member.includes('*'));
  const live = patterns.length === 0 ? [] : (await liveTargets(ctx)).filter(fits(patterns));
  const all = [...(await Promise.all(fixed.map((address) => targetOf(ctx, address)))), ...live];
  return [...new Map(all.map((target) => [target.session, target])).values()];
}

/** Every agent whose session runs, by address. */
export async function liveTargets(ctx: TownContext): Promise<readonly Target[]> {
  const views = (await observeSessions(ctx)).filter(({ seen }) => seen.kind === 'live');
  const found = views.flatMap(({ address }) => (address === undefined ? [] : [targetOf(ctx, address)]));
  return Promise.all(found);
}

/** `*` stands for one part of an address. */
function fits(patterns: readonly string[]): (target: Target) => boolean {
  const split = (text: string): readonly string[] => text.split('/').filter((part) => part !== '');
  const wanted = patterns.map(split);
  return ({ address }) => {
    const parts = split(formatAddress(address));
    return wanted.some(
      (pattern) =>
        pattern.length === parts.length &&
        pattern.every((part, index) => part === '*' || part === parts[index]),
    );
  };
}
