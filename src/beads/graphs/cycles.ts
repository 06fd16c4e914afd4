import type { Edge } from '../types.ts';

/**
 * Groups of beads that hold each other back for ever: the strongly connected parts of the graph of blocks and
 * conditional-blocks edges with more than one member (or an edge to itself). Each group sorted.
 */
export function findCycles(edges: readonly Edge[]): readonly (readonly string[])[] {
  const blocking = edges.filter((edge) => edge.type === 'blocks' || edge.type === 'conditional-blocks');
  const next = Map.groupBy(blocking, (edge) => edge.from);
  const groups = connectedParts([...next.keys()], (id) => (next.get(id) ?? []).map((edge) => edge.to));
  return groups.filter(
    (group) => group.length > 1 || blocking.some((edge) => edge.from === group[0] && edge.to === group[0]),
  );
}

interface Visit {
  readonly id: string;
  readonly rest: Iterator<string>;
}

/** Tarjan's algorithm with its own stack: chains of beads can be longer than the call stack. */
function connectedParts(
  ids: readonly string[],
  targetsOf: (id: string) => readonly string[],
): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const groups: string[][] = [];
  const enter = (id: string): Visit => {
    order.set(id, order.size);
    low.set(id, order.size - 1);
    open.push(id);
    isOpen.add(id);
    return { id, rest: targetsOf(id)[Symbol.iterator]() };
  };
  const lower = (id: string, value: number): void => {
    low.set(id, Math.min(low.get(id) ?? value, value));
  };
  const leave = (id: string): void => {
    if (low.get(id) !== order.get(id)) return;
    const group = open.splice(open.lastIndexOf(id));
    for (const member of group) isOpen.delete(member);
    groups.push(group.toSorted());
  };
  for (const start of ids) {
    if (order.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const step = visit.rest.next();
      if (step.done === true) {
        visits.pop();
        leave(visit.id);
        const above = visits.at(-1);
        if (above !== undefined) lower(above.id, low.get(visit.id) ?? 0);
      } else if (!order.has(step.value)) visits.push(enter(step.value));
      else if (isOpen.has(step.value)) lower(visit.id, order.get(step.value) ?? 0);
    }
  }
  return groups;
}
