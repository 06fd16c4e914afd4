import { examineLedger } from '../../beads/doctor/examine.ts';
import type { CheckReport } from '../../beads/doctor/run.ts';
import { listAgentRows } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { makeRigLedger, readLedgerProject } from '../../rig/ledger.ts';
import { rigBeadId } from '../../rig/labels.ts';
import { makeTownLedger } from '../../rig/town-ledger.ts';
import { beadsDirOf, expectedMetadata, writeBeadsFolder, type BeadsFolder } from '../../town/beads-files.ts';
import { readDoltAddress } from '../../town/dolt-address.ts';
import { readJsonFile } from '../../town/json-file.ts';
import { readWanted } from '../../town/wanted.ts';
import { eachRig, inRigs, type DoctorCheck, type Site } from './check.ts';

export const LEDGER_ANSWERS: DoctorCheck = {
  name: 'ledger-answers',
  group: 'ledger',
  title: 'The ledger answers, and has a database for the town and each rig',
  severity: 'error',
  remedy:
    'gt up starts a Dolt server that is down; a database that is lost comes back from a backup: bd backup restore',
  async unless({ ctx }) {
    const isDown = ctx.ports.store.kind === 'dolt' && (await readWanted(ctx)).town === 'down';
    if (!isDown || (await ctx.ports.store.health()).ok) return undefined;
    return 'the town was taken down, and its Dolt server with it: gt up';
  },
  async detect({ ctx, rigs }) {
    const health = await ctx.ports.store.health();
    if (!health.ok) return [health.error ?? `the ledger at ${health.location} does not answer`];
    const there = await ctx.ports.store.list();
    return ['hq', ...rigs.map(({ database }) => database)].flatMap((name) =>
      there.includes(name) ? [] : [`there is no database ${name}`],
    );
  },
};

export const BEADS_FOLDERS: DoctorCheck = {
  name: 'beads-folders',
  group: 'ledger',
  title: 'Every .beads folder leads bd to the same ledger as gt',
  severity: 'error',
  after: 'ledger-answers',
  remedy: "writes metadata.json and config.yaml anew from what the ledger says; other programs' keys stay",
  async detect({ ctx, rigs }) {
    const folders = await foldersOf(ctx, rigs);
    const lines = await Promise.all(
      folders.map(async (folder) => {
        const path = `${folder.dir}/metadata.json`;
        const doc = (await readJsonFile(ctx.ports.files, path)) ?? {};
        return Object.entries(expectedMetadata(ctx.paths.storeDir, folder)).flatMap(([key, wanted]) =>
          doc[key] === wanted
            ? []
            : [`${path}: ${key} is ${JSON.stringify(doc[key])}, not ${JSON.stringify(wanted)}`],
        );
      }),
    );
    return lines.flat();
  },
  async fix({ ctx, rigs }) {
    for (const folder of await foldersOf(ctx, rigs))
      await writeBeadsFolder(ctx.ports.files, ctx.paths.storeDir, folder);
  },
};

/** As the ledger itself says; a database without a project id has nothing to agree with. */
async function foldersOf(ctx: TownContext, rigs: Site['rigs']): Promise<readonly BeadsFolder[]> {
  const { store } = ctx.ports;
  const dolt = store.kind === 'dolt' ? { dolt: await readDoltAddress(ctx) } : {};
  const all = [
    { database: 'hq', prefix: 'hq' },
    ...rigs.map(({ database, prefix }) => ({ database, prefix })),
  ];
  const folders: BeadsFolder[] = [];
  for (const { database, prefix } of all) {
    const projectId = await readLedgerProject(ctx, database);
    const dir = beadsDirOf(ctx.paths, database);
    if (projectId !== undefined)
      folders.push({ dir, database, prefix, projectId, store: store.kind, ...dolt });
  }
  return folders;
}

export const STANDING_BEADS: DoctorCheck = {
  name: 'standing-beads',
  group: 'ledger',
  title: 'Town and rigs have the beads that stand for them and their agents',
  severity: 'error',
  after: 'ledger-answers',
  remedy: 'adds those that are missing; beads that are there stay as they are',
  async detect(site) {
    const { ctx } = site;
    const roles = async (database: string): Promise<readonly string[]> =>
      (await listAgentRows(await ctx.ledgers.open(database))).map(({ address }) => address.role);
    const ofTown = await roles('hq');
    const town = ['mayor', 'deacon'].filter((role) => !ofTown.includes(role));
    const rigs = await inRigs(site, async (rig) => {
      const there = await roles(rig.database);
      const own = await (await ctx.ledgers.open(rig.database)).get(rigBeadId(rig));
      return [
        ...(own === undefined ? [`its own bead ${rigBeadId(rig)} is missing`] : []),
        ...['witness', 'refinery'].flatMap((role) =>
          there.includes(role) ? [] : [`the ${role} has no bead`],
        ),
      ];
    });
    return [...town.map((role) => `the ${role} has no bead`), ...rigs];
  },
  async fix(site) {
    await makeTownLedger(site.ctx);
    await eachRig(site, (rig) => makeRigLedger(site.ctx, rig));
  },
};

export const LEDGER_CONTENT: DoctorCheck = {
  name: 'ledger-content',
  group: 'ledger',
  title: 'The rows of the ledger agree with each other (all checks of bd doctor)',
  severity: 'error',
  after: 'ledger-answers',
  remedy: 'what bd doctor --fix does, each repair in one transaction',
  detect: async (site) => (await examineAll(site, false)).flatMap(linesOf),
  fix: async (site) => void (await examineAll(site, true)),
};

type Examined = CheckReport & { readonly database: string };

function linesOf({ database, title, outcome, found }: Examined): readonly string[] {
  return outcome === 'ok' ? [] : found.map((line) => `${database}: ${line} (${title})`);
}

async function examineAll({ ctx, rigs }: Site, fix: boolean): Promise<readonly Examined[]> {
  const actor = formatAddress(ctx.actor);
  const reports: Examined[] = [];
  for (const { database, prefix } of [{ database: 'hq', prefix: 'hq' }, ...rigs]) {
    const own = await examineLedger(ctx.ports, { database, prefix, actor, fix });
    reports.push(...own.map((report) => ({ ...report, database })));
  }
  return reports;
}
