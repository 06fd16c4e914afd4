import type { Fact } from '../core/fact.ts';
import type { MachineSize } from './machine-size.ts';

/** Upper bounds that hold whatever is configured (DESIGN D13). */
const TOWN_LIMIT = 25;
const RIG_LIMIT = 10;
export const FOLDER_LIMIT = 30;

export interface CapacityFacts {
  /** `scheduler.max_polecats`: undefined = by machine, 0 or less = no cap. */
  readonly configured: number | undefined;
  /** Rig property `max_polecats`. */
  readonly ofRig?: number | undefined;
  readonly machine: Fact<MachineSize>;
  /** Spawning and working polecats; submitted work holds no slot. */
  readonly busyInTown: number;
  readonly busyInRig: number;
  /** Load per core and free GiB at which dispatch waits. */
  readonly pressure: { readonly loadPerCore: number; readonly freeGiB: number | undefined };
}

/** Room for one more polecat, or why not; the text follows `queued: `. */
export type Capacity = { readonly free: true } | { readonly free: false; readonly why: string };

/** Is there a slot? Pure. */
export function capacityOf(facts: CapacityFacts): Capacity {
  const slots = slotsOf(facts);
  if (facts.busyInTown >= slots.town) return full(facts.busyInTown, slots.town, 'slots busy');
  if (facts.busyInRig >= slots.rig) return full(facts.busyInRig, slots.rig, 'slots of this rig busy');
  return slots.capped ? pressureOf(facts) : { free: true };
}

export interface Slots {
  readonly town: number;
  readonly rig: number;
  /** False = the user asked for no cap: pressure does not count either. */
  readonly capped: boolean;
}

/** How many polecats may work at once. An unreadable machine counts as the smallest one. */
export function slotsOf({
  configured,
  ofRig,
  machine,
}: Pick<CapacityFacts, 'configured' | 'ofRig' | 'machine'>): Slots {
  const capped = configured === undefined || configured > 0;
  const town = capped ? Math.min(TOWN_LIMIT, configured ?? automatic(machine)) : TOWN_LIMIT;
  return { town, rig: Math.min(ofRig ?? (capped ? RIG_LIMIT : TOWN_LIMIT), town), capped };
}

/** max(1, min(4, cores − 1, GiB / 3)) */
function automatic(machine: Fact<MachineSize>): number {
  if (!machine.ok) return 1;
  const { cores, memoryGiB } = machine.value;
  return Math.max(1, Math.min(4, cores - 1, Math.floor(memoryGiB / 3)));
}

function pressureOf({ machine, pressure }: CapacityFacts): Capacity {
  if (!machine.ok) return { free: true };
  const { cores, load, freeGiB, memoryGiB } = machine.value;
  if (load / cores > pressure.loadPerCore) {
    return { free: false, why: `the machine is busy: load ${load.toFixed(1)} on ${cores} cores` };
  }
  const least = pressure.freeGiB ?? memoryGiB / 10;
  return freeGiB < least
    ? { free: false, why: `little memory is free: ${freeGiB.toFixed(1)} of ${memoryGiB.toFixed(1)} GiB` }
    : { free: true };
}

function full(busy: number, slots: number, what: string): Capacity {
  return { free: false, why: `${busy} of ${slots} ${what}` };
}
