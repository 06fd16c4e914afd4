import { describe, expect, test } from 'vitest';
import type { BeadEvent } from '../../../src/beads/types.ts';
import { summarize } from '../../../src/polecat/identity/history.ts';
import { languageOf } from '../../../src/polecat/identity/languages.ts';
import { stintsOf } from '../../../src/polecat/identity/stints.ts';

let second = 0;
function event(issueId: string, facts: Partial<BeadEvent> & { values?: unknown }): BeadEvent {
  second += 60;
  const { values, ...rest } = facts;
  return {
    id: String(second).padStart(8, '0'),
    issueId,
    type: 'status_changed',
    actor: 'overseer',
    oldValue: '',
    newValue: values === undefined ? '' : JSON.stringify(values),
    comment: '',
    createdAt: new Date(second * 1000).toISOString(),
    ...rest,
  };
}
const ROW = 'gt-proj-polecat-nux';
const given = (bead: string) => [
  event(bead, { values: { assignee: 'proj/polecats/nux', status: 'hooked' } }),
  { ...event(ROW, { type: 'updated', values: { description: `x\n\nhook_bead: ${bead}\nspawn: 1` } }) },
];
const hook = (text: string) =>
  event(ROW, { type: 'updated', values: { description: `x\n\nhook_bead: ${text}` } });
const off = (bead: string, values: object, actor = 'overseer') =>
  event(bead, { actor, values: { assignee: null, ...values } });
const split = (events: readonly BeadEvent[]) => {
  const row = events.filter(({ issueId }) => issueId === ROW);
  return stintsOf(
    row,
    events.filter(({ issueId }) => issueId !== ROW),
  );
};
/** Bead and row are written together. */
const together = ([bead, row]: readonly BeadEvent[]) =>
  bead === undefined || row === undefined ? [] : [bead, { ...row, createdAt: bead.createdAt }];

describe('what a polecat did, from the events of the ledger', () => {
  test('landed, sent back, given up, taken off, still at work', () => {
    const events = [
      ...together(given('gt-a')),
      event('gt-a', { values: { status: 'in_progress' } }),
      hook('null'),
      event('gt-a', { type: 'closed', newValue: 'Merged in gt-wisp-1' }),
      ...together(given('gt-b')),
      hook('null'),
      off('gt-b', { status: 'open' }, 'proj/refinery'),
      ...together(given('gt-c')),
      off('gt-c', { status: 'blocked' }),
      hook('null'),
      ...together(given('gt-d')),
      off('gt-d', { status: 'open' }),
      hook('null'),
      ...together(given('gt-e')),
    ];
    expect(split(events).map(({ bead, outcome }) => `${bead} ${outcome}`)).toEqual([
      'gt-a completed',
      'gt-b failed',
      'gt-c failed',
      'gt-d abandoned',
      'gt-e pending',
    ]);
  });

  test('a new session for the same bead is no new stint, a second try is', () => {
    const events = [
      ...together(given('gt-a')),
      hook('gt-a'),
      hook('null'),
      off('gt-a', { status: 'open' }, 'proj/refinery'),
      ...together(given('gt-a')),
      hook('null'),
      event('gt-a', { type: 'closed', newValue: 'Merged in gt-wisp-2' }),
    ];
    const stints = split(events);
    expect(stints.map(({ outcome }) => outcome)).toEqual(['failed', 'completed']);
    expect(stints.at(-1)?.firstPass).toBe(false);
  });

  test('what another worker then finished is not its own', () => {
    const events = [
      ...together(given('gt-a')),
      hook('null'),
      off('gt-a', { status: 'open' }),
      event('gt-a', { values: { assignee: 'proj/polecats/slit', status: 'hooked' } }),
      event('gt-a', { type: 'closed', newValue: 'Merged in gt-wisp-1' }),
    ];
    expect(split(events)).toMatchObject([{ outcome: 'abandoned' }]);
  });

  test('is summed up with times, types and the share that landed at once', () => {
    const stint = (bead: string, minutes: number, firstPass: boolean) => ({
      bead,
      from: '2026-01-01T00:00:00Z',
      outcome: 'completed' as const,
      until: new Date(Date.UTC(2026, 0, 1, 0, minutes)).toISOString(),
      firstPass,
    });
    const beads = ['gt-a', 'gt-b', 'gt-c'].map(
      (id, at) => ({ id, title: id, type: at === 0 ? 'bug' : 'task' }) as never,
    );
    const stints = [stint('gt-a', 10, true), stint('gt-b', 20, false), stint('gt-c', 60, true)];
    expect(summarize(stints, beads)).toMatchObject({
      completed: 3,
      averageMinutes: 30,
      firstPassRate: 2 / 3,
      workTypes: { task: 2, bug: 1 },
      recent: [{ bead: 'gt-c' }, { bead: 'gt-b' }, { bead: 'gt-a' }],
    });
    expect(summarize([], [])).toMatchObject({ averageMinutes: undefined, firstPassRate: undefined });
  });

  test.each([
    ['src/a.test.ts', 'TypeScript'],
    ['x.CPP', 'C++'],
    ['README.md', undefined],
    ['Makefile', undefined],
    ['a.constructor', undefined],
  ])('%s is %s', (path, language) => {
    expect(languageOf(path)).toBe(language);
  });
});
