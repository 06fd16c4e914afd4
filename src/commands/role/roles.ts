import type { AgentAddress, Role } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { parseRigName, readWorkerName } from '../../core/names.ts';

/** Plain word of each role, and the folder below the town that its agents work in. */
export const ABOUT_ROLES: Readonly<Record<Role, { readonly plain: string; readonly home: string }>> = {
  overseer: { plain: 'you', home: '' },
  mayor: { plain: 'coordinator', home: 'mayor' },
  deacon: { plain: 'town health check', home: 'deacon' },
  boot: { plain: 'watches the deacon', home: 'deacon/dogs/boot' },
  dog: { plain: 'helper', home: 'deacon/dogs/<name>' },
  witness: { plain: 'project health check', home: '<rig>/witness' },
  refinery: { plain: 'merge engine', home: '<rig>/refinery/rig' },
  polecat: { plain: 'worker', home: '<rig>/polecats/<name>/<rig>' },
  crew: { plain: 'own clone', home: '<rig>/crew/<name>' },
};

/** A role with what completes it. UsageError `role.incomplete`. */
export function addressOfRole(
  role: Role,
  given: { readonly rig: string; readonly name: string },
): AgentAddress {
  const missing = (what: string, flag: string): UsageError =>
    new UsageError({
      code: 'role.incomplete',
      message: `which ${what}? A ${role} has one`,
      hint: `Add ${flag}, or write the whole address`,
    });
  switch (role) {
    case 'overseer':
    case 'mayor':
    case 'deacon':
    case 'boot':
      return { role };
    case 'dog':
      if (given.name === '') throw missing('dog', 'its name: deacon/dogs/<name>');
      return { role, name: readWorkerName(given.name) };
    case 'witness':
    case 'refinery':
      if (given.rig === '') throw missing('rig', '--rig');
      return { role, rig: parseRigName(given.rig) };
    case 'polecat':
    case 'crew':
      if (given.rig === '') throw missing('rig', '--rig');
      if (given.name === '') throw missing('name', '--polecat');
      return { role, rig: parseRigName(given.rig), name: readWorkerName(given.name) };
  }
}
