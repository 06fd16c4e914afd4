import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMessage } from '../../../src/beads/forms/message-row.ts';
import { OVERSEER } from '../../../src/core/address.ts';
import { setRigWanted } from '../../../src/town/wanted.ts';
import { drawBars } from '../../../src/ui/text/status-bar.ts';
import { makeBars } from '../../../src/watchdog/view/bars.ts';
import { keptBars } from '../../../src/watchdog/view/kept-bars.ts';
import { readTownView } from '../../../src/watchdog/view/read-view.ts';
import { statusJson } from '../../../src/watchdog/view/to-json.ts';
import type { TownView } from '../../../src/watchdog/view/types.ts';
import { makeWorkTown } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';
import { ROOT } from '../town/fake-town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const look = (ctx = town.ctx): Promise<TownView> => town.clock.drive(readTownView(ctx));
const bars = async (more: Partial<TownView> = {}, estops = []) =>
  drawBars({ view: { ...(await look()), ...more }, estops });
const DAEMON: TownView['daemon'] = {
  running: true,
  pid: 1,
  startedAt: '',
  lastHeartbeat: '',
  own: undefined,
};

describe('a worker’s bar', () => {
  test('shows what it holds, in forty cells', async () => {
    const bead = await town.create({ title: 'Write a page about everything that there is to know' });
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    const bar = (await bars())[worker.session] ?? '';
    expect(bar).toMatch(new RegExp(`^🪝 ${bead.id}: Write a page about every.*… \\|$`));
    expect(Array.from(bar).length).toBe('🪝 '.length - 1 + 40 + ' |'.length);
  });

  test('P26: a title is text there, whatever it looks like', async () => {
    const bead = await town.create({ title: '#[bg=red]#{pid}#(id)\u001B[31m %H' });
    const worker = await town.dispatch(bead.id);
    expect((await bars())[worker.session]).toBe(`🪝 ${bead.id}: ##[bg=red]##{pid}##(id) %H |`);
  });
});

describe('mail', () => {
  test('shows when the hook is empty: the most urgent subject, as text', async () => {
    const write = (subject: string, priority: number) =>
      town.hq.transaction('ann', (tx) =>
        createMessage(tx, {
          from: OVERSEER,
          to: { role: 'mayor' },
          subject,
          body: '',
          priority,
          thread: '0123456789ab',
        }),
      );
    await write('Lunch', 2);
    await write('#[bg=red] Fire', 0);
    const view = await look();
    expect(drawBars({ view, estops: [] })['hq-mayor']).toMatch(/ \| 📬 ##\[bg=red\] Fire \|$/);
    expect(statusJson(view)).toMatchObject({
      agents: [{ address: 'mayor/', unread_mail: 2, first_subject: '#[bg=red] Fire' }, { unread_mail: 0 }],
    });
  });
});

describe('the mayor’s bar', () => {
  const mayor = async (more: Partial<TownView> = {}) => (await bars(more))['hq-mayor'] ?? '';

  test('counts who works, who watches and what lands', async () => {
    const worker = await town.dispatch((await town.create({ title: 'One' })).id);
    await worker.begin();
    expect(await mayor({ daemon: DAEMON, attention: [] })).toBe('😺 1/1 | 🦉 1/1 | 🏭 0/1 | 🟡proj |');
  });

  test('begins with how much needs a person', async () => {
    const worker = await town.dispatch((await town.create({ title: 'One' })).id);
    town.panes.show(worker.session, 'dialog', 'trust?');
    const view = await look();
    expect(drawBars({ view, estops: [] })['hq-mayor']).toMatch(new RegExp(`^⚑${view.attention.length} \\|`));
  });

  test('a parked rig has its own lamp, nobody at work is dark', async () => {
    expect(await mayor({ attention: [] })).toContain('⚫proj');
    await setRigWanted(town.ctx, 'proj', 'down');
    expect(await mayor({ attention: [] })).toContain('🅿️  proj');
  });

  test('many rigs are named by their prefix, those that run first', async () => {
    const [rig] = (await look()).rigs;
    if (rig === undefined) throw new Error('no rig');
    const on = { ...rig.merge, engine: 'idle' };
    const rigs = [
      { ...rig, name: 'alpha', prefix: 'al', closed: 'parked' as const },
      { ...rig, name: 'bravo', prefix: 'br', merge: on },
      { ...rig, name: 'carol', prefix: 'ca' },
    ];
    expect(await mayor({ daemon: DAEMON, attention: [], rigs })).toContain('🟢br | 🟡ca | 🅿️  al');
  });

  test('P14: a ledger that does not answer is not zero', async () => {
    const { store } = await look();
    expect(await mayor({ store: { ...store, ok: false, error: 'gone' } })).toContain('ledger ?');
  });
});

describe('the refinery’s bar', () => {
  const refinery = async (phases: readonly string[], more: Partial<TownView> = {}) => {
    const view = await look();
    const [rig] = view.rigs;
    if (rig === undefined) throw new Error('no rig');
    const standing = view.agents[0];
    if (standing === undefined) throw new Error('no agent');
    const requests = phases.map((phase, index) => ({
      id: `pj-mr${index}`,
      phase: phase as 'queued',
      issue: undefined,
      title: '',
      worker: undefined,
      why: '',
      conflict: undefined,
    }));
    const agent = {
      ...standing,
      role: 'refinery' as const,
      session: 'pj-refinery' as typeof standing.session,
    };
    const rigs = [{ ...rig, refinery: agent, merge: { ...rig.merge, requests } }];
    return drawBars({ view: { ...view, rigs, ...more }, estops: [] })['pj-refinery'];
  };

  test.each([
    [[], 'idle |'],
    [['queued', 'queued'], '2 queued |'],
    [['proving'], 'merging pj-mr0 |'],
    [['queued', 'landing', 'queued'], 'merging pj-mr1 | +2 queued |'],
  ])('%j → %s', async (phases, bar) => {
    expect(await refinery(phases)).toBe(bar);
  });

  test('P14: what it could not look at it does not call idle', async () => {
    expect(await refinery([], { unavailable: { 'rig proj': 'no such table' } })).toBe('MQ: ? |');
  });
});

describe('an emergency stop', () => {
  test('comes first in every bar of what it stops, also when its file is damaged', async () => {
    const worker = await town.dispatch((await town.create({ title: 'One' })).id);
    await town.files.writeAtomic(`${ROOT}/ESTOP`, 'manual\t2026-01-01T10:20:30Z\tlunch\n');
    const drawn = await town.clock.drive(makeBars(town.ctx, drawBars));
    expect(drawn['hq-mayor']).toMatch(/^#\[bg=red,fg=white,bold\] ESTOP \d\d:\d\d #\[default\] /);
    await town.files.writeAtomic(`${ROOT}/ESTOP`, '');
    expect((await town.clock.drive(makeBars(town.ctx, drawBars)))[worker.session]).toContain(
      ' ESTOP #[default]',
    );
  });

  test('of a rig is seen in that rig only', async () => {
    const worker = await town.dispatch((await town.create({ title: 'One' })).id);
    await town.files.writeAtomic(`${ROOT}/ESTOP.proj`, 'auto\t2026-01-01T10:20:30Z\tload');
    const drawn = await town.clock.drive(makeBars(town.ctx, drawBars));
    expect(drawn[worker.session]).toContain('ESTOP');
    expect(drawn['hq-mayor']).not.toContain('ESTOP');
    expect((await keptBars(town.files, ROOT))?.bars).toEqual(drawn);
  });
});
