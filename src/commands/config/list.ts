import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { keyNames } from '../../town/layers.ts';
import { TOWN_TABLE } from '../../town/settings-keys.ts';
import { readTownSettings } from '../../town/settings.ts';
import { renderTable } from '../../ui/text/table.ts';
import { keyData, keySchema } from './key-report.ts';

export const schema = z.array(keySchema);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const settings = await readTownSettings(town);
  const keys = keyNames(TOWN_TABLE).map((name) => settings.report(name));
  const text = (): string =>
    renderTable(
      [
        { title: 'Setting', value: ({ key }) => key },
        {
          title: 'Value',
          value: (key) => (key.problem !== undefined ? '!' : key.text === '' ? '-' : key.text),
        },
        { title: 'From', value: ({ source }) => source.replace(`${town.root}/`, '') },
        { title: 'What it does', value: ({ summary }) => summary, flexible: true },
      ],
      keys,
      app.output,
    );
  return { data: keys.map(keyData), text, warnings: [...problemsOf(keys), ...settings.warnings] };
}

/** Values that stop whoever needs them. */
export function problemsOf(keys: readonly { readonly problem: string | undefined }[]): readonly string[] {
  return keys.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
}
