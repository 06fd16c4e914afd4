import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnavailableError } from '../../../src/core/errors.ts';
import { OVERSEER, parseAddress } from '../../../src/core/address.ts';
import type { AgentAddress } from '../../../src/core/address.ts';
import { boxOf, createMessage, parseMessage } from '../../../src/beads/forms/message-row.ts';
import { readMark } from '../../../src/hooks/handoff/marker.ts';
import { handoffsIn } from '../../../src/mail/handoff-mail.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { previewHandoff, runHandoff } from '../../../src/polecat/handoff/run.ts';
import type { HandoffReport, HandoffRequest } from '../../../src/polecat/handoff/run.ts';
import { startAgent } from '../../../src/sessions/start-agent.ts';
import { createFaults } from '../../fakes/faults.ts';
import { asProcess, makeWorkTown, polecatAddress } from './town.ts';
import type { AnyTown, ProcessView, Worker, WorkTown } from './town.ts';

let town: WorkTown;
let bead: string;
let worker: Worker;
beforeEach(async () => {
  town = await makeWorkTown();
  bead = (await town.create({ title: 'Add a page' })).id;
  worker = await town.dispatch(bead);
  await worker.begin();
  town.panes.show(worker.session, 'busy');
});
afterEach(() => town.close());

const NUX = polecatAddress('furiosa');
const MAYOR = parseAddress('mayor');

/** The town as the agent sees it from within its session. */
function inside(agent: AgentAddress, session: string, view: ProcessView = {}): Promise<AnyTown> {
  return asProcess(town, { actor: agent, env: { GT_SESSION: session }, ...view });
}

function requestOf(agent: AgentAddress, more: Partial<HandoffRequest> = {}): HandoffRequest {
  return {
    agent,
    words: { subject: undefined, note: 'parser done, printer next', reason: undefined },
    mode: 'restart',
    collect: false,
    git: true,
    bead: undefined,
    conversation: 'c-1',
    ...more,
  };
}

async function handOff(
  agent: AgentAddress = NUX,
  more: Partial<HandoffRequest> = {},
): Promise<HandoffReport> {
  const session = agent.role === 'mayor' ? 'hq-mayor' : worker.session;
  const { ctx } = await inside(agent, session);
  return town.clock.drive(runHandoff(ctx, requestOf(agent, more)));
}

const notes = async (agent: AgentAddress = NUX) => handoffsIn(await readInbox(town.ctx, agent));

describe('P21: the note of a handoff', () => {
  test('is made by code from what there is, and holds the agent’s own words', async () => {
    await worker.write('a.ts', '1');
    worker.commit('Write the parser');
    await worker.write('b.ts', '2');
    const { text, subject } = await handOff();
    expect(subject).toBe(`${bead} Add a page`);
    expect(text).toMatch(/^parser done, printer next\n/);
    for (const part of [
      `${bead} (P2 task, in_progress) Add a page`,
      `branch ${worker.branch} at `,
      'Commits that origin/main does not have: 1',
      'Write the parser',
      'Not committed: 1 file: b.ts',
      'Last gate of the merge queue: none has run',
      'Unread mail: 0',
    ])
      expect(text).toContain(part);
  });

  test('says what could not be looked at, and is stored all the same', async () => {
    const faults = createFaults();
    const git = faults.wrap('git', town.ctx.ports.git);
    const { ctx } = await inside(NUX, worker.session, { ports: { git } });
    faults.failOn('git.worktrees.status', 1, new UnavailableError({ code: 'x.y', message: 'index is torn' }));
    await town.clock.drive(runHandoff(ctx, requestOf(NUX, { mode: 'save' })));
    expect((await notes())[0]?.body).toContain('Checkout: cannot be read (index is torn)');
  });

  test('is a mail of the agent to itself: permanent, urgent, hooked, in the row that other programs read', async () => {
    const { mail } = await handOff();
    const [row] = await town.hq.list(boxOf(NUX));
    expect(row).toMatchObject({
      id: mail,
      table: 'issues',
      type: 'message',
      status: 'hooked',
      priority: 1,
      title: `🤝 HANDOFF: ${bead} Add a page`,
      assignee: 'proj/furiosa',
    });
    expect(row?.labels.toSorted()).toEqual([
      'delivery:pending',
      'from:proj/furiosa',
      'gt:message',
      'msg-type:notification',
      expect.stringMatching(/^thread:thread-[0-9a-f]{12}$/),
    ]);
  });

  test('replaces the one before', async () => {
    await handOff(NUX, { mode: 'save' });
    const { mail } = await handOff(NUX, { mode: 'save' });
    expect((await notes()).map(({ bead: row }) => row.id)).toEqual([mail]);
  });

  test('with --collect also lists mail and work', async () => {
    const other = await town.create({ title: 'Something else' });
    await town.hq.transaction('mayor/', (tx) =>
      createMessage(tx, { from: MAYOR, to: NUX, subject: 'hello', body: '', thread: '0'.repeat(12) }),
    );
    const { text } = await handOff(NUX, { mode: 'save', collect: true });
    expect(text).toContain('Unread mail: 1');
    expect(text).toMatch(/Unread:\n- hq-\S+ hello \(from mayor\/\)/);
    expect(text).toContain(`- ${other.id} (P2 task, open) Something else`);
  });
});

