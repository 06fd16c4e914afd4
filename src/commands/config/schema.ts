import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError } from '../../core/errors.ts';
import { nearestHint } from '../../core/nearest.ts';
import { CONFIG_FILES, jsonSchemaOf } from '../../watchdog/config-files.ts';
import { renderTable } from '../../ui/text/table.ts';

const files = z.array(z.strictObject({ file: z.string(), holds: z.string() }));

export const schema = z.union([files, z.record(z.string(), z.unknown())]);

/** The schema itself is the text too: it is made to be redirected into a file. */
export function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const name = input.arg('file');
  return Promise.resolve(name === '' ? listOf(app) : schemaOf(name));
}

function listOf(app: AppContext): CommandReply {
  const data = CONFIG_FILES.map(({ name, holds }) => ({ file: name, holds }));
  const text = (): string =>
    renderTable(
      [
        { title: 'File', value: ({ file }) => file },
        { title: 'Holds', value: ({ holds }) => holds, flexible: true },
      ],
      data,
      app.output,
    );
  return { data, text };
}

function schemaOf(name: string): CommandReply {
  const found = CONFIG_FILES.find((file) => file.name === name);
  if (found === undefined) {
    throw new NotFoundError({
      code: 'config.no-file',
      message: `gt has no file of settings '${name.slice(0, 80)}'`,
      hint: nearestHint(
        name,
        CONFIG_FILES.map((file) => file.name),
        'Run: gt config schema',
      ),
    });
  }
  const data = jsonSchemaOf(found);
  return { data, text: JSON.stringify(data, null, 2) };
}
