import type { ProcessIdentity, ProcessInfo } from '../../ports/processes.ts';

/** Where facts about other processes come from: /proc on Linux, `ps` elsewhere. Zombies count as gone. */
export interface ProcessTable {
  /**
   * The mark of a child just started, also when it has ended meanwhile: read synchronously, so before Node can
   * wait for it and free its number.
   */
  identifyChild(pid: number): ProcessIdentity | undefined;
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  /** False when the mark is of an earlier boot: nothing of that process can be left. */
  isOfThisBoot(identity: ProcessIdentity): boolean;
  list(): Promise<readonly ProcessInfo[]>;
  /** Values of the variable `name` (they hold no blanks), as processes were started with it; by pid. */
  valuesOf(name: string): Promise<ReadonlyMap<number, string>>;
}
