import { isJsonObject, valueAt, withValueAt, type JsonObject } from '../json-file.ts';

/**
 * What gt has in the file: all of it (`own`), a marked block (`block`), or entries of trusted folders in the state of
 * Claude Code (`trust`).
 */
export type UserFileKind = 'own' | 'block' | 'trust';

export const BLOCK_BEGIN = '# --- Gas Town Integration (managed by gt) ---';
const BLOCK_END = '# --- End Gas Town ---';

/** The text with gt's block at its end, or in its old place. */
export function withBlock(text: string, lines: readonly string[]): string {
  const bare = withoutBlock(text);
  const start = bare === '' || bare.endsWith('\n') ? bare : `${bare}\n`;
  return `${start}${[BLOCK_BEGIN, ...lines, BLOCK_END].join('\n')}\n`;
}

function withoutBlock(text: string): string {
  const begin = text.indexOf(BLOCK_BEGIN);
  const end = text.indexOf(BLOCK_END, begin + 1);
  // Half a block is somebody's edit: what is gt's cannot be told.
  if (begin < 0 || end < 0) return text;
  const after = end + BLOCK_END.length;
  return text.slice(0, begin) + text.slice(text[after] === '\n' ? after + 1 : after);
}

interface Part {
  readonly kind: UserFileKind;
  readonly original?: string | null;
  readonly parts?: readonly string[];
}

/** The text without what gt put into it; everything else as it is. */
export function stripPart(text: string, { kind, original, parts }: Part): string {
  switch (kind) {
    case 'own':
      return text;
    case 'block': {
      const bare = withoutBlock(text);
      // The line break that the block needed before it.
      return typeof original === 'string' && bare === `${original}\n` ? original : bare;
    }
    case 'trust':
      return withoutTrust(text, parts ?? [], original ?? undefined);
  }
}

function withoutTrust(text: string, folders: readonly string[], original: string | undefined): string {
  const doc = parsed(text);
  // Nothing of ours in it, nothing to lay out anew.
  if (doc === undefined || folders.every((folder) => valueAt(doc, ['projects', folder]) === undefined))
    return text;
  const before = parsed(original ?? '') ?? {};
  const left = folders.reduce((now, folder) => {
    const was = valueAt(before, ['projects', folder, 'hasTrustDialogAccepted']);
    const without = withValueAt(now, ['projects', folder, 'hasTrustDialogAccepted'], was);
    const entry = valueAt(without, ['projects', folder]);
    return isJsonObject(entry) &&
      Object.keys(entry).length === 0 &&
      valueAt(before, ['projects', folder]) === undefined
      ? withValueAt(without, ['projects', folder], undefined)
      : without;
  }, doc);
  const projects = left['projects'];
  const isEmpty =
    isJsonObject(projects) && Object.keys(projects).length === 0 && before['projects'] === undefined;
  const result = isEmpty ? withValueAt(left, ['projects'], undefined) : left;
  if (Object.keys(result).length === 0 && original === undefined) return '';
  return `${JSON.stringify(result, null, 2)}${text.endsWith('\n') ? '\n' : ''}`;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
