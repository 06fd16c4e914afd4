import { dirname, join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import type { RuntimeRecord } from '../../runtimes/types.ts';
import { parseCodexHead } from './codex.ts';
import type { TranscriptPlace } from './read.ts';

/** What is known of a conversation that is looked for. */
export interface Wanted {
  readonly conversation: string | undefined;
  /** Folders it may have worked in: as gt writes it, and with links resolved. */
  readonly folders: readonly string[];
  /** Unix ms. */
  readonly started: number;
  readonly ended: number | undefined;
}

/** A start is written down before the agent writes its first line, and clocks of file systems are coarse. */
const SLACK_MS = 5000;
const DAY_MS = 86_400_000;

type Locate = (ctx: TownContext, wanted: Wanted, env: Env) => Promise<TranscriptPlace | undefined>;
type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where the runtime wrote the conversation; without an id the newest one of its folder and time. undefined = it is
 * not there, or this runtime keeps none that gt can read. UnreadableError when that cannot be told.
 */
export function locateTranscript(
  ctx: TownContext,
  runtime: RuntimeRecord,
  wanted: Wanted,
): Promise<TranscriptPlace | undefined> {
  const locate = runtime.transcripts === undefined ? undefined : STORES[runtime.transcripts];
  return locate === undefined
    ? Promise.resolve(undefined)
    : locate(ctx, wanted, { ...ctx.env, ...runtime.env });
}

const STORES: Readonly<Record<NonNullable<RuntimeRecord['transcripts']>, Locate>> = {
  claude: locateClaude,
  codex: locateCodex,
  opencode: locateOpencode,
  pi: locatePi,
};

/** `projects/<folder, everything but letters and digits as ->/<id>.jsonl`, of each account. */
async function locateClaude(
  ctx: TownContext,
  wanted: Wanted,
  env: Env,
): Promise<TranscriptPlace | undefined> {
  const { conversation, folders } = wanted;
  for (const home of await claudeHomes(ctx, env)) {
    const projects = join(home, 'projects');
    const likely = [...new Set(folders.map((folder) => folder.replaceAll(/[^a-zA-Z0-9]/g, '-')))];
    const others = conversation === undefined ? [] : await namesIn(ctx, projects);
    for (const name of [...likely, ...others]) {
      const folder = join(projects, name);
      const file =
        conversation === undefined
          ? await newestOf(ctx, folder, wanted)
          : await existing(ctx, join(folder, `${conversation}.jsonl`));
      if (file !== undefined) return { store: 'claude', file, conversation: conversation ?? stem(file) };
    }
  }
  return undefined;
}

async function claudeHomes(ctx: TownContext, env: Env): Promise<readonly string[]> {
  const home = env['HOME'] ?? '/';
  const accounts = join(home, '.claude-accounts');
  const own = (await namesIn(ctx, accounts)).map((name) => join(accounts, name));
  const named = [env['CLAUDE_CONFIG_DIR'], ctx.env['CLAUDE_CONFIG_DIR']].flatMap((path) => path ?? []);
  return [...new Set([...named, join(home, '.claude'), ...own])];
}

/** `sessions/YYYY/MM/DD/rollout-<local time>-<id>.jsonl`; the first line names the folder. */
async function locateCodex(ctx: TownContext, wanted: Wanted, env: Env): Promise<TranscriptPlace | undefined> {
  const sessions = join(env['CODEX_HOME'] ?? join(env['HOME'] ?? '/', '.codex'), 'sessions');
  const days = [0, -1, 1].map((shift) => new Date(wanted.started + shift * DAY_MS));
  for (const day of days) {
    const folder = join(sessions, ...day.toISOString().slice(0, 10).split('-'));
    const names = (await namesIn(ctx, folder)).filter((name) => /^rollout-.*\.jsonl$/.test(name)).reverse();
    for (const name of names) {
      const file = join(folder, name);
      if (wanted.conversation !== undefined && !name.includes(wanted.conversation)) continue;
      const head = parseCodexHead(await firstLine(ctx, file));
      if (head === undefined) continue;
      const fits = wanted.conversation === undefined ? await isOfTime(ctx, file, wanted) : true;
      const ours = head.id === wanted.conversation || wanted.folders.includes(head.cwd);
      if (fits && ours) return { store: 'codex', file, conversation: head.id };
    }
  }
  return undefined;
}

const SESSION_SQL = 'select id from session where id = ?';
const NEWEST_SQL =
  'select id from session where parent_id is null and directory in (?, ?) and time_created between ? and ? ' +
  'order by time_created desc limit 1';

async function locateOpencode(
  ctx: TownContext,
  wanted: Wanted,
  env: Env,
): Promise<TranscriptPlace | undefined> {
  const data = env['XDG_DATA_HOME'] ?? join(env['HOME'] ?? '/', '.local/share');
  const file = join(data, 'opencode/opencode.db');
  const { conversation, folders, started, ended } = wanted;
  const [folder = '', real = folder] = folders;
  const span = [started - SLACK_MS, (ended ?? ctx.ports.clock.now()) + SLACK_MS];
  const [row] =
    (conversation === undefined
      ? await ctx.ports.archives.rows(file, NEWEST_SQL, [folder, real, ...span])
      : await ctx.ports.archives.rows(file, SESSION_SQL, [conversation])) ?? [];
  const id = row?.['id'];
  return typeof id === 'string' ? { store: 'opencode', file, conversation: id } : undefined;
}

/** `sessions/--<folder>--/<time>_<id>.jsonl`. */
async function locatePi(ctx: TownContext, wanted: Wanted, env: Env): Promise<TranscriptPlace | undefined> {
  const sessions = join(env['PI_CODING_AGENT_DIR'] ?? join(env['HOME'] ?? '/', '.pi/agent'), 'sessions');
  for (const cwd of wanted.folders) {
    const folder = join(sessions, `--${cwd.replace(/^\//, '').replaceAll(/[/\\:]/g, '-')}--`);
    const { conversation } = wanted;
    const named = (await namesIn(ctx, folder)).find((name) => name.endsWith(`_${conversation ?? ''}.jsonl`));
    const file =
      conversation === undefined
        ? await newestOf(ctx, folder, wanted)
        : named === undefined
          ? undefined
          : join(folder, named);
    if (file !== undefined)
      return { store: 'pi', file, conversation: conversation ?? stem(file).replace(/^.*_/, '') };
  }
  return undefined;
}

/** The transcript that was last written while the session ran, or soon after. */
async function newestOf(ctx: TownContext, folder: string, wanted: Wanted): Promise<string | undefined> {
  let newest: { readonly file: string; readonly modified: number } | undefined;
  for (const name of await namesIn(ctx, folder)) {
    const file = join(folder, name);
    if (!name.endsWith('.jsonl') || !(await isOfTime(ctx, file, wanted))) continue;
    const modified = (await ctx.ports.files.stat(file))?.modified ?? 0;
    if (newest === undefined || modified > newest.modified) newest = { file, modified };
  }
  return newest?.file;
}

async function isOfTime(ctx: TownContext, file: string, { started, ended }: Wanted): Promise<boolean> {
  const modified = (await ctx.ports.files.stat(file))?.modified;
  if (modified === undefined || modified < started - SLACK_MS) return false;
  return ended === undefined || modified <= ended + SLACK_MS;
}

async function firstLine(ctx: TownContext, file: string): Promise<string> {
  let first = '';
  await ctx.ports.archives.lines(file, {}, ([line = '']) => {
    first = line;
    return false;
  });
  return first;
}

async function existing(ctx: TownContext, file: string): Promise<string | undefined> {
  return (await ctx.ports.files.stat(file)) === undefined ? undefined : file;
}

async function namesIn(ctx: TownContext, folder: string): Promise<readonly string[]> {
  return ((await ctx.ports.files.list(folder)) ?? []).map(({ name }) => name);
}

function stem(file: string): string {
  return file.slice(dirname(file).length + 1).replace(/\.jsonl$/, '');
}
