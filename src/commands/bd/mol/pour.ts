import type { CommandModule } from '../../../cli/command.ts';
import type { Blueprint } from '../../../formulas/molecule/blueprint.ts';
import { bond } from '../../../formulas/molecule/bond.ts';
import { instantiate, type Instantiated } from '../../../formulas/molecule/instantiate.ts';
import { readSource } from '../../../formulas/molecule/source.ts';
import { onLedger } from '../handlers.ts';
import { openKitchen, readValues } from './kitchen.ts';
import { bondType, instantiatedJson, instantiatedSchema, preview } from './molecule-replies.ts';

/** Makes a lasting molecule of a formula or proto: one row per step, all in one transaction. */
export const pour: CommandModule = {
  schema: instantiatedSchema,
  run: onLedger(async ({ app, input, home, write }) => {
    const kitchen = await openKitchen(app, input);
    const values = readValues(input);
    const read = (name: string) => readSource({ reads: home, kitchen, name, values });
    const { blueprint } = await read(input.arg('proto'));
    const attached: Blueprint[] = [];
    for (const name of input.list('attach')) attached.push((await read(name)).blueprint);
    const advice =
      blueprint.phase === 'vapor'
        ? [`${blueprint.name} is meant to run as a wisp: bd mol wisp ${input.arg('proto')}`]
        : [];
    if (input.bool('dry-run')) return preview([blueprint, ...attached], 'pour');
    const assignee = input.flag('assignee');
    const source = { clock: app.machine.clock, random: app.machine.random };
    const made = await write(`pour ${blueprint.name}`, async (tx) => {
      const main = await instantiate(tx, blueprint, {
        keep: 'issue',
        source,
        ...(assignee === undefined ? {} : { assignee }),
      });
      const root = await tx.find(main.rootId);
      const more: Instantiated[] = [];
      for (const one of attached) {
        const bonded = await bond(tx, {
          first: { kind: 'bead', bead: root },
          second: { kind: 'blueprint', blueprint: one },
          type: bondType(input.flag('attach-type')),
          source,
        });
        more.push(...bonded.spawned);
      }
      return { main, more };
    });
    const attachedCount = made.more.reduce((sum, one) => sum + one.ids.size, 0);
    return {
      data: { ...instantiatedJson(made.main, 'liquid'), attached: attachedCount },
      text: [
        `Poured ${made.main.rootId} with ${made.main.ids.size} beads`,
        ...made.more.map((one) => `Attached ${one.rootId} with ${one.ids.size} beads`),
        `See it: bd mol show ${made.main.rootId}`,
      ].join('\n'),
      warnings: [...blueprint.warnings, ...advice],
    };
  }),
};

/**
 * Makes a passing molecule. Its steps are read from the formula; rows they become only when the formula says
 * `pour`, when they come from a proto made by hand, or with --steps.
 */
export const wisp: CommandModule = {
  schema: instantiatedSchema,
  run: onLedger(async ({ app, input, home, write }) => {
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
  }),
};
