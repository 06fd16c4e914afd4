import type { TownContext } from '../beads/context.ts';
import { UsageError } from '../core/errors.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { clonesOf } from '../rig/find-crew.ts';
import type { CrewPlace } from '../rig/crew-place.ts';

/** The workspaces of a rig that its setting wants running, and names in it that have none. Throws as `parseCrewStartup`. */
export async function startupCrew(
  ctx: TownContext,
  rig: Rig,
): Promise<{ readonly places: readonly CrewPlace[]; readonly missing: readonly string[] }> {
  const there = await clonesOf(ctx, rig);
  const wish = (await readRigSettings(ctx, rig)).get('crew.startup');
  const names = parseCrewStartup(
    wish,
    there.map(({ name }) => name),
  );
  return {
    places: names.flatMap((name) => there.filter((place) => place.name === name)),
    missing: names.filter((name) => !there.some((place) => place.name === name)),
  };
}

/**
 * Which crew a rig wants running, from its setting `crew.startup`: names (`max, emma and joe`), `all`, `none`,
 * `pick one` (the first by name), each perhaps followed by exceptions (`all but not joe`, `all except max and emma`).
 * Pure. UsageError `crew.bad-startup` for anything else: a wish that is misread starts the wrong agents.
 * @param there names of the workspaces that are there
 * @returns names in the order they were wished, each once; named ones need not be there
 */
export function parseCrewStartup(text: string, there: readonly string[]): readonly string[] {
  const [wish = '', ...exceptions] = text.trim().split(/[\s,]*\b(?:but not|but|except for|except|not)\s+/i);
  const left = new Set(exceptions.flatMap((part) => namesIn(part, text)));
  const wished = wishedBy(wish.replace(/[\s,]+$/, ''), {
    text,
    there: there.filter((name) => !left.has(name)),
  });
  return [...new Set(wished)].filter((name) => !left.has(name));
}

function wishedBy(
  wish: string,
  { text, there }: { readonly text: string; readonly there: readonly string[] },
): readonly string[] {
  switch (wish.toLowerCase().replaceAll(/\s+/g, ' ')) {
    case '':
    case 'none':
    case 'no one':
    case 'nobody':
      return [];
    case 'all':
    case 'everyone':
      return there;
    case 'pick one':
    case 'any':
    case 'one':
      return there.slice(0, 1);
    default:
      return namesIn(wish, text);
  }
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

function namesIn(part: string, text: string): readonly string[] {
  const names = part.split(/\s*,\s*(?:and\s+)?|\s+and\s+/i).filter((name) => name !== '');
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong === undefined) return names;
  throw new UsageError({
    code: 'crew.bad-startup',
    message: `crew.startup '${text.slice(0, 60)}' cannot be read: '${wrong.slice(0, 40)}' is no name`,
    hint: 'Write names with commas, all, none, pick one, or all but not <name>',
  });
}
