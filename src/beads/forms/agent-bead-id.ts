import type { AgentAddress } from '../../core/address.ts';
import type { RigName, WorkerName } from '../../core/names.ts';
import { parseFields } from './fields.ts';
import type { Bead } from '../types.ts';

/* Looser than the parsers for new names: rows of older towns hold names that no new agent may have. */
const RIG = /^[A-Za-z0-9_]{1,64}$/;
const WORKER = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/**
 * Whose row this is. The id tells the role, read from its right end, and the name; the rig is the line `rig`, else
 * the id's last word before the role. Undefined when the id is no agent's.
 */
export function parseAgentBead(bead: Pick<Bead, 'id' | 'description' | 'rig'>): AgentAddress | undefined {
  const town = parseTownAgent(bead.id);
  if (town !== undefined) return town;
  const { role, name, stem } = splitAtRole(bead.id);
  if (role === undefined) return undefined;
  const rig = parseFields(bead.description).get('rig') ?? (bead.rig || stem.slice(stem.lastIndexOf('-') + 1));
  if (!RIG.test(rig)) return undefined;
  if (role === 'witness' || role === 'refinery') return { role, rig: rig as RigName };
  return WORKER.test(name) ? { role, rig: rig as RigName, name: name as WorkerName } : undefined;
}

function parseTownAgent(id: string): AgentAddress | undefined {
  const [, word = '', name = ''] = /^hq-(mayor|deacon|boot|dog)(?:-(.+))?$/.exec(id) ?? [];
  if (word === 'dog') return WORKER.test(name) ? { role: 'dog', name: name as WorkerName } : undefined;
  if (name !== '') return undefined;
  return word === 'mayor' || word === 'deacon' || word === 'boot' ? { role: word } : undefined;
}

/** `gt-proj-polecat-toast` → polecat, toast, `gt-proj`. Names may hold dashes, so the rightmost role word counts. */
function splitAtRole(id: string) {
  const standing = /^(.+)-(witness|refinery)$/.exec(id);
  if (standing !== null) {
    return { role: standing[2] as 'witness' | 'refinery', name: '', stem: standing[1] ?? '' };
  }
  const worker = /^(.+)-(polecat|crew)-(.+)$/.exec(id);
  return {
    role: worker?.[2] as 'polecat' | 'crew' | undefined,
    name: worker?.[3] ?? '',
    stem: worker?.[1] ?? '',
  };
}
