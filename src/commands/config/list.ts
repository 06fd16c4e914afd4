import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listTownKeys, readTownSettings } from '../../town/settings.ts';
import { renderTable } from '../../ui/text/table.ts';
import { keyData, keySchema } from './key-report.ts';

export const schema = z.array(keySchema);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const [keys, { warnings }] = await Promise.all([listTownKeys(town), readTownSettings(town)]);
  const text = (): string =>
    renderTable(
      [
        { title: 'Setting', value: ({ key }) => key },
        { title: 'Value', value: (key) => (key.text === '' ? '-' : key.text) },
        { title: 'From', value: ({ source }) => source.replace(`${town.root}/`, '') },
        { title: 'What it does', value: ({ summary }) => summary, flexible: true },
      ],
      keys,
      app.output,
    );
  return { data: keys.map(keyData), text, warnings };
}
