import { UsageError } from '../core/errors.ts';
import { listRigs, rigNamed } from './registry.ts';
import type { Rig, RigSource } from './registry.ts';

/** The named rig, else the one whose folder `cwd` lies in, else the only one. UsageError `rig.not-named`. */
export async function chooseRig(
  town: RigSource,
  choice: { readonly name: string; readonly cwd: string },
): Promise<Rig> {
  if (choice.name !== '') return rigNamed(town, choice.name);
  const rigs = await listRigs(town);
  const here = rigs.find(({ paths }) => choice.cwd === paths.root || choice.cwd.startsWith(`${paths.root}/`));
  const only = rigs.length === 1 ? rigs[0] : undefined;
  const found = here ?? only;
  if (found !== undefined) return found;
  throw new UsageError({
    code: 'rig.not-named',
    message: 'which rig?',
    hint: 'Name one of: gt rig list',
  });
}
