import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { singleQuoted } from '../../core/shell-word.ts';
import { identityEnv } from '../../sessions/agent-env.ts';
import { agentHome } from '../../town/agent-home.ts';
import { readTownSettings } from '../../town/settings.ts';
import { actingTown } from '../acting-town.ts';

/** Each value is one quoted word: what stands in a path or name is never run. */
export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const { actor, root } = town;
  const place = { GT_ROOT: root, GT_TOWN_ROOT: root };
  const who =
    actor.role === 'overseer'
      ? {}
      : {
          ...identityEnv(actor, (await readTownSettings(town)).get('agent_email_domain')),
          GT_ROLE_HOME: agentHome(root, actor),
        };
  const lines = Object.entries({ ...who, ...place }).map(
    ([name, value]) => `export ${name}=${singleQuoted(value)}`,
  );
  return { text: lines.join('\n') };
}
