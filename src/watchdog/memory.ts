/**
 * What the daemon remembers between two passes. Nothing here is needed to be right: it only spares work that
 * would be done too early or twice. A new daemon starts with an empty one.
 */
export interface Memory {
  /** Session and spawn → since when its processes are missing (Unix ms). */
  readonly gone: ReadonlyMap<string, number>;
  /** Action key → failed tries in a row, and when the last one was. */
  readonly failures: ReadonlyMap<string, Failure>;
  readonly massDeath: MassDeathMemory | undefined;
  /** Agent → starts in a row that did not last. */
  readonly keeps: ReadonlyMap<string, Failure>;
  /** Rig → changes whose judge was told, and failed tries in a row to tell it. */
  readonly judged: ReadonlyMap<string, Judged>;
}

export interface Judged {
  readonly told: ReadonlySet<string>;
  readonly failure: Failure | undefined;
}

export interface MassDeathMemory {
  /** Unix ms of the one that was announced last. */
  readonly announced: number;
  /** Unix ms of the last one whose deaths did not count. */
  readonly forgiven: number;
}

export interface Failure {
  readonly count: number;
  /** Unix ms. */
  readonly last: number;
}

export const NEW_MEMORY: Memory = {
  gone: new Map(),
  failures: new Map(),
  massDeath: undefined,
  keeps: new Map(),
  judged: new Map(),
};
