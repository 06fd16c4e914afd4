import { issueJson } from '../../../beads/write/issue-json.ts';
import type { Bead, ReadyFilter } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { GtError, NotFoundError } from '../../../core/errors.ts';
import { oneLine } from '../../../core/text.ts';
import { beadMark, renderBeadTable } from '../../../ui/text/beads.ts';
import { readActor } from '../author.ts';
import { idOf, readChoice, readLimit } from '../filter.ts';
import { openBeads, type BdHome } from '../open.ts';
import { listedJson, readListed } from '../views.ts';
import { openWrite } from '../write.ts';

export { readySchema as schema } from '../schema.ts';

const DEFAULT_LIMIT = 100;

/** Work that can start now. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const molecule = input.bool('gated') ? '' : input.flag('mol');
  if (molecule !== undefined) {
    const { readyMolecules } = await import('../mol/ready.ts');
    return readyMolecules(beads, molecule);
  }
  const filter = await readReadyFilter(beads, input);
  if (input.bool('explain')) {
    const { explainReady } = await import('./ready-explain.ts');
    return explainReady(app, beads.home, filter);
  }
  const limit = readLimit(input, DEFAULT_LIMIT);
  // One more than is shown tells whether there are more.
  const found = await beads.home.ready({ ...filter, ...(limit === undefined ? {} : { limit: limit + 1 }) });
  const ready = found.slice(0, limit);
  if (input.bool('claim')) return claimFirst(app, input, { beads, ready });
  return {
    data: input.json ? (await readListed(beads.home, ready)).map(listedJson) : undefined,
    text: () =>
      renderBeadTable(ready, app.output, {
        nothing: 'Nothing is ready. bd blocked shows what waits for what, bd create "Title" makes new work.',
        noun: 'ready bead',
      }),
    ...(found.length > ready.length ? { warnings: [`There are more than ${limit}; -n 0 shows all`] } : {}),
  };
}

async function readReadyFilter(beads: BdHome, input: CommandInput): Promise<ReadyFilter> {
  const { parent: _, ...filter } = await readChoice(beads, input);
  const parent = input.flag('parent');
  const order = (['priority', 'hybrid', 'oldest'] as const).find((name) => name === input.flag('sort'));
  return {
    ...filter,
    ...(parent === undefined ? {} : { below: await idOf(beads, parent) }),
    ...(order === undefined ? {} : { order }),
    ...(input.bool('unassigned') ? { assignee: '' } : {}),
    ...(input.bool('include-deferred') ? { includeDeferred: true } : {}),
    ...(input.bool('include-ephemeral') ? { includeEphemeral: true } : {}),
  };
}

/** Tries the ready beads in order: another agent may take one between the look and the claim. */
async function claimFirst(
  app: AppContext,
  input: CommandInput,
  { beads, ready }: { readonly beads: BdHome; readonly ready: readonly Bead[] },
): Promise<CommandReply> {
  const write = await openWrite(app, input, beads);
  const actor = await readActor(app, input, beads);
  for (const bead of ready) {
    try {
      const claimed = await write(beads.home, `claim ${bead.id}`, (tx) => tx.claim(bead.id, actor));
      return { data: [issueJson(claimed)], text: `Claimed ${beadMark(claimed)}  ${oneLine(claimed.title)}` };
    } catch (error) {
      const isTaken =
        error instanceof GtError && /^bead\.(?:claimed|not-claimable|not-found)$/.test(error.code);
      if (!isTaken) throw error;
    }
  }
  throw new NotFoundError({
    code: 'beads.none-ready',
    message: 'no ready bead to claim',
    hint: 'Run: bd blocked',
  });
}
