import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readRigs, rigNamed, type Rigs } from '../../rig/registry.ts';
import type { TownContext } from '../../beads/context.ts';
import { findTown } from '../../town/find.ts';
import { townPaths } from '../../town/layout.ts';
import { createDoctorText } from '../../ui/text/doctor.ts';
import { DOCTOR_CHECKS } from '../../watchdog/doctor/checks.ts';
import { runDoctor, type DoctorReport, type DoctorRun } from '../../watchdog/doctor/run.ts';
import { DAEMON } from '../../watchdog/doctor/town-checks.ts';
import { TOWN_OPENS } from '../../watchdog/doctor/unopened.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.strictObject({
  town: z.string(),
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      group: z.string(),
      title: z.string(),
      status: z.enum(['ok', 'warning', 'error', 'fixed', 'skipped']),
      found: z.array(z.string()),
      remedy: z.string(),
      fixable: z.boolean(),
      ms: z.number(),
    }),
  ),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { files, clock } = app.machine;
  const root = await findTown({ files, cwd: app.cwd, env: app.env });
  const fix = input.bool('fix');
  const text = createDoctorText(app.output.style, {
    verbose: input.bool('verbose'),
    fix,
    slowMs: input.duration('slow'),
  });
  const say = (lines: readonly string[]): void => {
    if (!input.json) for (const line of lines) app.output.write(`${line}\n`);
  };
  const doctor: DoctorRun = {
    fix,
    clock,
    onFix: (check) => say(text.before(check)),
    onReport: (report) => say(text.after(report)),
  };
  const reports = await examine(app, { root, input, doctor });
  const ok = reports.every(({ outcome }) => outcome !== 'error');
  return {
    data: { town: root, ok, checks: reports.map(checkJson) },
    text: text.end(reports),
    exitCode: ok ? 0 : 1,
  };
}

interface Examination {
  readonly root: string;
  readonly input: CommandInput;
  readonly doctor: DoctorRun;
}

/** A town that cannot be opened has nothing else to look at. */
async function examine(
  app: AppContext,
  { root, input, doctor }: Examination,
): Promise<readonly DoctorReport[]> {
  const { machine, env } = app;
  const closed = { root, paths: townPaths(root), files: machine.files, env, ports: machine };
  const first = await runDoctor([TOWN_OPENS], closed, doctor);
  if (first.some(({ outcome }) => outcome === 'error')) return first;
  const ctx = doctor.fix ? await actingTown(app) : await app.town();
  const checks = input.bool('no-start') ? DOCTOR_CHECKS.filter((check) => check !== DAEMON) : DOCTOR_CHECKS;
  return [...first, ...(await runDoctor(checks, { ctx, ...(await rigsOf(ctx, input)) }, doctor))];
}

async function rigsOf(ctx: TownContext, input: CommandInput): Promise<Rigs> {
  const name = input.flag('rig');
  if (name !== undefined) return { rigs: [await rigNamed(ctx, name)], broken: [] };
  return readRigs(ctx);
}

function checkJson({ name, group, title, outcome, found, remedy, byHand, ms }: DoctorReport) {
  return { name, group, title, status: outcome, found, remedy, fixable: byHand !== true, ms: Math.round(ms) };
}
