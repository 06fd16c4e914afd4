import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import type { Role } from '../../core/address.ts';
import type { RigName } from '../../core/names.ts';

export interface OperatorFile {
  readonly path: string;
  /** Trimmed; never ''. */
  readonly text: string;
}

/** Where the operator writes what every agent of a role is told; the rig has the last word. */
export function directivePath(root: string, role: Role, rig?: RigName): string {
  return join(root, rig ?? '', 'directives', `${role}.md`);
}

/** Directives of the town, then of the rig, then what all agents are told; those that say nothing are left out. */
export async function operatorFiles(
  ctx: TownContext,
  role: Role,
  rig?: RigName,
): Promise<readonly OperatorFile[]> {
  const paths = [
    directivePath(ctx.root, role),
    ...(rig === undefined ? [] : [directivePath(ctx.root, role, rig)]),
    join(ctx.root, 'CONTEXT.md'),
  ];
  const texts = await Promise.all(paths.map((path) => ctx.ports.files.readText(path)));
  return paths.flatMap((path, index) => {
    const text = texts[index]?.trim() ?? '';
    return text === '' ? [] : [{ path, text }];
  });
}
