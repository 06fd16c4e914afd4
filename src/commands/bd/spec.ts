import type { CommandSpec } from '../../cli/command.ts';
import { bdAdminCommands } from './spec-admin.ts';
import { bdAgentCommands } from './spec-agents.ts';
import { bdCareCommands } from './spec-care.ts';
import { bdDataCommands } from './spec-data.ts';
import { bdDoltCommands } from './spec-dolt.ts';
import { bdGateCommands } from './spec-gates.ts';
import { bdLinkCommands } from './spec-links.ts';
import { bdMolCommands } from './spec-mol.ts';
import { bdReportCommands } from './spec-reports.ts';
import { bdReadCommands } from './spec-read.ts';
import { bdWriteCommands } from './spec-write.ts';

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
