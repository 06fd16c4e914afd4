import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { parseRole } from '../../core/address.ts';
import { oneLine } from '../../core/text.ts';
import { rigNamed } from '../../rig/registry.ts';
import { readRoleDefinition } from '../../runtimes/role-definition.ts';
import { ABOUT_ROLES } from './roles.ts';

export const schema = z.object({
  role: z.string(),
  scope: z.enum(['town', 'rig']),
  plain: z.string(),
  home: z.string(),
  nudge: z.optional(z.string()),
  env: z.record(z.string(), z.string()),
  /** The file that says it, by key. */
  sources: z.record(z.string(), z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const role = parseRole(input.arg('role'));
  const named = input.flag('rig') ?? ('rig' in town.actor ? town.actor.rig : undefined);
  const rig = named === undefined ? undefined : (await rigNamed(town, named)).name;
  const { scope, nudge, env, sources, warnings } = await readRoleDefinition(town, role, rig);
  const about = ABOUT_ROLES[role];
  const data = {
    role,
    scope,
    ...about,
    ...(nudge === undefined ? {} : { nudge }),
    env,
    sources,
  };
  const from = (key: string): string => `  # ${sources[key] ?? 'built in'}`;
  const text = [
    `${role} (${about.plain}), of the ${scope}; home: ${about.home || '.'}`,
    nudge === undefined ? 'nudge: none  # built in' : `nudge: ${oneLine(nudge)}${from('nudge')}`,
    ...Object.entries(env).map(([name, value]) => `env ${name} = ${oneLine(value)}${from(`env.${name}`)}`),
  ];
  return { data, text: text.join('\n'), warnings };
}
