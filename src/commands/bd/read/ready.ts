import { issueJson } from '../../../beads/write/issue-json.ts';
import type { Bead, ReadyFilter } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import { NotFoundError } from '../../../core/errors.ts';
import { idOf, readChoice, readLimit } from '../filter.ts';
import { claimFirst } from '../claim-first.ts';
import { onLedger, saidOf, type OnLedger } from '../handlers.ts';
import { listReply, oneMore } from './list-reply.ts';
import type { BdHome } from '../open.ts';

export { readySchema as schema } from '../schema.ts';

const DEFAULT_LIMIT = 100;

/** Work that can start now. */
export const run = onLedger(async (on) => {
  const { app, input, beads, home } = on;
  const molecule = input.bool('gated') ? '' : input.flag('mol');
  if (molecule !== undefined) {
    const { readyMolecules } = await import('../mol/ready.ts');
    return readyMolecules(beads, molecule);
  }
  const filter = await readReadyFilter(beads, input);
  if (input.bool('explain')) {
    const { explainReady } = await import('./ready-explain.ts');
    return explainReady(app, home, filter);
  }
  const limit = readLimit(input, DEFAULT_LIMIT);
  const found = await home.ready({ ...filter, ...oneMore(limit) });
  if (input.bool('claim')) return claimReply(on, found.slice(0, limit));
  return listReply(on, found, {
    limit,
    nothing: 'Nothing is ready. bd blocked shows what waits for what, bd create "Title" makes new work.',
    noun: 'ready bead',
  });
});

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

async function claimReply({ home, actor, writer }: OnLedger, ready: readonly Bead[]): Promise<CommandReply> {
  const claim = { ledger: home, write: await writer(), actor: await actor() };
  const claimed = await claimFirst(claim, ready);
  if (claimed !== undefined) return { data: [issueJson(claimed)], text: saidOf('Claimed', claimed) };
  throw new NotFoundError({
    code: 'beads.none-ready',
    message: 'no ready bead to claim',
    hint: 'Run: bd blocked',
  });
}
