import { issueJson } from '../../beads/write/issue-json.ts';
import { locateBead } from '../../beads/locate.ts';
import type { Bead, Ledger, LedgerTx } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark } from '../../ui/text/beads.ts';
import { forEachId, replyWith } from './each.ts';
import { openBeads, type BdHome } from './open.ts';
import { openWrite, type Write } from './write.ts';

type Run = (app: AppContext, input: CommandInput) => Promise<CommandReply>;

/** What a command on one bead works with. */
export interface OnBead {
  readonly app: AppContext;
  readonly input: CommandInput;
  readonly beads: BdHome;
  /** Where the bead is. */
  readonly ledger: Ledger;
  readonly bead: Bead;
  /** One transaction there. Throws what `openWrite` throws. */
  readonly write: <T>(message: string, work: (tx: LedgerTx) => Promise<T>) => Promise<T>;
}

/** The handler of a command on the bead that an argument means. */
export function onBead(argument: string, handle: (on: OnBead) => CommandReply | Promise<CommandReply>): Run {
  return async (app, input) => {
    const beads = await openBeads(app, input);
    const place = await locateBead(beads.ledgers, beads.home, input.arg(argument));
    let opening: Promise<Write> | undefined;
    return handle({
      app,
      input,
      beads,
      ...place,
      write: async (message, work) =>
        (await (opening ??= openWrite(app, input, beads)))(place.ledger, message, work),
    });
  };
}

/** What a command does to each of its beads, in a transaction of its own. */
export interface BeadChange {
  /** `reopen`, in the message of a version. */
  readonly verb: string;
  /** `Reopened`, before the bead. */
  readonly done: string;
  readonly change: (tx: LedgerTx, bead: Bead, input: CommandInput) => Promise<Bead>;
  /** What follows the title. */
  readonly after?: (bead: Bead) => string;
}

/** The handler of a command that changes the beads of its argument `id` alike. */
export function onEachBead(change: BeadChange): Run {
  return async (app, input) => {
    const beads = await openBeads(app, input);
    const write = await openWrite(app, input, beads);
    const outcome = await forEachId(input.args('id'), async (typed) => {
      const { ledger, bead } = await locateBead(beads.ledgers, beads.home, typed);
      return write(ledger, `${change.verb} ${bead.id}`, (tx) => change.change(tx, bead, input));
    });
    return replyWith(app, outcome, (done) => ({
      data: done.map(issueJson),
      text: done.map((bead) => `${saidOf(change.done, bead)}${change.after?.(bead) ?? ''}`).join('\n'),
    }));
  };
}

/** `Reopened ○ gt-abc  The title` */
export function saidOf(done: string, bead: Bead): string {
  return `${done} ${beadMark(bead)}  ${oneLine(bead.title)}`;
}
