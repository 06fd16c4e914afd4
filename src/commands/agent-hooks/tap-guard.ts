import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { decideGuard } from '../../hooks/guards/decide.ts';
import type { GuardFacts } from '../../hooks/guards/facts.ts';
import { guardNames } from '../../hooks/guards/names.ts';
import { parseToolUse } from '../../hooks/guards/payload.ts';
import type { ToolUse } from '../../hooks/guards/payload.ts';
import { guardAnswer } from '../../hooks/hook-answer.ts';
import type { Files } from '../../ports/files.ts';
import { formatOf } from '../hook-format.ts';

/** Exit 2 = block; stderr goes to the agent. Needs no town and no ledger: it stands before every shell command. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const guard = readName(input.arg('guard'));
  const use = await withRealPath(app, parseToolUse(await app.stdin()));
  const verdict = decideGuard({ guard, use, facts: await readFacts(app) });
  const { exitCode, text, stderr } = guardAnswer(formatOf(input), verdict);
  return { exitCode, text, warnings: stderr === '' ? [] : [stderr] };
}

/** A wrong name is exit 1, which blocks nothing. `bash` is what older hook files say for all. */
function readName(name: string): string {
  if (name === 'all' || name === 'bash' || guardNames().includes(name)) return name === 'bash' ? 'all' : name;
  throw new UsageError({
    code: 'guard.unknown',
    message: `no guard '${name.slice(0, 60)}'`,
    hint: 'Run: gt tap list',
  });
}

async function readFacts({ env, cwd, machine }: AppContext): Promise<GuardFacts> {
  const [worktree, town] = await Promise.all([
    realPath(machine.files, env['GT_POLECAT_PATH']),
    realPath(machine.files, env['GT_TOWN_ROOT'] ?? env['GT_ROOT']),
  ]);
  const home = env['HOME'];
  return {
    role: roleWord(env['GT_ROLE']),
    branch: env['GT_BRANCH'],
    worktree,
    town,
    home,
    cwd: cwd === '' ? undefined : cwd,
    scratch: scratchFolders(env),
  };
}

/** TMPDIR, and where Claude Code keeps plans and notes of its own; not its settings. */
function scratchFolders({ TMPDIR, CLAUDE_CONFIG_DIR, HOME }: AppContext['env']): readonly string[] {
  const config = CLAUDE_CONFIG_DIR ?? (HOME === undefined ? undefined : join(HOME, '.claude'));
  const own = config === undefined ? [] : [join(config, 'plans'), join(config, 'projects')];
  return TMPDIR === undefined || TMPDIR === '' ? own : [TMPDIR, ...own];
}

async function realPath(files: Files, path: string | undefined): Promise<string | undefined> {
  return path === undefined || path === '' ? undefined : ((await files.realPath(path)) ?? path);
}

/** A link inside the worktree may lead out of it: the file's place is where its nearest existing folder really is. */
async function withRealPath({ machine, cwd }: AppContext, use: ToolUse): Promise<ToolUse> {
  if (use.kind !== 'edit') return use;
  const path = isAbsolute(use.path) ? use.path : resolve(cwd, use.path);
  let folder = path;
  for (;;) {
    const real = await machine.files.realPath(folder);
    if (real !== undefined) return { ...use, path: join(real, path.slice(folder.length)) };
    if (folder === dirname(folder)) return { ...use, path };
    folder = dirname(folder);
  }
}

/** `proj/polecats/nux` → polecat; only the kind of agent matters here. */
function roleWord(role: string | undefined): string | undefined {
  if (role === undefined || role === '') return undefined;
  const kinds = { polecats: 'polecat', crew: 'crew', witness: 'witness', refinery: 'refinery' };
  const [first = '', second = ''] = role.split('/');
  return Object.entries(kinds).find(([word]) => word === second)?.[1] ?? first;
}
