import { statSync } from 'node:fs';

/** True when both paths lead to one folder, through links or not. */
export function isSameFolder(left: string, right: string): boolean {
  if (left === right) return true;
  try {
    const [a, b] = [statSync(left, { bigint: true }), statSync(right, { bigint: true })];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}
