const HIDDEN = '[secret]';

/** Shapes that are secrets wherever they stand; `$1` is kept in front. */
const SHAPES: readonly RegExp[] = [
  // Credentials inside a URL.
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]+(?=@)/gi,
  // A user part alone is a token when it is long (https://ghp_…@host); ssh users are short.
  /(\bhttps?:\/\/)[^\s/@:]{12,}(?=@)/gi,
  /(\b(?:bearer|basic|token)\s+)[a-z0-9._~+/=-]{12,}/gi,
  // Keys of the usual services, by their prefix.
  /()\b(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})/g,
  /()\b(?:xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,})/g,
  // NAME=value and "name": "value" whose name says it is one.
  /(\b[\w-]*(?:password|passwd|secret|token|api[_-]?key|private[_-]?key)"?\s*[=:]\s*"?)[^\s"',;&]+/gi,
];

const SECRET_NAME = /password|passwd|secret|token$|_token|api[_-]?key|private[_-]?key|authorization|cookie/i;

/** `text` with everything that looks like a credential replaced by `[secret]`. */
export function hideSecrets(text: string): string {
  let shown = text;
  for (const shape of SHAPES) shown = shown.replaceAll(shape, `$1${HIDDEN}`);
  return shown;
}

/** The same for a JSON-like value: also hides whatever stands under a name such as `password` or `apiKey`. */
export function hideSecretValues(value: unknown, depth = 6): unknown {
  if (typeof value === 'string') return hideSecrets(value);
  if (value instanceof Error) return hideSecrets(value.stack ?? value.message);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => hideSecretValues(item, depth - 1));
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    SECRET_NAME.test(name) && item !== undefined && item !== null
      ? HIDDEN
      : hideSecretValues(item, depth - 1),
  ]);
  return Object.fromEntries(entries);
}
