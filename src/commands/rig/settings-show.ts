import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { RIG_TABLE } from '../../rig/settings-keys.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { keyNames } from '../../town/layers.ts';
import { problemsOf } from '../config/list.ts';
import { renderRigSettings } from '../../ui/text/rig-settings.ts';

export const schema = z.array(z.strictObject({ key: z.string(), value: z.unknown(), source: z.string() }));

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const settings = await readRigSettings(ctx, rig);
  const reports = keyNames(RIG_TABLE).map((key) => settings.report(key));
  const rows = reports.map(({ key, value, source }) => ({ key, value, source }));
  const shown = input.bool('all') ? rows : rows.filter((row) => row.source !== 'default');
  return {
    data: rows,
    text: renderRigSettings(rig.name, shown, app.output),
    warnings: [...problemsOf(reports), ...settings.warnings],
  };
}
