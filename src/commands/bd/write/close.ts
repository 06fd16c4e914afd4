import * as z from 'zod/mini';
import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead, type LocatedBead } from '../../../beads/locate.ts';
import type { Bead, Ledger } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { readActor } from '../author.ts';
import { afterClose, readWaiting, type AfterClose } from './close-next.ts';
import { forEachId, replyWith } from '../each.ts';
import { titled } from '../handlers.ts';
import { refuseOwnWork } from './held-bead.ts';
import { openBeads } from '../open.ts';
import { issueSchema, issuesSchema } from '../schema.ts';
import { readTextFile } from '../texts.ts';
import { openWrite } from '../write.ts';

export const schema = z.union([
  issuesSchema,
  z.object({
    closed: issuesSchema,
    unblocked: z.optional(issuesSchema),
    claimed: z.optional(issueSchema),
    continue: z.optional(
      z.object({
        closed_step: issueSchema,
        next_step: z.optional(issueSchema),
        auto_advanced: z.boolean(),
        molecule_complete: z.boolean(),
        molecule_id: z.string(),
      }),
    ),
  }),
]);

/** Steps of loops, and those with `on_complete`, bring something along; all others load nothing for it. */
async function followUpOf(app: AppContext, input: CommandInput, located: LocatedBead) {
  const { metadata, status } = located.bead;
  if (status === 'closed' || (metadata['loop'] === undefined && metadata['on_complete'] === undefined))
    return undefined;
  const { followUp } = await import('./follow-up.ts');
  return followUp(app, input, located);
}

/** Closes beads; the flags tell what that freed, or take the next step or bead. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ids = input.args('id');
  const reasons = await readReasons(app, input);
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const actor = await readActor(app, input, beads);
  const common = {
    force: input.bool('force'),
    session: input.flag('session') ?? app.env['CLAUDE_SESSION_ID'] ?? '',
  };
  const waiting: Bead[] = [];
  const closedBefore = new Set<string>();
  let ledger: Ledger = beads.home;
  const outcome = await forEachId(ids, async (typed) => {
    const located = await locateBead(beads.ledgers, beads.home, typed);
    const { bead } = located;
    ledger = located.ledger;
    refuseOwnWork(bead, actor);
    if (bead.status === 'closed') closedBefore.add(bead.id);
    if (input.bool('suggest-next')) waiting.push(...(await readWaiting(ledger, bead.id)));
    const reason = reasons[ids.indexOf(typed)] ?? reasons[0] ?? 'Closed';
    const follow = await followUpOf(app, input, located);
    return write(ledger, `close ${bead.id}`, async (tx) => {
      const closed = await tx.close(bead.id, { ...common, reason });
      await follow?.(tx);
      return closed;
    });
  });
  const after = await afterClose(input, { done: outcome.done, waiting, ledger, actor, write });
  return replyWith(app, outcome, (done) => ({
    data: closedJson(done, after),
    text: [
      ...done.map((bead) => `${closedBefore.has(bead.id) ? 'Already closed' : 'Closed'} ${titled(bead)}`),
      ...afterLines(after),
    ].join('\n'),
  }));
}

/** One for all, or one per id. Throws UsageError `beads.reasons`. */
async function readReasons(app: AppContext, input: CommandInput): Promise<readonly string[]> {
  const file = input.flag('reason-file');
  const given = [
    ...input.list('reason'),
    ...['message', 'comment', 'resolution'].flatMap((name) => input.flag(name) ?? []),
    ...(file === undefined ? [] : [(await readTextFile(app, file)).trim()]),
  ];
  if (given.length <= 1 || given.length === input.args('id').length) return given;
  throw new UsageError({
    code: 'beads.reasons',
    message: `${given.length} reasons for ${input.args('id').length} beads`,
    hint: 'Give one reason for all, or one per bead in their order',
  });
}

function closedJson(done: readonly Bead[], { unblocked, step, claimed }: AfterClose): unknown {
  const closed = done.map(issueJson);
  if (unblocked.length === 0 && step === undefined && claimed === undefined) return closed;
  return {
    closed,
    ...(unblocked.length === 0 ? {} : { unblocked: unblocked.map(issueJson) }),
    ...(step === undefined
      ? {}
      : {
          continue: {
            closed_step: issueJson(step.closed),
            ...(step.next === undefined ? {} : { next_step: issueJson(step.next) }),
            auto_advanced: step.isClaimed,
            molecule_complete: step.isComplete,
            molecule_id: step.molecule,
          },
        }),
    ...(claimed === undefined ? {} : { claimed: issueJson(claimed) }),
  };
}

function afterLines({ unblocked, step, claimed }: AfterClose): readonly string[] {
  return [
    ...unblocked.map((bead) => `Now ready: ${titled(bead)}`),
    ...(step === undefined ? [] : [stepLine(step)]),
    ...(claimed === undefined ? [] : [`Claimed ${titled(claimed)}`]),
  ];
}

function stepLine({ next, isClaimed, isComplete, molecule }: NonNullable<AfterClose['step']>): string {
  if (isComplete) return `${molecule} is complete`;
  if (next === undefined) return `No step of ${molecule} can start now: bd blocked --parent ${molecule}`;
  return `${isClaimed ? 'Claimed next step' : 'Next step'} ${titled(next)}`;
}
