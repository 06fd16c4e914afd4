import type { CommandInput } from '../../cli/command.ts';

/** An edge of a bead that is about to be made; `new` stands for its id. */
export interface NewEdge {
  readonly direction: 'from-new' | 'to-new';
  readonly other: string;
  readonly type: string;
  readonly metadata?: string;
}

/**
 * --deps and --waits-for. `X` = the new bead depends on X; `blocks:X` = the new bead blocks X; any other
 * `type:X` = an edge of that type from the new bead to X.
 */
export function readNewEdges(input: CommandInput): readonly NewEdge[] {
  const waitsFor = input.flag('waits-for');
  const gate = input.flag('waits-for-gate');
  return [
    ...input.list('deps').map(parseDependency),
    ...(waitsFor === undefined
      ? []
      : [
          {
            direction: 'from-new' as const,
            other: waitsFor,
            type: 'waits-for',
            ...(gate === undefined ? {} : { metadata: JSON.stringify({ gate }) }),
          },
        ]),
  ];
}

function parseDependency(text: string): NewEdge {
  const [, type, rest] = /^([a-z][a-z-]*):(.+)$/.exec(text.trim()) ?? [];
  if (type === undefined || rest === undefined || type === 'external') {
    return { direction: 'from-new', other: text.trim(), type: 'blocks' };
  }
  return { direction: type === 'blocks' ? 'to-new' : 'from-new', other: rest.trim(), type };
}
