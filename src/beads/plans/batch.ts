import { GtError, RefusedError, UsageError } from '../../core/errors.ts';
import { canonicalType, parsePriority } from '../words/kinds.ts';
import type { Bead, BeadPatch, LedgerTx } from '../types.ts';
import { otherEnd } from './new-edges.ts';

/** One line of a batch script. */
export interface BatchOp {
  /** From 1. */
  readonly line: number;
  readonly raw: string;
  readonly op: 'close' | 'update' | 'create' | 'dep.add' | 'dep.remove';
  readonly words: readonly string[];
}

export interface BatchResult {
  readonly line: number;
  readonly op: BatchOp['op'];
  readonly target: string;
}

/** Fewest words each needs, and its form. */
const FORMS: Readonly<Record<BatchOp['op'], readonly [number, string]>> = {
  close: [1, 'close <id> [reason...]'],
  update: [2, 'update <id> <key>=<value>...'],
  create: [3, 'create <type> <priority> <title...>'],
  'dep.add': [2, 'dep add <from> <to> [type]'],
  'dep.remove': [2, 'dep remove <from> <to>'],
};

/**
 * Lines `close`, `update`, `create`, `dep add`, `dep remove`; blank lines and `#` comments are left out, words may
 * stand in double quotes. Throws UsageError `batch.bad-line` for the first line that is none of these.
 */
export function parseBatch(script: string): readonly BatchOp[] {
  return script.split('\n').flatMap((line, index) => {
    const raw = line.trim();
    if (raw === '' || raw.startsWith('#')) return [];
    const [verb = '', ...rest] = splitWords(raw, index + 1);
    const op = verb === 'dep' ? `dep.${rest[0] === 'rm' ? 'remove' : rest[0]}` : verb;
    if (!isOp(op)) throw badLine(index + 1, `'${verb.slice(0, 40)}' is not one of its commands`);
    const words = verb === 'dep' ? rest.slice(1) : rest;
    const [least, form] = FORMS[op];
    if (words.length < least) throw badLine(index + 1, `it must read: ${form}`);
    return [{ line: index + 1, raw, op, words }];
  });
}

function isOp(word: string): word is BatchOp['op'] {
  return Object.hasOwn(FORMS, word);
}

function splitWords(raw: string, line: number): readonly string[] {
  const words = raw.match(/(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g) ?? [];
  if (raw.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').includes('"')) throw badLine(line, 'a quote is not closed');
  return words.map((word) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replaceAll(/\\(["\\])/g, '$1')),
  );
}

function badLine(line: number, why: string): UsageError {
  return new UsageError({
    code: 'batch.bad-line',
    message: `line ${line}: ${why}`,
    hint: `Lines: ${Object.values(FORMS)
      .map(([, form]) => form)
      .join(' · ')}`,
  });
}

/** Throws when this bead must not be closed by hand. */
type CloseCheck = (bead: Bead) => void;

/** Runs all of them; the first that fails stops the transaction. Throws RefusedError `batch.failed` naming it. */
export async function runBatch(
  tx: LedgerTx,
  ops: readonly BatchOp[],
  checkClose: CloseCheck,
): Promise<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  for (const op of ops) {
    try {
      results.push({ line: op.line, op: op.op, target: await runOne(tx, op, checkClose) });
    } catch (error) {
      if (!(error instanceof GtError) || error.code.startsWith('store.')) throw error;
      throw new RefusedError({
        code: 'batch.failed',
        message: `line ${op.line} (${op.raw.slice(0, 80)}): ${error.message}`,
        hint: 'Nothing of the batch was written',
        cause: error,
      });
    }
  }
  return results;
}

async function runOne(tx: LedgerTx, { op, words }: BatchOp, checkClose: CloseCheck): Promise<string> {
  const [first = '', second = '', ...rest] = words;
  switch (op) {
    case 'close': {
      const bead = await tx.find(first);
      checkClose(bead);
      return (await tx.close(bead.id, { reason: words.slice(1).join(' ') || 'Closed' })).id;
    }
    case 'update': {
      const [bead, patch] = [await tx.find(first), patchOf(words.slice(1))];
      if (patch.status === 'closed') checkClose(bead);
      return (await tx.update(bead.id, patch)).id;
    }
    case 'create': {
      const title = rest.join(' ');
      return (await tx.create({ type: canonicalType(first), priority: parsePriority(second), title })).id;
    }
    case 'dep.add': {
      const [from, to] = [(await tx.find(first)).id, await otherEnd(tx, second)];
      await tx.addEdge({ from, to, type: rest[0] ?? 'blocks' });
      return `${from}->${to}`;
    }
    case 'dep.remove': {
      const [from, to] = [(await tx.find(first)).id, await otherEnd(tx, second)];
      if (await tx.removeEdge(from, to)) return `${from}->${to}`;
      throw new RefusedError({ code: 'edge.not-found', message: `${from} has no dependency on ${to}` });
    }
  }
}

function patchOf(pairs: readonly string[]): BeadPatch {
  return Object.assign({}, ...pairs.map(onePair));
}

function onePair(pair: string): BeadPatch {
  const [, key = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(pair) ?? [];
  switch (key) {
    case 'status':
      return { status: value };
    case 'priority':
      return { priority: parsePriority(value) };
    case 'title':
      return { title: value };
    case 'assignee':
      return { assignee: value };
    default:
      throw new UsageError({
        code: 'beads.bad-pair',
        message: `'${pair.slice(0, 60)}' is not one of status=, priority=, title=, assignee=`,
      });
  }
}
