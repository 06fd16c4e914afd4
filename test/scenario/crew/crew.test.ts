import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAgentRows } from '../../../src/beads/forms/agent-row.ts';
import { createMessage } from '../../../src/beads/forms/message-row.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { formatAddress } from '../../../src/core/address.ts';
import { UnreadableError } from '../../../src/core/errors.ts';
import { parseWorkerName } from '../../../src/core/names.ts';
import { addCrew } from '../../../src/crew/add.ts';
import { clonesOf, findCrew } from '../../../src/rig/find-crew.ts';
import { crewPlace } from '../../../src/rig/crew-place.ts';
import type { CrewPlace } from '../../../src/rig/crew-place.ts';
import { bringUpToDate } from '../../../src/crew/pristine.ts';
import { removeCrew } from '../../../src/crew/remove.ts';
import { attachWork } from '../../../src/polecat/sling/attach.ts';
import { renameCrew } from '../../../src/crew/rename.ts';
import { startEach } from '../../../src/crew/start.ts';
import { startupCrew } from '../../../src/crew/startup.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { writeRigKey } from '../../../src/rig/settings.ts';
import { setTownWanted } from '../../../src/town/wanted.ts';
import { createFaults } from '../../fakes/faults.ts';
import { effectCalls, killablePorts } from '../work/killing.ts';
import { asProcess, makeWorkTown } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

function placeOf(name: string): CrewPlace {
  return crewPlace(town.rig, parseWorkerName(name));
}

async function add(name: string, options: Partial<Parameters<typeof addCrew>[2]> = {}): Promise<CrewPlace> {
  const place = placeOf(name);
  await town.clock.drive(addCrew(town.ctx, place, { branch: 'default', ...options }));
  return place;
}

const start = (names: readonly string[], more: Parameters<typeof startEach>[2] = {}) =>
  town.clock.drive(startEach(town.ctx, names.map(placeOf), more));

async function states(): Promise<readonly string[]> {
  const rows = await listAgentRows(town.ledger);
  return rows.map((row) => `${formatAddress(row.address)} ${row.agentState} ${row.spawn}`).sort();
}

