import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { decideGuard } from '../../hooks/guards/decide.ts';
import { guardAnswer } from '../../hooks/hook-answer.ts';
import { formatOf } from '../hook-format.ts';

/** Exit 2 = block; stderr goes to the agent. Needs no town and no ledger: it stands before every shell command. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const verdict = decideGuard({
    guard: input.arg('guard'),
    input: await app.stdin(),
    facts: { role: roleWord(app.env['GT_ROLE']), branch: app.env['GT_BRANCH'] },
  });
  const { exitCode, text, stderr } = guardAnswer(formatOf(input), verdict);
  return { exitCode, text, warnings: stderr === '' ? [] : [stderr] };
}

/** `proj/polecats/nux` → polecat; only the kind of agent matters here. */
function roleWord(role: string | undefined): string | undefined {
  if (role === undefined || role === '') return undefined;
  const kinds = { polecats: 'polecat', crew: 'crew', witness: 'witness', refinery: 'refinery' };
  const [first = '', second = ''] = role.split('/');
  return Object.entries(kinds).find(([word]) => word === second)?.[1] ?? first;
}
