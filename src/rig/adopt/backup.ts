import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { ExternalError } from '../../core/errors.ts';
import { stopDolt } from '../../town/dolt-server.ts';
import type { FileSurvey } from './survey.ts';
import { adoptDir, writeJournal, type AdoptJournal } from './journal.ts';

const COPY_MS = 24 * 3_600_000;

/** Copies of everything that adopting may write. No server may run on the data meanwhile. */
export async function backUp(ctx: TownContext, survey: FileSurvey): Promise<AdoptJournal> {
  const { files, clock } = ctx.ports;
  await files.remove(adoptDir(ctx.root));
  const now = new Date(clock.now()).toISOString();
  const stamp = now.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const draft = await writeJournal(ctx, { phase: 'copying', stamp, files: {} });
  const saved: Record<string, boolean> = {};
  for (const name of writtenFiles(survey)) saved[name] = await saveFile(ctx, name);
  ctx.failpoint('adopt-copy', 'before');
  await copyTree(ctx, (await files.realPath(ctx.paths.doltDir)) ?? ctx.paths.doltDir, savedData(ctx));
  ctx.failpoint('adopt-copy', 'after');
  return { ...draft, files: saved };
}

/**
 * Puts everything back as the backup has it; may be done again after a kill. What is there now is set aside, since
 * somebody may have worked with it. Returns where that is.
 */
export async function putBack(ctx: TownContext, journal: AdoptJournal): Promise<readonly string[]> {
  const { files } = ctx.ports;
  await writeJournal(ctx, { ...journal, phase: 'reverting' });
  await stopDolt(ctx);
  ctx.failpoint('adopt-revert', 'before');
  if ((await files.stat(savedData(ctx))) !== undefined) {
    for (const dir of [ctx.paths.doltDir, ctx.paths.storeDir]) {
      if ((await files.stat(dir)) !== undefined) await files.rename(dir, asideOf(dir, journal));
    }
    await files.rename(savedData(ctx), ctx.paths.doltDir);
  }
  ctx.failpoint('adopt-revert', 'after');
  for (const [name, wasThere] of Object.entries(journal.files)) await restoreFile(ctx, name, wasThere);
  const aside = [ctx.paths.doltDir, ctx.paths.storeDir].map((dir) => asideOf(dir, journal));
  const kept = await Promise.all(aside.map(async (path) => (await files.stat(path)) !== undefined));
  await files.remove(adoptDir(ctx.root));
  return aside.filter((_, index) => kept[index]);
}

function asideOf(dir: string, { stamp }: AdoptJournal): string {
  return `${dir}.adopted-${stamp}`;
}

function savedData(ctx: TownContext): string {
  return join(adoptDir(ctx.root), 'dolt-data');
}

function savedFile(ctx: TownContext, name: string): string {
  return join(adoptDir(ctx.root), 'files', name);
}

function writtenFiles({ rigs }: FileSurvey): readonly string[] {
  return [
    'mayor/town.json',
    '.beads/metadata.json',
    '.beads/config.yaml',
    '.beads/routes.jsonl',
    'daemon/dolt-state.json',
    'daemon/dolt.pid',
    ...rigs.flatMap(({ name }) =>
      [
        'config.json',
        '.beads/metadata.json',
        '.beads/config.yaml',
        '.repo.git/info/exclude',
        'mayor/rig/.git/info/exclude',
      ].map((file) => join(name, file)),
    ),
  ];
}

async function saveFile(ctx: TownContext, name: string): Promise<boolean> {
  const { files } = ctx.ports;
  const path = join(ctx.root, name);
  const [text, stat] = [await files.readText(path), await files.stat(path)];
  if (text === undefined || stat === undefined) return false;
  await files.writeAtomic(savedFile(ctx, name), text, { mode: stat.mode });
  return true;
}

async function restoreFile(ctx: TownContext, name: string, wasThere: boolean): Promise<void> {
  const { files } = ctx.ports;
  const path = join(ctx.root, name);
  if (!wasThere) return files.remove(path);
  const [text, stat] = [await files.readText(savedFile(ctx, name)), await files.stat(savedFile(ctx, name))];
  if (text !== undefined) await files.writeAtomic(path, text, { mode: stat?.mode ?? 0o600 });
}

async function copyTree(ctx: TownContext, from: string, to: string): Promise<void> {
  const result = await ctx.ports.processes.run({
    argv: ['cp', '-pR', from, to],
    env: { PATH: ctx.env['PATH'] ?? '/usr/bin:/bin' },
    timeoutMs: COPY_MS,
  });
  if (result.end === 'exit' && result.code === 0) return;
  const why = result.end === 'not-started' ? result.why : result.stderr.trim().split('\n').at(-1);
  throw new ExternalError({
    code: 'adopt.no-backup',
    message: `the backup of ${from} could not be made: ${why || result.end}`,
    hint: 'Nothing was changed; make room on the disk, then run it again',
  });
}
