import { editDistance } from '../core/nearest.ts';

const MOST = 3;
const MAX_DISTANCE = 2;

/**
 * Up to three of `names` that were probably meant by `typed`: those that start with it (or it with them),
 * then those within edit distance 2, nearest first.
 */
export function suggest(typed: string, names: readonly string[]): readonly string[] {
  const word = typed.toLowerCase();
  if (word === '') return [];
  const scored = [...new Set(names)].flatMap((name) => {
    const score = nearness(word, name.toLowerCase());
    return score === undefined ? [] : [{ name, score }];
  });
  return scored
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Smaller is nearer; undefined = not alike. */
function nearness(word: string, name: string): number | undefined {
  if (name.startsWith(word) || (name.length >= 3 && word.startsWith(name))) return 0;
  const distance = editDistance(word, name);
  /* Two edits turn any three letters into any other word of that size: short words must be closer. */
  return distance <= Math.min(MAX_DISTANCE, Math.floor(word.length / 2)) ? distance : undefined;
}

/** `Did you mean a, b or c?`, or undefined when there is nothing to propose. */
export function didYouMean(names: readonly string[]): string | undefined {
  const last = names.at(-1);
  if (last === undefined) return undefined;
  return `Did you mean ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`}?`;
}
