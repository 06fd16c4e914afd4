import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import type { Files } from '../../ports/files.ts';

export const schema = z.object({
  stale: z.nullable(z.boolean()),
  program: z.string(),
  why: z.string(),
});

/** Exit 0 = the program is older than its sources, 1 = it is not, 2 = could not look. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const program = app.gtArgv.at(-1) ?? '';
  const isBinary = app.gtArgv.length === 1;
  const { stale, why } = isBinary ? RELEASE : await judge(app.machine.files, program);
  return {
    data: { stale, program, why },
    text: input.bool('quiet') ? '' : why,
    exitCode: stale === null ? 2 : stale ? 0 : 1,
  };
}

interface Verdict {
  readonly stale: boolean | null;
  readonly why: string;
}

const RELEASE: Verdict = { stale: false, why: 'an installed release: no sources lie beside it' };

/** The launcher already runs sources that are newer than dist/; who starts dist/ directly asks here. */
async function judge(files: Files, program: string): Promise<Verdict> {
  const root = join(dirname(program), '..');
  try {
    if (program.endsWith('.mjs')) return { stale: false, why: 'gt runs from its sources' };
    const sources = await newest(files, join(root, 'src'));
    if (sources === undefined) return RELEASE;
    const built = (await files.stat(join(root, 'dist/stamp')))?.modified;
    if (built === undefined) return { stale: null, why: `there is no ${join(root, 'dist/stamp')}` };
    return sources > built
      ? { stale: true, why: 'the sources are newer than dist/. Run: npm run build' }
      : { stale: false, why: 'dist/ is as new as the sources' };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { stale: null, why: messageOf(error) };
  }
}

/** Time of the newest file below a folder; undefined when there is none. */
async function newest(files: Files, folder: string): Promise<number | undefined> {
  const entries = (await files.list(folder)) ?? [];
  const times = await Promise.all(
    entries.map(({ name, kind }) => {
      const path = join(folder, name);
      return kind === 'dir' ? newest(files, path) : files.stat(path).then((stat) => stat?.modified);
    }),
  );
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
