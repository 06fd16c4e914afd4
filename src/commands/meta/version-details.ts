import * as z from 'zod/mini';
import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { GtError, NotFoundError } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import { PRESETS } from '../../runtimes/presets.ts';
import { ownFolder } from '../../town/own-folder.ts';
import { findTools, type FoundTool } from '../../town/tools.ts';
import { BUILD, VERSION, type Build } from '../../version.ts';

export const schema = z.strictObject({
  version: z.string(),
  /** null = not known. */
  commit: z.nullable(z.string()),
  /** RFC 3339, of the commit. */
  commit_time: z.nullable(z.string()),
  /** Something was changed since that commit. */
  changed: z.boolean(),
  program: z.enum(['single executable', 'bundle', 'sources']),
  path: z.string(),
  node: z.string(),
  platform: z.string(),
  /** null = not in a town. */
  store: z.nullable(z.strictObject({ kind: z.enum(['sqlite', 'dolt']), town: z.string() })),
  tools: z.array(
    z.strictObject({ name: z.string(), path: z.nullable(z.string()), version: z.nullable(z.string()) }),
  ),
});

type Details = z.infer<typeof schema>;

/** What a report of a fault must say: this gt, what it works on, and the programs that it finds. */
export async function describe(app: AppContext): Promise<CommandReply> {
  const path = app.gtArgv.at(-1) ?? '';
  const program =
    app.gtArgv.length === 1 ? 'single executable' : path.endsWith('.mjs') ? 'sources' : 'bundle';
  const runtimes = Object.values(PRESETS).flatMap(({ command }) => command ?? []);
  const [build, { store, warnings }, tools] = await Promise.all([
    program === 'sources' ? checkout(app) : BUILD,
    readStore(app),
    findTools(app.machine, app.env, [...new Set(['git', 'tmux', 'dolt', ...runtimes])]),
  ]);
  const data: Details = {
    version: VERSION,
    commit: build?.commit ?? null,
    commit_time: build?.time ?? null,
    changed: build?.changed ?? false,
    program,
    path,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    store,
    tools: [...tools],
  };
  return { data, text: render(data), warnings };
}

/** From sources, what git says of the checkout. */
async function checkout({ machine, env, gtArgv }: AppContext): Promise<Build | undefined> {
  const git = async (...words: readonly string[]): Promise<string | undefined> => {
    const argv = ['git', '-C', ownFolder(gtArgv), ...words] as const;
    const result = await machine.processes.run({ argv, env, timeoutMs: 5000 });
    return result.end === 'exit' && result.code === 0 ? result.stdout.trim() : undefined;
  };
  const [commit, time] = (await git('log', '-1', '--format=%H %cI'))?.split(' ') ?? [];
  if (commit === undefined || time === undefined) return undefined;
  return { commit, time, changed: (await git('status', '--porcelain')) !== '' };
}

async function readStore(app: AppContext): Promise<{ store: Details['store']; warnings: readonly string[] }> {
  try {
    const { root, ports } = await app.town();
    return { store: { kind: ports.store.kind, town: root }, warnings: [] };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { store: null, warnings: error instanceof NotFoundError ? [] : [error.message] };
  }
}

function render(data: Details): string {
  const { version, commit, commit_time, changed, program, path, node, platform, store, tools } = data;
  const missing = tools.filter((tool) => tool.path === null).map(({ name }) => name);
  return [
    `gt version ${version}`,
    commit === null
      ? 'commit   not known'
      : `commit   ${commit.slice(0, 12)} of ${commit_time}${changed ? ', changed since' : ''}`,
    `program  ${program}, ${path}`,
    `node     ${node} (${platform})`,
    store === null ? 'store    not in a town' : `store    ${store.kind}, town ${store.town}`,
    ...tools.filter((tool) => tool.path !== null).map(toolLine),
    ...(missing.length === 0 ? [] : [`missing  ${missing.join(', ')}`]),
  ].join('\n');
}

function toolLine({ name, path, version }: FoundTool): string {
  return `${name.padEnd(8)} ${version === null ? 'does not tell its version' : oneLine(version, 40)}, ${path}`;
}
