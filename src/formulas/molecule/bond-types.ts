/** How two molecules hang together. Alone in its file: the command line needs it at every start. */
export const BOND_TYPES = ['sequential', 'conditional', 'parallel'] as const;
export type BondType = (typeof BOND_TYPES)[number];
