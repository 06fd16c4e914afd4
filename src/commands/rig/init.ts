import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { writeExcludes } from '../../rig/excludes.ts';
import { rigPaths } from '../../town/layout.ts';
import { makeRig, placeOf, repositoryOf } from './own-repository.ts';

export const schema = z.object({ rig: z.string(), town: z.string(), path: z.string() });

/** The repository around the folder becomes a rig; with --force one that is a rig gets its excludes anew. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await placeOf(app, await repositoryOf(app, input.arg('path')));
  const { ctx, name, repository, known } = place;
  const paths = rigPaths(ctx.root, name);
  if (known !== undefined && !input.bool('force')) {
    throw new RefusedError({
      code: 'rig.exists',
      message: `${repository} is rig ${name} of ${known.town} already`,
      hint: `Run: gt rig status ${name}`,
    });
  }
  await makeRig(place);
  if (known !== undefined) await writeExcludes(ctx.ports.files, paths.bare);
  return {
    data: { rig: name, town: ctx.root, path: paths.root },
    text: [
      `${app.output.style.green('✓')} ${repository} is rig ${name} of ${ctx.root}`,
      '',
      'Next:',
      `  bd create "<what is to do>" --rig ${name}      write down a piece of work`,
      `  gt sling <bead> ${name}      give it to a worker`,
    ].join('\n'),
  };
}
