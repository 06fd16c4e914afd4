import { expect, test } from 'vitest';
import { parseAddress } from '../../../src/core/address.ts';
import { addAttempt, readAttempts, resetAttempts } from '../../../src/town/attempts.ts';
import {
  agentWanted,
  forgetRigWanted,
  readWanted,
  rigClosed,
  setAgentWanted,
  setRigWanted,
  setRigsClosed,
  setTownWanted,
} from '../../../src/town/wanted.ts';
import { makeBareTown } from './town.ts';

const ACE = parseAddress('proj/polecats/ace');

test('nobody asked: the town is wanted up', async () => {
  const { town } = makeBareTown();
  const wanted = await readWanted(town);
  expect(wanted).toMatchObject({ town: 'up', by: '' });
  expect(agentWanted(wanted, ACE)).toBe('up');
});

test('P10: down is durable and says since when and by whom', async () => {
  const { town, read } = makeBareTown();
  await setTownWanted(town, 'down');
  expect(await read('daemon/wanted.json')).toEqual({
    version: 1,
    town: 'down',
    since: '2026-01-01T00:00:00.000Z',
    by: 'overseer',
  });
  expect(agentWanted(await readWanted(town), ACE)).toBe('down');
});

test('P10: up clears the town’s down, not the stop of one agent', async () => {
  const { town } = makeBareTown();
  await setAgentWanted(town, ACE, 'down');
  await setTownWanted(town, 'down');
  const wanted = await setTownWanted(town, 'up');
  expect(agentWanted(wanted, ACE)).toBe('down');
  expect(agentWanted(wanted, parseAddress('proj/polecats/nux'))).toBe('up');
  expect(agentWanted(await setAgentWanted(town, ACE, undefined), ACE)).toBe('up');
});

test('a parked rig holds its agents down', async () => {
  const { town } = makeBareTown();
  const wanted = await setRigWanted(town, 'proj', 'down');
  expect(rigClosed(wanted, 'proj')).toBe('parked');
  expect(agentWanted(wanted, ACE)).toBe('down');
  expect(agentWanted(wanted, { role: 'mayor' })).toBe('up');
});

test('what is said elsewhere closes a rig unless this machine says otherwise', async () => {
  const { town } = makeBareTown();
  const docked = await setRigsClosed(town, new Map([['proj', 'docked'] as const]));
  expect(rigClosed(docked, 'proj')).toBe('docked');
  expect(agentWanted(docked, ACE)).toBe('down');
  expect(rigClosed(await setRigWanted(town, 'proj', 'up'), 'proj')).toBeUndefined();
  expect(rigClosed(await setRigWanted(town, 'proj', 'down'), 'proj')).toBe('parked');
  expect(rigClosed(await setRigWanted(town, 'proj', undefined), 'proj')).toBe('docked');
  expect(rigClosed(await setRigsClosed(town, new Map([['proj', undefined]])), 'proj')).toBeUndefined();
});

test('a rig that is removed leaves nothing that would count for the next one of its name', async () => {
  const { town } = makeBareTown();
  await setRigWanted(town, 'proj', 'down');
  await setRigsClosed(town, new Map([['proj', 'docked'] as const]));
  await setAgentWanted(town, ACE, 'down');
  await setAgentWanted(town, parseAddress('project/polecats/ace'), 'down');
  const left = await forgetRigWanted(town, 'proj');
  expect(left).toMatchObject({ rigs: {}, closed: {}, agents: { 'project/polecats/ace': 'down' } });
});

test('a file that makes no sense is an error: nothing may be started on a guess', async () => {
  const { town, json } = makeBareTown();
  await json('daemon/wanted.json', { town: 'sideways' });
  await expect(readWanted(town)).rejects.toMatchObject({ code: 'file.corrupt' });
});

test('attempts are counted per bead in the file of the Go gt and can be forgotten', async () => {
  const { town, json, read, clock } = makeBareTown();
  await json('witness/bead-respawn-counts.json', {
    beads: { 'pj-9': { bead_id: 'pj-9', count: 2, ours: true } },
  });
  expect(await addAttempt(town, 'pj-1')).toBe(1);
  expect(await addAttempt(town, 'pj-9')).toBe(3);
  expect(await read('witness/bead-respawn-counts.json')).toMatchObject({
    beads: {
      'pj-1': { bead_id: 'pj-1', count: 1, last_respawn: '2026-01-01T00:00:00.000Z' },
      'pj-9': { bead_id: 'pj-9', count: 3, ours: true },
    },
    last_updated: '2026-01-01T00:00:00.000Z',
  });
  await resetAttempts(town, 'pj-9');
  expect([...(await readAttempts(town))]).toEqual([['pj-1', { count: 1, last: clock.now() }]]);
});

test('P11: an attempt with a cause counts once, however often it is told', async () => {
  const { town } = makeBareTown();
  expect(await addAttempt(town, 'pj-1', 'death of spawn 1')).toBe(1);
  expect(await addAttempt(town, 'pj-1', 'death of spawn 1')).toBe(1);
  expect(await addAttempt(town, 'pj-1', 'death of spawn 2')).toBe(2);
});

test('P15: attempts counted at the same time all count', async () => {
  const { town, clock } = makeBareTown();
  const counts = await clock.drive(Promise.all(Array.from({ length: 10 }, () => addAttempt(town, 'pj-1'))));
  expect([...counts].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
