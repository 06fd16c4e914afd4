import { issueJson } from '../../beads/write/issue-json.ts';
import { locateBead, type LocatedBead } from '../../beads/locate.ts';
import type { Bead, Ledger, LedgerTx } from '../../beads/types.ts';
import type { CommandInput, CommandModule, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark } from '../../ui/text/beads.ts';
import { readActor } from './author.ts';
import { forEachId, replyWith } from './each.ts';
import { openBeads, type BdHome } from './open.ts';
import { openWrite, type Write } from './write.ts';

type Run = CommandModule['run'];

/** What a command on the ledgers works with. */
export interface OnLedger {
  readonly app: AppContext;
  readonly input: CommandInput;
  readonly beads: BdHome;
  /** The ledger in use; `bd` on a rig of a town still finds beads of the others. */
  readonly home: Ledger;
  /** A bead by its id or a unique piece of it, wherever it is. Throws what `locateBead` throws. */
  readonly locate: (typed: string) => Promise<LocatedBead>;
  readonly actor: () => Promise<string>;
  /** What writes, on any ledger; opened once. Throws what `openWrite` throws. */
  readonly writer: () => Promise<Write>;
  /** One transaction on the ledger of the command: home, or that of the bead it is on. */
  readonly write: <T>(message: string, work: (tx: LedgerTx) => Promise<T>) => Promise<T>;
}

/** The handler of a command on the ledger in use. */
export function onLedger(handle: (on: OnLedger) => CommandReply | Promise<CommandReply>): Run {
  return async (app, input) => {
    const beads = await openBeads(app, input);
    return handle(ledgerOf(app, input, beads));
  };
}

function ledgerOf(app: AppContext, input: CommandInput, beads: BdHome): OnLedger {
  let opening: Promise<Write> | undefined;
  const writer = (): Promise<Write> => (opening ??= openWrite(app, input, beads));
  return {
    app,
    input,
    beads,
    home: beads.home,
    locate: (typed) => locateBead(beads.ledgers, beads.home, typed),
    actor: () => readActor(app, input, beads),
    writer,
    write: async (message, work) => (await writer())(beads.home, message, work),
  };
}

/** What a command on one bead works with. */
export interface OnBead extends OnLedger, LocatedBead {}

/** The handler of a command on the bead that an argument means; `write` is a transaction where that bead is. */
export function onBead(argument: string, handle: (on: OnBead) => CommandReply | Promise<CommandReply>): Run {
  return onLedger(async (on) => {
    const place = await on.locate(on.input.arg(argument));
    return handle({
      ...on,
      ...place,
      write: async (message, work) => (await on.writer())(place.ledger, message, work),
    });
  });
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
  return onLedger(async ({ app, input, locate, writer }) => {
    const write = await writer();
    const outcome = await forEachId(input.args('id'), async (typed) => {
      const { ledger, bead } = await locate(typed);
      return write(ledger, `${change.verb} ${bead.id}`, (tx) => change.change(tx, bead, input));
    });
    return replyWith(app, outcome, (done) => ({
      data: done.map(issueJson),
      text: done.map((bead) => `${saidOf(change.done, bead)}${change.after?.(bead) ?? ''}`).join('\n'),
    }));
  });
}

/** `Reopened ○ gt-abc  The title` */
export function saidOf(done: string, bead: Bead): string {
  return `${done} ${titled(bead)}`;
}

/** `○ gt-abc  The title` */
export function titled(bead: Bead): string {
  return `${beadMark(bead)}  ${oneLine(bead.title)}`;
}
