import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAttachment } from '../../../src/beads/forms/attachment.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { dagOf } from '../../../src/formulas/molecule/dag.ts';
import { instantiate } from '../../../src/formulas/molecule/instantiate.ts';
import { readSource } from '../../../src/formulas/molecule/source.ts';
import { townKitchen } from '../../../src/formulas/kitchen.ts';
import { awaitFor, waitOf } from '../../../src/hooks/await.ts';
import {
  attachMolecule,
  detachMolecule,
  readAttachedMolecule,
  readProgress,
} from '../../../src/hooks/attached-molecule.ts';
import { finishStep } from '../../../src/hooks/step-done.ts';
import { emitToChannel, readChannel } from '../../../src/town/channel.ts';
import { handoffsIn } from '../../../src/mail/handoff-mail.ts';
import { readInbox } from '../../../src/mail/inbox.ts';
import { afterStep } from '../../../src/polecat/after-step.ts';
import { asProcess, makeWorkTown, polecatAddress } from './town.ts';
import { workerWithCommit } from './worker-with-commit.ts';
import type { WorkTown } from './town.ts';

const DIAMOND = `formula = "diamond"
[[steps]]
id = "start"
title = "start"
[[steps]]
id = "left"
title = "left"
needs = ["start"]
[[steps]]
id = "right"
title = "right"
needs = ["start"]
[[steps]]
id = "end"
title = "end"
needs = ["left", "right"]
`;

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
  await town.files.writeAtomic(join(town.ctx.root, '.beads/formulas/diamond.formula.toml'), DIAMOND);
});
afterEach(() => town.close());

async function pour(): Promise<Bead> {
  const kitchen = townKitchen(town.ctx);
  const { blueprint } = await readSource({ reads: town.ledger, kitchen, name: 'diamond', values: {} });
  const { rootId } = await town.ledger.transaction('overseer', (tx) =>
    instantiate(tx, blueprint, { keep: 'issue', source: town.ctx.ports }),
  );
  return town.bead(rootId);
}

const titles = (beads: readonly Bead[]) => beads.map((bead) => bead.title);

describe('a step that is done', () => {
  test('brings the next one to whoever closed it, until the molecule is complete', async () => {
    const { id } = await pour();
    const seen: string[] = [];
    for (const step of [`${id}.1`, `${id}.2`, `${id}.3`, `${id}.4`]) {
      const { action, next, parallel } = await finishStep(town.ctx, step, 'do');
      seen.push(`${action} ${next?.title ?? '-'} ${titles(parallel).join(' ')}`.trim());
      if (next !== undefined)
        expect(await town.bead(next.id)).toMatchObject({ status: 'in_progress', assignee: 'overseer' });
    }
    expect(seen).toEqual(['parallel left right', 'continue right', 'continue end', 'done -']);
  });

  test('leaves a step that is meant for somebody else to them', async () => {
    const { id } = await pour();
    await town.ledger.transaction('overseer', (tx) => tx.update(`${id}.2`, { assignee: 'proj/crew/ann' }));
    const { next, parallel } = await finishStep(town.ctx, `${id}.1`, 'do');
    expect([next?.title, titles(parallel)]).toEqual(['right', ['left']]);
    expect(await town.bead(`${id}.2`)).toMatchObject({ status: 'open', assignee: 'proj/crew/ann' });
  });

  test('only looked at, changes nothing and says the same', async () => {
    const { id } = await pour();
    const look = await finishStep(town.ctx, `${id}.1`, 'look');
    expect([look.action, look.next?.title, titles(look.parallel)]).toEqual(['parallel', 'left', ['right']]);
    expect(await town.bead(`${id}.1`)).toMatchObject({ status: 'open' });
  });

  test('is refused while another one holds it back, and for a bead of no molecule', async () => {
    const { id } = await pour();
    await expect(finishStep(town.ctx, `${id}.4`, 'do')).rejects.toMatchObject({ code: 'bead.not-closable' });
    const lone = await town.create();
    await expect(finishStep(town.ctx, lone.id, 'do')).rejects.toMatchObject({ code: 'molecule.no-step' });
  });
});

