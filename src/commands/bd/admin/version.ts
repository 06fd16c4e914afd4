import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { VERSION } from '../../../version.ts';

export const schema = z.object({ branch: z.string(), build: z.string(), version: z.string() });

/** The bd whose schema and answers these are: programs that call bd compare this number. */
export const BD_VERSION = '1.0.5';

export async function run(_app: AppContext, _input: CommandInput): Promise<CommandReply> {
  return {
    data: { branch: 'main', build: `gt-${VERSION}`, version: BD_VERSION },
    text: `bd version ${BD_VERSION} (gt ${VERSION})`,
  };
}
