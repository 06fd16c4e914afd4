import type { Ledger, LedgerTx } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';
import { refuseStranger } from '../../sessions/own-session.ts';
import { readActor } from './author.ts';
import type { BdHome } from './open.ts';
import { readYamlFile } from './admin/yaml-file.ts';

/** One write of a command: a transaction on one database by the command's actor. */
export type Write = <T>(ledger: Ledger, message: string, work: (tx: LedgerTx) => Promise<T>) => Promise<T>;

/**
 * What a writing command writes with. Throws RefusedError `beads.readonly` under --readonly, and what
 * `refuseStranger` throws.
 * In a town the daemon makes version commits of many writes; elsewhere nobody does, so each write makes its own.
 */
export async function openWrite(app: AppContext, input: CommandInput, home: BdHome): Promise<Write> {
  refuseReadOnly(input);
  if (home.town !== undefined) await refuseStranger(home.town);
  const actor = await readActor(app, input, home);
  const mode = await commitMode(app, input, home);
  return async (ledger, message, work) => {
    const result = await ledger.transaction(actor, work);
    if (mode === 'on') await home.store.commitVersion(ledger.database, `bd: ${message}`);
    return result;
  };
}

const COMMIT_MODES = ['off', 'on', 'batch'] as const;

/** `on` = a version of each write; `off` and `batch` leave it to `bd dolt commit` or the daemon. */
async function commitMode(
  app: AppContext,
  input: CommandInput,
  home: BdHome,
): Promise<(typeof COMMIT_MODES)[number]> {
  if (home.store.kind === 'sqlite') return 'off';
  const named = input.flag('dolt-auto-commit') ?? app.env['BD_DOLT_AUTO_COMMIT'] ?? '';
  const wanted = named || (await readYamlFile(app, home)).get('dolt.auto-commit') || '';
  if (wanted === '') return home.town === undefined ? 'on' : 'batch';
  const mode = COMMIT_MODES.find((name) => name === wanted);
  if (mode !== undefined) return mode;
  throw new UsageError({
    code: 'beads.bad-commit-mode',
    message: `'${wanted.slice(0, 40)}' is no mode of version commits`,
    hint: 'dolt.auto-commit, BD_DOLT_AUTO_COMMIT and --dolt-auto-commit take off, on or batch',
  });
}

/** Throws RefusedError `beads.readonly` under --readonly. */
export function refuseReadOnly(input: CommandInput): void {
  if (!input.bool('readonly')) return;
  throw new RefusedError({
    code: 'beads.readonly',
    message: 'this command writes, and --readonly was given',
    hint: 'Leave --readonly out',
  });
}
