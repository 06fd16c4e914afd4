import type { Bead } from '../types.ts';

/** What a gate can wait for. */
export const GATE_TYPES = ['human', 'timer', 'gh:run', 'gh:pr', 'bead', 'mail'] as const;
export type GateType = (typeof GATE_TYPES)[number];

/** When a timer gate opens, Unix ms; undefined when it has no time set. */
export function opensAt(gate: Pick<Bead, 'createdAt' | 'timeoutMs'>): number | undefined {
  return gate.timeoutMs > 0 ? Date.parse(gate.createdAt) + gate.timeoutMs : undefined;
}
