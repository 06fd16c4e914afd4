import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { conflictLine, whoAmI } from '../../town/identity.ts';
import type { Identity } from '../../town/identity.ts';

export const schema = z.strictObject({
  identity: z.string(),
  role: z.string(),
  source: z.enum(['env', 'file', 'cwd', 'default']),
  conflict: z.optional(z.string()),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const { root } = await app.town();
  const identity = await whoAmI({ env: app.env, cwd: app.cwd, files: app.machine.files, root });
  const { address, conflict, source } = identity;
  return {
    data: {
      identity: formatAddress(address),
      role: address.role,
      source,
      ...(conflict === undefined ? {} : { conflict: formatAddress(conflict) }),
    },
    text: `Identity: ${formatAddress(address)}\nSource: ${sourceText(identity, app)}`,
    warnings: conflict === undefined ? [] : [conflictLine(address, conflict)],
  };
}

function sourceText({ source }: Identity, app: AppContext): string {
  switch (source) {
    case 'env':
      return `GT_ROLE=${app.env['GT_ROLE'] ?? ''}`;
    case 'file':
      return 'the .gt-agent file above this folder';
    case 'cwd':
      return 'this folder is its home';
    case 'default':
      return 'no GT_ROLE set (human at terminal)';
  }
}
