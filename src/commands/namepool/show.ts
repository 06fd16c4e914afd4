import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readPoolNames } from '../../polecat/pool-names.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderPoolNames } from '../../ui/text/namepool.ts';
import { listAll, themeSchema } from './themes.ts';

const poolSchema = z.object({
  rig: z.string(),
  theme: z.string(),
  custom: z.boolean(),
  own_names: z.array(z.string()),
  max_size: z.number(),
  in_use: z.array(z.string()),
  next: z.string(),
});
export const schema = z.union([poolSchema, z.array(themeSchema)]);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.bool('list')) return listAll(app);
  const town = await app.town();
  const rig = await chooseRig(town, { name: input.flag('rig') ?? '', cwd: app.cwd });
  const { theme, custom, own, size, inUse, next } = await readPoolNames(town, rig);
  const data = {
    rig: rig.name,
    theme,
    custom,
    own_names: [...own],
    max_size: size,
    in_use: [...inUse],
    next,
  };
  return { data, text: renderPoolNames(data, app.output.style) };
}