describe('the session that follows', () => {
  test('of a worker has the same bead and worktree, the next spawn number, and knows that it follows', async () => {
    await handOff(NUX, { words: { subject: 's', note: '', reason: 'context full' } });
    const start = town.panes.started(worker.session);
    expect(start).toMatchObject({ spawn: 2, bead, cwd: worker.worktree });
    expect(start?.prompt).toContain('handed over');
    expect(await town.row('furiosa')).toMatchObject({ spawn: 2, agentState: 'spawning' });
    expect(await readMark(town.ctx, NUX)).toEqual({ from: 'c-1', reason: 'context full' });
    expect(await town.events('handoff')).toMatchObject([
      { agent: 'proj/polecats/furiosa', to_session: worker.session, subject: 's', reason: 'context full' },
    ]);
  });

  test('of the mayor takes along a bead that was named', async () => {
    await town.clock.drive(startAgent(town.ctx, { address: MAYOR }));
    const plan = await town.hq.transaction('overseer', (tx) => tx.create({ title: 'Plan the release' }));
    const { text } = await handOff(MAYOR, { bead: plan.id });
    expect(text).toContain(`${plan.id} (P2 task, hooked) Plan the release`);
    expect(await town.hq.get(plan.id)).toMatchObject({ status: 'hooked', assignee: 'mayor/' });
    expect(town.panes.started('hq-mayor' as never)).toMatchObject({ spawn: 2, bead: plan.id });
  });

  test('does not begin with --auto, nor before a compaction', async () => {
    await handOff(NUX, { mode: 'save' });
    expect(town.panes.started(worker.session)).toMatchObject({ spawn: 1 });
    expect(await readMark(town.ctx, NUX)).toBeUndefined();
    expect(await notes()).toHaveLength(1);
  });
});

describe('nothing ends', () => {
  const isUntouched = async (): Promise<void> => {
    expect(town.panes.started(worker.session)).toMatchObject({ spawn: 1 });
    expect(await town.row('furiosa')).toMatchObject({ spawn: 1 });
    expect(await readMark(town.ctx, NUX)).toBeUndefined();
  };

  test('when the note cannot be stored, which is recorded', async () => {
    const faults = createFaults();
    const { ctx } = await inside(NUX, worker.session, {
      ports: { store: faults.wrap('store', town.ctx.ports.store) },
    });
    const down = new UnavailableError({ code: 'store.unavailable', message: 'no answer' });
    faults.failOn('store.open().transaction', 1, down);
    await expect(town.clock.drive(runHandoff(ctx, requestOf(NUX)))).rejects.toMatchObject({
      code: 'handoff.not-stored',
    });
    await isUntouched();
    expect(await town.events('handoff_failed')).toMatchObject([{ reason: 'no answer' }]);
  });

  test('in a preview', async () => {
    const { ctx } = await inside(NUX, worker.session);
    expect(await previewHandoff(ctx, requestOf(NUX))).toMatchObject({ mail: undefined, end: 'renew' });
    await isUntouched();
    expect(await notes()).toEqual([]);
  });

  test('P11: twice within the cooldown of a worker, which is a setting', async () => {
    await handOff();
    await expect(handOff()).rejects.toMatchObject({ code: 'handoff.too-soon' });
    await town.clock.advance(2 * 60_000);
    expect(await handOff()).toMatchObject({ end: 'renew' });
    await town.setTown({ operational: { session: { min_handoff_cooldown: '1s' } } });
    await town.clock.advance(2000);
    expect(await handOff()).toMatchObject({ end: 'renew' });
  });

  test('of an agent that does not run', async () => {
    await expect(handOff(MAYOR)).rejects.toMatchObject({ code: 'session.not-running' });
    expect(await handOff(MAYOR, { mode: 'save' })).toMatchObject({ end: 'save' });
  });

  test('of a worker that holds nothing, or of a person', async () => {
    await town.ledger.transaction('x', (tx) => tx.close(bead, { reason: 'done', force: true }));
    await expect(handOff()).rejects.toMatchObject({ code: 'handoff.no-work' });
    const person = town.clock.drive(runHandoff(town.ctx, requestOf(OVERSEER)));
    await expect(person).rejects.toMatchObject({ code: 'handoff.no-agent' });
  });
});

test('P26: a note keeps no escape sequence, and its subject no line break', async () => {
  const words = { subject: 'a\nb\u001b[31m', note: 'x\u001b]0;evil\u0007y', reason: 'r\nr' };
  const { mail, subject } = await handOff(NUX, { mode: 'save', words });
  expect(subject).toBe('a b');
  const row = await town.hq.get(mail ?? '');
  if (row === undefined) throw new Error('no mail');
  expect(parseMessage(row).body).toMatch(/^xy\n/);
  expect(parseMessage(row).body).not.toContain('\u001b');
});
