/** What a queue of another design makes of the same history; times are rounds of gate runs. */
export interface Course {
  /** Gate runs. */
  readonly runs: number;
  readonly rounds: number;
  /** For each change that landed: rounds until then. */
  readonly landedAt: readonly number[];
}

/** Changes in their order, true = bad; `slots` gate runs side by side. */
export type Design = (changes: readonly boolean[], slots: number) => Course;

/** One run to make: the changes in it, and what follows from its answer. */
interface Job {
  readonly changes: readonly boolean[];
  readonly onRed: (changes: readonly boolean[]) => readonly Job[];
}

/** Each change by itself, one after the other; a red one is run once more. */
const serial: Design = (changes) => {
  let runs = 0;
  const landedAt: number[] = [];
  for (const isBad of changes) {
    runs += isBad ? 2 : 1;
    if (!isBad) landedAt.push(runs);
  }
  return { runs, rounds: runs, landedAt };
};

/** Batches; of a red one every change by itself. No second look at a single red one. */
const dorfman: Design = (changes, slots) =>
  inBatches(changes, {
    slots,
    size: 32,
    onRed: (batch) => batch.map((one) => ({ changes: [one], onRed: nothing })),
  });

/** Batches; a red one is cut into halves that are proven independently, again and again. */
function halves(size: number): Design {
  const onRed = (batch: readonly boolean[]): readonly Job[] => {
    if (batch.length === 1) return [];
    const middle = Math.ceil(batch.length / 2);
    return [batch.slice(0, middle), batch.slice(middle)].map((half) => ({ changes: half, onRed }));
  };
  return (changes, slots) => inBatches(changes, { slots, size, onRed });
}

export const DESIGNS: Readonly<Record<string, Design>> = {
  serial,
  'Dorfman 32': dorfman,
  'halves 32': halves(32),
  'batches of 5': halves(5),
};

function nothing(): readonly Job[] {
  return [];
}

/** One batch after the other; what follows from a red one runs side by side before the next batch. */
function inBatches(
  changes: readonly boolean[],
  batches: { readonly slots: number; readonly size: number; readonly onRed: Job['onRed'] },
): Course {
  const course = { runs: 0, rounds: 0 };
  const landedAt: number[] = [];
  for (let at = 0; at < changes.length; at += batches.size) {
    let waiting: readonly Job[] = [{ changes: changes.slice(at, at + batches.size), onRed: batches.onRed }];
    while (waiting.length > 0) {
      const [now, later] = [waiting.slice(0, batches.slots), waiting.slice(batches.slots)];
      course.rounds += 1;
      course.runs += now.length;
      const red = now.filter((job) => job.changes.includes(true));
      for (const job of now) if (!red.includes(job)) landedAt.push(...job.changes.map(() => course.rounds));
      waiting = [...red.flatMap((job) => job.onRed(job.changes)), ...later];
    }
  }
  return { ...course, landedAt };
}