describe('crew add', () => {
  test('makes a clone at the default branch with the remotes of the rig; git shows nothing of ours (P29)', async () => {
    const { path } = await add('ann');
    expect(await town.git.worktrees.status(path)).toEqual({
      head: town.remote.head('main'),
      branch: 'main',
      changed: [],
      untracked: [],
      stashes: 0,
      operation: undefined,
    });
    expect(await town.git.remotes.urls(path, 'origin')).toEqual({
      fetch: town.remote.url,
      push: town.remote.url,
    });
    expect(await town.files.readText(`${path}/.beads/redirect`)).toBe('../../.beads\n');
    expect(JSON.parse((await town.files.readText(`${path}/.gt-agent`)) ?? '')).toEqual({
      role: 'crew',
      rig: 'proj',
      name: 'ann',
    });
    expect(await states()).toEqual(['proj/crew/ann idle 0']);
  });

  test('on a branch of its own with --branch', async () => {
    const { path } = await add('ann', { branch: 'own' });
    expect(await town.git.worktrees.status(path)).toMatchObject({ branch: 'crew/ann' });
  });

  test('with the remote out of reach begins from what was fetched', async () => {
    await add('ann');
    town.remote.goOffline();
    const { path } = await add('joe');
    expect(await town.git.worktrees.status(path)).toMatchObject({ head: town.remote.head('main') });
  });

  test('leaves a state.json of the project alone', async () => {
    town.remote.commit('main', { 'state.json': '{"clone_path":1}' });
    const { path } = await add('ann');
    expect(await town.files.readText(`${path}/state.json`)).toBe('{"clone_path":1}');
  });

  test('keeps the keys of a state.json that another gt wrote; the folder says the name', async () => {
    const { path } = await add('ann');
    const old = { name: 'old', clone_path: path, created_at: '2020-01-01T00:00:00Z', mine: [1] };
    await town.files.writeAtomic(`${path}/state.json`, JSON.stringify(old));
    await start(['ann']);
    expect(JSON.parse((await town.files.readText(`${path}/state.json`)) ?? '')).toMatchObject({
      name: 'ann',
      branch: 'main',
      created_at: '2020-01-01T00:00:00Z',
      mine: [1],
    });
  });

  test('one name is crew or polecat, never both', async () => {
    const worker = await town.dispatch((await town.create()).id);
    await expect(add(worker.name)).rejects.toMatchObject({ code: 'crew.is-polecat' });
    await add('slit');
    await expect(add('slit')).rejects.toMatchObject({ code: 'crew.exists' });
    const named = town.sling([(await town.create()).id, 'proj/polecats/slit']);
    await expect(named).rejects.toMatchObject({ code: 'polecat.not-found' });
    const names = [];
    for (let each = 0; each < 4; each += 1) names.push((await town.dispatch((await town.create()).id)).name);
    expect(names).not.toContain('slit');
  });

  test('two at once of one name: one gets it', async () => {
    const both = await town.clock.drive(
      Promise.allSettled([1, 2].map(() => addCrew(town.ctx, placeOf('ann'), { branch: 'default' }))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await clonesOf(town.ctx, town.rig)).toHaveLength(1);
  });

  test('killed anywhere, the same command makes it whole, or says that it is there', async () => {
    const faults = createFaults();
    const whole = await asProcess(town, killablePorts(town, faults));
    await town.clock.drive(addCrew(whole.ctx, placeOf('whole'), { branch: 'default' }));
    const places = effectCalls(faults.calls);
    expect(places.length).toBeGreaterThan(5);
    for (const [index, n] of places.entries()) {
      const place = placeOf(`c${index}`);
      const plan = createFaults();
      const { ports, die } = killablePorts(town, plan);
      const dying = await asProcess(town, { ports });
      plan.stopAt(n, 'after');
      await town.clock.drive(addCrew(dying.ctx, place, { branch: 'default' }).catch(() => undefined));
      die();
      const [again] = await start([place.name]);
      expect(again, `after call ${n}`).toMatchObject({ kind: 'started' });
      expect(await town.git.worktrees.status(place.path)).toMatchObject({ branch: 'main', untracked: [] });
      expect(await town.files.readText(`${place.path}/.gt-agent`)).toContain(place.name);
    }
  });
});

describe('crew start', () => {
  test('makes what is missing, leaves alone what runs, and one that fails does not keep the others', async () => {
    await add('ann');
    await start(['ann']);
    const outcomes = await start(['ann', 'joe']);
    expect(outcomes.map((each) => [each.place.name, each.kind, 'made' in each && each.made])).toEqual([
      ['ann', 'running', false],
      ['joe', 'started', true],
    ]);
    const failed = await start(['zoe', 'eve'], { agent: 'no-such' });
    expect(failed.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
    expect((await clonesOf(town.ctx, town.rig)).map(({ name }) => name)).toEqual(['ann', 'joe']);
    expect(await states()).toContain('proj/crew/ann running 1');
  });

  test('what is started again, or goes on, is the agent that it was; --agent makes it another', async () => {
    await town.setTown({
      agents: { helper: { command: 'helper' }, other: { command: 'other', provider: 'claude' } },
    });
    const { session } = await add('ann');
    await start(['ann'], { agent: 'other' });
    const conversation = town.panes.started(session)?.conversation;
    town.panes.show(session, 'ready');
    await start(['ann'], { fresh: true });
    expect(town.panes.started(session)).toMatchObject({ runtime: 'other', spawn: 2 });
    expect(town.panes.started(session)?.conversation).not.toBe(conversation);
    town.panes.show(session, 'ready');
    town.panes.killHost(session);
    expect(await start(['ann'], { resume: 'last' })).toMatchObject([{ kind: 'started', resumed: true }]);
    expect(town.panes.started(session)).toMatchObject({ runtime: 'other', resumed: true });
    town.panes.killHost(session);
    expect(await start(['ann'])).toMatchObject([{ kind: 'started' }]);
    expect(town.panes.started(session)?.runtime).toBe('helper');
    expect(await start(['ann'], { fresh: true, resume: 'last', agent: 'other' })).toMatchObject([
      { resumed: false },
    ]);
  });

  test('P3: without work it is told nothing; with a bead on its hook it is told of it', async () => {
    await start(['ann', 'joe']);
    expect(town.panes.started(placeOf('ann').session)?.prompt).toBeUndefined();
    const bead = await town.create({ title: 'Fix the door' });
    await town.ledger.transaction('x', (tx) =>
      tx.update(bead.id, { status: 'hooked', assignee: 'proj/crew/joe' }),
    );
    await start(['joe'], { fresh: true });
    expect(town.panes.started(placeOf('joe').session)?.prompt).toContain(`${bead.id}: Fix the door`);
  });

  test('P10: nothing starts in a town that was taken down', async () => {
    await add('ann');
    await setTownWanted(town.ctx, 'down');
    expect(await start(['ann'])).toMatchObject([{ kind: 'failed', error: { code: 'town.down' } }]);
  });

  test('P32: crew.startup says who starts, and names that have no workspace are told', async () => {
    for (const name of ['ann', 'joe', 'max']) await add(name);
    const wished = async (text: string) => {
      await writeRigKey(town.ctx, town.rig, { key: 'crew.startup', text });
      const { places, missing } = await startupCrew(town.ctx, town.rig);
      return [places.map(({ name }) => name), missing];
    };
    expect(await wished('')).toEqual([[], []]);
    expect(await wished('all but not joe')).toEqual([['ann', 'max'], []]);
    expect(await wished('max and zed')).toEqual([['max'], ['zed']]);
    await expect(wished('all of them')).rejects.toMatchObject({ code: 'crew.bad-startup' });
  });
});

describe('crew rename', () => {
  test('takes folder, work, mail and the number of its sessions along', async () => {
    const ann = await add('ann');
    await start(['ann']);
    await town.panes.stop(ann.session, 0);
    const bead = await town.create();
    await town.ledger.transaction('x', (tx) =>
      tx.update(bead.id, { status: 'hooked', assignee: 'proj/crew/ann' }),
    );
    await town.hq.transaction('x', (tx) =>
      createMessage(tx, {
        from: { role: 'mayor' },
        to: ann.address,
        subject: 'Hello',
        body: '',
        thread: '000000000000',
      }),
    );
    const eve = placeOf('eve');
    await town.clock.drive(renameCrew(town.ctx, ann, eve));
    expect((await clonesOf(town.ctx, town.rig)).map(({ name }) => name)).toEqual(['eve']);
    expect(await town.bead(bead.id)).toMatchObject({ status: 'hooked', assignee: 'proj/crew/eve' });
    expect(await readInbox(town.ctx, eve.address)).toMatchObject([{ subject: 'Hello' }]);
    expect(await states()).toEqual(['proj/crew/ann nuked 1', 'proj/crew/eve idle 1']);
    expect(await town.files.readText(`${eve.path}/.gt-agent`)).toContain('"eve"');
  });

  test('refuses a running session, a taken name, and a polecat’s', async () => {
    const ann = await add('ann');
    await add('joe');
    const worker = await town.dispatch((await town.create()).id);
    const to = (name: string) => town.clock.drive(renameCrew(town.ctx, ann, placeOf(name)));
    await expect(to('ann')).rejects.toMatchObject({ code: 'crew.same-name' });
    await expect(to('joe')).rejects.toMatchObject({ code: 'crew.exists' });
    await expect(to(worker.name)).rejects.toMatchObject({ code: 'crew.is-polecat' });
    await start(['ann']);
    await expect(to('eve')).rejects.toMatchObject({ code: 'crew.session-up' });
    await expect(
      town.clock.drive(renameCrew(town.ctx, placeOf('ghost'), placeOf('joe'))),
    ).rejects.toMatchObject({ code: 'crew.not-found' });
  });

  test('two that cross do not wait for each other for ever', async () => {
    const [ann, joe] = [await add('ann'), await add('joe')];
    const both = await town.clock.drive(
      Promise.allSettled([renameCrew(town.ctx, ann, joe), renameCrew(town.ctx, joe, ann)]),
    );
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('killed anywhere, the same command goes on to the end', async () => {
    const bead = await town.create();
    const rename = async (from: string, to: string, n?: number) => {
      const plan = createFaults();
      const { ports, die } = killablePorts(town, plan);
      const dying = await asProcess(town, { ports });
      if (n !== undefined) plan.stopAt(n, 'after');
      const done = town.clock.drive(renameCrew(dying.ctx, placeOf(from), placeOf(to)));
      await (n === undefined ? done : done.catch(() => undefined));
      die();
      return plan.calls;
    };
    await add('a0');
    await town.ledger.transaction('x', (tx) =>
      tx.update(bead.id, { status: 'hooked', assignee: 'proj/crew/a0' }),
    );
    const places = effectCalls(await rename('a0', 'a1'));
    for (const [index, n] of places.entries()) {
      const [from, to] = [`a${index + 1}`, `a${index + 2}`];
      await rename(from, to, n);
      const isDone = (await clonesOf(town.ctx, town.rig)).some(({ path }) => path === placeOf(to).path);
      if (!isDone || !(await isSettled(to))) await rename(from, to);
      expect(await town.bead(bead.id), `after call ${n}`).toMatchObject({ assignee: `proj/crew/${to}` });
      expect(await isSettled(to)).toBe(true);
    }
  });

  async function isSettled(name: string): Promise<boolean> {
    const text = (await town.files.readText(`${placeOf(name).path}/.gt-agent`)) ?? '';
    return text.includes(`"${name}"`);
  }
});

describe('crew pristine', () => {
  test('only moves forward: changes, own commits and a detached HEAD stay as they are', async () => {
    const [ann, joe, max] = [await add('ann'), await add('joe'), await add('max')];
    const next = town.remote.commit('main', { 'next.md': 'next\n' });
    await town.files.writeAtomic(`${joe.path}/mine.md`, 'mine');
    town.git.user(max.path).commitEverything('own');
    await town.files.writeAtomic(`${max.path}/own.md`, 'own');
    const own = town.git.user(max.path).commitEverything('own');
    const results = await Promise.all([ann, joe, max].map((place) => bringUpToDate(town.ctx, place)));
    expect(results.map(({ pulled, why }) => [pulled, why])).toEqual([
      [true, undefined],
      [false, 'it has changes in no commit'],
      [false, 'main has commits that origin has not: push or rebase them'],
    ]);
    expect(await town.git.worktrees.status(ann.path)).toMatchObject({
      head: next,
      branch: 'main',
      changed: [],
    });
    expect(await town.git.worktrees.status(max.path)).toMatchObject({ head: own });
  });
});

describe('crew remove', () => {
  const remove = (name: string, more: { readonly force?: boolean; readonly purge?: boolean } = {}) =>
    town.clock.drive(
      removeCrew(town.ctx, placeOf(name), { force: false, purge: false, dryRun: false, ...more }),
    );

  test('refuses while a session or work is there; forced, it stops it and gives the work back', async () => {
    await start(['ann']);
    await expect(remove('ann')).rejects.toMatchObject({ code: 'crew.session-up' });
    await town.panes.stop(placeOf('ann').session, 0);
    const bead = await town.create();
    await town.ledger.transaction('x', (tx) =>
      tx.update(bead.id, { status: 'in_progress', assignee: 'proj/crew/ann' }),
    );
    await expect(remove('ann')).rejects.toMatchObject({ code: 'crew.holds-work' });
    expect(await remove('ann', { force: true })).toMatchObject({ released: [bead.id], rescued: [] });
    expect(await town.bead(bead.id)).toMatchObject({ status: 'open', assignee: '' });
    expect(await clonesOf(town.ctx, town.rig)).toEqual([]);
    expect(await states()).toEqual(['proj/crew/ann nuked 1']);
  });

  test('work of the town is work that it holds, and is given back before the folder goes', async () => {
    await add('ann');
    const onHook = async (): Promise<Bead> => {
      const { id } = await town.hq.transaction('x', (tx) => tx.create({ title: 'Plan' }));
      const agent = placeOf('ann').address;
      return (await attachWork(town.ctx, { bead: id, agent, dryRun: false, force: false })).bead;
    };
    const bead = await onHook();
    await expect(remove('ann')).rejects.toMatchObject({ code: 'crew.holds-work' });
    const faults = createFaults();
    const { ports, die } = killablePorts(town, faults);
    faults.stopOn('git.worktrees.remove', 1, 'after');
    const killed = await asProcess(town, { ports });
    const wishes = { force: true, purge: false, dryRun: false };
    await expect(town.clock.drive(removeCrew(killed.ctx, placeOf('ann'), wishes))).rejects.toThrow('stopped');
    die();
    expect(await town.hq.get(bead.id)).toMatchObject({ status: 'open', assignee: '' });
    await add('ann');
    const next = await onHook();
    expect(await remove('ann', { force: true })).toMatchObject({ released: [next.id] });
  });

  test('what git cannot read is moved out of the way, never removed', async () => {
    const { path } = await add('ann');
    await town.files.writeAtomic(`${path}/precious`, 'bytes');
    await town.files.remove(`${path}/.git/HEAD`);
    const broken = {
      ...town.git.worktrees,
      status: (at: string) => (at === path ? Promise.reject(unreadable()) : town.git.worktrees.status(at)),
    };
    const process = await asProcess(town, { ports: { git: { ...town.git, worktrees: broken } } });
    const go = (force: boolean) =>
      town.clock.drive(removeCrew(process.ctx, placeOf('ann'), { force, purge: false, dryRun: false }));
    await expect(go(false)).rejects.toMatchObject({ code: 'crew.unreadable' });
    const { setAside } = await go(true);
    expect(await town.files.readText(`${setAside ?? ''}/precious`)).toBe('bytes');
  });

  test('--purge forgets it: row, mail and what it was given', async () => {
    const { address } = await add('ann');
    const bead = await town.create();
    await town.ledger.transaction('x', (tx) => tx.update(bead.id, { assignee: 'proj/ann' }));
    await town.hq.transaction('x', (tx) =>
      createMessage(tx, { from: { role: 'mayor' }, to: address, subject: 'Hi', body: '', thread: '0' }),
    );
    await remove('ann', { purge: true });
    expect(await states()).toEqual([]);
    expect(await readInbox(town.ctx, address)).toEqual([]);
    expect(await town.bead(bead.id)).toMatchObject({ assignee: '' });
  });
});

test('a name is found here first, then wherever it is the only one', async () => {
  await add('ann');
  const find = (word: string, cwd = '/elsewhere') => findCrew(town.ctx, { word, cwd });
  for (const word of ['ann', 'proj/ann', 'proj/crew/ann', '']) {
    expect(await find(word)).toMatchObject({ path: '/town/proj/crew/ann' });
  }
  await add('joe');
  await expect(find('')).rejects.toMatchObject({ code: 'crew.not-named' });
  await expect(find('an')).rejects.toMatchObject({ code: 'crew.not-found' });
  await expect(find('proj/x/ann')).rejects.toMatchObject({ code: 'crew.bad-name' });
  await expect(find('nope/ann')).rejects.toMatchObject({ code: 'rig.not-found' });
});

function unreadable(): UnreadableError {
  return new UnreadableError({ code: 'git.unreadable', message: 'cannot tell' });
}
