import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { agentHome } from '../../town/agent-home.ts';
import { conflictLine, whoAmI } from '../../town/identity.ts';
import { identitySource } from '../identity-source.ts';

export const schema = z.object({
  role: z.string(),
  identity: z.string(),
  source: z.enum(['env', 'file', 'cwd', 'default']),
  home: z.string(),
  rig: z.optional(z.string()),
  name: z.optional(z.string()),
  conflict: z.optional(z.string()),
});

export function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  return showRole(app, app.env);
}

/** @param env what of the environment counts */
export async function showRole(
  app: AppContext,
  env: Readonly<Record<string, string>>,
): Promise<CommandReply> {
  const { root } = await app.town();
  const found = await whoAmI({ env, cwd: app.cwd, files: app.machine.files, root });
  const { address, conflict, source } = found;
  const home = address.role === 'overseer' ? root : agentHome(root, address);
  const line = conflict === undefined ? undefined : conflictLine(address, conflict);
  const data = {
    role: address.role,
    identity: formatAddress(address),
    source,
    home,
    ...('rig' in address ? { rig: address.rig } : {}),
    ...('name' in address ? { name: address.name } : {}),
    ...(line === undefined ? {} : { conflict: line }),
  };
  const text = [
    `Role: ${data.role}`,
    `Identity: ${data.identity}`,
    `Source: ${identitySource(found, env)}`,
    `Home: ${home}`,
  ];
  return { data, text: text.join('\n'), warnings: line === undefined ? [] : [line] };
}
