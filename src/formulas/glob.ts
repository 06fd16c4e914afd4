import { linearPattern } from '../core/linear-pattern.ts';

/** Glob over a step id: `*` any letters, `?` one, `[ab]` a choice. */
export function matchesGlob(pattern: string, id: string): boolean {
  const source = pattern.replaceAll(/\[(!?)([^\]]+)\]|[\s\S]/g, (piece, not: string, choice: string) => {
    if (choice !== undefined)
      return `[${not === '!' ? '^' : ''}${choice.replaceAll(/[\\^\]]/g, String.raw`\$&`)}]`;
    if (piece === '*') return '.*';
    return piece === '?' ? '.' : piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  });
  return linearPattern(`^${source}$`, 's').test(id);
}