describe('a step that a polecat has done', () => {
  /** The diamond on what a worker holds, which has committed and whose session runs. */
  async function workerOnDiamond() {
    const { bead, worker } = await workerWithCommit(town);
    const molecule = await pour();
    await attachMolecule(town.ctx, await town.bead(bead), molecule);
    town.panes.show(worker.session, 'busy');
    const { ctx } = await asProcess(town, {
      actor: polecatAddress('furiosa'),
      env: { GT_SESSION: worker.session },
    });
    const starts = async () => (await town.row('furiosa'))?.spawn ?? 0;
    const close = async (step: string) => {
      const session = { spawn: await starts(), conversation: 'c-1' };
      const done = await finishStep(ctx, `${molecule.id}.${step}`, 'do');
      return town.clock.drive(afterStep(ctx, done, session));
    };
    return { bead, close, starts };
  }

  test('begins the next one in a fresh session, and the last one hands the work in', async () => {
    const { bead, close, starts } = await workerOnDiamond();
    expect(await close('1')).toEqual({ kind: 'goes-on' });
    expect(await starts()).toBe(1);
    expect(await close('2')).toEqual({ kind: 'renewed' });
    expect(await starts()).toBe(2);
    const [note] = handoffsIn(await readInbox(town.ctx, polecatAddress('furiosa')));
    expect(note?.body).toMatch(/^Next step: \S+ right/);
    expect(await close('3')).toMatchObject({ kind: 'goes-on', why: expect.stringContaining('handed over') });
    expect(await close('4')).toMatchObject({
      kind: 'handed-in',
      report: { bead, exit: { kind: 'submitted' } },
    });
  });
});

test('the order of steps has tiers and a longest chain', async () => {
  const { id } = await pour();
  const progress = await readProgress(town.ctx, id);
  const dag = progress === undefined ? undefined : dagOf(progress);
  expect(dag?.tiers).toEqual([[`${id}.1`], [`${id}.2`, `${id}.3`], [`${id}.4`]]);
  expect(dag?.criticalPath).toEqual([`${id}.1`, `${id}.2`, `${id}.4`]);
});

describe('a molecule attached to what an agent holds', () => {
  test('is found, and after it was taken off only the audit log knows it', async () => {
    const molecule = await pour();
    const { id } = await town.create({ description: 'Mine: keep this.' });
    await town.dispatch(id);
    const agent = polecatAddress('furiosa');
    await attachMolecule(town.ctx, await town.bead(id), molecule);
    const { bead, progress } = await readAttachedMolecule(town.ctx, agent);
    expect([bead?.id, progress?.molecule.root.id, progress?.total]).toEqual([id, molecule.id, 4]);
    expect(await detachMolecule(town.ctx, await town.bead(id), 'detach')).toBe(molecule.id);
    const after = await town.bead(id);
    expect(readAttachment(after)?.attachedMolecule).toBeUndefined();
    expect(after.description).toContain('Mine: keep this.');
    const log = await town.files.readText(join(town.ctx.root, '.beads/audit.log'));
    expect(JSON.parse(log ?? '')).toMatchObject({
      operation: 'detach',
      pinned_bead_id: id,
      detached_molecule: molecule.id,
      detached_by: 'overseer',
    });
  });
});

describe('a wait', () => {
  const rule = { timeoutMs: 60_000, baseMs: 1000, factor: 2, maxMs: 5000 };

  test.each([
    [0, 1000],
    [2, 4000],
    [3, 5000],
    [1_000_000, 5000],
  ])('after %i idle rounds is %i ms', (idle, ms) => {
    expect(waitOf(rule, idle)).toBe(ms);
    expect(waitOf({ ...rule, baseMs: undefined }, idle)).toBe(60_000);
  });

  test('counts idle rounds on the agent row, and starts over when something came', async () => {
    const { id } = await town.create();
    await town.dispatch(id);
    const row = await town.row('furiosa');
    const inside = await asProcess(town, { actor: polecatAddress('furiosa') });
    const round = (found: string | undefined) =>
      town.clock.drive(
        awaitFor(inside.ctx, {
          rule,
          agentBead: '',
          signal: new AbortController().signal,
          poll: () => Promise.resolve(found),
        }),
      );
    const labels = async () =>
      (await town.bead(row?.bead.id ?? '')).labels.filter((label) => /^(?:idle|backoff)/.test(label));
    expect([(await round(undefined)).idle, (await round(undefined)).idle]).toEqual([1, 2]);
    expect(await labels()).toEqual(['idle:2']);
    expect(await round('x')).toMatchObject({ found: 'x', idle: 0 });
    expect(await labels()).toEqual([]);
  });
});

describe('a channel', () => {
  test('gives each event to one taker; looking leaves it there', async () => {
    await emitToChannel(town.ctx, { channel: 'refinery', type: 'MQ', payload: { mr: 'pj-x' } });
    expect(await readChannel(town.ctx, 'refinery', 'look')).toMatchObject([
      { content: { type: 'MQ', channel: 'refinery', payload: { mr: 'pj-x' } } },
    ]);
    const both = await Promise.all([1, 2].map(() => readChannel(town.ctx, 'refinery', 'take')));
    expect(both.flat()).toHaveLength(1);
    expect(await readChannel(town.ctx, 'refinery', 'look')).toEqual([]);
  });

  test('stays below its folder', async () => {
    await expect(readChannel(town.ctx, '../x', 'look')).rejects.toMatchObject({ code: 'event.channel' });
  });
});
