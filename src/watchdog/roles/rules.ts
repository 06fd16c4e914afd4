import type { Role } from '../../core/address.ts';

/** How the agents of a role live. */
export interface RoleRules {
  /** Its work is code of the daemon; an agent comes on top of it, and only when one is asked for. */
  readonly isCode: boolean;
  /** Wanted up, it is started again by the daemon whenever its session has ended. */
  readonly isKept: boolean;
}

const ON_DEMAND: RoleRules = { isCode: false, isKept: false };
const CODE: RoleRules = { isCode: true, isKept: true };

export const ROLE_RULES: Readonly<Record<Role, RoleRules>> = {
  overseer: ON_DEMAND,
  mayor: { isCode: false, isKept: true },
  deacon: CODE,
  witness: CODE,
  refinery: CODE,
  boot: { isCode: true, isKept: false },
  dog: ON_DEMAND,
  crew: ON_DEMAND,
  /** Started again as long as it holds work: by the plan of its worker. */
  polecat: ON_DEMAND,
};
