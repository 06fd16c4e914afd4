import * as z from 'zod/mini';
import { UnreadableError, UsageError, messageOf } from '../../core/errors.ts';
import { isBeadId } from '../../core/names.ts';
import { isJsonObject } from '../../town/json-file.ts';
import { describeIssue } from '../../town/town-file.ts';
import { checkMetadataKey, cleanText } from '../words/texts.ts';
import { parseTime } from '../words/times.ts';
import { MAX_HASH, hashId } from '../words/ids.ts';
import { ALL_FIELDS, textAt, type JsonRecord } from './fields.ts';
import { SCRIPT_KEY, WRAPPER_KEY } from '../forms/sling-terms.ts';

/** What a JSONL file holds, every line checked. */
export interface ParsedFile {
  /** By id; of two lines with one id the later counts. */
  readonly issues: readonly { readonly line: number; readonly record: JsonRecord }[];
  readonly memories: ReadonlyMap<string, string>;
  /** Ids of beads whose `metadata.script` or `exec_wrapper` was taken out: a command must not come in from a file. */
  readonly scriptsDropped: readonly string[];
}

const text = z.optional(z.nullable(z.string()));
const issueSchema = z.looseObject({
  id: z.optional(z.string().check(z.refine(isBeadId, 'no bead id'))),
  title: z.string().check(z.minLength(1), z.maxLength(500)),
  description: text,
  design: text,
  acceptance_criteria: text,
  notes: text,
  status: z.optional(z.string()),
  priority: z.optional(z.int().check(z.minimum(0), z.maximum(4))),
  issue_type: z.optional(z.string()),
  assignee: text,
  owner: text,
  created_by: text,
  metadata: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  labels: z.optional(z.nullable(z.array(z.string().check(z.minLength(1), z.maxLength(255))))),
  dependencies: z.optional(
    z.nullable(
      z.array(
        z.looseObject({
          depends_on_id: z.string(),
          type: z.optional(z.string()),
          metadata: z.optional(z.string()),
        }),
      ),
    ),
  ),
  comments: z.optional(
    z.nullable(z.array(z.looseObject({ id: z.optional(z.string()), author: text, text: z.string() }))),
  ),
});
const memorySchema = z.object({ key: z.string().check(z.minLength(1)), value: z.string() });

/**
 * Parses a whole export before anything is written. Blank lines, headers (`_schema`) and tombstones are skipped.
 * An issue without id gets one from its text, the same each time. Throws UnreadableError `import.bad-line`, which
 * names the line.
 */
export function parseJsonl(content: string, prefix: string): ParsedFile {
  const issues = new Map<string, { readonly line: number; readonly record: JsonRecord }>();
  const memories = new Map<string, string>();
  const scriptsDropped: string[] = [];
  for (const [index, raw] of content.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const line = index + 1;
    const parsed = parseLine(raw, line, prefix);
    if (parsed.kind === 'memory') memories.set(parsed.key, parsed.value);
    if (parsed.kind !== 'issue') continue;
    const id = String(parsed.record['id']);
    if (parsed.scriptDropped) scriptsDropped.push(id);
    issues.delete(id);
    issues.set(id, { line, record: parsed.record });
  }
  return { issues: [...issues.values()], memories, scriptsDropped };
}

type ParsedLine =
  | { readonly kind: 'skip' }
  | { readonly kind: 'memory'; readonly key: string; readonly value: string }
  | { readonly kind: 'issue'; readonly record: JsonRecord; readonly scriptDropped: boolean };

function parseLine(raw: string, line: number, prefix: string): ParsedLine {
  const value = parseObject(raw, line);
  if ('_schema' in value || value['status'] === 'tombstone') return { kind: 'skip' };
  if (value['_type'] === 'memory') {
    const { key, value: memory } = checked(memorySchema.safeParse(value), line);
    return { kind: 'memory', key, value: memory };
  }
  const issue = checked(issueSchema.safeParse(value), line);
  const { [SCRIPT_KEY]: script, [WRAPPER_KEY]: wrapper, ...metadata } = issue.metadata ?? {};
  const id = issue.id ?? idFromText(prefix, issue.title, issue.description ?? '');
  try {
    const record = normal({ ...issue, id, metadata, ephemeral: issue['ephemeral'] ?? issue['wisp'] });
    return { kind: 'issue', record, scriptDropped: script !== undefined || wrapper !== undefined };
  } catch (error) {
    if (error instanceof UsageError) throw badLine(line, error.message);
    // What overflows the stack here would do it again in every reader.
    throw error instanceof RangeError ? badLine(line, 'its metadata is nested too deeply') : error;
  }
}

function idFromText(prefix: string, title: string, description: string): string {
  return `${prefix}-${hashId({ title, description, actor: 'import', createdNs: 0n }, 0, MAX_HASH)}`;
}

function parseObject(raw: string, line: number): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch (error) {
    throw badLine(line, `it is no JSON (${messageOf(error)}): torn or damaged`);
  }
  if (!isJsonObject(value)) throw badLine(line, 'it is no JSON object');
  return value;
}

function checked<T>(result: z.core.util.SafeParseResult<T>, line: number): T {
  if (result.success) return result.data;
  throw badLine(line, result.error.issues.map(describeIssue).join('; '));
}

/** The record as an export of it would read: what compares equal is equal. */
function normal(issue: JsonRecord): JsonRecord {
  for (const key of Object.keys(isJsonObject(issue['metadata']) ? issue['metadata'] : {}))
    checkMetadataKey(key);
  const filled = { status: 'open', issue_type: 'task', priority: 2, ...issue };
  const row = Object.fromEntries(
    ALL_FIELDS.map(({ column, key, read }) => [column, clean(read(Reflect.get(filled, key)))]),
  );
  const fields = ALL_FIELDS.map(({ column, key, write }) => [key, write(row, column)] as const);
  const id = textAt(issue, 'id');
  const lists = [
    ['labels', listOf(issue['labels'])],
    ['dependencies', listOf(issue['dependencies']).map((edge) => normalPart(edge, id))],
    ['comments', listOf(issue['comments']).map((comment) => normalPart(comment, id))],
  ] as const;
  return Object.fromEntries([
    ...fields.filter(([, value]) => value !== undefined),
    ...lists.filter(([, list]) => list.length > 0),
  ]);
}

function clean<T>(value: T): T | string {
  return typeof value === 'string' ? cleanText(value) : value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An edge or comment; its times in the column's precision. */
function normalPart(part: unknown, id: string): JsonRecord {
  const fields = isJsonObject(part) ? part : {};
  const at = fields['created_at'];
  const created =
    typeof at === 'string' && at !== '' ? { created_at: `${parseTime(at).replace(' ', 'T')}Z` } : {};
  return { ...fields, issue_id: id, ...created };
}

function badLine(line: number, why: string): UnreadableError {
  return new UnreadableError({
    code: 'import.bad-line',
    message: `line ${line}: ${why}`,
    hint: 'Nothing was written; repair or remove the line',
  });
}
