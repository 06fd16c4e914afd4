import { issueJson } from '../../../beads/write/issue-json.ts';
import type { Bead, BeadPatch, LedgerTx, NewBead } from '../../../beads/types.ts';
import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError, messageOf } from '../../../core/errors.ts';
import { beadState } from '../../../ui/text/beads.ts';
import { forEachId, replyWith } from '../each.ts';
import { refuseOwnWork } from './held-bead.ts';
import { titled, onLedger } from '../handlers.ts';
import type { BdHome } from '../open.ts';
import { readPatch } from './patch-input.ts';
import { withScriptAuthor } from './script-metadata.ts';

export { issuesSchema as schema } from '../schema.ts';

interface Request {
  readonly input: CommandInput;
  readonly actor: string;
  readonly patchOf: (bead: Bead) => BeadPatch;
}

/** Changes beads; each in its own transaction. */
export const run = onLedger(async ({ app, input, beads, locate, actor, writer }) => {
  const { clock } = app.machine;
  const readOne = await readPatch(app, input);
  const request: Request = {
    input,
    actor: await actor(),
    patchOf: (bead) => authored(beads, clock, readOne(bead)),
  };
  refuseNothing(request);
  const write = await writer();
  const describe = (id: string, error: unknown) =>
    `Error ${input.bool('claim') ? 'claiming' : 'updating'} ${id}: ${messageOf(error)}`;
  const outcome = await forEachId(
    input.args('id'),
    async (typed) => {
      const { ledger, bead } = await locate(typed);
      return write(ledger, `update ${bead.id}`, (tx) => updateOne(tx, bead.id, request));
    },
    describe,
  );
  return replyWith(app, outcome, (done) => ({
    data: done.map(issueJson),
    text: done.map((bead) => `Updated ${titled(bead)}  (${beadState(bead)})`).join('\n'),
  }));
});

function authored(beads: BdHome, clock: AppContext['machine']['clock'], patch: BeadPatch): BeadPatch {
  if (patch.metadata === undefined) return patch;
  return { ...patch, metadata: withScriptAuthor(beads, clock, patch.metadata) };
}

const OTHER_FLAGS = [
  'add-label',
  'remove-label',
  'set-labels',
  'parent',
  'append-notes',
  'claim',
  'ephemeral',
  'no-history',
  'persistent',
  'history',
];

function refuseNothing({ input, patchOf }: Request): void {
  const isAsked = OTHER_FLAGS.some((name) => input.flag(name) !== undefined);
  if (isAsked || Object.keys(patchOf(NO_BEAD)).length > 0) return;
  throw new UsageError({
    code: 'beads.no-change',
    message: 'no change is given',
    hint: 'Run: bd update --help',
  });
}

const NO_BEAD = { notes: '' } as Bead;

async function updateOne(tx: LedgerTx, id: string, request: Request): Promise<Bead> {
  const { input, actor, patchOf } = request;
  if (input.bool('claim')) await tx.claim(id, actor);
  const bead = await tx.find(id);
  const patch = patchOf(bead);
  if (patch.status === 'closed') refuseOwnWork(bead, actor);
  const changed = Object.keys(patch).length === 0 ? bead : await tx.update(id, patch);
  const isRelabelled = await relabel(tx, changed, input);
  const isReparented = await reparent(tx, id, input.flag('parent'));
  const keep = readNewKeep(input);
  if (keep !== undefined) return tx.move(id, keep);
  return isRelabelled || isReparented ? tx.find(id) : changed;
}

/** Where the bead shall be kept from now on. */
function readNewKeep(input: CommandInput): NewBead['keep'] {
  if (input.bool('ephemeral')) return 'wisp';
  if (input.bool('no-history')) return 'no-history';
  return input.bool('persistent') || input.bool('history') ? 'issue' : undefined;
}

/** @returns true when labels may have changed */
async function relabel(tx: LedgerTx, bead: Bead, input: CommandInput): Promise<boolean> {
  const exact = input.flag('set-labels') === undefined ? undefined : input.list('set-labels');
  const wanted = new Set(exact ?? []);
  const removed = [
    ...input.list('remove-label'),
    ...(exact === undefined ? [] : bead.labels.filter((label) => !wanted.has(label))),
  ];
  const added = [...input.list('add-label'), ...wanted];
  for (const label of removed) await tx.removeLabel(bead.id, label);
  for (const label of added) await tx.addLabel(bead.id, label);
  return removed.length + added.length > 0;
}

/** A new parent takes the place of the old ones; '' leaves the bead without. @returns true when asked for */
async function reparent(tx: LedgerTx, id: string, parent: string | undefined): Promise<boolean> {
  if (parent === undefined) return false;
  const target = parent === '' ? undefined : (await tx.find(parent)).id;
  for (const edge of await tx.edgesFrom([id])) {
    if (edge.type === 'parent-child' && edge.to !== target) await tx.removeEdge(id, edge.to);
  }
  if (target !== undefined) await tx.addEdge({ from: id, to: target, type: 'parent-child' });
  return true;
}
