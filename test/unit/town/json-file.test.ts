import { expect, test } from 'vitest';
import {
  checkHeader,
  readJsonFile,
  updateJsonFile,
  valueAt,
  withValueAt,
} from '../../../src/town/json-file.ts';
import { makeBareTown } from './town.ts';

const FILE = { path: '/town/settings/config.json', lock: 'config' } as const;

test('a missing file reads as undefined, a broken one is never taken for missing', async () => {
  const { files } = makeBareTown();
  expect(await readJsonFile(files, FILE.path)).toBeUndefined();
  await files.writeAtomic(FILE.path, '{"half":');
  await expect(readJsonFile(files, FILE.path)).rejects.toMatchObject({ code: 'file.corrupt' });
  await files.writeAtomic(FILE.path, '[1]');
  await expect(readJsonFile(files, FILE.path)).rejects.toMatchObject({ code: 'file.corrupt' });
});

test('P15: 20 writers of different keys at once lose none, and keys of others stay', async () => {
  const { town, clock, json, read } = makeBareTown();
  await json('settings/config.json', { from_go: { deep: 1 } });
  const writers = Array.from({ length: 20 }, (_, index) =>
    updateJsonFile(town, FILE, (doc) => withValueAt(doc, ['keys', `k${index}`], index)),
  );
  await clock.drive(Promise.all(writers));
  const doc = (await read('settings/config.json')) as { from_go: unknown; keys: Record<string, number> };
  expect(doc.from_go).toEqual({ deep: 1 });
  expect(Object.keys(doc.keys)).toHaveLength(20);
});

test('a change that changes nothing writes nothing', async () => {
  const { town, json, files, clock } = makeBareTown();
  await json('settings/config.json', { a: 1 });
  const before = await files.stat(FILE.path);
  await clock.advance(1000);
  await updateJsonFile(town, FILE, (doc) => ({ ...doc }));
  expect((await files.stat(FILE.path))?.modified).toBe(before?.modified);
});

test('a newer version is refused, a missing type is an old file', () => {
  expect(() => checkHeader({ version: 3 }, { type: 'town', version: 2 }, 'f')).toThrow(/version 3/);
  expect(() => checkHeader({ type: 'rig' }, { type: 'town', version: 2 }, 'f')).toThrow(/not 'town'/);
  expect(() => checkHeader({ version: 2 }, { type: 'town', version: 2 }, 'f')).not.toThrow();
});

test('a nested value is set, replaced and removed in place; its neighbours keep their order', () => {
  const doc = { a: 1, b: { c: 2, d: 3 }, e: 4 };
  expect(JSON.stringify(withValueAt(doc, ['b', 'c'], 9))).toBe('{"a":1,"b":{"c":9,"d":3},"e":4}');
  expect(JSON.stringify(withValueAt(doc, ['b', 'c'], undefined))).toBe('{"a":1,"b":{"d":3},"e":4}');
  expect(valueAt(doc, ['b', 'd'])).toBe(3);
  expect(valueAt(doc, ['b', 'toString'])).toBeUndefined();
  expect(valueAt(doc, ['a', 'x'])).toBeUndefined();
});
