import { SCRIPT_KEY, WRAPPER_KEY } from '../../../beads/forms/sling-terms.ts';
import { formatAddress } from '../../../core/address.ts';
import { RefusedError, UsageError } from '../../../core/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { BdHome } from '../open.ts';

type Metadata = Readonly<Record<string, unknown>>;

/**
 * Metadata as it may be written. `script` is a command that a worker will run, so only the overseer and crew may
 * set it (DESIGN D12); who they are is taken from the town, never from --actor. A wrapper comes from sling alone.
 * Throws RefusedError `beads.script-forbidden`, UsageError `beads.bad-script`.
 */
export function withScriptAuthor({ town }: BdHome, clock: Clock, metadata: Metadata): Metadata {
  if (town !== undefined && (metadata[WRAPPER_KEY] ?? null) !== null) {
    throw new RefusedError({
      code: 'beads.script-forbidden',
      message: `metadata.${WRAPPER_KEY} is set by gt sling --exec-wrapper only`,
    });
  }
  const script = metadata[SCRIPT_KEY];
  if (town === undefined || script === undefined || script === null) return metadata;
  if (town.actor.role !== 'overseer' && town.actor.role !== 'crew') {
    throw new RefusedError({
      code: 'beads.script-forbidden',
      message: `${formatAddress(town.actor)} may not set metadata.script: only the overseer and crew may`,
    });
  }
  const by = formatAddress(town.actor);
  return { ...metadata, script: { cmd: commandOf(script), by, at: new Date(clock.now()).toISOString() } };
}

function commandOf(script: unknown): string {
  const cmd = typeof script === 'object' && script !== null && 'cmd' in script ? script.cmd : script;
  if (typeof cmd === 'string' && cmd.trim() !== '') return cmd;
  throw new UsageError({
    code: 'beads.bad-script',
    message: 'metadata.script needs a command',
    hint: `Write: bd update <id> --set-metadata 'script=make format'`,
  });
}
