import { instantiate } from '../../../formulas/molecule/instantiate.ts';
import { readSource } from '../../../formulas/molecule/source.ts';
import { onLedger } from '../handlers.ts';
import { openKitchen, readValues } from './kitchen.ts';
import { instantiatedJson, instantiatedSchema, preview } from './molecule-replies.ts';

export const schema = instantiatedSchema;

/**
 * Makes a passing molecule. Its steps are read from the formula; rows they become only when the formula says
 * `pour`, when they come from a proto made by hand, or with --steps.
 */
export const run = onLedger(async ({ app, input, home, write }) => {
  const kitchen = await openKitchen(app, input);
  const name = input.arg('proto');
  const { blueprint } = await readSource({ reads: home, kitchen, name, values: readValues(input) });
  const rootOnly = input.bool('root-only') || !(blueprint.pour || input.bool('steps'));
  if (input.bool('dry-run')) {
    const nodes = rootOnly ? blueprint.nodes.slice(0, 1) : blueprint.nodes;
    return preview([{ ...blueprint, nodes }], 'make');
  }
  const source = { clock: app.machine.clock, random: app.machine.random };
  const assignee = input.flag('assignee');
  const made = await write(`wisp ${blueprint.name}`, (tx) =>
    instantiate(tx, blueprint, {
      keep: 'wisp',
      rootOnly,
      source,
      ...(assignee === undefined ? {} : { assignee }),
    }),
  );
  return {
    data: instantiatedJson(made, 'vapor'),
    text: [
      rootOnly
        ? `Made wisp ${made.rootId}; its ${blueprint.nodes.length - 1} steps are in the formula: bd formula show ${blueprint.name}`
        : `Made wisp ${made.rootId} with ${made.ids.size} beads: bd mol show ${made.rootId}`,
      `When it is done: bd mol squash ${made.rootId}   To drop it: bd mol burn ${made.rootId} --force`,
    ].join('\n'),
    warnings: blueprint.warnings,
  };
});
