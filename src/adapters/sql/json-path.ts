import { BugError } from '../../core/errors.ts';

const COLUMN = /^(?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*$/;
const PATH = /^\$(?:\.(?:[A-Za-z_]\w*|"[A-Za-z0-9_.:/-]+"))+$/;

/** Column and path are spliced into SQL text: anything but plain names is a bug (or an attack). */
export function checkJsonPath(column: string, path: string): void {
  if (COLUMN.test(column) && PATH.test(path)) return;
  throw new BugError({ code: 'bug.json-path', message: `unsafe JSON path ${column} ${path}` });
}
