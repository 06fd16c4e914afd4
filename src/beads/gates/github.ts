import * as z from 'zod/mini';
import { ExternalError, UsageError, messageOf } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import type { Processes } from '../../ports/processes.ts';

/** Questions to GitHub through the `gh` tool, asked in the folder of the repository. */
export interface GitHub {
  /** Throws ExternalError `gate.gh-failed` `gate.gh-missing`. */
  view(kind: 'run' | 'pr', id: string): Promise<unknown>;
  /** Newest first. Throws as `view`. */
  runs(filter: {
    readonly workflow?: string;
    readonly branch?: string;
    readonly limit: number;
  }): Promise<readonly WorkflowRun[]>;
}

export interface WorkflowRun {
  readonly id: string;
  readonly workflow: string;
  readonly name: string;
  readonly branch: string;
  readonly sha: string;
  readonly status: string;
  /** Unix ms. */
  readonly createdAt: number;
}

const GH_TIMEOUT_MS = 30_000;
const VIEW_FIELDS = { run: 'status,conclusion,name', pr: 'state,title' } as const;
const RUN_FIELDS = 'databaseId,headBranch,headSha,name,status,createdAt,workflowName';

const runsSchema = z.array(
  z.object({
    databaseId: z.number(),
    headBranch: z.nullish(z.string()),
    headSha: z.nullish(z.string()),
    name: z.nullish(z.string()),
    status: z.nullish(z.string()),
    createdAt: z.string(),
    workflowName: z.nullish(z.string()),
  }),
);

export interface GitHubDeps {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export function createGitHub(deps: GitHubDeps): GitHub {
  return {
    view: async (kind, id) => ask(deps, [kind, 'view', checkAwaitId(id), '--json', VIEW_FIELDS[kind]]),
    async runs({ workflow, branch, limit }) {
      const answer = await ask(deps, [
        'run',
        'list',
        '--json',
        RUN_FIELDS,
        '--limit',
        String(limit),
        ...(workflow === undefined ? [] : ['--workflow', checkAwaitId(workflow)]),
        ...(branch === undefined ? [] : ['--branch', checkAwaitId(branch)]),
      ]);
      const parsed = runsSchema.safeParse(answer);
      if (!parsed.success) throw failed('gh run list', 'its answer is no list of runs');
      return parsed.data.map((run) => ({
        id: String(run.databaseId),
        workflow: run.workflowName ?? '',
        name: run.name ?? '',
        branch: run.headBranch ?? '',
        sha: run.headSha ?? '',
        status: run.status ?? '',
        createdAt: Date.parse(run.createdAt),
      }));
    },
  };
}

/** Text of a bead that becomes an argument of gh: never one that gh reads as a flag. UsageError `gate.bad-await-id`. */
export function checkAwaitId(id: string): string {
  if (/^[^\s\p{Cc}-][^\p{Cc}]*$/u.test(id)) return id;
  throw new UsageError({
    code: 'gate.bad-await-id',
    message:
      id === ''
        ? 'the gate does not say which run, pull request or bead it waits for'
        : `${JSON.stringify(id.slice(0, 60))} names no run, pull request or bead`,
    hint: 'Give it with --await-id <id> (later: bd update <gate> --await-id <id>)',
  });
}

async function ask({ processes, env, cwd }: GitHubDeps, words: readonly string[]): Promise<unknown> {
  const question = `gh ${words.slice(0, 3).join(' ')}`;
  const result = await processes.run({ argv: ['gh', ...words], cwd, env, timeoutMs: GH_TIMEOUT_MS });
  if (result.end === 'exit') {
    if (result.code === 0) return parseAnswer(question, result.stdout);
    throw failed(question, oneLine(result.stderr) || `exit ${result.code}`);
  }
  if (result.end !== 'not-started') {
    throw failed(question, result.end === 'timeout' ? `no answer in ${GH_TIMEOUT_MS / 1000} s` : result.end);
  }
  throw new ExternalError({
    code: 'gate.gh-missing',
    message: `cannot ask GitHub: ${result.why}`,
    hint: 'Install gh (https://cli.github.com) and run: gh auth login',
  });
}

function parseAnswer(question: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failed(question, `its answer is not JSON: ${messageOf(error)}`);
  }
}

function failed(question: string, why: string): ExternalError {
  return new ExternalError({
    code: 'gate.gh-failed',
    message: `${question}: ${why}`,
    hint: 'Run: gh auth status',
  });
}
