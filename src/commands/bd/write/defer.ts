import { issueJson } from '../../../beads/write/issue-json.ts';
import { locateBead } from '../../../beads/locate.ts';
import { parseWhen } from '../../../beads/words/when.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { beadMark } from '../../../ui/text/beads.ts';
import { forEachId, replyWith } from '../each.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export { issuesSchema as schema } from '../schema.ts';

/** Puts beads off, until a time or until somebody takes them up again. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const now = app.machine.clock.now();
  const until = input.flag('until');
  const deferUntil = until === undefined ? undefined : parseWhen(until, now);
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const outcome = await forEachId(input.args('id'), async (typed) => {
    const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
    return write(ledger, `defer ${bead.id}`, (tx) =>
      tx.update(bead.id, { status: 'deferred', ...(deferUntil === undefined ? {} : { deferUntil }) }),
    );
  });
  const isPast = deferUntil !== undefined && Date.parse(`${deferUntil.replace(' ', 'T')}Z`) < now;
  return {
    ...replyWith(app, outcome, (done) => ({
      data: done.map(issueJson),
      text: done
        .map((bead) => `Deferred ${beadMark(bead)}  ${oneLine(bead.title)}${untilText(bead.deferUntil)}`)
        .join('\n'),
    })),
    ...(isPast ? { warnings: [`${until} is in the past`] } : {}),
  };
}

function untilText(time: string | undefined): string {
  return time === undefined ? '' : `  until ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}
