import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { submitMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import { parseSha } from '../../../src/core/names.ts';
import { runSling } from '../../../src/polecat/sling/run.ts';
import { resetBead } from '../../../src/polecat/reset-bead.ts';
import { addAttempt, readAttempts } from '../../../src/town/attempts.ts';
import { setRigWanted } from '../../../src/town/wanted.ts';
import { asProcess, describe as say, makeWorkTown, polecatAddress } from './town.ts';
import type { WorkTown } from './town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

async function refusal(bead: string, target = 'proj'): Promise<string> {
  const [result] = await town.sling([bead, target]);
  return say(result);
}

describe('sling refuses', () => {
  test('a bead that somebody has, naming who', async () => {
    const bead = await town.create();
    await town.dispatch(bead.id);
    expect(await refusal(bead.id)).toBe(`sling.held: ${bead.id} is on proj/polecats/furiosa`);
    const [named] = await town.sling([bead.id, 'proj/furiosa']);
    expect(named).toMatchObject({ kind: 'unchanged', on: 'proj/polecats/furiosa' });
  });

  test('P28: an agent that asks for what gt cannot do, before anything is written', async () => {
    await town.setTown({ agents: { helper: { command: 'helper', hooks: { provider: 'emacs' } } } });
    const bead = await town.create();
    expect(await refusal(bead.id)).toContain(
      "agent.unfit: agent 'helper' could not work: gt writes no hooks",
    );
    expect(await town.bead(bead.id)).toMatchObject({ metadata: {} });
    expect(await town.row('furiosa')).toBeUndefined();
  });

  test.each([
    ['closed', { status: 'closed' }, 'sling.closed'],
    ['deferred', { status: 'deferred' }, 'sling.deferred'],
    ['deferred until later', { deferUntil: '2030-01-01T00:00:00Z' }, 'sling.deferred'],
    ['pinned', { status: 'pinned' }, 'sling.pinned'],
    ['blocked by its failures', { status: 'blocked' }, 'sling.blocked'],
    ['in progress with a person', { status: 'in_progress', assignee: 'jane' }, 'sling.held'],
  ])('what is %s', async (_what, patch, code) => {
    const bead = await town.create();
    await town.ledger.transaction('x', (tx) => tx.update(bead.id, patch));
    expect(await refusal(bead.id)).toContain(code);
    expect(await town.bead(bead.id)).toMatchObject({ metadata: {} });
    expect(await town.row('furiosa')).toBeUndefined();
  });

  test.each([
    ['a message', { type: 'message' }],
    ['a merge request', { labels: ['gt:merge-request'] }],
    ['a queue', { labels: ['gt:queue'] }],
  ])('P6: %s, which is no work', async (_what, bead) => {
    const { id } = await town.create(bead);
    expect(await refusal(id)).toContain('sling.not-work');
  });

  test.each([['gt:task'], ['gt:keep'], ['gt:bug'], ['team:web']])(
    'nothing for the label %s',
    async (label) => {
      const { id } = await town.create({ labels: [label] });
      await town.dispatch(id);
    },
  );

  test('work that is handed in, naming the merge request', async () => {
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await town.ledger.transaction('x', (tx) =>
      submitMergeRequest(tx, {
        rig: town.rig.name,
        branch: worker.branch,
        target: 'main',
        commit: parseSha('a'.repeat(40)),
        sourceIssue: bead.id,
      }),
    );
    const [mr] = await town.mrs();
    expect(await refusal(bead.id)).toBe(`sling.submitted: ${bead.id} is handed in as ${mr?.id} (queued)`);
  });

  test('a bead that was tried three times, until somebody resets it', async () => {
    const bead = await town.create();
    for (const _ of [1, 2, 3]) await addAttempt(town.ctx, bead.id);
    await town.ledger.transaction('x', (tx) => tx.update(bead.id, { status: 'blocked' }));
    expect(await refusal(bead.id)).toContain('sling.blocked');
    expect(await resetBead(town.ctx, bead.id)).toMatchObject({ tries: 3, reopened: true });
    expect((await readAttempts(town.ctx)).get(bead.id)).toBeUndefined();
    await town.dispatch(bead.id);
  });

  test('a base that the remote does not have, before anything is written', async () => {
    const bead = await town.create();
    const [result] = await town.sling([bead.id], { baseBranch: 'nowhere' });
    expect(say(result)).toContain('sling.no-base');
    expect(await town.bead(bead.id)).toMatchObject({ status: 'open', description: '' });
  });

  test('an agent that is not there', async () => {
    const bead = await town.create();
    const [result] = await town.sling([bead.id], { agent: 'nobody' });
    expect(say(result)).toContain('agent.not-found');
  });

  test('a parked rig, and an agent that hands out work', async () => {
    const bead = await town.create();
    const inside = await asProcess(town, { actor: polecatAddress('nux') });
    expect(say((await inside.sling([bead.id, 'proj']))[0])).toContain('sling.not-yours');
    await setRigWanted(town.ctx, 'proj', 'down');
    expect(await refusal(bead.id)).toContain('sling.rig-parked');
  });

  test.each([
    ['a formula for a script', { formula: 'shiny', script: 'true' }, 'sling.options'],
    ['values without a formula', { vars: { a: 'b' }, rawBead: true }, 'sling.options'],
    ['--script with another agent', { script: 'true', agent: 'helper' }, 'sling.options'],
    ['--merge with --no-merge', { merge: 'mr' as const, noMerge: true }, 'sling.options'],
    ['--owned without a convoy', { owned: true, noConvoy: true }, 'sling.options'],
  ])('%s', async (_what, options, code) => {
    const bead = await town.create();
    await expect(runSling(town.ctx, { words: [bead.id], options })).rejects.toMatchObject({ code });
  });

  test.each([
    [['pj-nothere', 'proj'], 'bead.not-found'],
    [['mayor'], 'sling.no-bead'],
    [['pj-x', 'mayor'], 'bead.not-found'],
    [['pj-x', 'other/nux'], 'rig.not-found'],
    [['pj-x', 'prjo'], 'rig.not-found'],
    [['pj-x', 'proj/polecats/a/b'], 'sling.target'],
    [['proj'], 'sling.no-bead'],
    [[], 'sling.no-bead'],
  ])('words that name nothing: %j', async (words, code) => {
    await expect(runSling(town.ctx, { words, options: {} })).rejects.toMatchObject({ code });
  });

  test('a worker that is busy or stuck, by name', async () => {
    const [one, two] = [await town.create(), await town.create()];
    const worker = await town.dispatch(one.id);
    expect(await refusal(two.id, 'proj/furiosa')).toContain('polecat.busy');
    await worker.begin();
    await worker.done({ status: 'ESCALATED', reason: 'cannot go on here' });
    await town.ledger.transaction('x', (tx) => tx.update(one.id, { status: 'open', assignee: '' }));
    expect(await refusal(two.id, 'proj/furiosa')).toContain('polecat.stuck');
    expect((await town.dispatch(two.id)).name).toBe('nux');
  });
});
