import type { AgentAddress } from '../core/address.ts';
import { parseAddress } from '../core/address.ts';
import { UsageError } from '../core/errors.ts';
import type { RigPlace } from '../rig/registry.ts';

/**
 * The agent behind a session name: `hq-…` first, then the longest registered prefix. undefined = not ours: nothing
 * may be done to it.
 */
export function addressOfSession(session: string, rigs: readonly RigPlace[]): AgentAddress | undefined {
  const town = /^hq-(overseer|mayor|deacon|boot)$/.exec(session)?.[1];
  if (town !== undefined) return lenient(town);
  const dog = /^hq-dog-(.+)$/.exec(session)?.[1];
  if (dog !== undefined) return lenient(`dog:${dog}`);
  const rig = rigs
    .filter(({ prefix }) => session.startsWith(`${prefix}-`))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (rig === undefined) return undefined;
  const rest = session.slice(rig.prefix.length + 1);
  if (rest === 'witness' || rest === 'refinery') return { role: rest, rig: rig.name };
  const crew = /^crew-(.+)$/.exec(rest)?.[1];
  return lenient(crew === undefined ? `${rig.name}/polecats/${rest}` : `${rig.name}/crew/${crew}`);
}

function lenient(text: string): AgentAddress | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
