import { UsageError } from '../../core/errors.ts';

/**
 * A title as stored: 1-500 characters, never one that reads as a flag (`--help` once became a junk bead).
 * Throws UsageError `bead.bad-title`.
 */
export function checkTitle(raw: string): string {
  const title = cleanText(raw).trim();
  if (title.startsWith('-')) {
    throw new UsageError({
      code: 'bead.flag-like-title',
      message: `title ${JSON.stringify(title.slice(0, 60))} looks like a flag (starts with '-')`,
      hint: 'Start the title with a letter',
    });
  }
  const length = Array.from(title).length;
  if (length === 0 || length > 500) {
    throw new UsageError({
      code: 'bead.bad-title',
      message: length === 0 ? 'a bead needs a title' : `the title has ${length} characters, at most 500 fit`,
      hint: length === 0 ? 'Say in a few words what is to do' : 'Put details into the description',
    });
  }
  return title;
}

/** Free text as stored. NUL ends strings in some engines and lone surrogates cannot be encoded: both are dropped. */
export function cleanText(raw: string): string {
  return raw.replaceAll('\0', '').toWellFormed();
}

/** A label: 1-255 characters on one line, no comma (bd splits at commas). Throws UsageError `bead.bad-label`. */
export function checkLabel(raw: string): string {
  const label = raw.trim();
  if (label === '' || label.length > 255 || /[\p{Cc},]/u.test(label) || !label.isWellFormed()) {
    throw new UsageError({
      code: 'bead.bad-label',
      message: `${JSON.stringify(raw.slice(0, 60))} cannot be a label`,
      hint: 'Use 1-255 characters without commas or line breaks',
    });
  }
  return label;
}

/** A short text column such as assignee: one line, at most 255 characters. Throws UsageError `bead.bad-value`. */
export function checkShort(name: string, raw: string): string {
  const value = raw.trim();
  if (value.length > 255 || /\p{Cc}/u.test(value) || !value.isWellFormed()) {
    throw new UsageError({
      code: 'bead.bad-value',
      message: `${JSON.stringify(raw.slice(0, 60))} cannot be a bead's ${name}`,
      hint: 'Use one line of at most 255 characters',
    });
  }
  return value;
}

const METADATA_KEY = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/;

/** A metadata key fit for a JSON path. Throws UsageError `bead.bad-metadata-key`. */
export function checkMetadataKey(key: string): string {
  if (!METADATA_KEY.test(key)) {
    throw new UsageError({
      code: 'bead.bad-metadata-key',
      message: `${JSON.stringify(key.slice(0, 60))} cannot be a metadata key`,
      hint: 'Use letters, digits, _ . : and -, starting with a letter',
    });
  }
  return key;
}

/** The JSON path of a checked key: quoted, because keys may hold dots. */
export function metadataPath(key: string): string {
  return `$."${checkMetadataKey(key)}"`;
}

/** The text as a piece of a regular expression that matches just it. */
export function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
