import { UsageError } from '../../core/errors.ts';
import type { LedgerReads } from '../types.ts';

const KV = 'kv.';
const MEMORY = `${KV}memory.`;

/** Names that other parts of bd keep their own settings under. */
const RESERVED = ['kv.', 'sync.', 'conflict.', 'federation.', 'jira.', 'linear.', 'export.', 'import.'];

/** The settings row of a key. Throws UsageError `kv.bad-key`. */
export function kvRow(key: string): string {
  const reserved = RESERVED.find((prefix) => key.startsWith(prefix));
  if (key.trim() !== '' && reserved === undefined) return KV + key;
  throw new UsageError({
    code: 'kv.bad-key',
    message: reserved === undefined ? 'the key is empty' : `a key cannot begin with '${reserved}'`,
    hint: 'Choose another name',
  });
}

export function memoryRow(key: string): string {
  return MEMORY + key;
}

/** All keys with their values; those of memories begin with `memory.`. */
export function readKv(reads: LedgerReads): Promise<Readonly<Record<string, string>>> {
  return rowsBelow(reads, KV);
}

export function readMemories(reads: LedgerReads): Promise<Readonly<Record<string, string>>> {
  return rowsBelow(reads, MEMORY);
}

async function rowsBelow(reads: LedgerReads, prefix: string): Promise<Readonly<Record<string, string>>> {
  const rows = [...(await reads.config())].filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(rows.map(([key, value]) => [key.slice(prefix.length), value]));
}

const SLUG_WORDS = 8;
const SLUG_CHARS = 60;

/** `Always run make lint!` → `always-run-make-lint`: what a memory is called. UsageError `memory.no-key`. */
export function memoryKey(insight: string): string {
  const words = insight
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const slug = words.slice(0, SLUG_WORDS).join('-').slice(0, SLUG_CHARS).replace(/-+$/, '');
  if (slug !== '') return slug;
  throw new UsageError({
    code: 'memory.no-key',
    message: 'the text gives no name for the memory',
    hint: 'Name it: bd remember "<text>" --key <name>',
  });
}
