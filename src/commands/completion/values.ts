import type { TownContext } from '../../beads/context.ts';
import type { Bead, Ledgers } from '../../beads/types.ts';
import type { Candidate, WantedValues } from '../../cli/completing.ts';
import type { ValueKind } from '../../cli/completion-kinds.ts';
import type { Program } from '../../cli/program.ts';
import { commandTree, visibleChildren } from '../../cli/tree.ts';
import { ROLES } from '../../core/address.ts';
import { isOldWorkerName } from '../../core/names.ts';
import { clonesOf } from '../../rig/find-crew.ts';
import { listRigs } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { SHELLS } from './scripts.ts';

/* What only one kind of value needs is imported there: each Tab is a start of gt. */

/** What names are read from. */
export interface ValueSource {
  readonly ledgers: Ledgers;
  /** undefined = a ledger without a town (bd). */
  readonly town: TownContext | undefined;
}

export interface ValueReader {
  readonly program: Program;
  /** Opened only for what is not known without. */
  readonly open: () => Promise<ValueSource>;
}

/** Every value of the kind, best first; more than start with what was typed. Throws what reading the town throws. */
export async function readValues(reader: ValueReader, wanted: WantedValues): Promise<readonly Candidate[]> {
  const fixed = FIXED[wanted.kind];
  if (fixed !== undefined) return fixed(reader.program);
  const { ledgers, town } = await reader.open();
  if (wanted.kind === 'bead' || wanted.kind === 'closed-bead') return beads(ledgers, wanted);
  return town === undefined ? [] : ((await OF_TOWN[wanted.kind]?.(town, wanted)) ?? []);
}

const FIXED: Readonly<Partial<Record<ValueKind, (program: Program) => Promise<readonly Candidate[]>>>> = {
  command: async ({ commands }) =>
    visibleChildren(commandTree(commands)).map(({ word, spec }) => ({
      value: word,
      about: spec?.summary ?? '',
    })),
  'rig-key': async () => keys((await import('../../rig/settings-keys.ts')).RIG_TABLE.keys),
  role: async () => plain(ROLES),
  shell: async () => plain(SHELLS),
  'town-key': async () => keys((await import('../../town/settings-keys.ts')).TOWN_TABLE.keys),
};

type TownReader = (town: TownContext, wanted: WantedValues) => Promise<readonly Candidate[]>;

const OF_TOWN: Readonly<Partial<Record<ValueKind, TownReader>>> = {
  agent: agents,
  convoy: async ({ ledgers }) =>
    described(await (await ledgers.hq()).list({ type: ['convoy'], notStatus: ['closed'], limit: LIMIT })),
  crew,
  formula: async (town) => {
    const { townKitchen } = await import('../../formulas/kitchen.ts');
    const { listFormulaNames } = await import('../../formulas/library.ts');
    return plain(await listFormulaNames(townKitchen(town)));
  },
  polecat: async (town) =>
    (await Promise.all((await listRigs(town)).map((rig) => polecats(town, rig)))).flat(),
  rig: rigs,
  runtime: async (town) => {
    const { listAgents } = await import('../../runtimes/agents.ts');
    return (await listAgents(town)).map(({ name, command }) => ({ value: name, about: command }));
  },
  session: sessions,
  target: async (town, wanted) =>
    (await Promise.all([rigs(town), agents(town), beads(town.ledgers, wanted)])).flat(),
};

function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, about: '' }));
}

function keys(table: Readonly<Record<string, { readonly summary: string }>>): readonly Candidate[] {
  return Object.entries(table).map(([value, { summary }]) => ({ value, about: summary }));
}

async function rigs(town: TownContext): Promise<readonly Candidate[]> {
  return (await listRigs(town)).map(({ name, prefix }) => ({ value: name, about: `rig, beads ${prefix}-…` }));
}

const LIMIT = 100;
/** The town's own rows, and what other words complete. */
const NO_WORK = ['agent', 'role', 'rig', 'message', 'event', 'slot', 'queue', 'convoy', 'merge-request'];

async function beads(ledgers: Ledgers, { kind, typed }: WantedValues): Promise<readonly Candidate[]> {
  const lists = await Promise.all(
    (await ledgers.all()).map((ledger) =>
      ledger.list({
        tables: ['issues'],
        notType: NO_WORK,
        limit: LIMIT,
        ...(kind === 'closed-bead' ? { status: ['closed'], order: 'closed' } : { notStatus: ['closed'] }),
        ...(typed === '' ? {} : { textContains: typed }),
      }),
    ),
  );
  return described(lists.flat().toSorted((a, b) => a.priority - b.priority));
}

function described(list: readonly Bead[]): readonly Candidate[] {
  return list.map(({ id, title }) => ({ value: id, about: title }));
}

async function polecats({ ports }: TownContext, { name: rig, paths }: Rig): Promise<readonly Candidate[]> {
  const entries = (await ports.files.list(paths.polecatsDir)) ?? [];
  return entries
    .filter(({ name, kind }) => kind === 'dir' && isOldWorkerName(name))
    .map(({ name }) => ({ value: `${rig}/${name}`, about: 'polecat (worker)' }));
}

async function crew(town: TownContext): Promise<readonly Candidate[]> {
  const places = (await Promise.all((await listRigs(town)).map((rig) => clonesOf(town, rig)))).flat();
  const isTwice = (name: string): boolean => places.filter((place) => place.name === name).length > 1;
  return places.map(({ rig, name }) => ({
    value: isTwice(name) ? `${rig.name}/${name}` : name,
    about: `crew (own clone) in ${rig.name}`,
  }));
}

async function agents(town: TownContext): Promise<readonly Candidate[]> {
  const workers = await Promise.all(
    (await listRigs(town)).map(async (rig) => [
      ...(await polecats(town, rig)),
      ...(await clonesOf(town, rig)).map(({ name }) => ({
        value: `${rig.name}/crew/${name}`,
        about: 'crew (own clone)',
      })),
    ]),
  );
  return [
    { value: 'mayor', about: 'coordinator' },
    { value: 'deacon', about: 'health checks of the town' },
    ...workers.flat(),
  ];
}

const STATE_FILE = '.state.json';

async function sessions({ ports, paths }: TownContext): Promise<readonly Candidate[]> {
  const entries = (await ports.files.list(paths.panesDir)) ?? [];
  return plain(
    entries.flatMap(({ name }) => (name.endsWith(STATE_FILE) ? [name.slice(0, -STATE_FILE.length)] : [])),
  );
}
