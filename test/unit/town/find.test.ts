import { expect, test } from 'vitest';
import { findTown, lookForTown } from '../../../src/town/find.ts';
import { createFakeFiles } from '../../fakes/files.ts';

async function disk(...towns: readonly string[]) {
  const files = createFakeFiles();
  for (const root of towns) await files.writeAtomic(`${root}/mayor/town.json`, '{}');
  return files;
}

test('a town is found from any folder below it', async () => {
  const files = await disk('/home/gt');
  expect(await findTown({ files, cwd: '/home/gt/rig/polecats/ace/rig/src', env: {} })).toBe('/home/gt');
});

test('P18: of nested towns the outermost counts: a rig may hold the repository of another town', async () => {
  const files = await disk('/home/gt', '/home/gt/rig/polecats/ace/rig');
  expect(await findTown({ files, cwd: '/home/gt/rig/polecats/ace/rig', env: {} })).toBe('/home/gt');
});

test('outside, GT_TOWN_ROOT counts before GT_ROOT, and only if it is a town', async () => {
  const files = await disk('/a', '/b');
  const look = (env: Record<string, string>) => lookForTown({ files, cwd: '/tmp/x', env });
  expect(await look({ GT_TOWN_ROOT: '/a/', GT_ROOT: '/b' })).toBe('/a');
  expect(await look({ GT_TOWN_ROOT: '/gone', GT_ROOT: '/b' })).toBe('/b');
  expect(await look({})).toBeUndefined();
});

test('with cwd deleted the environment still leads to the town', async () => {
  const files = await disk('/a');
  expect(await findTown({ files, cwd: '', env: { GT_ROOT: '/a' } })).toBe('/a');
});

test('a town that lost town.json is found by its registry, after everything else', async () => {
  const files = await disk('/real');
  await files.writeAtomic('/lost/mayor/rigs.json', '{}');
  expect(await lookForTown({ files, cwd: '/lost/rig', env: {} })).toBe('/lost');
  expect(await lookForTown({ files, cwd: '/lost/rig', env: { GT_ROOT: '/real' } })).toBe('/real');
});

test('a folder called mayor makes no town', async () => {
  const files = createFakeFiles();
  await files.writeAtomic('/politics/mayor/speech.txt', 'x');
  await expect(findTown({ files, cwd: '/politics/mayor', env: {} })).rejects.toMatchObject({
    code: 'town.not-found',
    message: 'not in a Gas Town workspace',
  });
});
