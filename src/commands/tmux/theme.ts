import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { nearestHint } from '../../core/nearest.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import type { Rig } from '../../rig/registry.ts';
import { updateRigSettings } from '../../rig/settings.ts';
import { THEMES, THEME_NAMES } from '../../sessions/look/palette.ts';
import { readTheme } from '../../sessions/look/read.ts';
import type { Theme } from '../../sessions/look/resolve.ts';
import { isJsonObject } from '../../town/json-file.ts';
import { renderTheme, renderThemes } from '../../ui/text/theme.ts';

const themeSchema = z.object({ name: z.string(), bg: z.optional(z.string()), fg: z.optional(z.string()) });

export const schema = z.object({
  rig: z.optional(z.string()),
  theme: z.optional(themeSchema),
  source: z.optional(z.string()),
  themes: z.optional(z.array(themeSchema)),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  if (input.bool('list')) {
    const themes = Object.entries(THEMES).map(([name, colours]) => ({ name, ...colours }));
    return { data: { themes }, text: renderThemes(themes) };
  }
  const rig = await chooseRig(ctx, { name: app.env['GT_RIG'] ?? '', cwd: app.cwd });
  const name = input.arg('name');
  if (name !== '') await setTheme(ctx, rig, name);
  const theme = await readTheme(ctx, { role: 'polecat', rig: rig.name });
  return { data: dataOf(rig, theme), text: renderTheme(rig.name, theme, name === '' ? 'shown' : 'set') };
}

function dataOf(rig: Rig, { name, colours, source }: Theme): unknown {
  return { rig: rig.name, theme: { name, ...colours }, source };
}

async function setTheme(ctx: TownContext, rig: Rig, name: string): Promise<void> {
  if (name !== 'none' && THEMES[name] === undefined) {
    throw new UsageError({
      code: 'theme.unknown',
      message: `there is no theme '${name.slice(0, 40)}'`,
      hint: nearestHint(name, [...THEME_NAMES, 'none'], 'Run: gt theme --list'),
    });
  }
  await updateRigSettings(ctx, rig, (doc) => {
    const before = isJsonObject(doc['theme']) ? doc['theme'] : {};
    const { disabled: _off, custom: _own, ...kept } = before;
    const theme = name === 'none' ? { ...before, disabled: true } : { ...kept, name };
    return { ...doc, theme };
  });
}
