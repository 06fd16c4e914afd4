import { join } from 'node:path';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';
import { formulaTemplate } from '../../formulas/scaffold.ts';
import { actingTown } from '../acting-town.ts';

/** Writes a first version of a formula into the town; never over one that is there. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const name = input.arg('name');
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name)) {
    throw new UsageError({
      code: 'formula.bad-name',
      message: `'${name.slice(0, 60)}' cannot name a formula`,
      hint: 'Use letters, digits, dash, underscore and dot',
    });
  }
  const path = join(town.root, '.beads/formulas', `${name}.formula.toml`);
  if ((await town.ports.files.stat(path)) !== undefined) {
    throw new RefusedError({ code: 'formula.exists', message: `${path} is there already` });
  }
  await town.ports.files.writeAtomic(path, formulaTemplate(name, input.flag('type')));
  return { text: `Wrote ${path}\nEdit it, then look: gt formula show ${name}` };
}
