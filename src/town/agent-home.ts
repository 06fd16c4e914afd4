import { join } from 'node:path';
import type { AgentAddress } from '../core/address.ts';
import { polecatPaths, rigPaths } from './layout.ts';

/** The folder that an agent works in (spec 01 §8). Pure: it need not be there. */
export function agentHome(root: string, address: AgentAddress): string {
  switch (address.role) {
    case 'polecat':
      return polecatPaths(root, address.rig, address.name).worktree;
    case 'crew':
      return join(rigPaths(root, address.rig).crewDir, address.name);
    case 'refinery':
      return rigPaths(root, address.rig).refineryWorktree;
    case 'overseer':
      return root;
    case 'witness':
    case 'dog':
    case 'boot':
    case 'mayor':
    case 'deacon':
      return roleFolder(root, address);
  }
}

/** The folder that gt owns for a role; agents of one role share its settings. */
export function roleFolder(root: string, address: AgentAddress): string {
  switch (address.role) {
    case 'polecat':
      return rigPaths(root, address.rig).polecatsDir;
    case 'crew':
      return rigPaths(root, address.rig).crewDir;
    case 'witness':
    case 'refinery':
      return join(rigPaths(root, address.rig).root, address.role);
    case 'dog':
      return join(root, 'deacon/dogs', address.name);
    case 'boot':
      return join(root, 'deacon/dogs/boot');
    case 'mayor':
    case 'deacon':
      return join(root, address.role);
    case 'overseer':
      return join(root, 'mayor');
  }
}
