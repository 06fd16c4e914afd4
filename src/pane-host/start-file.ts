import { readFileSync, statSync } from 'node:fs';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { UnreadableError, messageOf } from '../core/errors.ts';
import type { PaneStart } from '../ports/panes.ts';

/**
 * What the agent shall be. Written by gt itself with mode 0600 a moment ago, so only the fields that decide whether
 * it is the right file are checked. UnreadableError `pane.bad-start`.
 */
export function readStart(path: string, session: string): PaneStart {
  const bad = (why: string, cause?: unknown): UnreadableError =>
    new UnreadableError({ code: 'pane.bad-start', message: `cannot read ${path}: ${why}`, cause });
  let start: PaneStart;
  try {
    start = JSON.parse(readFileSync(path, 'utf8')) as PaneStart;
  } catch (error) {
    throw bad(messageOf(error), error);
  }
  if (start.session !== session) throw bad(`it is of session ${String(start.session)}`);
  if (!Number.isInteger(start.spawn) || !Array.isArray(start.argv) || start.argv.length === 0) {
    throw bad('it names no command');
  }
  return start;
}

/** Why the agent cannot be started; undefined = it can. Found out here, since the exit status would not tell. */
export function whyNotStartable({ argv, cwd, env }: PaneStart): string | undefined {
  if (!isFolder(cwd)) return `no folder ${cwd}`;
  const [program] = argv;
  const places = program.includes('/')
    ? [join(program.startsWith('/') ? '/' : cwd, program)]
    : onPath(program, env['PATH']);
  return places.some(isExecutable) ? undefined : `no program ${program}`;
}

function onPath(program: string, path = '/usr/bin:/bin'): readonly string[] {
  return path.split(':').map((folder) => join(folder, program));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
