import { describe, expect, test } from 'vitest';
import { keyNames } from '../../../src/town/layers.ts';
import { TOWN_TABLE } from '../../../src/town/settings-keys.ts';
import { readTownKey, readTownSettings, writeTownKey } from '../../../src/town/settings.ts';
import { makeBareTown } from './town.ts';

test('P32: without files every setting has its default and says so', async () => {
  const { town } = makeBareTown();
  const settings = await readTownSettings(town);
  for (const key of keyNames(TOWN_TABLE)) {
    expect(settings.get(key)).toEqual(TOWN_TABLE.keys[key].fallback);
    expect(settings.source(key)).toBe('default');
  }
  expect(settings.warnings).toEqual([]);
});

test('P32: a value in the file acts, and the file is named as its source', async () => {
  const { town, json } = makeBareTown();
  await json('settings/config.json', { operational: { daemon: { mass_death_window: '90s' } } });
  const settings = await readTownSettings(town);
  expect(settings.get('operational.daemon.mass_death_window')).toBe(90_000);
  expect(settings.source('operational.daemon.mass_death_window')).toBe('/town/settings/config.json');
});

test('P32: an unknown key is warned of with the nearest one; keys that the Go gt knows are not', async () => {
  const { town, json } = makeBareTown();
  await json('settings/config.json', {
    type: 'town-settings',
    version: 1,
    web_timeouts: { read: '5s' },
    scheduler: { max_polecat: 3 },
    operational: { deacon: { cooldown: '5m' } },
  });
  const { warnings } = await readTownSettings(town);
  expect(warnings).toEqual([
    "/town/settings/config.json: unknown setting 'scheduler.max_polecat', did you mean scheduler.max_polecats?",
  ]);
});

test('a value of the wrong kind is an error for whoever needs it, and only for them', async () => {
  const { town, json } = makeBareTown();
  await json('settings/config.json', { scheduler: { max_polecats: 'four', spawn_delay: '2s' } });
  const settings = await readTownSettings(town);
  expect(settings.get('scheduler.spawn_delay')).toBe(2000);
  expect(() => settings.get('scheduler.max_polecats')).toThrow(/max_polecats must be a whole number/);
});

describe('config set', () => {
  test('writes one key and keeps all others, known or not', async () => {
    const { town, json, read } = makeBareTown();
    await json('settings/config.json', { from_go: 1, scheduler: { batch_size: 2 } });
    const report = await writeTownKey(town, 'scheduler.max_polecats', '5');
    expect(report).toMatchObject({ value: 5, source: '/town/settings/config.json' });
    expect(await read('settings/config.json')).toEqual({
      from_go: 1,
      scheduler: { batch_size: 2, max_polecats: 5 },
    });
  });

  test('an empty value takes a key back to its default', async () => {
    const { town } = makeBareTown();
    await writeTownKey(town, 'scheduler.max_polecats', '5');
    expect(await writeTownKey(town, 'scheduler.max_polecats', '')).toMatchObject({
      value: null,
      source: 'default',
    });
  });

  test('the port goes into mayor/daemon.json as the text that the Go gt writes there', async () => {
    const { town, json, read } = makeBareTown();
    await json('mayor/daemon.json', {
      type: 'daemon-patrol-config',
      version: 1,
      env: { GT_DOLT_PORT: '3307' },
    });
    await writeTownKey(town, 'dolt.port', '4000');
    expect(await read('mayor/daemon.json')).toMatchObject({ env: { GT_DOLT_PORT: '4000' } });
    expect((await readTownKey(town, 'dolt.port')).value).toBe(4000);
  });

  test('durations that the Go gt wrote as nanoseconds stay nanoseconds', async () => {
    const { town, json, read } = makeBareTown();
    await json('mayor/daemon.json', { patrols: { restart_tracker: { initial_backoff: 30_000_000_000 } } });
    expect((await readTownSettings(town)).get('restart.initial_backoff')).toBe(30_000);
    await writeTownKey(town, 'restart.initial_backoff', '1m');
    expect(await read('mayor/daemon.json')).toMatchObject({
      patrols: { restart_tracker: { initial_backoff: 60_000_000_000 } },
    });
  });

  test.each([
    ['scheduler.max_polecats', 'many'],
    ['scheduler.max_polecats', '1.5'],
    ['dolt.port', '80'],
    ['operational.nudge.normal_ttl', 'soon'],
    ['cli_theme', 'pink'],
  ])('%s = %s is refused and nothing is written', async (key, value) => {
    const { town, files } = makeBareTown();
    await expect(writeTownKey(town, key, value)).rejects.toMatchObject({ code: 'config.bad-value' });
    expect(await files.readText('/town/settings/config.json')).toBeUndefined();
    expect(await files.readText('/town/mayor/daemon.json')).toBeUndefined();
  });

  test('an unknown key is refused with the nearest one', async () => {
    const { town } = makeBareTown();
    await expect(writeTownKey(town, 'scheduler.max_polcats', '1')).rejects.toMatchObject({
      code: 'config.unknown-key',
      hint: 'Did you mean scheduler.max_polecats?',
    });
  });

  test('P15: 20 sets of different keys at once all stay', async () => {
    const { town, clock } = makeBareTown();
    const keys = keyNames(TOWN_TABLE)
      .filter(
        (key) => key.startsWith('operational.') && TOWN_TABLE.keys[key].kind.parse('7s', undefined) === '7s',
      )
      .slice(0, 10);
    await clock.drive(Promise.all([...keys, ...keys].map((key) => writeTownKey(town, key, '7s'))));
    const settings = await readTownSettings(town);
    expect(keys.map((key) => settings.get(key))).toEqual(keys.map(() => 7000));
  });
});
