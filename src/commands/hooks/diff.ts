import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError } from '../../core/errors.ts';
import { nearestHint } from '../../core/nearest.ts';
import { printable } from '../../core/text.ts';
import { hooksWritten } from '../../runtimes/hook-files/written.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import type { TargetFiles } from '../../runtimes/hook-files/targets.ts';
import { parseJsonObject } from '../../town/json-file.ts';

const row = z.object({
  target: z.string(),
  path: z.string(),
  exists: z.boolean(),
  /** Lines that would go, and that would come. */
  removed: z.array(z.string()),
  added: z.array(z.string()),
  error: z.optional(z.string()),
});
export const schema = z.array(row);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const found = await targetsNamed(await app.town(), input.arg('target'));
  const rows: readonly z.infer<typeof row>[] = found.flatMap(({ target, path, changes, error }) =>
    error === undefined
      ? changes
          .filter(({ isNote }) => isNote !== true)
          .map(({ path: changed, before, content }) => ({
            target,
            path: changed,
            exists: before !== undefined,
            ...linesBetween(linesOf(before ?? '', changed), linesOf(content, changed)),
          }))
      : [{ target, path, exists: true, removed: [], added: [], error: error.message }],
  );
  const text = rows.flatMap(({ target, path, removed, added, error }) => [
    `${target}  ${path}`,
    ...(error === undefined ? [] : [`  ${error}`]),
    ...removed.map((line) => app.output.style.red(`- ${printable(line)}`)),
    ...added.map((line) => app.output.style.green(`+ ${printable(line)}`)),
  ]);
  return {
    data: rows,
    text: rows.length === 0 ? 'Everything is as it should be' : text.join('\n'),
    exitCode: rows.length === 0 ? 0 : 1,
  };
}

/** All, or those of a target and what is below it. NotFoundError `hooks.no-target`. */
async function targetsNamed(
  town: Awaited<ReturnType<AppContext['town']>>,
  name: string,
): Promise<readonly TargetFiles[]> {
  const all = await readHookTargets(town);
  const named = all.filter(
    ({ target }) => name === '' || `${target}/`.startsWith(`${name}/`) || target.endsWith(`/${name}`),
  );
  if (named.length > 0 || name === '') return named;
  throw new NotFoundError({
    code: 'hooks.no-target',
    message: `no hook files of '${name.slice(0, 60)}'`,
    hint: nearestHint(
      name,
      all.map(({ target }) => target),
      'Run: gt hooks list',
    ),
  });
}

/** A settings file by what it says, one line each; a program as it is. */
function linesOf(text: string, path: string): readonly string[] {
  if (text === '' || !path.endsWith('.json')) return text.split('\n').filter((line) => line !== '');
  const { hooks: _, ...rest } = parseJsonObject(text, path);
  return [
    ...Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ...hooksWritten(text, path).map(
      ({ event, matcher, commands }) => `${event} [${matcher}] ${commands.join('; ')}`,
    ),
  ];
}

/** By content: a line that only moved is no change. */
function linesBetween(old: readonly string[], now: readonly string[]) {
  return {
    removed: old.filter((line) => !now.includes(line)),
    added: now.filter((line) => !old.includes(line)),
  };
}
