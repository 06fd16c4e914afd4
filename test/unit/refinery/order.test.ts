import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderChain } from '../../../src/refinery/chain-order.ts';
import { byScore, scoreOf } from '../../../src/refinery/score.ts';
import { dependenciesOf } from '../../../src/refinery/stacking.ts';
import { makeRequest, shaOf } from './requests.ts';

const NOW = Date.parse('2026-01-01T10:00:00Z');

describe('the score', () => {
  it.each([
    ['fresh, P2', {}, { createdAt: '2026-01-01T10:00:00Z' }, 1200],
    ['P0', {}, { createdAt: '2026-01-01T10:00:00Z', priority: 0 }, 1400],
    ['ten hours old', {}, {}, 1210],
    ['of a convoy five hours old', { convoyCreatedAt: '2026-01-01T05:00:00Z' }, {}, 1260],
    ['two conflicts', { retryCount: 2 }, {}, 1110],
    ['many conflicts lose at most 300', { retryCount: 50 }, {}, 910],
    ['a priority nobody knows is the lowest', {}, { priority: -1, createdAt: '2026-01-01T10:00:00Z' }, 1000],
    ['a clock that is ahead counts as no age', {}, { createdAt: '2027-01-01T00:00:00Z' }, 1200],
    ['a time that is none counts as no age', { convoyCreatedAt: 'soon' }, { createdAt: '' }, 1200],
  ])('%s', (_, fields, columns, wanted) => {
    expect(scoreOf(makeRequest('pj-1', fields, columns), NOW)).toBe(wanted);
  });

  it('orders equal scores by id, in any order of arrival', () => {
    const requests = ['pj-c', 'pj-a', 'pj-b'].map((id) => makeRequest(id));
    expect(requests.sort(byScore(NOW)).map((mr) => mr.id)).toEqual(['pj-a', 'pj-b', 'pj-c']);
  });

  it('P8: nothing starves: an old P4 outranks any fresh P0', () => {
    const old = makeRequest('pj-old', {}, { priority: 4, createdAt: '2025-12-01T00:00:00Z' });
    const fresh = makeRequest('pj-new', {}, { priority: 0, createdAt: '2026-01-01T10:00:00Z' });
    expect([fresh, old].sort(byScore(NOW))[0]?.id).toBe('pj-old');
  });
});

describe('the order of the chain', () => {
  const link = (id: string, head: number) => ({
    mr: makeRequest(id).id,
    head: shaOf(head),
    commit: shaOf(head + 100),
    tree: shaOf(head + 200),
    at: 0,
  });
  const pinned = (id: string, head: number, priority = 2) => ({
    mr: makeRequest(id, {}, { priority }),
    head: shaOf(head),
  });
  const ids = (order: ReturnType<typeof orderChain>): readonly string[] => order.map(({ mr }) => mr.id);
  const none = new Map<string, readonly string[]>();

  it('keeps what is in the chain in its place; new ones follow by score', () => {
    const order = orderChain({
      candidates: [pinned('pj-1', 1, 4), pinned('pj-2', 2, 1), pinned('pj-3', 3, 3)],
      chain: [link('pj-1', 1)],
      dependencies: none,
      proven: 0,
      patient: new Set(),
      now: NOW,
    });
    expect(ids(order)).toEqual(['pj-1', 'pj-2', 'pj-3']);
  });

  it('only a new P0 goes in front', () => {
    const order = orderChain({
      candidates: [pinned('pj-1', 1), pinned('pj-2', 2, 0)],
      chain: [link('pj-1', 1)],
      dependencies: none,
      proven: 0,
      patient: new Set(),
      now: NOW,
    });
    expect(ids(order)).toEqual(['pj-2', 'pj-1']);
  });

  it('a new P0 goes behind what is proven and behind other P0s: else nothing would land while they keep coming', () => {
    const order = orderChain({
      candidates: [pinned('pj-1', 1), pinned('pj-2', 2, 0), pinned('pj-3', 3, 0), pinned('pj-4', 4)],
      chain: [link('pj-1', 1), link('pj-2', 2), link('pj-4', 4)],
      dependencies: none,
      proven: 1,
      patient: new Set(),
      now: NOW,
    });
    expect(ids(order)).toEqual(['pj-1', 'pj-2', 'pj-3', 'pj-4']);
  });

  it('one that has let many pass goes before all, urgent ones too', () => {
    const order = orderChain({
      candidates: [pinned('pj-1', 1), pinned('pj-2', 2, 0), pinned('pj-3', 3, 4)],
      chain: [link('pj-1', 1)],
      dependencies: none,
      proven: 0,
      patient: new Set(['pj-3']),
      now: NOW,
    });
    expect(ids(order)).toEqual(['pj-3', 'pj-2', 'pj-1']);
  });

  it('one with a new head loses its place', () => {
    const order = orderChain({
      candidates: [pinned('pj-1', 9), pinned('pj-2', 2)],
      chain: [link('pj-1', 1), link('pj-2', 2)],
      dependencies: none,
      proven: 0,
      patient: new Set(),
      now: NOW,
    });
    expect(ids(order)).toEqual(['pj-2', 'pj-1']);
  });

  it('holds every candidate once and puts nothing before what it stands on, whatever is in the chain', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, fc.array(fc.tuple(fc.nat(11), fc.nat(11))), (here, before, pairs) => {
        const candidates = here.map((number) => pinned(`pj-${number}`, number, number % 5));
        // A later number depends on an earlier one: no cycles, as among commits.
        const dependencies = new Map<string, string[]>();
        for (const [a, b] of pairs) {
          const [low, high] = [here[a], here[b]].toSorted((x, y) => (x ?? 0) - (y ?? 0));
          if (low === undefined || high === undefined || low === high) continue;
          dependencies.set(`pj-${high}`, [...(dependencies.get(`pj-${high}`) ?? []), `pj-${low}`]);
        }
        const chain = before.map((number) => link(`pj-${number}`, number));
        const order = ids(
          orderChain({ candidates, chain, dependencies, proven: 0, patient: new Set(), now: NOW }),
        );
        expect(order.toSorted()).toEqual(candidates.map(({ mr }) => mr.id as string).toSorted());
        for (const [id, needs] of dependencies) {
          for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });
});

describe('branches that contain each other', () => {
  const stacked = (id: string, commits: readonly number[], createdAt = '2026-01-01T00:00:00Z') => ({
    id,
    head: shaOf(commits[0] ?? 0),
    createdAt,
    commits: new Set(commits.map(shaOf)),
  });

  it('the one that holds the other’s head depends on it', () => {
    const found = dependenciesOf([stacked('upper', [3, 2, 1]), stacked('lower', [2, 1])]);
    expect(Object.fromEntries(found)).toEqual({ upper: ['lower'], lower: [] });
  });

  it('where both go on from a shared commit, the later one depends', () => {
    const found = dependenciesOf([
      stacked('first', [2, 1], '2026-01-01T00:00:00Z'),
      stacked('second', [3, 1], '2026-01-02T00:00:00Z'),
    ]);
    expect(Object.fromEntries(found)).toEqual({ first: [], second: ['first'] });
  });

  it('of two with the same head, the later one depends', () => {
    expect(Object.fromEntries(dependenciesOf([stacked('a', [1]), stacked('b', [1])]))).toEqual({
      a: [],
      b: ['a'],
    });
  });

  it('branches without a shared commit do not', () => {
    expect(Object.fromEntries(dependenciesOf([stacked('a', [1]), stacked('b', [2])]))).toEqual({
      a: [],
      b: [],
    });
  });
});
