import { GtError, messageOf } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import { ParseError } from './errors.ts';
import type { ErrorRequest } from './program.ts';

/**
 * `Error: what: why`, a blank line and one next step; usage text after parse errors only. The same with --json:
 * it goes to stderr. Stacks and causes appear only when GT_DEBUG is set.
 */
export function renderError(error: unknown, request: ErrorRequest): string {
  const hint = hintOf(error);
  const usage = error instanceof ParseError ? error.usage : undefined;
  const lines = [
    `Error: ${printable(messageOf(error))}`,
    ...(hint === undefined ? [] : ['', printable(hint)]),
    ...(usage === undefined ? [] : ['', `Usage: ${usage}`]),
    ...(request.debug ? ['', ...debugLines(error)] : []),
  ];
  return lines.join('\n');
}

function hintOf(error: unknown): string | undefined {
  if (error instanceof GtError) return error.hint;
  return 'This is a fault in gt itself. Run again with GT_DEBUG=1 to see where';
}

function debugLines(error: unknown): readonly string[] {
  const lines: string[] = error instanceof GtError ? [`code: ${error.code}`] : [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    lines.push(...(at === error ? [] : ['caused by:']), printable(at.stack ?? at.message));
  }
  return lines;
}
