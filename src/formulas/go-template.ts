/** Values of a convoy's templates: texts, lists and records of them. */
export type TemplateData = { readonly [key: string]: string | readonly TemplateItem[] | TemplateData };
type TemplateItem = string | TemplateData;

interface Frame {
  /** Whether text here is written. */
  readonly isOn: boolean;
  /** A branch of this `if` was taken already. */
  readonly wasOn: boolean;
}

/**
 * Fills a template as convoy formulas write them: `{{.a.b}}`, `{{if .a}}…{{else}}…{{end}}`,
 * `{{range .list}}…{{.}}…{{end}}`, `{{-` and `-}}` for the space around. What is not known is '' and never an error.
 */
export function fillTemplate(template: string, data: TemplateData): string {
  return fillPieces(pieces(template), data, data);
}

type Piece = { readonly text: string } | { readonly action: string };

function pieces(template: string): readonly Piece[] {
  const found: Piece[] = [];
  let rest = template;
  for (;;) {
    const match = /(\s*\{\{-|\{\{)\s*([\s\S]*?)\s*(-\}\}\s*|\}\})/.exec(rest);
    if (match === null) return [...found, { text: rest }];
    found.push({ text: rest.slice(0, match.index) }, { action: match[2] ?? '' });
    rest = rest.slice(match.index + match[0].length);
  }
}

function fillPieces(all: readonly Piece[], data: TemplateData, dot: TemplateItem): string {
  let written = '';
  const stack: Frame[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const piece = all[at];
    if (piece === undefined) break;
    const isOn = stack.every((frame) => frame.isOn);
    if ('text' in piece) {
      written += isOn ? piece.text : '';
      continue;
    }
    const [word = '', name = ''] = piece.action.split(/\s+/);
    if (word === 'range') {
      const end = endOf(all, at);
      if (isOn) written += fillRange(all.slice(at + 1, end), data, valueOf(name, data, dot));
      at = end;
    } else if (word === 'if') {
      const isTrue = isFull(valueOf(name, data, dot));
      stack.push({ isOn: isTrue, wasOn: isTrue });
    } else if (word === 'else') {
      const frame = stack.pop();
      if (frame !== undefined) stack.push({ isOn: !frame.wasOn, wasOn: true });
    } else if (word === 'end') stack.pop();
    else if (isOn) written += textOf(valueOf(word, data, dot));
  }
  return written;
}

function fillRange(body: readonly Piece[], data: TemplateData, value: unknown): string {
  if (!Array.isArray(value)) return '';
  return value.map((item: TemplateItem) => fillPieces(body, data, item)).join('');
}

/** Index of the `end` that closes the block opened at `start`. */
function endOf(all: readonly Piece[], start: number): number {
  let depth = 0;
  for (let at = start; at < all.length; at += 1) {
    const piece = all[at];
    if (piece === undefined || 'text' in piece) continue;
    if (/^(?:range|if)\b/.test(piece.action)) depth += 1;
    if (piece.action === 'end') depth -= 1;
    if (depth === 0) return at;
  }
  return all.length;
}

/** `.` is the item of a range; `.a` is looked for in the item first, then in the whole. */
function valueOf(name: string, data: TemplateData, dot: TemplateItem): unknown {
  if (name === '.') return dot;
  if (!/^\.[\w.]+$/.test(name)) return undefined;
  const path = name.slice(1).split('.');
  return [dot, data].map((from) => path.reduce<unknown>(child, from)).find((value) => value !== undefined);
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function isFull(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : '';
}
