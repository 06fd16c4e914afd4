import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { parseRole } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { resolveAddress } from '../../rig/crew-folders.ts';
import { rigNamed } from '../../rig/registry.ts';
import { agentHome } from '../../town/agent-home.ts';
import { addressOfRole } from './roles.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const address = await readAddress(town, input);
  if ('rig' in address) await rigNamed(town, address.rig);
  return { text: address.role === 'overseer' ? town.root : agentHome(town.root, address) };
}

async function readAddress(town: TownContext, input: CommandInput): Promise<AgentAddress> {
  const { actor } = town;
  const word = input.arg('role');
  const flags = { rig: input.flag('rig'), name: input.flag('polecat') };
  if (word === '' && flags.rig === undefined && flags.name === undefined) return actor;
  if (word.includes('/')) return resolveAddress(town, word);
  const role = word === '' ? (flags.name === undefined ? actor.role : 'polecat') : parseRole(word);
  return addressOfRole(role, {
    rig: flags.rig ?? ('rig' in actor ? actor.rig : ''),
    name: flags.name ?? ('name' in actor && actor.role === role ? actor.name : ''),
  });
}
