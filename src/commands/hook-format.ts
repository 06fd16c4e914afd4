import type { CommandInput, FlagSpec } from '../cli/command.ts';
import { HOOK_FORMATS, parseHookFormat } from '../hooks/hook-answer.ts';
import type { HookFormat } from '../hooks/hook-answer.ts';

/** Written into hook files by gt itself. */
export const FORMAT_FLAG: FlagSpec = {
  name: 'format',
  kind: 'string',
  values: HOOK_FORMATS,
  default: 'text',
  summary: 'How the runtime that calls reads the answer',
  hidden: true,
};

export function formatOf(input: CommandInput): HookFormat {
  return parseHookFormat(input.flag('format'));
}
