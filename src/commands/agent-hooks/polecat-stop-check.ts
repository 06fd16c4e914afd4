import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { askStop } from './signal-stop.ts';

const BLOCK = 2;

/** For hook files that name it: the verdict of `gt signal stop`, as exit code and stderr. */
export async function run(app: AppContext): Promise<CommandReply> {
  const { verdict, warnings, told } = await askStop(app);
  if (verdict.decision === 'approve') return { warnings, afterPrint: told };
  return { exitCode: BLOCK, warnings: [verdict.reason], afterPrint: told };
}
