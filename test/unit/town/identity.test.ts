import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../../src/core/address.ts';
import { refuseConflict, whoAmI } from '../../../src/town/identity.ts';
import { createFakeFiles } from '../../fakes/files.ts';

const ROOT = '/town';

async function who(given: {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly agentFile?: readonly [string, unknown];
}) {
  const files = createFakeFiles();
  await files.makeDir(ROOT);
  if (given.agentFile !== undefined) {
    await files.writeAtomic(given.agentFile[0], JSON.stringify(given.agentFile[1]));
  }
  const identity = await whoAmI({ env: given.env ?? {}, cwd: given.cwd ?? ROOT, files, root: ROOT });
  return { ...identity, as: formatAddress(identity.address) };
}

describe('P18: the environment names every role', () => {
  test.each<[Record<string, string>, string]>([
    [{ GT_ROLE: 'mayor' }, 'mayor/'],
    [{ GT_ROLE: 'mayor/' }, 'mayor/'],
    [{ GT_ROLE: 'deacon/boot' }, 'deacon/boot'],
    [{ GT_ROLE: 'dog', GT_DOG_NAME: 'alpha' }, 'deacon/dogs/alpha'],
    [{ GT_ROLE: 'gt/witness' }, 'gt/witness'],
    [{ GT_ROLE: 'refinery', GT_RIG: 'gt' }, 'gt/refinery'],
    [{ GT_ROLE: 'gt/polecats/ace' }, 'gt/polecats/ace'],
    [{ GT_ROLE: 'gt//polecats//ace' }, 'gt/polecats/ace'],
    [{ GT_ROLE: 'gt/ace' }, 'gt/polecats/ace'],
    [{ GT_ROLE: 'polecat', GT_RIG: 'gt', GT_POLECAT: 'ace' }, 'gt/polecats/ace'],
    [{ GT_ROLE: 'crew', GT_RIG: 'gt', GT_CREW: 'max' }, 'gt/crew/max'],
    [{ GT_RIG: 'gt', GT_POLECAT: 'ace' }, 'gt/polecats/ace'],
    [{ GT_ROLE: 'mayor', GT_RIG: 'gt', GT_POLECAT: 'ace' }, 'mayor/'],
  ])('%j is %s', async (env, address) => {
    expect(await who({ env })).toMatchObject({
      as: address,
      source: 'env',
    });
  });
});

describe('P18: without it, the folder does', () => {
  test.each([
    ['/town/mayor', 'mayor/'],
    ['/town/gt/mayor/rig/src', 'mayor/'],
    ['/town/deacon', 'deacon/'],
    ['/town/deacon/dogs/boot', 'deacon/boot'],
    ['/town/deacon/dogs/alpha/x', 'deacon/dogs/alpha'],
    ['/town/gt/witness', 'gt/witness'],
    ['/town/gt/refinery/rig', 'gt/refinery'],
    ['/town/gt/polecats/ace/gt/src', 'gt/polecats/ace'],
    ['/town/gt/crew/max', 'gt/crew/max'],
  ])('%s is %s', async (cwd, address) => {
    expect(await who({ cwd })).toMatchObject({ as: address, source: 'cwd' });
  });

  test.each(['/town', '/town/gt', '/town/gt/polecats', '/town/.runtime', '/elsewhere', ''])(
    '%j is nobody’s home: a person',
    async (cwd) => {
      expect(await who({ cwd })).toMatchObject({ as: 'overseer', source: 'default' });
    },
  );
});

test('the .gt-agent file above a folder that is nobody’s home says whose it is', async () => {
  const file = ['/town/gt/desks/1/.gt-agent', { role: 'polecat', rig: 'gt', name: 'nux' }] as const;
  expect(await who({ cwd: '/town/gt/desks/1/gt', agentFile: file })).toMatchObject({
    as: 'gt/polecats/nux',
    source: 'file',
  });
});

test('a .gt-agent that names nobody is an error, never somebody else', async () => {
  const file = ['/town/gt/polecats/ace/.gt-agent', { role: 'polecat' }] as const;
  await expect(who({ cwd: '/town/gt/polecats/ace/gt', agentFile: file })).rejects.toMatchObject({
    code: 'file.corrupt',
  });
});

test('P18: an agent in another agent’s home is told both, and may not write', async () => {
  const identity = await who({ env: { GT_ROLE: 'gt/polecats/ace' }, cwd: '/town/gt/polecats/nux/gt' });
  expect(identity.as).toBe('gt/polecats/ace');
  expect(identity.conflict).toMatchObject({ kind: 'home', owner: { role: 'polecat', name: 'nux' } });
  expect(() => refuseConflict(identity)).toThrow(/gt\/polecats\/ace.*gt\/polecats\/nux/);
});

test('P18: an agent that stands in another town is told both, and may not write there', async () => {
  const identity = await who({ env: { GT_ROLE: 'gt/polecats/ace', GT_TOWN_ROOT: '/other' } });
  expect(identity.conflict).toMatchObject({ kind: 'town', root: '/other' });
  expect(() => refuseConflict(identity)).toThrow(/belongs to the town \/other, this is \/town/);
  expect((await who({ env: { GT_TOWN_ROOT: '/other' } })).conflict).toBeUndefined();
});

test('P18: a .gt-agent that was moved into another home decides nothing', async () => {
  const file = ['/town/gt/crew/ann/.gt-agent', { role: 'crew', rig: 'gt', name: 'joe' }] as const;
  const identity = await who({ cwd: '/town/gt/crew/ann/src', agentFile: file });
  expect(identity.conflict).toMatchObject({ kind: 'home', says: '.gt-agent', owner: { name: 'ann' } });
});

test('an agent in its own worktree in another rig is itself, with or without the file', async () => {
  const env = { GT_ROLE: 'gt/crew/joe' };
  const cwd = '/town/web/crew/gt-joe/src';
  expect(await who({ env, cwd })).toMatchObject({ as: 'gt/crew/joe', conflict: undefined });
  const file = ['/town/web/crew/gt-joe/.gt-agent', { role: 'crew', rig: 'gt', name: 'joe' }] as const;
  expect(await who({ cwd, agentFile: file })).toMatchObject({ as: 'gt/crew/joe', conflict: undefined });
  expect((await who({ env: { GT_ROLE: 'gt/crew/ann' }, cwd })).conflict).toBeDefined();
});

test('in its own home or in nobody’s there is no conflict', async () => {
  const env = { GT_ROLE: 'gt/polecats/ace' };
  for (const cwd of ['/town/gt/polecats/ace/gt', '/town', '/elsewhere']) {
    expect((await who({ env, cwd })).conflict).toBeUndefined();
  }
});

test('a GT_ROLE that names nobody is refused: guessing would act in a wrong name', async () => {
  await expect(who({ env: { GT_ROLE: 'polecat' } })).rejects.toMatchObject({ code: 'identity.bad-role' });
  await expect(who({ env: { GT_ROLE: 'a/b/c/d' } })).rejects.toMatchObject({ code: 'identity.bad-role' });
});

test('P18: a town reached through a symbolic link is the same town', async () => {
  const files = createFakeFiles();
  await files.makeDir('/real/town/gt/polecats/ace/gt');
  await files.link('/link', '/real/town');
  const identity = await whoAmI({ env: {}, cwd: '/real/town/gt/polecats/ace/gt', files, root: '/link' });
  expect(formatAddress(identity.address)).toBe('gt/polecats/ace');
});
