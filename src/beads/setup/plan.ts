import { RefusedError } from '../../core/errors.ts';
import { parseJsonObject } from '../../town/json-file.ts';
import { hasHook, withHook, withoutHook } from './json-hook.ts';
import type { RecipeFile } from './recipes.ts';
import { sectionState, withSection, withoutSection, type SectionState } from './section.ts';
import { AIDER_READ, INSTRUCTIONS } from './texts.ts';

/** What is to become of one file; `content` undefined = it goes. */
export interface FileChange {
  readonly path: string;
  readonly action: 'write' | 'delete' | 'keep';
  readonly content?: string;
}

/** A file as it is, at its place on this machine; text undefined = it is not there. */
export interface PresentFile {
  readonly file: RecipeFile;
  readonly path: string;
  readonly text: string | undefined;
}

export function planInstall(present: readonly PresentFile[]): readonly FileChange[] {
  return present.map(({ file, path, text }) => {
    checkText(path, text);
    const after = installed(file, path, text);
    return after === text ? { path, action: 'keep' } : { path, action: 'write', content: after };
  });
}

export function planRemove(present: readonly PresentFile[]): readonly FileChange[] {
  return present.map(({ file, path, text }) => {
    if (text === undefined) return { path, action: 'keep' };
    checkText(path, text);
    const after = file.kind === 'hook' ? withoutHook(text, file.hook, path) : withoutSection(text, file);
    if (after === undefined) return { path, action: 'delete' };
    return after === text ? { path, action: 'keep' } : { path, action: 'write', content: after };
  });
}

export function stateOf({ file, path, text }: PresentFile): SectionState {
  if (text === undefined) return 'missing';
  if (file.kind === 'section') return sectionState(text, bodyOf(file), file.comment);
  return hasHook(parseJsonObject(text, path), file.hook) ? 'current' : 'missing';
}

function installed(file: RecipeFile, path: string, text: string | undefined): string {
  if (file.kind === 'hook') return withHook(text, file.hook, path);
  if (file.body === 'aider') checkAider(path, text);
  return withSection(text, bodyOf(file), file);
}

function bodyOf(file: Extract<RecipeFile, { kind: 'section' }>): string {
  return file.body === 'aider' ? AIDER_READ : INSTRUCTIONS;
}

/** A file that is not UTF-8 could not be written back as it was. Throws RefusedError `setup.not-text`. */
function checkText(path: string, text: string | undefined): void {
  if (text === undefined || !text.includes('\uFFFD')) return;
  throw new RefusedError({
    code: 'setup.not-text',
    message: `${path} is not plain UTF-8 text, so nothing is put into it`,
    hint: 'Convert it, or put in by hand what this prints: bd setup --print',
  });
}

/** YAML takes a key once. Throws RefusedError `setup.read-taken`. */
function checkAider(path: string, text: string | undefined): void {
  if (text === undefined || !/^read\s*:/m.test(text) || text.includes(AIDER_READ)) return;
  throw new RefusedError({
    code: 'setup.read-taken',
    message: `${path} has a "read:" list of its own`,
    hint: 'Put the text of bd setup --print into a file of that list',
  });
}
