import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listThemes, themeNamed } from '../../polecat/themes.ts';
import type { Theme } from '../../polecat/themes.ts';
import { renderTheme, renderThemes } from '../../ui/text/namepool.ts';

export const themeSchema = z.object({
  name: z.string(),
  custom: z.boolean(),
  count: z.number(),
  names: z.array(z.string()),
});
export const schema = z.array(themeSchema);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.arg('theme') === '') return listAll(app);
  const theme = rowOf(await themeNamed(await app.town(), input.arg('theme')));
  return { data: [theme], text: renderTheme(theme) };
}

export async function listAll(app: AppContext): Promise<CommandReply> {
  const rows = (await listThemes(await app.town())).map(rowOf);
  return { data: rows, text: renderThemes(rows, app.output) };
}

function rowOf({ name, custom, names }: Theme) {
  return { name, custom, count: names.length, names: [...names] };
}
