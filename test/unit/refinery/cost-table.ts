/**
 * Means over uniformly placed bad changes that a queue of this design must reach (within 15 %), on a target whose tip
 * has passed, every started run counted. `rounds` = runs side by side, so with one slot as many as runs.
 */
export interface CostRow {
  readonly changes: number;
  readonly bad: number;
  readonly oneSlot: number;
  readonly fourSlots: { readonly runs: number; readonly rounds: number };
}

export const COST_TABLE: readonly CostRow[] = [
  { changes: 1, bad: 0, oneSlot: 1, fourSlots: { runs: 1, rounds: 1 } },
  { changes: 1, bad: 1, oneSlot: 2, fourSlots: { runs: 2, rounds: 2 } },
  { changes: 8, bad: 0, oneSlot: 1, fourSlots: { runs: 1, rounds: 1 } },
  { changes: 8, bad: 1, oneSlot: 5.9, fourSlots: { runs: 7.6, rounds: 3.7 } },
  { changes: 8, bad: 3, oneSlot: 13.8, fourSlots: { runs: 17.7, rounds: 8 } },
  { changes: 32, bad: 0, oneSlot: 2, fourSlots: { runs: 2, rounds: 1 } },
  { changes: 32, bad: 1, oneSlot: 8.1, fourSlots: { runs: 11.3, rounds: 4.2 } },
  { changes: 32, bad: 3, oneSlot: 18.6, fourSlots: { runs: 26.9, rounds: 9.4 } },
  { changes: 100, bad: 0, oneSlot: 4, fourSlots: { runs: 6, rounds: 2 } },
  { changes: 100, bad: 1, oneSlot: 10.9, fourSlots: { runs: 15.6, rounds: 5 } },
  { changes: 100, bad: 3, oneSlot: 24, fourSlots: { runs: 34.8, rounds: 10.6 } },
];
