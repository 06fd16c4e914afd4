import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { RefusedError } from '../../../core/errors.ts';
import { formulaJson } from '../../../formulas/formula-json.ts';
import { cookFormula } from '../../../formulas/kitchen.ts';
import type { Cooked } from '../../../formulas/cook.ts';
import { burnMolecule } from '../../../formulas/molecule/burn.ts';
import { instantiate } from '../../../formulas/molecule/instantiate.ts';
import { protoBlueprint } from '../../../formulas/molecule/proto.ts';
import { renderFormula } from '../../../ui/text/formulas.ts';
import { openKitchen, readValues } from './kitchen.ts';
import { openBeads } from '../open.ts';
import { openWrite } from '../write.ts';

export const schema = z.union([
  z.looseObject({ formula: z.string(), version: z.number(), type: z.string() }),
  z.object({
    proto_id: z.string(),
    formula: z.string(),
    created: z.number(),
    variables: z.array(z.string()),
    bond_points: z.array(z.string()),
  }),
]);

/** Cooks a formula: prints what it comes to, or stores it as a proto (--persist). */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const kitchen = await openKitchen(app, input, input.list('search-path'));
  const values = readValues(input);
  const isFilled = input.flag('mode') === 'runtime' || Object.keys(values).length > 0;
  const name = input.arg('formula');
  if (input.bool('persist')) return persist(app, input, await cookFormula(kitchen, { name }));
  const cooked = await cookFormula(kitchen, { name, ...(isFilled ? { values } : {}) });
  const { formula, steps, description, warnings } = cooked;
  const result = { ...formula, description, steps, template: [] };
  const data = formulaJson(result);
  return {
    data,
    text: input.bool('dry-run')
      ? renderFormula(result, app.output.style)
      : JSON.stringify(data, undefined, 2),
    warnings,
  };
}

async function persist(app: AppContext, input: CommandInput, cooked: Cooked): Promise<CommandReply> {
  const beads = await openBeads(app, input);
  const write = await openWrite(app, input, beads);
  const blueprint = protoBlueprint(cooked);
  const rootId = `${input.flag('prefix') ?? ''}${blueprint.name}`;
  const source = { clock: app.machine.clock, random: app.machine.random };
  if (!input.bool('dry-run')) {
    await write(beads.home, `cook formula ${rootId}`, async (tx) => {
      if ((await tx.get(rootId)) !== undefined) {
        if (!input.bool('force')) throw alreadyCooked(rootId);
        await burnMolecule(tx, rootId);
      }
      return instantiate(tx, blueprint, { keep: 'issue', isProto: true, rootId, source });
    });
  }
  const created = blueprint.nodes.length;
  return {
    data: {
      proto_id: rootId,
      formula: blueprint.name,
      created,
      variables: cooked.places,
      bond_points: (cooked.formula.compose?.bond_points ?? []).map((point) => point.id),
    },
    text: input.bool('dry-run')
      ? `Would store ${rootId} with ${created} beads`
      : `Stored ${rootId} with ${created} beads\nPour it: bd mol pour ${rootId}${demanded(cooked)
          .map((name) => ` --var ${name}=<value>`)
          .join('')}`,
    warnings: cooked.warnings,
  };
}

/** Variables that whoever pours it has to give. */
function demanded({ formula, places }: Cooked): readonly string[] {
  return places.filter(
    (place) => formula.vars[place] !== undefined && formula.vars[place].default === undefined,
  );
}

function alreadyCooked(id: string): RefusedError {
  return new RefusedError({
    code: 'molecule.proto-exists',
    message: `proto ${id} is stored already`,
    hint: 'Add --force to replace it',
  });
}
