import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** Values of GT_TMUX_SOCKET that mean "choose for me". */
const AUTOMATIC = new Set(['', 'default', 'auto']);

/**
 * Name of the town's tmux socket: its folder's name and six hex digits of the folder's real path.
 * @param realRoot town root with all links resolved
 * @param override GT_TMUX_SOCKET
 */
export function townSocket(realRoot: string, override: string | undefined): string {
  if (override !== undefined && !AUTOMATIC.has(override)) return override;
  const name = basename(realRoot)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return [name, createHash('sha256').update(realRoot).digest('hex').slice(0, 6)]
    .filter((part) => part !== '')
    .join('-');
}
