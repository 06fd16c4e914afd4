import { describe, expect, test } from 'vitest';
import { readRigSettings, rigSettingsOf, writeRigKey } from '../../../src/rig/settings.ts';
import { RIG_TABLE } from '../../../src/rig/settings-keys.ts';
import { keyNames } from '../../../src/town/layers.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { parsePrefix, parseRigName } from '../../../src/core/names.ts';
import { rigPaths } from '../../../src/town/layout.ts';
import { ROOT, makeBareTown } from '../town/town.ts';

const RIG: Rig = {
  name: parseRigName('shop'),
  prefix: parsePrefix('sh'),
  database: 'shop',
  gitUrl: '/x',
  pushUrl: undefined,
  upstreamUrl: undefined,
  defaultBranch: 'main',
  sparse: [],
  addedAt: '',
  paths: rigPaths(ROOT, parseRigName('shop')),
};
const FLOOR = 'shop/refinery/rig/.gastown/settings.json';

test('P32: without files every setting has its default', async () => {
  const { town } = makeBareTown();
  const settings = await readRigSettings(town, RIG);
  for (const key of keyNames(RIG_TABLE)) {
    expect([key, settings.get(key), settings.source(key)]).toEqual([
      key,
      RIG_TABLE.keys[key].fallback,
      'default',
    ]);
  }
});

test('P32: the repository’s own file is the floor, the rig’s settings win, also with false', async () => {
  const { town, json } = makeBareTown();
  await json(FLOOR, { merge_queue: { test_command: 'npm test', run_tests: true, lint_command: 'lint' } });
  await json('shop/settings/config.json', { merge_queue: { run_tests: false, lint_command: 'mine' } });
  const settings = await readRigSettings(town, RIG);
  expect(settings.get('merge_queue.test_command')).toBe('npm test');
  expect(settings.source('merge_queue.test_command')).toBe(`${ROOT}/${FLOOR}`);
  expect(settings.get('merge_queue.run_tests')).toBe(false);
  expect(settings.get('merge_queue.lint_command')).toBe('mine');
});

describe('P32: warnings', () => {
  test.each([
    [
      { merge_queue: { test_comand: 'x' } },
      /unknown setting 'merge_queue.test_comand', did you mean merge_queue.test_command/,
    ],
    [{ merge_queue: { target_branch: 'main' } }, /'merge_queue.target_branch' is no longer read/],
    [{ agents: { fast: { command: 'x' } } }, /'agents' does not count in this file$/],
    [{ wholly: { unknown: 1 } }, /unknown setting 'wholly'$/],
  ])('%j', (doc, line) => {
    const { warnings } = rigSettingsOf([{ path: 'f', doc }]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(line);
  });

  test('keys that the Go gt reads, and settings that are objects, are none', () => {
    const doc = {
      type: 'rig-settings',
      version: 1,
      theme: { name: 'ocean', custom: { bg: '#fff' } },
      merge_queue: { require_review: true, gates: { unit: { cmd: 'x' } } },
      agents: { fast: { command: 'x' } },
    };
    expect(rigSettingsOf([{ path: 'f', doc, takes: () => true }]).warnings).toEqual([]);
  });
});

test('a setting is written where it acts and keeps its neighbours', async () => {
  const { town, json, read } = makeBareTown();
  await json('shop/settings/config.json', { type: 'rig-settings', version: 1, theme: { name: 'ocean' } });
  await writeRigKey(town, RIG, { key: 'merge_queue.test_command', text: 'make test' });
  expect(await read('shop/settings/config.json')).toEqual({
    type: 'rig-settings',
    version: 1,
    theme: { name: 'ocean' },
    merge_queue: { test_command: 'make test' },
  });
  await writeRigKey(town, RIG, { key: 'merge_queue.test_command', text: '' });
  expect(await read('shop/settings/config.json')).toMatchObject({ merge_queue: {} });
});

test('an unknown key and a bad value are refused', async () => {
  const { town } = makeBareTown();
  const write = (key: string, text: string) => writeRigKey(town, RIG, { key, text });
  await expect(write('merge_queue.tst_command', 'x')).rejects.toMatchObject({
    hint: 'Did you mean merge_queue.test_command?',
  });
  await expect(write('merge_queue.max_concurrent', 'many')).rejects.toMatchObject({
    code: 'config.bad-value',
  });
});
