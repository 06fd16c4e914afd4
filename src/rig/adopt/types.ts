import type { Fingerprint } from '../../beads/content/fingerprint.ts';
import type { Misplaced } from '../../beads/move/misplaced.ts';

/** Something that keeps a town from being adopted, and what to do about it. */
export interface AdoptProblem {
  readonly what: string;
  readonly hint: string;
}

/** What adopting a town of the Go gt means for it. */
export interface AdoptPlan {
  /** None = it can be adopted. */
  readonly problems: readonly AdoptProblem[];
  readonly kept: readonly string[];
  readonly changed: readonly string[];
  readonly ignored: readonly string[];
  readonly databases: readonly AdoptedDatabase[];
  readonly rigs: readonly AdoptedRig[];
}

export interface AdoptedDatabase {
  readonly name: string;
  /** Bead prefix without `-`. */
  readonly prefix: string;
}

export interface AdoptedRig {
  readonly name: string;
  /** Branch to write into R/config.json, which names none. */
  readonly branch: string | undefined;
}

/** What the ledger said before anything was changed. */
export interface LedgerSurvey {
  readonly before: Fingerprint;
  /** Steps of the schema's upgrade per database; empty = it is ours. */
  readonly upgrades: Readonly<Record<string, readonly string[]>>;
  readonly misplaced: readonly Misplaced[];
}
