/** What a gate can wait for. */
export const GATE_TYPES = ['human', 'timer', 'gh:run', 'gh:pr', 'bead', 'mail'] as const;
export type GateType = (typeof GATE_TYPES)[number];
