import { expect, test } from 'vitest';
import { readEvents, readEventsFrom, readNewest } from '../../../src/town/event-log.ts';
import { emitEvent, parseEvent } from '../../../src/town/events.ts';
import { parseLogLine, townLogLine } from '../../../src/town/log-line.ts';
import { makeBareTown } from './town.ts';

test('an event is one line in the shape of the Go gt', async () => {
  const { town, files } = makeBareTown();
  await emitEvent(town, { type: 'spawn', payload: { rig: 'proj', polecat: 'ace' } });
  expect(await files.readText('/town/.events.jsonl')).toBe(
    '{"ts":"2026-01-01T00:00:00Z","source":"gt","type":"spawn","actor":"overseer","payload":{"rig":"proj","polecat":"ace"},"visibility":"feed"}\n',
  );
});

test('events that change an agent’s life have a line in town.log, others none', async () => {
  const { town, files } = makeBareTown();
  await emitEvent(town, { type: 'merged', payload: { mr: 'pj-wisp-1' } });
  expect(await files.readText('/town/logs/town.log')).toBeUndefined();
  await emitEvent(town, {
    type: 'done',
    actor: 'proj/polecats/ace',
    payload: { bead: 'pj-1', branch: 'polecat/ace/pj-1@1' },
  });
  const line = (await files.readText('/town/logs/town.log'))?.trim() ?? '';
  expect(line).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[done\] proj\/polecats\/ace pj-1 polecat\/ace\/pj-1@1$/,
  );
  expect(parseLogLine(line)).toMatchObject({ type: 'done', agent: 'proj/polecats/ace' });
});

test('an event that cannot be written does not fail the work it tells of', async () => {
  const { town, files } = makeBareTown();
  await files.makeDir('/town/.events.jsonl');
  await expect(emitEvent(town, { type: 'done' })).resolves.toBeUndefined();
});

test('a torn line is skipped, the next one read', async () => {
  const { town, files } = makeBareTown();
  await files.writeAtomic('/town/.events.jsonl', '{"ts":"2026-01-01T00:0');
  await emitEvent(town, { type: 'hook', payload: { bead: 'pj-1' } });
  expect((await readEvents(town)).map(({ type }) => type)).toEqual(['hook']);
});

test('lines of others are no events', () => {
  expect(parseEvent('not json')).toBeUndefined();
  expect(parseEvent('{"type":"x"}')).toBeUndefined();
  expect(parseEvent('{"ts":"yesterday","type":"x"}')).toBeUndefined();
  expect(parseEvent('{"ts":"2026-01-01T00:00:00Z","type":"x","payload":null}')).toMatchObject({
    payload: {},
  });
});

test('the newest are found in a log of many chunks with wide letters at every border', async () => {
  const { town, files } = makeBareTown();
  const line = (n: number): string =>
    JSON.stringify({
      ts: '2026-01-01T00:00:00Z',
      type: n % 1000 === 0 ? 'rare' : 'often',
      actor: 'o',
      payload: { n, text: '日本語é' },
    });
  const text = Array.from({ length: 20_000 }, (_, n) => line(n)).join('\n');
  await files.writeAtomic('/town/.events.jsonl', `${text}\n`);
  const numbers = (await readEvents(town, { types: ['rare'], limit: 15 })).map(({ payload }) => payload['n']);
  expect(numbers).toEqual(Array.from({ length: 15 }, (_, index) => 5000 + index * 1000));
});

test('following goes on exactly after what was read, and starts anew when the log was pruned', async () => {
  const { town, files } = makeBareTown();
  await emitEvent(town, { type: 'hook', payload: { bead: 'é1' } });
  const first = await readNewest(town, {});
  await emitEvent(town, { type: 'unhook', payload: { bead: 'é2' } });
  const second = await readEventsFrom(town, first.next, {});
  expect(second.events.map(({ type }) => type)).toEqual(['unhook']);
  expect((await readEventsFrom(town, second.next, {})).events).toEqual([]);
  await files.writeAtomic('/town/.events.jsonl', '');
  await emitEvent(town, { type: 'done', payload: {} });
  expect((await readEventsFrom(town, second.next, {})).events.map(({ type }) => type)).toEqual(['done']);
});

test('filters: rig, subject, time and visibility', async () => {
  const { town, clock } = makeBareTown();
  await emitEvent(town, { type: 'sling', payload: { bead: 'pj-1', target: 'proj/polecats/ace' } });
  await clock.advance(60_000);
  await emitEvent(town, {
    type: 'sling',
    payload: { bead: 'ot-1', target: 'other/polecats/nux' },
    visibility: 'audit',
  });
  const types = async (filter: Parameters<typeof readEvents>[1]) =>
    (await readEvents(town, filter)).map(({ payload }) => payload['bead']);
  expect(await types({ rig: 'proj' })).toEqual(['pj-1']);
  expect(await types({ about: 'ot-1' })).toEqual(['ot-1']);
  expect(await types({ since: clock.now() })).toEqual(['ot-1']);
  expect(await types({ visibility: 'feed' })).toEqual(['pj-1']);
  expect(await types({ limit: 1 })).toEqual(['ot-1']);
});

test('the agent in a log line is found whatever key the writer used', () => {
  const event = (payload: Record<string, unknown>) =>
    townLogLine({
      ts: '2026-01-01T00:00:00Z',
      source: 'gt',
      type: 'kill',
      actor: 'o',
      payload,
      visibility: 'feed',
    });
  expect(event({ rig: 'p', polecat: 'ace' })).toContain('[kill] p/ace');
  expect(event({ target: 'p/ace', reason: 'idle\nfor long' })).toMatch(/\[kill\] p\/ace idle for long$/);
});
