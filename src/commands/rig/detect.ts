import { isAbsolute, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { singleQuoted } from '../../core/shell-word.ts';
import { detectRig, repositoryAround } from '../../rig/detect.ts';
import { machineOf } from '../../town/machine/state.ts';
import { writeUserFile } from '../../town/machine/user-file.ts';

export const schema = z.object({
  repository: z.nullable(z.string()),
  town: z.nullable(z.string()),
  rig: z.nullable(z.string()),
});

/** Prints shell lines that set, or take away, what names the rig of a repository; with --cache it writes them down. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const machine = machineOf(app.machine, app.env);
  const word = input.arg('path');
  const folder = isAbsolute(word) ? word : resolve(app.cwd || '/', word);
  const repository = await repositoryAround(app.machine.files, folder);
  const found = repository === undefined ? undefined : await detectRig(machine, repository);
  const cache = input.flag('cache');
  if (cache !== undefined && repository !== undefined) {
    const text = (await app.machine.files.readText(cache)) ?? '';
    const content = withLine(text, [repository, found?.town ?? '', found?.rig ?? '']);
    await writeUserFile(machine.userFiles, { path: cache, kind: 'own', content, mode: 0o600 });
  }
  return {
    data: { repository: repository ?? null, town: found?.town ?? null, rig: found?.rig ?? null },
    text:
      found === undefined
        ? 'unset GT_TOWN_ROOT GT_ROOT GT_RIG'
        : ['GT_TOWN_ROOT', 'GT_ROOT']
            .map((name) => `export ${name}=${singleQuoted(found.town)}`)
            .concat(`export GT_RIG=${singleQuoted(found.rig)}`)
            .join('\n'),
  };
}

/** One line per repository. A path with a tab or a line break has no line: it could pass for another. */
function withLine(text: string, cells: readonly [string, string, string]): string {
  if (cells.some((cell) => /[\t\n]/.test(cell))) return text;
  const others = text.split('\n').filter((line) => line !== '' && line.split('\t')[0] !== cells[0]);
  return [...others, cells.join('\t'), ''].join('\n');
}
