import * as z from 'zod/mini';
import { issueJson } from '../../beads/issue-json.ts';
import { locateBead } from '../../beads/locate.ts';
import type { Bead, Ledger } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { GtError } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark } from '../../ui/text/beads.ts';
import { readActor } from './author.ts';
import { forEachId, replyWith } from './each.ts';
import { refuseOwnWork } from './held-bead.ts';
import { openBeads } from './open.ts';
import { issueSchema, issuesSchema } from './schema.ts';
import { readTextFile } from './texts.ts';
import { openWrite } from './write.ts';

export const schema = z.union([
  issuesSchema,
  z.object({
    closed: issuesSchema,
    unblocked: z.optional(issuesSchema),
    claimed: z.optional(z.nullable(issueSchema)),
  }),
]);

/** Closes beads; --suggest-next tells what that freed, --claim-next takes the next ready one. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const actor = await readActor(app, input, beads);
  const options = {
    reason: await readReason(app, input),
    force: input.bool('force'),
    session: input.flag('session') ?? app.env['CLAUDE_SESSION_ID'] ?? '',
  };
  const before = input.bool('suggest-next') ? await blockedIds(beads.home) : new Set<string>();
  const outcome = await forEachId(input.args('id'), async (typed) => {
    const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
    refuseOwnWork(bead, actor);
    return write(ledger, `close ${bead.id}`, (tx) => tx.close(bead.id, options));
  });
  const unblocked = before.size === 0 ? [] : await freed(beads.home, before);
  const claimed = input.bool('claim-next')
    ? await claimNext(beads.home, (id) => write(beads.home, `claim ${id}`, (tx) => tx.claim(id, actor)))
    : undefined;
  return replyWith(app, outcome, (done) => ({
    data: closedJson(input, { done, unblocked, claimed }),
    text: [
      ...done.map((bead) => `Closed ${beadMark(bead)}  ${oneLine(bead.title)}`),
      ...unblocked.map((bead) => `Now ready: ${beadMark(bead)}  ${oneLine(bead.title)}`),
      ...(claimed === undefined ? [] : [`Claimed ${beadMark(claimed)}  ${oneLine(claimed.title)}`]),
    ].join('\n'),
  }));
}

async function readReason(app: AppContext, input: CommandInput): Promise<string> {
  const file = input.flag('reason-file');
  return (
    input.flag('reason') ??
    input.flag('message') ??
    (file === undefined ? 'Closed' : await readTextFile(app, file))
  );
}

interface Closed {
  readonly done: readonly Bead[];
  readonly unblocked: readonly Bead[];
  readonly claimed: Bead | undefined;
}

function closedJson(input: CommandInput, { done, unblocked, claimed }: Closed): unknown {
  const closed = done.map(issueJson);
  if (!input.bool('suggest-next') && !input.bool('claim-next')) return closed;
  return {
    closed,
    ...(input.bool('suggest-next') ? { unblocked: unblocked.map(issueJson) } : {}),
    ...(input.bool('claim-next') ? { claimed: claimed === undefined ? null : issueJson(claimed) } : {}),
  };
}

async function blockedIds(home: Ledger): Promise<ReadonlySet<string>> {
  return new Set((await home.blocked()).map(({ bead }) => bead.id));
}

async function freed(home: Ledger, before: ReadonlySet<string>): Promise<readonly Bead[]> {
  return (await home.ready({})).filter((bead) => before.has(bead.id));
}

/** Takes the first ready bead that nobody else takes first. */
async function claimNext(home: Ledger, claim: (id: string) => Promise<Bead>): Promise<Bead | undefined> {
  for (const bead of await home.ready({ limit: 20 })) {
    try {
      return await claim(bead.id);
    } catch (error) {
      if (!(error instanceof GtError && error.code.startsWith('bead.'))) throw error;
    }
  }
  return undefined;
}
