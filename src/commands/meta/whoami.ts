import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress, formatMailAddress } from '../../core/address.ts';
import { targetOf } from '../../sessions/target.ts';
import { conflictLine, whoAmI } from '../../town/identity.ts';
import { identitySource } from '../identity-source.ts';

export const schema = z.strictObject({
  identity: z.string(),
  /** As mail writes it. */
  mail: z.string(),
  role: z.string(),
  rig: z.optional(z.string()),
  name: z.optional(z.string()),
  session: z.string(),
  agent_bead: z.optional(z.string()),
  source: z.enum(['env', 'file', 'cwd', 'default']),
  conflict: z.optional(z.string()),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const found = await whoAmI({ env: app.env, cwd: app.cwd, files: app.machine.files, root: town.root });
  const { address, conflict, source } = found;
  const { session, bead } = await targetOf(town, address);
  const isPerson = address.role === 'overseer';
  const line = conflict === undefined ? undefined : conflictLine(address, conflict);
  const data = {
    identity: formatAddress(address),
    mail: formatMailAddress(address),
    role: address.role,
    ...('rig' in address ? { rig: address.rig } : {}),
    ...('name' in address ? { name: address.name } : {}),
    session,
    ...(isPerson ? {} : { agent_bead: bead }),
    source,
    ...(line === undefined ? {} : { conflict: line }),
  };
  const rest = isPerson ? [] : [`Mail: ${data.mail}`, `Session: ${session}`];
  const text = [`Identity: ${data.identity}`, `Source: ${identitySource(found, app.env)}`, ...rest];
  return { data, text: text.join('\n'), warnings: line === undefined ? [] : [line] };
}
