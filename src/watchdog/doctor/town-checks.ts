import { join } from 'node:path';
import { pendingFile, stalePending } from '../../polecat/dispatch/pool.ts';
import { anchorText, withSections } from '../../town/anchor.ts';
import { readTown } from '../../town/town-file.ts';
import { readWanted } from '../../town/wanted.ts';
import { startDaemon } from '../daemon-control.ts';
import { readDaemonStatus } from '../daemon-status.ts';
import { clearShuttingDown, shuttingDownPid } from '../shutting-down.ts';
import { inRigs, eachRig, type DoctorCheck } from './check.ts';

export const ANCHOR: DoctorCheck = {
  name: 'town-anchor',
  group: 'town',
  title: 'Agents that start at the root of the town are told where they are (CLAUDE.md, AGENTS.md)',
  severity: 'warning',
  remedy: 'adds the file, or the sections that it lacks; what is written in it stays',
  async detect({ ctx }) {
    const text = await ctx.ports.files.readText(join(ctx.root, 'CLAUDE.md'));
    const link = await ctx.ports.files.stat(join(ctx.root, 'AGENTS.md'));
    return [
      ...(text === undefined ? ['CLAUDE.md is missing'] : []),
      ...(text !== undefined && withSections(text) !== text ? ['CLAUDE.md lacks sections'] : []),
      ...(link === undefined ? ['AGENTS.md is missing'] : []),
    ];
  },
  async fix({ ctx }) {
    const { files } = ctx.ports;
    const path = join(ctx.root, 'CLAUDE.md');
    const before = await files.readText(path);
    const after =
      before === undefined ? anchorText((await readTown(files, ctx.paths)).name) : withSections(before);
    if (after !== before) await files.writeAtomic(path, after, { mode: 0o644 });
    const link = join(ctx.root, 'AGENTS.md');
    if ((await files.stat(link)) === undefined) await files.link(link, 'CLAUDE.md');
  },
};

const BRANCHES = new Set(['main', 'master', 'gt_managed']);

export const TOWN_BRANCH: DoctorCheck = {
  name: 'town-branch',
  group: 'town',
  title: 'The town, where it is a repository itself, is on its main branch',
  severity: 'warning',
  remedy:
    'git -C <town> switch main: on another branch the registry and the settings may be those of long ago',
  async detect({ ctx }) {
    if ((await ctx.ports.files.stat(join(ctx.root, '.git'))) === undefined) return [];
    const { branch } = await ctx.ports.git.worktrees.status(ctx.root);
    return branch === undefined || BRANCHES.has(branch) ? [] : [`it is on ${branch}`];
  },
};

export const DAEMON: DoctorCheck = {
  name: 'daemon',
  group: 'running',
  title: 'The daemon watches a town that is up',
  severity: 'error',
  remedy: 'starts it',
  async detect({ ctx }) {
    const wanted = await readWanted(ctx);
    // Nobody has asked for a town to run that was never started, or was taken down.
    if (wanted.since === '' || wanted.town === 'down') return [];
    return (await readDaemonStatus(ctx)).running ? [] : ['it does not run: nobody watches the agents'];
  },
  fix: async ({ ctx }) => void (await startDaemon(ctx)),
};

export const SHUTTING_DOWN: DoctorCheck = {
  name: 'shutting-down',
  group: 'running',
  title: 'No mark of a gt down that was killed is left',
  severity: 'warning',
  remedy: 'removes the mark',
  async detect({ ctx }) {
    const mark = await ctx.ports.files.stat(ctx.paths.shuttingDown);
    if (mark === undefined || (await shuttingDownPid(ctx)) !== undefined) return [];
    return [`${ctx.paths.shuttingDown} names a process that is gone`];
  },
  async fix({ ctx }) {
    if ((await shuttingDownPid(ctx)) === undefined) await clearShuttingDown(ctx);
  },
};

export const RESERVATIONS: DoctorCheck = {
  name: 'reservations',
  group: 'running',
  title: 'No name of a worker is reserved for a dispatch that was killed',
  severity: 'warning',
  remedy: 'removes reservations that are older than operational.polecat.pending_max_age',
  detect: (site) =>
    inRigs(site, async (rig) =>
      (await stalePending(site.ctx, rig)).map((name) => `${name} is reserved and nobody takes it`),
    ),
  fix: (site) =>
    eachRig(site, async (rig) => {
      for (const name of await stalePending(site.ctx, rig))
        await site.ctx.ports.files.remove(pendingFile(rig, name));
    }),
};
