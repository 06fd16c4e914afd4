import type { Role } from './address.ts';

/** The sign of each role, wherever agents are listed. */
export const ROLE_ICON: Readonly<Record<Role, string>> = {
  overseer: '👤',
  mayor: '🎩',
  deacon: '🐺',
  boot: '🐾',
  dog: '🐾',
  witness: '🦉',
  refinery: '🏭',
  crew: '👷',
  polecat: '😺',
};
