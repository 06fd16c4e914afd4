import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Programs } from './cli.ts';
import type { Options } from './options.ts';
import type { Row } from './progress.ts';
import type { TourBead } from './work.ts';

interface Finished {
  readonly options: Options;
  readonly beads: readonly TourBead[];
  readonly rows: readonly Row[];
  readonly dir: string;
  readonly seconds: number;
}

const RigStatus = z.object({ default_branch: z.string() });
const RefineryStatus = z.object({ gate_runs: z.number() });

/** What happened, read back from the repository, the queue and the ledger; then what to try next. */
export async function renderReport(programs: Programs, done: Finished): Promise<string> {
  const { rig, town } = done.options;
  const landed = done.rows.filter((row) => row.shown === 'landed').length;
  const back = done.rows.filter((row) => row.shown === 'sent back');
  const origin = join(town, rig, '.origin.git');
  const { default_branch: branch } = RigStatus.parse(await programs.gtJson(['rig', 'status', rig]));
  const runs = RefineryStatus.parse(await programs.gtJson(['refinery', 'status', rig])).gate_runs;
  const evidence = await Promise.all(back.map((row) => evidenceOf(programs, rig, row)));
  return [
    '',
    `${landed} landed, ${back.length} sent back, ${runs} gate runs, ${done.seconds.toFixed(0)} s.`,
    '',
    ...evidence,
    `What ${branch} of the mirror holds now:`,
    '',
    await programs.git([
      '-C',
      origin,
      'log',
      '--graph',
      '--oneline',
      '--decorate',
      '-n',
      String(landed + 4),
      branch,
    ]),
    '',
    `The town:   ${town}${done.options.keep ? ' (running)' : ' (stopped)'}`,
    `The pages:  git -C ${origin} show ${branch}:${done.dir}/index.md`,
    '',
    'Next:',
    ...nextCommands(done).map((line) => `  ${line}`),
  ].join('\n');
}

async function evidenceOf(programs: Programs, rig: string, row: Row): Promise<string> {
  const merges = z
    .array(z.object({ id: z.string(), source_issue: z.string().optional() }))
    .parse(await programs.gtJson(['mq', 'list', rig]));
  const merge = merges.find((entry) => entry.source_issue === row.bead.id);
  if (merge === undefined) return '';
  const text = await programs.gt(['mq', 'explain', merge.id]);
  return `Sent back: ${row.bead.id} ${row.bead.title}\n${text.replaceAll(/^/gm, '  ')}\n`;
}

function nextCommands(done: Finished): readonly string[] {
  const { town, rig } = done.options;
  const claude = isInstalled('claude');
  const agent = claude ? ' --agent claude' : '';
  return [
    `${isInstalled('gt') ? '' : `export PATH=${resolve(import.meta.dirname, '../../bin')}:$PATH && `}cd ${town} && gt up && gt status`,
    claude
      ? `bd create "Say what this project is for" --rig ${rig} && gt sling <id> ${rig}${agent}`
      : `bd create "Your first task" --rig ${rig} && gt sling <id> ${rig} --agent script --script '<command>'   (install Claude Code to let a model do it)`,
    `gt feed --plain && gt down`,
  ];
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((dir) => dir !== '' && existsSync(dir) && readdirSync(dir).includes(program));
}
