import { expect, test } from 'vitest';
import { parseAddress } from '../../../src/core/address.ts';
import type { AgentAddress } from '../../../src/core/address.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { handoffsIn } from '../../../src/mail/handoff-mail.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { runHandoff } from '../../../src/polecat/handoff/run.ts';
import { startAgent } from '../../../src/sessions/start-agent.ts';
import { Stop, createFaults } from '../../fakes/faults.ts';
import type { Faults } from '../../fakes/faults.ts';
import { effectCalls, killablePorts } from '../work/killing.ts';
import { asProcess, makeWorkTown, polecatAddress } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';
import { passesOf } from './daemon-town.ts';

/** An agent at work in a new town, and the handoff that it asks for, which a test may kill. */
async function agentAtWork(who: 'worker' | 'mayor') {
  const town = await makeWorkTown();
  const agent = who === 'worker' ? polecatAddress('furiosa') : parseAddress('mayor');
  const session = who === 'worker' ? await startWorker(town) : await startMayor(town);
  town.panes.show(session, 'idle');
  town.panes.show(session, 'busy');
  return { town, agent, session };
}

async function startWorker(town: WorkTown): Promise<SessionName> {
  const worker = await town.dispatch((await town.create({ title: 'Add a page' })).id);
  await worker.begin();
  return worker.session;
}

async function startMayor(town: WorkTown): Promise<SessionName> {
  return (await town.clock.drive(startAgent(town.ctx, { address: parseAddress('mayor') }))).session;
}

async function handOff(
  { town, agent, session }: { town: WorkTown; agent: AgentAddress; session: SessionName },
  faults: Faults,
): Promise<void> {
  const { ports, die } = killablePorts(town, faults);
  const { ctx } = await asProcess(town, { ports, actor: agent, env: { GT_SESSION: session } });
  const words = { subject: undefined, note: 'next: the printer', reason: undefined };
  const request = {
    agent,
    words,
    mode: 'restart',
    collect: false,
    git: true,
    bead: undefined,
    conversation: '',
  } as const;
  try {
    await town.clock.drive(runHandoff(ctx, request));
  } catch (error) {
    if (!(error instanceof Stop) && !faults.stopped) throw error;
  }
  die();
}

async function effectsOf(who: 'worker' | 'mayor'): Promise<readonly number[]> {
  const world = await agentAtWork(who);
  const faults = createFaults();
  await handOff(world, faults);
  await world.town.close();
  return effectCalls(faults.calls);
}

test.each(['worker', 'mayor'] as const)(
  'P6: a handoff of a %s that is killed at any place has not happened, or has with its note',
  async (who) => {
    const effects = await effectsOf(who);
    expect(effects.length).toBeGreaterThan(8);
    for (const n of effects) {
      const world = await agentAtWork(who);
      const { town, agent, session } = world;
      const faults = createFaults();
      faults.stopAt(n, 'after');
      await handOff(world, faults);
      const daemon = passesOf(town);
      await daemon.run(3, 20_000);
      const where = `killed after call ${n}: ${faults.calls.at(n - 1)}`;
      const seen = await town.panes.observe(session);
      expect(seen, where).toMatchObject({ kind: 'live' });
      const notes = handoffsIn(await readInbox(town.ctx, agent));
      const spawn = 'state' in seen ? seen.state.spawn : 0;
      if (spawn > 1) expect(notes, where).toHaveLength(1);
      expect(notes.length, where).toBeLessThanOrEqual(1);
      if (who === 'worker') {
        expect(await town.row('furiosa'), where).toMatchObject({ spawn });
        expect((await town.ledger.list({ assignee: 'proj/polecats/furiosa' })).length, where).toBe(1);
      }
      await town.close();
    }
  },
);
