/** What is known about the tree of one chain position (0 = the target's own tip). */
export interface TreeKnowledge {
  /** Every gate has passed on exactly this tree. */
  readonly green: boolean;
  /** Fingerprints of what failed, one per red run, oldest first. */
  readonly reds: readonly string[];
}

/** A lane's chain as the search sees it: positions 1 … n, each including all before it. */
export interface SearchFacts {
  readonly base: TreeKnowledge;
  readonly links: readonly TreeKnowledge[];
  /** Changes to add per probe while nothing is red. */
  readonly batch: number;
  /** Gate runs at the same time. */
  readonly slots: number;
  /** Red runs that failed in the same way before anything is believed: 2, and 3 where gates are known to be flaky. */
  readonly sameReds: number;
  /** Red runs after which a change is sent back even if each failed differently; at least 2. */
  readonly maxReds: number;
}

export type Step =
  | { readonly kind: 'idle' }
  /** Positions up to `position` are proven: push them now, whatever is still being searched behind. */
  | { readonly kind: 'land'; readonly position: number }
  | { readonly kind: 'probe'; readonly positions: readonly number[] }
  /** The first change is suspect: is the target itself all right? */
  | { readonly kind: 'prove-base' }
  /** The suspect alone; meanwhile the other slots prove the chain without it, at `spare` positions of that one. */
  | { readonly kind: 'confirm'; readonly position: number; readonly spare: readonly number[] }
  | { readonly kind: 'evict'; readonly position: number }
  | { readonly kind: 'target-broken' };

/**
 * The next thing to do for a chain. Attribution needs no assumption that failures are monotone: what is sent
 * back is always the one change between an exact green tree and an exact red one, seen red at least twice.
 */
export function nextStep(facts: SearchFacts): Step {
  const green = lastGreen(facts.links);
  if (green > 0) return { kind: 'land', position: green };
  const red = firstRed(facts.links);
  if (red === undefined) return sweep(facts);
  return red > 1 ? { kind: 'probe', positions: between(red, facts.slots) } : judgeFirst(facts);
}

/** The longest prefix known green, 0 when none. */
function lastGreen(links: readonly TreeKnowledge[]): number {
  return links.findLastIndex((link) => link.green) + 1;
}

/** The shortest prefix known red and never seen green; a tree seen both ways is a flake and counts as green. */
function firstRed(links: readonly TreeKnowledge[]): number | undefined {
  const index = links.findIndex((link) => link.reds.length > 0 && !link.green);
  return index === -1 ? undefined : index + 1;
}

function sweep({ links, batch, slots }: SearchFacts): Step {
  if (links.length === 0) return { kind: 'idle' };
  return { kind: 'probe', positions: strides(links.length, batch, slots) };
}

/** The ends of `slots` batches one after the other, within a chain of `length`. */
function strides(length: number, batch: number, slots: number): readonly number[] {
  if (length === 0) return [];
  const positions = new Set<number>();
  for (let slot = 1; slot <= slots; slot += 1) positions.add(Math.min(slot * batch, length));
  return [...positions];
}

/** `slots` points that cut the positions below `red` into equal parts. */
function between(red: number, slots: number): readonly number[] {
  const points = new Set<number>();
  for (let slot = 1; slot <= slots; slot += 1) {
    const point = Math.round((slot * red) / (slots + 1));
    points.add(Math.min(Math.max(point, 1), red - 1));
  }
  return [...points];
}

/** Nobody is sent back before the target itself has passed, and nothing is believed from a single run. */
function judgeFirst(facts: SearchFacts): Step {
  const { base, links, batch, slots } = facts;
  if (!base.green) return isCertain(base.reds, facts) ? { kind: 'target-broken' } : { kind: 'prove-base' };
  return isCertain(links[0]?.reds ?? [], facts)
    ? { kind: 'evict', position: 1 }
    : { kind: 'confirm', position: 1, spare: strides(links.length - 1, batch, slots - 1) };
}

/** Red in the same way often enough, or still more often in different ones. */
function isCertain(
  reds: readonly string[],
  { sameReds, maxReds }: Pick<SearchFacts, 'sameReds' | 'maxReds'>,
): boolean {
  const alike = reds.map((red) => reds.filter((other) => other === red).length);
  return Math.max(0, ...alike) >= sameReds || reds.length >= maxReds;
}
