import type { TownContext } from '../../beads/context.ts';
import { locateBead } from '../../beads/locate.ts';
import { openBelow } from '../../beads/read/below.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { closeFinishedConvoys } from '../../convoy/close-finished.ts';
import { BugError } from '../../core/errors.ts';
import { actingTown } from '../acting-town.ts';
import { runBd } from './run-bd.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const end = input.words.indexOf('--');
  const flags = end < 0 ? input.words : input.words.slice(0, end);
  const words = input.words.filter((word, at) => word !== '--cascade' || at >= flags.length);
  if (flags.includes('--cascade')) {
    const code = await closeBelow(app, town, words);
    if (code !== 0) return { exitCode: code };
  }
  const exitCode = await runBd(app, town, ['close', ...words]);
  if (exitCode === 0) await closeFinishedConvoys(town);
  return { exitCode };
}

/** Children before their parents. */
async function closeBelow(app: AppContext, town: TownContext, words: readonly string[]): Promise<number> {
  const { ledgers } = town;
  for (const typed of await beadWords(words)) {
    const { ledger, bead } = await locateBead(ledgers, await ledgers.hq(), typed);
    const below = await openBelow(ledger, bead.id);
    if (below.length === 0) continue;
    const reason = `Parent ${bead.id} closed (cascade)`;
    const quiet = words.includes('--json') ? ['--quiet'] : [];
    const code = await runBd(app, town, ['close', ...below, '--reason', reason, ...quiet]);
    if (code !== 0) return code;
  }
  return 0;
}

/** The ids among the words, told from the values of flags by bd's own parser. */
async function beadWords(words: readonly string[]): Promise<readonly string[]> {
  const [{ bd }, { parseWords }, { createInput }] = await Promise.all([
    import('../../cli/bd-program.ts'),
    import('../../cli/parse.ts'),
    import('../../cli/input.ts'),
  ]);
  const spec = bd.commands.find(({ path }) => path === 'close');
  if (spec === undefined) throw new BugError({ code: 'bug.registry', message: 'bd has no close' });
  return createInput(bd, spec, parseWords(bd, spec, words)).args('id');
}
