import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { preVerify } from '../../../src/refinery/pre-verify.ts';
import { makeFakeTown, type FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

const verify = ({ head }: Pick<Submitted, 'head'>) => {
  const { signal } = new AbortController();
  return town.clock.drive(preVerify(town.ctx, town.rig, { head, target: 'main', signal }));
};

/** A pushed branch that is not handed in yet. */
async function work(name: string, text: string): Promise<Pick<Submitted, 'head' | 'branch'>> {
  const branch = `polecat/${name}/x`;
  const from = await town.origin.head('main');
  const head = await town.origin.commit(
    branch,
    { [`${name}.txt`]: text },
    from === undefined ? {} : { from },
  );
  await town.git.remotes.fetch(town.rig.paths.bare, 'origin', [branch]);
  return { head, branch };
}

describe('the gates of a done', () => {
  it('are those of the merge queue: what passed is landed without another run', async () => {
    const ace = await work('ace', 'good\n');
    expect(await verify(ace)).toEqual({ kind: 'verified' });
    expect(await verify(ace)).toEqual({ kind: 'verified' });
    expect(await town.gateRuns()).toHaveLength(1);
    const submitted = await town.enqueue('ace', ace);
    expect(await town.tick()).toMatchObject({ runs: 0, landed: [{ mr: submitted.mr }] });
  });

  it('run on the work merged with the target, also where the target has moved on', async () => {
    const ace = await work('ace', 'good\n');
    await town.origin.commit('main', { 'theirs.txt': 'x\n' });
    expect(await verify(ace)).toEqual({ kind: 'verified' });
    await town.enqueue('ace', ace);
    expect(await town.tick()).toMatchObject({ runs: 0, landed: [{}] });
  });

  it('prove nothing about another target: then the queue runs them', async () => {
    const ace = await work('ace', 'good\n');
    await verify(ace);
    await town.origin.commit('main', { 'theirs.txt': 'x\n' });
    await town.enqueue('ace', ace);
    expect(await town.tick()).toMatchObject({ runs: 1, landed: [{}] });
  });

  it('refuse what fails twice, with the gate, the test and the log', async () => {
    const bad = await work('bad', 'BAD\n');
    const refusal = { code: 'done.gates-failed', hint: expect.stringContaining('/logs/') };
    await expect(verify(bad)).rejects.toMatchObject(refusal);
    await expect(verify(bad)).rejects.toThrow('gate test fails on your work merged with main: bad.txt');
    expect(await town.gateRuns()).toHaveLength(4);
  });

  it('leave to the queue what they cannot find out', async () => {
    const ace = await work('ace', 'good\n');
    town.gate(() => ({ code: 127, stderr: 'no such command' }));
    expect(await verify(ace)).toMatchObject({ kind: 'unknown', why: expect.stringContaining('cannot run') });
    await town.origin.commit('main', { 'ace.txt': 'theirs\n' });
    expect(await verify(ace)).toEqual({ kind: 'unknown', why: 'it does not merge with main as it is now' });
    await town.set({});
    expect(await verify(ace)).toEqual({ kind: 'unknown', why: 'the rig has no gates' });
  });
});
