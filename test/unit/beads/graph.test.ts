import { array, assert, constantFrom, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blockedChanges,
  blockedMembers,
  type BlockEdge,
  type BlockNode,
} from '../../../src/beads/blocked/plan.ts';
import { findCycles } from '../../../src/beads/graphs/cycles.ts';
import type { Edge } from '../../../src/beads/types.ts';

function graphOf(nodes: readonly BlockNode[], edges: readonly BlockEdge[], members?: readonly string[]) {
  return {
    members: new Set(members ?? nodes.map((node) => node.id)),
    nodes: new Map(nodes.map((node) => [node.id, node])),
    edges,
  };
}

const node = (id: string, status = 'open', isBlocked = false): BlockNode => ({ id, status, isBlocked });
const edge = (from: string, type: string, to: string, metadata = '{}'): BlockEdge => ({
  from,
  to,
  type,
  metadata,
});

describe('who is blocked', () => {
  test('a loop of parents without a cause stays free', () => {
    const edges = [edge('a', 'parent-child', 'b'), edge('b', 'parent-child', 'a')];
    expect(blockedMembers(graphOf([node('a'), node('b')], edges))).toEqual(new Set());
  });

  test('a loop of parents with a cause is blocked once and the walk ends', () => {
    const edges = [edge('a', 'parent-child', 'b'), edge('b', 'parent-child', 'a'), edge('a', 'blocks', 'c')];
    expect(blockedMembers(graphOf([node('a'), node('b'), node('c')], edges))).toEqual(new Set(['a', 'b']));
  });

  test('a chain of ten thousand children is walked without recursion', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
    const edges = ids.slice(1).map((id, index) => edge(id, 'parent-child', `n${index}`));
    const graph = graphOf(
      [...ids.map((id) => node(id)), node('x')],
      [...edges, edge('n0', 'blocks', 'x')],
      ids,
    );
    expect(blockedMembers(graph).size).toBe(10_000);
  });

  test('a target that does not exist, metadata that is no JSON and unknown types hold nobody back', () => {
    const edges = [
      edge('a', 'blocks', 'gone'),
      edge('b', 'related', 'c'),
      edge('d', 'waits-for', 'c', 'not json'),
    ];
    expect(blockedMembers(graphOf([node('a'), node('b'), node('c'), node('d')], edges))).toEqual(new Set());
  });

  test('a blocked parent outside of the members counts as its row says, unless it is done', () => {
    const edges = [edge('a', 'parent-child', 'p'), edge('b', 'parent-child', 'q')];
    const nodes = [node('a'), node('b'), node('p', 'open', true), node('q', 'closed', true)];
    expect(blockedMembers(graphOf(nodes, edges, ['a', 'b']))).toEqual(new Set(['a']));
  });

  test('only rows that say otherwise are changed', () => {
    const edges = [edge('a', 'blocks', 'x'), edge('b', 'blocks', 'x')];
    const nodes = [node('a', 'open', true), node('b'), node('c', 'open', true), node('d'), node('x')];
    expect(blockedChanges(graphOf(nodes, edges))).toEqual({ toBlock: ['b'], toFree: ['c'] });
  });
});

describe('cycles of blockers', () => {
  const full = (from: string, type: string, to: string): Edge => ({
    from,
    to,
    type,
    external: false,
    createdAt: '',
    createdBy: '',
    metadata: '{}',
  });

  test('are found whole, sorted, and only through edges that block', () => {
    const edges = [
      full('b', 'blocks', 'c'),
      full('c', 'conditional-blocks', 'a'),
      full('a', 'blocks', 'b'),
      full('d', 'blocks', 'a'),
      full('x', 'related', 'y'),
      full('y', 'related', 'x'),
      full('s', 'blocks', 's'),
    ];
    expect(findCycles(edges)).toEqual([['a', 'b', 'c'], ['s']]);
  });

  test('two beads share a cycle exactly when each can be reached from the other', () => {
    const name = constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    assert(
      property(array(record({ from: name, to: name }), { maxLength: 14 }), (pairs) => {
        const edges = pairs.map(({ from, to }) => full(from, 'blocks', to));
        const inCycle = new Set(findCycles(edges).flat());
        for (const id of 'abcdef') expect(inCycle.has(id), id).toBe(reaches(edges, id, id));
      }),
    );
  });

  test('a chain of ten thousand beads is walked without recursion', () => {
    const edges = Array.from({ length: 10_000 }, (_, index) =>
      full(`n${index}`, 'blocks', `n${(index + 1) % 10_000}`),
    );
    expect(findCycles(edges)[0]).toHaveLength(10_000);
  });
});

function reaches(edges: readonly Edge[], start: string, goal: string): boolean {
  const seen = new Set<string>();
  const queue = edges.filter((one) => one.from === start).map((one) => one.to);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === goal) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...edges.filter((one) => one.from === id).map((one) => one.to));
  }
  return false;
}
