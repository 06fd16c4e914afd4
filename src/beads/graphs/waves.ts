/** What can be done at the same time, in the order of time. */
export interface Waves {
  /** Ids per wave, sorted; each depends only on ids of earlier waves. */
  readonly waves: readonly (readonly string[])[];
  /** Ids in a circle, or behind one: in no wave. Sorted. */
  readonly stuck: readonly string[];
}

/** `dependsOn` names only members of `ids`. */
export function wavesOf(ids: readonly string[], dependsOn: ReadonlyMap<string, readonly string[]>): Waves {
  const waiting = new Map(ids.map((id) => [id, new Set(dependsOn.get(id) ?? [])]));
  const dependents = Map.groupBy(
    ids.flatMap((id) => [...new Set(dependsOn.get(id) ?? [])].map((on) => ({ id, on }))),
    ({ on }) => on,
  );
  const waves: (readonly string[])[] = [];
  let front = ids.filter((id) => waiting.get(id)?.size === 0).toSorted();
  while (front.length > 0) {
    waves.push(front);
    const next: string[] = [];
    for (const done of front) {
      waiting.delete(done);
      for (const { id } of dependents.get(done) ?? []) {
        const left = waiting.get(id);
        if (left?.delete(done) === true && left.size === 0) next.push(id);
      }
    }
    front = next.toSorted();
  }
  return { waves, stuck: [...waiting.keys()].toSorted() };
}
