import type { CommandSpec } from '../../cli/command.ts';
import { bdAdminCommands } from './spec-admin.ts';
import { bdLinkCommands } from './spec-links.ts';
import { bdReadCommands } from './spec-read.ts';
import { bdWriteCommands } from './spec-write.ts';

/** Every command of bd. */
export const bdCommands: readonly CommandSpec[] = [
  ...bdWriteCommands,
  ...bdReadCommands,
  ...bdLinkCommands,
  ...bdAdminCommands,
];
