import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAgentBead } from '../../../src/beads/forms/agent-bead-id.ts';
import { listAgentRows, readAgentRow, writeAgentRow } from '../../../src/beads/forms/agent-row.ts';
import { formatAddress, parseAddress } from '../../../src/core/address.ts';
import { parsePrefix } from '../../../src/core/names.ts';
import { makeLedgerTown, type LedgerTown } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

const FX = parsePrefix('fx');
const TOAST = parseAddress('proj/polecats/toast');

describe('agent rows', () => {
  let town: LedgerTown;
  beforeEach(async () => {
    town = await makeLedgerTown(createFakeStore());
  });
  afterEach(() => town.store.close());

  test('the first write makes the row: type agent, in issues, out of the ready list', async () => {
    const { rig } = town;
    const row = await rig.transaction('overseer', (tx) =>
      writeAgentRow(tx, TOAST, FX, { agentState: 'spawning', spawn: 1, hookBead: 'fx-1' }),
    );
    expect(row).toMatchObject({ agentState: 'spawning', spawn: 1, hookBead: 'fx-1', activeMr: undefined });
    expect(row.bead).toMatchObject({
      id: 'fx-proj-polecat-toast',
      table: 'issues',
      type: 'agent',
      labels: ['gt:agent'],
      agentState: 'spawning',
      hookBead: 'fx-1',
    });
    expect(await readAgentRow(rig, TOAST, FX)).toEqual(row);
    expect(await rig.ready({})).toEqual([]);
  });

  test('a write changes its own lines only, labels too', async () => {
    const { rig } = town;
    await rig.transaction('a', async (tx) => {
      await writeAgentRow(tx, TOAST, FX, { agentState: 'idle', spawn: 4 });
      const bead = await tx.find('fx-proj-polecat-toast');
      await tx.update(bead.id, { description: `${bead.description}\nnote: mine` });
    });
    const row = await rig.transaction('a', (tx) =>
      writeAgentRow(tx, TOAST, FX, {
        agentState: 'done',
        hookBead: null,
        exitType: 'COMPLETED',
        addLabels: ['done-intent:COMPLETED:1'],
        removeLabels: ['not-there'],
      }),
    );
    expect(row).toMatchObject({ agentState: 'done', spawn: 4, exitType: 'COMPLETED', hookBead: undefined });
    expect(row.labels).toEqual(['done-intent:COMPLETED:1', 'gt:agent']);
    expect(row.bead.description).toContain('\nnote: mine\n');
  });

  test('the description outranks the column, which others write', async () => {
    const { rig } = town;
    await rig.transaction('a', async (tx) => {
      await writeAgentRow(tx, TOAST, FX, { agentState: 'working' });
      await tx.update('fx-proj-polecat-toast', { agentState: 'stuck' });
    });
    expect((await readAgentRow(rig, TOAST, FX))?.agentState).toBe('working');
  });

  test('rows of the Go gt are found as tasks, as wisps and in hq, and written where they are', async () => {
    const { rig, hq, store } = town;
    const body =
      'fx-proj-polecat-toast\n\nrole_type: polecat\nrig: proj\nagent_state: spawning\nhook_bead: fx-9';
    await rig.transaction('a', (tx) =>
      tx.create({
        id: 'fx-proj-polecat-toast',
        title: 't',
        keep: 'wisp',
        description: body,
        labels: ['gt:agent'],
      }),
    );
    const row = await rig.transaction('a', (tx) => writeAgentRow(tx, TOAST, FX, { agentState: 'idle' }));
    expect(row.bead).toMatchObject({ table: 'wisps', type: 'task' });
    const database = await store.open(hq.database);
    await database.run(
      `INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES (?, 't', ?, '', '', '')`,
      ['fx-proj-crew-ann', body.replaceAll('polecat', 'crew')],
    );
    const ann = parseAddress('proj/crew/ann');
    expect(await readAgentRow(rig, ann, FX)).toBeUndefined();
    expect((await readAgentRow(rig, ann, FX, hq))?.hookBead).toBe('fx-9');
  });

  test('a list holds every agent whose row tells who it is', async () => {
    const { rig } = town;
    await rig.transaction('a', async (tx) => {
      await writeAgentRow(tx, TOAST, FX, { agentState: 'idle' });
      await writeAgentRow(tx, parseAddress('proj/witness'), FX, { agentState: 'idle' });
      await tx.create({ id: 'fx-odd', title: 'Odd', labels: ['gt:agent'] });
    });
    const rows = await listAgentRows(rig);
    expect(rows.map((row) => formatAddress(row.address))).toEqual(['proj/polecats/toast', 'proj/witness']);
  });

  test('a row closed by hand opens again with the next write', async () => {
    const { rig } = town;
    await rig.transaction('a', async (tx) => {
      await writeAgentRow(tx, TOAST, FX, { agentState: 'idle' });
      await tx.close('fx-proj-polecat-toast', { reason: 'tidy' });
      await writeAgentRow(tx, TOAST, FX, { agentState: 'spawning' });
    });
    expect((await rig.get('fx-proj-polecat-toast'))?.status).toBe('open');
  });
});

test.each([
  ['hq-mayor', '', 'mayor/'],
  ['hq-dog-alpha', '', 'deacon/dogs/alpha'],
  ['gt-gastown-witness', '', 'gastown/witness'],
  ['gt-refinery', '', 'gt/refinery'],
  ['gt-gastown-polecat-toast', '', 'gastown/polecats/toast'],
  ['gt-gastown-crew-old-name', '', 'gastown/crew/old-name'],
  ['my-app-my_app-crew-ann', 'rig: my_app', 'my_app/crew/ann'],
  ['gt-polecat-toast', 'rig: gt', 'gt/polecats/toast'],
])('the bead %s with lines %j is the row of %s', (id, description, address) => {
  const found = parseAgentBead({ id: id as never, description, rig: '' });
  expect(found && formatAddress(found)).toBe(address);
});

test.each(['gt-abc', 'hq-mayor-x', 'hq-dog', 'gt-gastown-polecat-'])('%s is no agent row', (id) => {
  expect(parseAgentBead({ id: id as never, description: '', rig: '' })).toBeUndefined();
});
