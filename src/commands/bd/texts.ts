import { resolve } from 'node:path';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';

/** The description from -d, --body, --body-file or --stdin; undefined when none is given. Throws UsageError for two. */
export async function readDescription(app: AppContext, input: CommandInput): Promise<string | undefined> {
  const given = [
    input.flag('description'),
    input.flag('body'),
    input.flag('body-file'),
    input.bool('stdin') ? '-' : undefined,
  ].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new UsageError({
      code: 'beads.two-texts',
      message: 'the description is given twice',
      hint: 'Use one of -d, --body-file and --stdin',
    });
  }
  const file = input.bool('stdin') ? '-' : input.flag('body-file');
  if (file !== undefined) return readTextFile(app, file);
  return input.flag('description') ?? input.flag('body');
}

/** The text of a file, `-` = standard input. NotFoundError `files.not-found`. */
export async function readTextFile(app: AppContext, file: string): Promise<string> {
  if (file === '-') return app.stdin();
  const text = await app.machine.files.readText(resolve(app.cwd || '/', file));
  if (text === undefined) {
    throw new NotFoundError({
      code: 'files.not-found',
      message: `there is no file ${file}`,
      hint: 'Check the path (- is standard input)',
    });
  }
  return text;
}

/** `key=value` words as an object. Throws UsageError `beads.bad-pair`. */
export function parsePairs(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
      throw new UsageError({
        code: 'beads.bad-pair',
        message: `'${word.slice(0, 60)}' is not key=value`,
        hint: 'Write it as <key>=<value>',
      });
    }),
  );
}

/** A JSON object, or with `@<file>` that of a file. Throws UsageError `beads.bad-json`. */
export async function readObject(app: AppContext, text: string): Promise<Readonly<Record<string, unknown>>> {
  return parseObject(text.startsWith('@') ? await readTextFile(app, text.slice(1)) : text);
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch {
    // The message below says all there is to say about text that is no object.
  }
  throw new UsageError({
    code: 'beads.bad-json',
    message: `--metadata takes a JSON object, not '${text.slice(0, 60)}'`,
    hint: `Write it as --metadata '{"key": "value"}', or @file.json`,
  });
}
