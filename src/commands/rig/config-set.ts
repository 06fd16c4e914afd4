import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { readRigProperties } from '../../rig/properties.ts';
import { PROPERTY_TABLE } from '../../rig/property-keys.ts';
import { rigNamed } from '../../rig/registry.ts';
import { changeRigProperty } from '../../rig/write-property.ts';
import type { PropertyChange } from '../../rig/write-property.ts';
import { parseKey } from '../../town/layers.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  await app.town();
  const text = input.arg('value');
  const isBlock = input.bool('block');
  if (isBlock === (text !== '')) throw wrongWords();
  return changeProperty(app, input, isBlock ? { do: 'block' } : { do: 'set', text });
}

/** Changes a property and says what it is now. */
export async function changeProperty(
  app: AppContext,
  input: CommandInput,
  how: PropertyChange['how'],
): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const rig = await rigNamed(ctx, input.arg('rig'));
  const name = parseKey(PROPERTY_TABLE, input.arg('key'));
  await changeRigProperty(ctx, rig, { name, where: input.bool('global') ? 'global' : 'here', how });
  const { text, source, problem } = (await readRigProperties(ctx, rig)).report(name);
  return {
    text: `${app.output.style.green('✓')} ${rig.name}: ${name} is ${text === '' ? 'not set' : text} (${source})`,
    warnings: problem === undefined ? [] : [problem],
  };
}

function wrongWords(): UsageError {
  return new UsageError({
    code: 'argument.missing',
    message: 'give a value, or --block without one',
    hint: 'Run: gt rig config set <rig> <property> <value>',
  });
}
