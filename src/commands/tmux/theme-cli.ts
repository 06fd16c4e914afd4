import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readTownKey, writeTownKey } from '../../town/settings.ts';

export const schema = z.object({
  configured: z.string(),
  override: z.optional(z.string()),
  effective: z.string(),
});

/** Commands print in the sixteen colours of the terminal's own palette, which suits its background by itself. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const mode = input.arg('mode');
  const key = mode === '' ? await readTownKey(ctx, 'cli_theme') : await writeTownKey(ctx, 'cli_theme', mode);
  const override = app.env['GT_THEME'] || undefined;
  const effective = override ?? key.text;
  return {
    data: { configured: key.text, ...(override === undefined ? {} : { override }), effective },
    text: [
      `Colours of command output: ${effective}${override === undefined ? '' : ' (by GT_THEME)'}`,
      "They are the terminal's own sixteen: its palette decides how they look.",
    ].join('\n'),
  };
}
