import type { DoctorCheck } from './check.ts';
import {
  AGENT_PROGRAMS,
  CONFIG_FILES_READABLE,
  CONFIG_KEYS,
  CONFIG_VALUES,
  FILE_RIGHTS,
  PROPERTIES,
  ROUTES,
} from './config-checks.ts';
import { BEADS_FOLDERS, LEDGER_ANSWERS, LEDGER_CONTENT, STANDING_BEADS } from './ledger-checks.ts';
import { DISK_SPACE, SUPERVISOR, TOOLS } from './machine-checks.ts';
import {
  EXCLUDES,
  GIT_HOOKS,
  MAYOR_CLONE,
  REDIRECTS,
  REFINERY_COPY,
  REPOSITORIES,
  RIGS_READABLE,
  WORKTREES,
} from './rig-checks.ts';
import { ANCHOR, DAEMON, RESERVATIONS, SHUTTING_DOWN, TOWN_BRANCH } from './town-checks.ts';

/** Every check of an open town, in the order in which they are repaired: what later ones rest on first. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  ANCHOR,
  TOWN_BRANCH,
  TOOLS,
  DISK_SPACE,
  SUPERVISOR,
  CONFIG_FILES_READABLE,
  CONFIG_VALUES,
  CONFIG_KEYS,
  FILE_RIGHTS,
  ROUTES,
  AGENT_PROGRAMS,
  LEDGER_ANSWERS,
  BEADS_FOLDERS,
  STANDING_BEADS,
  LEDGER_CONTENT,
  RIGS_READABLE,
  PROPERTIES,
  REPOSITORIES,
  REFINERY_COPY,
  MAYOR_CLONE,
  EXCLUDES,
  GIT_HOOKS,
  REDIRECTS,
  WORKTREES,
  SHUTTING_DOWN,
  RESERVATIONS,
  DAEMON,
];
