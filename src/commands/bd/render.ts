import type { AppContext } from '../../context.ts';
import type { ErrorRequest } from '../../cli/program.ts';
import { ParseError } from '../../cli/errors.ts';
import { renderError } from '../../cli/render-error.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { PlainError } from './plain-error.ts';

const SCHEMA_VERSION = 1;

/**
 * JSON as bd writes it: arrays bare with keys in their order, objects with `schema_version` and sorted keys, `<`, `>` and `&` escaped;
 * BD_JSON_ENVELOPE=1 wraps either.
 */
export function renderBdJson(data: unknown, app: Pick<AppContext, 'env'>): string {
  const document =
    app.env['BD_JSON_ENVELOPE'] === '1' ? { data, schema_version: SCHEMA_VERSION } : withVersion(data);
  const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(document, undefined, 2)
    .replaceAll(/[<>&]/g, (character) => escapes[character] ?? character)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function withVersion(data: unknown): unknown {
  return isObject(data) ? sorted({ ...data, schema_version: SCHEMA_VERSION }) : data;
}

/** All the way down, as bd does to the documents that it adds its version to. */
function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (!isObject(data)) return data;
  const entries = Object.entries(data).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain({ message, hint }: PlainError, { json }: ErrorRequest): string {
  if (json) return printable(message);
  const text = message.startsWith('Error') ? message : `Error: ${message}`;
  return printable(hint === undefined ? text : `${text}\n\n${hint}`);
}

/** Errors: text, or with --json one object `{error, code?, hint?, schema_version}`; always on stderr. */
export function renderBdError(error: unknown, request: ErrorRequest): string {
  if (error instanceof PlainError) return plain(error, request);
  if (!request.json) return renderError(error, request);
  const facts = error instanceof GtError ? { code: error.code, hint: error.hint ?? usageOf(error) } : {};
  return renderBdJson({ error: messageOf(error), ...facts }, { env: {} });
}

function usageOf(error: GtError): string | undefined {
  return error instanceof ParseError && error.usage !== undefined ? `Usage: ${error.usage}` : undefined;
}
