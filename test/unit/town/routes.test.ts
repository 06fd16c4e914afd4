import { expect, test } from 'vitest';
import { readRoutes, withRoute, withoutRoute } from '../../../src/town/routes.ts';
import { makeBareTown } from './town.ts';

const read = async (text: string | undefined) => {
  const { town, files } = makeBareTown();
  if (text !== undefined) await files.writeAtomic(town.paths.routesFile, text);
  return Object.fromEntries(
    (await readRoutes(files, town.paths)).map(({ prefix, database }) => [prefix, database]),
  );
};

test('the file of the Go gt leads each prefix to its database', async () => {
  const text =
    '{"prefix":"hq-","path":"."}\n{"prefix":"hq-cv-","path":"."}\n{"prefix":"pj-","path":"proj"}\n';
  expect(await read(text)).toEqual({ hq: 'hq', 'hq-cv': 'hq', pj: 'proj' });
});

test('an old route into mayor/rig still means the rig', async () => {
  expect(await read('{"prefix":"pj-","path":"proj/mayor/rig"}\n')).toMatchObject({ pj: 'proj' });
});

test('a lost file loses no town bead', async () => {
  expect(await read(undefined)).toEqual({ hq: 'hq', 'hq-cv': 'hq' });
});

test('a torn line is an error: a bead must not look unrouted by accident', async () => {
  await expect(read('{"prefix":"pj-","pa')).rejects.toMatchObject({ code: 'file.corrupt' });
});

test('a route is added once, changed in place and removed alone', () => {
  const one = withRoute('{"prefix":"hq-","path":"."}\n', 'pj', 'proj');
  expect(withRoute(one, 'pj', 'proj')).toBe(one);
  expect(withoutRoute(one, 'pj')).toBe('{"prefix":"hq-","path":"."}\n');
  expect(withoutRoute('', 'pj')).toBe('');
});
