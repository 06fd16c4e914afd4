import type { CommandSpec } from '../../cli/command.ts';
import { bdAdminCommands } from './admin/spec.ts';
import { bdAgentCommands } from './agent/spec.ts';
import { bdCareCommands } from './write/spec-care.ts';
import { bdDataCommands } from './data/spec.ts';
import { bdDoltCommands } from './dolt/spec.ts';
import { bdGateCommands } from './gate/spec.ts';
import { bdLinkCommands } from './link/spec.ts';
import { bdMolCommands } from './mol/spec.ts';
import { bdReportCommands } from './report/spec.ts';
import { bdReadCommands } from './read/spec.ts';
import { bdWriteCommands } from './write/spec.ts';

/** Every command of bd. */
export const bdCommands: readonly CommandSpec[] = [
  ...bdWriteCommands,
  ...bdCareCommands,
  ...bdReadCommands,
  ...bdReportCommands,
  ...bdLinkCommands,
  ...bdAdminCommands,
  ...bdAgentCommands,
  ...bdGateCommands,
  ...bdDataCommands,
  ...bdDoltCommands,
  ...bdMolCommands,
];
