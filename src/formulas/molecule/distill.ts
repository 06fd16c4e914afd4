import { stringify } from 'smol-toml';
import type { Bead, Edge } from '../../beads/types.ts';
import { parseFormula } from '../parse.ts';
import type { Values } from '../variables.ts';
import type { Molecule } from './read.ts';

export interface DistillRequest {
  readonly name: string;
  /** File it will be written to. */
  readonly path: string;
  /** Variable → text that it stands for in this molecule. */
  readonly values: Values;
}

/** A formula file that would make such a molecule again; texts of `values` become variables. Throws UsageError. */
export function distill(molecule: Molecule, { name, path, values }: DistillRequest): string {
  const generalize = (text: string) =>
    Object.entries(values)
      .filter(([, value]) => value !== '')
      .reduce((now, [variable, value]) => now.replaceAll(value, `{{${variable}}}`), text);
  const names = namesOf(molecule, generalize);
  const below = (parent: string): readonly object[] =>
    molecule.steps
      .filter((step) => molecule.parents.get(step.id) === parent && step.type !== 'gate')
      .map((step) => stepFile(step, { names, molecule, generalize, children: below(step.id) }));
  const text = stringify({
    formula: name,
    description: generalize(molecule.root.description || molecule.root.title),
    version: 1,
    type: 'workflow',
    vars: Object.fromEntries(Object.keys(values).map((variable) => [variable, { required: true }])),
    steps: below(molecule.root.id),
  });
  parseFormula(text, path);
  return text;
}

/** Step id → id in the formula: the title in small letters, numbered when it is taken. */
function namesOf({ steps }: Molecule, generalize: (text: string) => string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const step of steps) {
    const bare =
      generalize(step.title)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, '')
        .slice(0, 40) || 'step';
    let name = bare;
    for (let next = 2; taken.has(name); next += 1) name = `${bare}-${next}`;
    taken.add(name);
    names.set(step.id, name);
  }
  return names;
}

interface Drawing {
  readonly names: ReadonlyMap<string, string>;
  readonly molecule: Molecule;
  readonly generalize: (text: string) => string;
  readonly children: readonly object[];
}

function stepFile(step: Bead, { names, molecule, generalize, children }: Drawing): object {
  const leaving = molecule.edges.filter((edge: Edge) => edge.from === step.id && edge.type === 'blocks');
  const targets = leaving.flatMap((edge) => molecule.steps.find((other) => other.id === edge.to) ?? []);
  const gate = targets.find((other) => other.type === 'gate');
  const needs = targets
    .filter((other) => other.type !== 'gate')
    .flatMap((other) => names.get(other.id) ?? []);
  return {
    id: names.get(step.id) ?? step.id,
    title: generalize(step.title),
    ...(step.description === '' ? {} : { description: generalize(step.description) }),
    ...(step.acceptanceCriteria === '' ? {} : { acceptance: generalize(step.acceptanceCriteria) }),
    ...(step.type === 'task' || children.length > 0 ? {} : { type: step.type }),
    ...(step.priority === 2 ? {} : { priority: step.priority }),
    ...(step.labels.length === 0 ? {} : { labels: step.labels.map(generalize) }),
    ...(needs.length === 0 ? {} : { needs }),
    ...(gate === undefined
      ? {}
      : {
          gate: {
            type: gate.awaitType,
            ...(gate.awaitId === '' ? {} : { await_id: generalize(gate.awaitId) }),
            ...(gate.timeoutMs === 0 ? {} : { timeout: `${gate.timeoutMs / 1000}s` }),
          },
        }),
    ...(children.length === 0 ? {} : { children }),
  };
}
