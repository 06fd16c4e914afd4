import { UsageError } from '../core/errors.ts';
import { readRigs, rigNamed } from './registry.ts';
import type { Rig, RigSource } from './registry.ts';

/**
 * The named rig, else the one whose folder `cwd` lies in, else the only one. UsageError `rig.not-named`; UnreadableError
 * `rig.broken` for one that cannot be read: that is not the same as none.
 */
export async function chooseRig(
  town: RigSource,
  choice: { readonly name: string; readonly cwd: string },
): Promise<Rig> {
  if (choice.name !== '') return rigNamed(town, choice.name);
  const { rigs, broken } = await readRigs(town);
  const all = [...rigs, ...broken];
  const isHere = ({ name }: { readonly name: string }): boolean =>
    `${choice.cwd}/`.startsWith(`${town.root}/${name}/`);
  const found = all.find(isHere) ?? (all.length === 1 ? all[0] : undefined);
  if (found !== undefined) return 'why' in found ? rigNamed(town, found.name) : found;
  throw new UsageError({
    code: 'rig.not-named',
    message: 'which rig?',
    hint: 'Name one of: gt rig list',
  });
}
