import { RefusedError } from '../../core/errors.ts';

/*
 * Our text in a file of somebody else's, between markers. `join` in the first marker counts the line breaks put
 * before it, `new` says that the file was made for it: enough to take it out and leave every other byte as it was.
 */
const NAME = 'BEADS INTEGRATION';

export interface Comment {
  readonly open: string;
  readonly close: string;
}
export const HTML: Comment = { open: '<!-- ', close: ' -->' };
export const HASH: Comment = { open: '# ', close: '' };

interface Found {
  readonly start: number;
  readonly end: number;
  readonly join: number;
  readonly isNew: boolean;
}

/**
 * The file with the section in it, once. `before` undefined = there is no file yet.
 * @param preface what a new file needs above it, such as front matter
 */
export function withSection(
  before: string | undefined,
  body: string,
  { comment, preface = '' }: { readonly comment: Comment; readonly preface?: string },
): string {
  const found = before === undefined ? undefined : findSection(before, comment);
  if (before !== undefined && found !== undefined) {
    const text = section(body, comment, found);
    return before.slice(0, found.start) + text + before.slice(found.end);
  }
  if (before === undefined) return preface + section(body, comment, { join: 0, isNew: true });
  const join = before === '' ? 0 : before.endsWith('\n') ? 1 : 2;
  return `${before}${'\n'.repeat(join)}${section(body, comment, { join, isNew: false })}`;
}

/** The file without the section; undefined = nothing of the user's is left and the file was made by us. */
export function withoutSection(
  text: string,
  { comment, preface = '' }: { readonly comment: Comment; readonly preface?: string },
): string | undefined {
  const found = findSection(text, comment);
  if (found === undefined) return text;
  const head = text.slice(0, found.start);
  const kept = head.endsWith('\n'.repeat(found.join)) ? head.slice(0, head.length - found.join) : head;
  const rest = kept + text.slice(found.end);
  return found.isNew && rest === preface ? undefined : rest;
}

export type SectionState = 'missing' | 'stale' | 'current';

export function sectionState(text: string | undefined, body: string, comment: Comment): SectionState {
  const found = text === undefined ? undefined : findSection(text, comment);
  if (text === undefined || found === undefined) return 'missing';
  return text.slice(found.start, found.end) === section(body, comment, found) ? 'current' : 'stale';
}

function section(
  body: string,
  { open, close }: Comment,
  { join, isNew }: Pick<Found, 'join' | 'isNew'>,
): string {
  return [
    `${open}BEGIN ${NAME} join:${join}${isNew ? ' new' : ''}: written by bd setup, taken out by bd setup --remove${close}`,
    body,
    `${open}END ${NAME}${close}`,
    '',
  ].join('\n');
}

/** Throws RefusedError `setup.half-section` when only one marker is there: what lies between is not known. */
function findSection(text: string, { open, close }: Comment): Found | undefined {
  const start = text.indexOf(`${open}BEGIN ${NAME}`);
  const endMarker = `${open}END ${NAME}${close}`;
  const endAt = text.indexOf(endMarker);
  if (start < 0 && endAt < 0) return undefined;
  if (start < 0 || endAt < start) {
    throw new RefusedError({
      code: 'setup.half-section',
      message: `one of the two marker lines of '${NAME}' is missing`,
      hint: 'Remove the other one by hand, then run the command again',
    });
  }
  const [, join = '0', made] = / join:(\d)( new)?/.exec(text.slice(start, text.indexOf('\n', start))) ?? [];
  const end = endAt + endMarker.length;
  return {
    start,
    end: text[end] === '\n' ? end + 1 : end,
    join: Number(join),
    isNew: made !== undefined,
  };
}
