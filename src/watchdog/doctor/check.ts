import type { TownContext } from '../../beads/context.ts';
import type { Rig, Rigs } from '../../rig/registry.ts';

/** What the checks look at. */
export interface Site extends Rigs {
  readonly ctx: TownContext;
}

export type CheckGroup = 'machine' | 'town' | 'configuration' | 'ledger' | 'rigs' | 'running';

/** One thing that can be wrong with a town. Verified by `detect` once more: nothing found = repaired (P24). */
export interface DoctorCheck<On = Site> {
  readonly name: string;
  readonly group: CheckGroup;
  /** What holds when it is right. */
  readonly title: string;
  readonly severity: 'error' | 'warning';
  /** One line for each thing that is wrong; none = right. What could not be looked at throws. */
  readonly detect: (site: On) => Promise<readonly string[]>;
  /** Name of an earlier check without which this one cannot look. */
  readonly after?: string;
  /** Why there is nothing to look at now; undefined = look. */
  readonly unless?: (site: On) => Promise<string | undefined>;
  /** What `fix` does; without one, what a person does. */
  readonly remedy: string;
  /** Absent = only people can do it, or it could lose something. Never removes work. */
  readonly fix?: (site: On) => Promise<void>;
}

/** What is wrong with each rig, its name before each line. */
export async function inRigs(
  { rigs }: Pick<Site, 'rigs'>,
  look: (rig: Rig) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    rigs.map(async (rig) => (await look(rig)).map((line) => `${rig.name}: ${line}`)),
  );
  return found.flat();
}

/** One rig after the other: repairs write. */
export async function eachRig({ rigs }: Pick<Site, 'rigs'>, act: (rig: Rig) => Promise<void>): Promise<void> {
  for (const rig of rigs) await act(rig);
}
