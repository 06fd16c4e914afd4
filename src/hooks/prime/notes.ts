import { join } from 'node:path';
import { readAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { readMemories } from '../../beads/forms/kv.ts';
import type { Message } from '../../beads/forms/message-row.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { handoffsIn, isCurrent, settleHandoffs } from '../../mail/handoff-mail.ts';
import { acknowledge, readInbox } from '../../mail/inbox.ts';
import { rigNamed } from '../../rig/registry.ts';
import { agentHome } from '../../town/agent-home.ts';
import { agentWanted, readWanted } from '../../town/wanted.ts';
import type { WorkStart } from '../begin-work.ts';
import { isAbout, readCheckpoint } from '../checkpoint.ts';
import type { Checkpoint } from '../checkpoint.ts';

/** What there is for a session beside its work order. */
export interface Notes {
  /** Handoffs that are still news, newest first. */
  readonly handoffs: readonly Message[];
  /** Those that are not, to be archived. */
  readonly over: readonly Message[];
  readonly checkpoint: Checkpoint | undefined;
  readonly memories: readonly string[];
  readonly mail: UnreadMail;
  /** Open escalations; only the mayor is told. */
  readonly escalations: readonly Bead[];
  /** Its rig or it itself is not wanted up. */
  readonly parked: boolean;
  /** Why some of this could not be read. */
  readonly blind: string | undefined;
}

export interface UnreadMail {
  readonly unread: number;
  /** Not announced before; at most five. */
  readonly fresh: readonly Message[];
}

export const NO_NOTES: Notes = {
  handoffs: [],
  over: [],
  checkpoint: undefined,
  memories: [],
  mail: { unread: 0, fresh: [] },
  escalations: [],
  parked: false,
  blind: undefined,
};

const MOST_MAIL = 5;
const MOST_ESCALATIONS = 5;

/** Never keeps a work order waiting: what cannot be read is named in `blind`. */
export async function readNotes(ctx: TownContext, agent: AgentAddress, work: WorkStart): Promise<Notes> {
  try {
    return await read(ctx, agent, 'bead' in work ? work.bead : undefined);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { ...NO_NOTES, blind: messageOf(error) };
  }
}

/** They are told: mail and notes are told once, notes that are over go. */
export async function settleNotes(ctx: TownContext, agent: AgentAddress, notes: Notes): Promise<void> {
  await acknowledge(ctx, agent, notes.mail.fresh);
  await settleHandoffs(ctx, agent, { shown: notes.handoffs, over: notes.over });
}

async function read(ctx: TownContext, agent: AgentAddress, bead: Bead | undefined): Promise<Notes> {
  const [box, wanted, own] = await Promise.all([
    readInbox(ctx, agent),
    readWanted(ctx),
    ownFacts(ctx, agent),
  ]);
  const handoffs = handoffsIn(box);
  const isNews = (message: Message): boolean =>
    isCurrent(message, { agent, held: bead?.id, now: ctx.ports.clock.now() });
  const checkpoint = await readCheckpoint(ctx, agent);
  const here = { bead: bead?.id, branch: own.branch };
  return {
    handoffs: handoffs.filter(isNews),
    over: handoffs.filter((message) => !isNews(message)),
    checkpoint: checkpoint !== undefined && isAbout(checkpoint, here) ? checkpoint : undefined,
    memories: own.memories,
    mail: unreadOf(box.filter((message) => !handoffs.includes(message))),
    escalations: agent.role === 'mayor' ? await openEscalations(ctx) : [],
    parked: agent.role !== 'overseer' && agentWanted(wanted, agent) === 'down',
    blind: undefined,
  };
}

function unreadOf(box: readonly Message[]): UnreadMail {
  const unread = box.filter((message) => !message.read);
  const fresh = unread.filter((message) => !message.delivered).slice(0, MOST_MAIL);
  return { unread: unread.length, fresh };
}

interface OwnFacts {
  readonly memories: readonly string[];
  /** The branch it is on; undefined = it has none, or nobody can tell cheaply. */
  readonly branch: string | undefined;
}

/** What the town remembers, and the agent's rig. */
async function ownFacts(ctx: TownContext, agent: AgentAddress): Promise<OwnFacts> {
  const hq = memoriesOf(await ctx.ledgers.hq());
  if (!('rig' in agent)) return { memories: await hq, branch: undefined };
  const rig = await rigNamed(ctx, agent.rig);
  const ledger = await ctx.ledgers.open(rig.database);
  const memories = [...(await hq), ...(await memoriesOf(ledger))];
  const isWorker = agent.role === 'polecat';
  const branch = isWorker
    ? (await readAgentRow(ledger, agent, rig.prefix))?.branch
    : await branchOfClone(ctx, agentHome(ctx.root, agent));
  return { memories, branch };
}

async function memoriesOf(ledger: LedgerReads): Promise<readonly string[]> {
  return Object.values(await readMemories(ledger));
}

async function branchOfClone(ctx: TownContext, home: string): Promise<string | undefined> {
  // A worktree has a file there, which is no folder to look into.
  if ((await ctx.ports.files.stat(join(home, '.git')))?.kind !== 'dir') return undefined;
  return /^ref: refs\/heads\/(.+)$/m.exec(
    (await ctx.ports.files.readText(join(home, '.git/HEAD'))) ?? '',
  )?.[1];
}

async function openEscalations(ctx: TownContext): Promise<readonly Bead[]> {
  const filter = { labels: ['gt:escalation'], notStatus: ['closed'], limit: MOST_ESCALATIONS };
  const found = await Promise.all((await ctx.ledgers.all()).map((ledger) => ledger.list(filter)));
  return found
    .flat()
    .toSorted((a, b) => a.priority - b.priority)
    .slice(0, MOST_ESCALATIONS);
}
