import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { emailOf, formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { ExternalError } from '../../core/errors.ts';
import { readTownSettings } from '../../town/settings.ts';
import { actingTown } from '../acting-town.ts';

/** `git commit` in the caller's terminal, under the agent's name; a person's own name stays. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const domain = (await readTownSettings(town)).get('agent_email_domain');
  const end = await app.machine.processes.run({
    argv: ['git', ...identityWords(town.actor, domain), 'commit', ...input.words],
    env: app.env,
    ...(app.cwd === '' ? {} : { cwd: app.cwd }),
    terminal: true,
  });
  if (end.end === 'exit') return { exitCode: end.code };
  const why = end.end === 'not-started' ? end.why : `git ended by ${end.end}`;
  throw new ExternalError({ code: 'git.failed', message: `git commit: ${why}` });
}

/** As settings, which the variables of an agent's session outrank: both name the same agent. */
function identityWords(actor: AgentAddress, domain: string): readonly string[] {
  if (actor.role === 'overseer') return [];
  const name = formatAddress(actor).replace(/\/$/, '');
  return ['-c', `user.name=${name}`, '-c', `user.email=${emailOf(actor, domain)}`];
}
