import type { BeadId, Sha } from '../core/names.ts';

interface LandedItem {
  readonly mr: BeadId;
  readonly issue: string | undefined;
  readonly branch: string;
  readonly commit: Sha;
}

interface SentBackItem {
  readonly mr: BeadId;
  readonly issue: string | undefined;
  readonly branch: string;
  readonly why: string;
}

interface ConflictItem {
  readonly mr: BeadId;
  /** Bead of the conflict task; undefined when the branch was given up. */
  readonly task: BeadId | undefined;
  readonly paths: readonly string[];
}

/** What one pass over a rig's queue did. */
export interface TickReport {
  readonly rig: string;
  /**
   * `idle`: nothing to do · `done`: did what could be done now · `held`: another engine of this rig runs ·
   * `disabled`: switched off · `stopped`: told to end · `lost`: another engine or a person took the lane over.
   */
  readonly state: 'idle' | 'done' | 'held' | 'disabled' | 'stopped' | 'lost';
  readonly landed: readonly LandedItem[];
  readonly evicted: readonly SentBackItem[];
  readonly conflicts: readonly ConflictItem[];
  /** Gate runs: trees on which at least one gate was executed. */
  readonly runs: number;
  /** One line per thing the queue waits for, with what would make it go on. */
  readonly waiting: readonly string[];
  readonly warnings: readonly string[];
  /** No gates are set: what landed was not tested. */
  readonly untested: boolean;
  /** When to look again even if nothing wakes the engine, RFC 3339. */
  readonly retryAt: string | undefined;
}

/** Collects the report while the pass runs. */
export interface ReportBuilder {
  landed(item: LandedItem): void;
  hasLanded(): boolean;
  evicted(item: SentBackItem): void;
  conflict(item: ConflictItem): void;
  gateRun(): void;
  waiting(line: string): void;
  warn(line: string): void;
  retryAt(time: string): void;
  untested(): void;
  worked(): void;
  build(state?: TickReport['state']): TickReport;
}

export function createReport(rig: string): ReportBuilder {
  const landed: LandedItem[] = [];
  const evicted: SentBackItem[] = [];
  const conflicts: ConflictItem[] = [];
  const waiting = new Set<string>();
  const warnings = new Set<string>();
  let runs = 0;
  let untested = false;
  let worked = false;
  let retryAt: string | undefined;
  return {
    landed: (item) => landed.push(item),
    hasLanded: () => landed.length > 0,
    evicted: (item) => evicted.push(item),
    conflict: (item) => conflicts.push(item),
    gateRun: () => (runs += 1),
    waiting: (line) => waiting.add(line),
    warn: (line) => warnings.add(line),
    retryAt: (time) => (retryAt = retryAt === undefined || time < retryAt ? time : retryAt),
    untested: () => (untested = true),
    worked: () => (worked = true),
    build: (state) => ({
      rig,
      state: state ?? (worked ? 'done' : 'idle'),
      landed,
      evicted,
      conflicts,
      runs,
      untested,
      retryAt,
      waiting: [...waiting],
      warnings: [...warnings],
    }),
  };
}
