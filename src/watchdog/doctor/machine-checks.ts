import { neededTools, probeTools, toolTrouble } from '../../town/tools.ts';
import { gtProgram } from '../../runtimes/gt-command.ts';
import { machineOf } from '../../town/machine/state.ts';
import { installSupervisor, unitTrouble } from '../../town/machine/supervisor.ts';
import type { DoctorCheck, Site } from './check.ts';

export const TOOLS: DoctorCheck = {
  name: 'programs',
  group: 'machine',
  title: 'The programs that this town needs are there',
  severity: 'error',
  remedy:
    'install what is named: git 2.38 or newer; tmux 3.2 or newer; dolt for a Dolt ledger (https://docs.dolthub.com)',
  async detect({ ctx }) {
    const needsDolt = ctx.ports.store.kind === 'dolt';
    const tools = await probeTools(ctx.ports, ctx.env, { needsDolt });
    return neededTools(needsDolt).flatMap((name) => toolTrouble(tools, name) ?? []);
  },
};

const GIB_KIB = 1024 ** 2;
const LEAST_GIB = 1;

export const DISK_SPACE: DoctorCheck = {
  name: 'disk-space',
  group: 'machine',
  title: 'There is room on the disk',
  severity: 'warning',
  remedy: 'free some: worktrees of idle workers go with gt polecat remove, what is in them is kept',
  async detect({ ctx }) {
    const { end, stdout } = await ctx.ports.processes.run({
      argv: ['df', '-Pk', ctx.root],
      env: ctx.env,
      timeoutMs: 5000,
    });
    const free = Number(stdout.trim().split('\n').at(-1)?.split(/\s+/)[3]) / GIB_KIB;
    // A machine without df is asked nothing further: the next write says it.
    if (end !== 'exit' || Number.isNaN(free) || free >= LEAST_GIB) return [];
    return [`${free.toFixed(1)} GiB are left where the town lies`];
  },
};

const machine = ({ ctx }: Site) => machineOf(ctx.ports, ctx.env);

export const SUPERVISOR: DoctorCheck = {
  name: 'supervisor',
  group: 'machine',
  title: 'The unit that starts the daemon at login can start it',
  severity: 'error',
  remedy: 'writes the unit anew, for the gt that you run now',
  async detect(site) {
    const trouble = await unitTrouble(machine(site), site.ctx.root);
    return trouble === undefined ? [] : [trouble];
  },
  async fix(site) {
    await installSupervisor(machine(site), site.ctx.root, gtProgram(site.ctx.gtArgv));
  },
};
