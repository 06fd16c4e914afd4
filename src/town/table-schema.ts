import * as z from 'zod/mini';
import type { SettingKey } from './key-kinds.ts';
import { keyNames, pathOf, specOf } from './layers.ts';
import type { KeyTable } from './layers.ts';

type Keys = Readonly<Record<string, SettingKey<unknown>>>;

interface Branch {
  readonly children: Map<string, Branch | z.ZodMiniType>;
}

/** The shape of a file of settings, by its table: unknown keys stay, known ones say what they are. */
export function tableSchema<T extends Keys>(
  table: KeyTable<T>,
  takes: (spec: SettingKey<unknown>) => boolean,
): z.ZodMiniType {
  const root: Branch = { children: new Map() };
  for (const name of keyNames(table)) {
    const spec = specOf(table, name);
    if (takes(spec)) place(root, pathOf(table, name), leafOf(spec));
  }
  return objectOf(root);
}

function place(branch: Branch, [name = '', ...rest]: readonly string[], leaf: z.ZodMiniType): void {
  if (rest.length === 0) {
    branch.children.set(name, leaf);
    return;
  }
  const known = branch.children.get(name);
  const child: Branch = known !== undefined && 'children' in known ? known : { children: new Map() };
  branch.children.set(name, child);
  place(child, rest, leaf);
}

function leafOf({ kind, fallback, summary }: SettingKey<unknown>): z.ZodMiniType {
  const known = fallback === undefined ? '' : ` Default: ${kind.show(fallback) || 'empty'}.`;
  const description = `${summary}. It takes ${kind.expects}.${known}`;
  return z.optional(kind.schema).register(z.globalRegistry, { description });
}

function objectOf({ children }: Branch): z.ZodMiniType {
  const shape = [...children].map(([name, child]) => [
    name,
    'children' in child ? z.optional(objectOf(child)) : child,
  ]);
  return z.looseObject(Object.fromEntries(shape) as Record<string, z.ZodMiniType>);
}
