import type { CommandReply } from '../../../cli/command.ts';
import { printable } from '../../../core/text.ts';

/** A value that was looked up. One that is not there, or empty, is exit 1 with `missing` on stderr. */
export function foundReply(key: string, value: string | undefined, missing: string): CommandReply {
  if (value !== undefined && value !== '')
    return { data: { key, value, found: true }, text: printable(value) };
  return { data: { key, value: '', found: false }, warnings: [printable(missing)], exitCode: 1 };
}
